//! What macros and signs are called.

/// Macros that are one sign, in the spelling of [`super::token::Token::Sign`].
pub(super) fn sign_of_macro(name: &str) -> Option<char> {
    Some(match name {
        "times" | "cdot" | "ast" | "bullet" => '*',
        "div" => '÷',
        "pm" => '±',
        "mp" => '∓',
        "le" | "leq" | "leqslant" | "leqq" => '≤',
        "ge" | "geq" | "geqslant" | "geqq" => '≥',
        "lt" => '<',
        "gt" => '>',
        "ne" | "neq" => '≠',
        "approx" | "simeq" | "thickapprox" | "doteq" => '≈',
        "equiv" => '≡',
        "in" => '∈',
        "cup" | "bigcup" => '∪',
        "cap" => '∩',
        "setminus" | "backslash" => '∖',
        "mid" | "vert" | "lvert" | "rvert" => '|',
        "Vert" | "lVert" | "rVert" => '‖',
        "lbrack" => '[',
        "rbrack" => ']',
        "langle" => '⟨',
        "rangle" => '⟩',
        "circ" | "degree" | "textdegree" => '°',
        "prime" => '\'',
        "colon" => ':',
        "to" | "rightarrow" | "longrightarrow" | "mapsto" => '→',
        "implies" | "Rightarrow" | "Longrightarrow" => '⇒',
        "dots" | "ldots" | "cdots" | "dotsc" | "dotsb" => '…',
        "land" | "wedge" => '∧',
        "lor" | "vee" => '∨',
        "euro" => '€',
        "pounds" | "textsterling" => '£',
        "yen" => '¥',
        "textdollar" => '$',
        "textperiodcentered" => '*',
        _ => return None,
    })
}

/// The longest start of `name` that is a macro's name, when the whole is none: a space lost (`\\pik`, `\\arctanx`). The whole when there is none.
pub(super) fn known_prefix(name: &str) -> &str {
    if is_known(name) {
        return name;
    }
    (2..name.len())
        .rev()
        .map(|end| &name[..end])
        .find(|start| is_known(start))
        .unwrap_or(name)
}

fn is_known(name: &str) -> bool {
    sign_of_macro(name).is_some()
        || is_layout(name)
        || is_text(name)
        || greek(name).is_some()
        || super::words::function(name).is_some()
        || VALUES.contains(&name)
}

/// Macros that stand for values or structures, and some that are known to be unsupported.
const VALUES: [&str; 44] = [
    "frac",
    "dfrac",
    "tfrac",
    "cfrac",
    "sqrt",
    "binom",
    "dbinom",
    "tbinom",
    "infty",
    "lfloor",
    "rfloor",
    "lceil",
    "rceil",
    "begin",
    "end",
    "emptyset",
    "varnothing",
    "mathbb",
    "phantom",
    "hphantom",
    "hspace",
    "vspace",
    "overline",
    "bar",
    "hat",
    "widehat",
    "vec",
    "overrightarrow",
    "tilde",
    "dot",
    "ddot",
    "triangle",
    "angle",
    "choose",
    "over",
    "int",
    "sum",
    "prod",
    "lim",
    "partial",
    "nabla",
    "not",
    "lbrace",
    "rbrace",
];

/// Unicode signs that have an ASCII or a chosen spelling.
pub(super) fn sign_of_char(c: char) -> char {
    match c {
        '\u{2212}' | '\u{2013}' | '\u{2014}' | '\u{ff0d}' | '\u{2010}' | '\u{2011}' => '-',
        '×' | '·' | '∗' | '⋅' | '•' | '⨯' => '*',
        '∕' | '⁄' | '／' => '/',
        '＝' => '=',
        '＋' => '+',
        '（' => '(',
        '）' => ')',
        '，' | '、' => ',',
        '⩽' => '≤',
        '⩾' => '≥',
        '〈' => '⟨',
        '〉' => '⟩',
        '∣' | '｜' => '|',
        '％' => '%',
        'º' | '˚' => '°',
        '′' | '’' => '\'',
        '⟶' => '→',
        other => other,
    }
}

/// Macros that move or style and say nothing.
pub(super) fn is_layout(name: &str) -> bool {
    matches!(
        name,
        "left"
            | "right"
            | "middle"
            | "big"
            | "Big"
            | "bigg"
            | "Bigg"
            | "bigl"
            | "bigr"
            | "Bigl"
            | "Bigr"
            | "biggl"
            | "biggr"
            | "Biggl"
            | "Biggr"
            | "displaystyle"
            | "textstyle"
            | "scriptstyle"
            | "limits"
            | "nolimits"
            | "quad"
            | "qquad"
            | "thinspace"
            | "enspace"
            | "space"
            | "hfill"
            | "rm"
            | "bf"
            | "it"
            | "boldsymbol"
            | "bm"
            | "mathit"
            | "mathsf"
            | "mathcal"
            | "mathop"
            | "mathrel"
            | "ensuremath"
            | "nonumber"
            | "notag"
            | "boxed"
            | "fbox"
    )
}

/// Macros that set running text.
pub(super) fn is_text(name: &str) -> bool {
    matches!(
        name,
        "text"
            | "textbf"
            | "textit"
            | "textrm"
            | "textsf"
            | "textnormal"
            | "mbox"
            | "hbox"
            | "mathrm"
            | "mathbf"
            | "operatorname"
            | "texttt"
            | "underline"
    )
}

/// Greek letters: macros and what Unicode has for them.
pub(super) const GREEK: [(&str, char); 38] = [
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ϵ'),
    ("varepsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("vartheta", 'ϑ'),
    ("iota", 'ι'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("rho", 'ρ'),
    ("varrho", 'ϱ'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("upsilon", 'υ'),
    ("phi", 'ϕ'),
    ("varphi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Gamma", 'Γ'),
    ("Delta", 'Δ'),
    ("Theta", 'Θ'),
    ("Lambda", 'Λ'),
    ("Xi", 'Ξ'),
    ("Sigma", 'Σ'),
    ("Phi", 'Φ'),
    ("Psi", 'Ψ'),
    ("Omega", 'Ω'),
    ("hbar", 'ℏ'),
    ("ell", 'ℓ'),
    ("pi", 'π'),
];

/// The name of a Greek letter by macro name or character.
pub(super) fn greek(name: &str) -> Option<&'static str> {
    GREEK
        .iter()
        .find(|(macro_name, sign)| *macro_name == name || name.chars().eq([*sign]))
        .map(|(macro_name, _)| *macro_name)
}

/// Superscript digits of Unicode.
pub(super) fn superscript(c: char) -> Option<char> {
    Some(match c {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        '⁻' => '-',
        _ => return None,
    })
}

/// Fractions that Unicode has as one character.
pub(super) fn vulgar_fraction(c: char) -> Option<(&'static str, &'static str)> {
    Some(match c {
        '½' => ("1", "2"),
        '⅓' => ("1", "3"),
        '⅔' => ("2", "3"),
        '¼' => ("1", "4"),
        '¾' => ("3", "4"),
        '⅕' => ("1", "5"),
        '⅖' => ("2", "5"),
        '⅗' => ("3", "5"),
        '⅘' => ("4", "5"),
        '⅙' => ("1", "6"),
        '⅚' => ("5", "6"),
        '⅛' => ("1", "8"),
        '⅜' => ("3", "8"),
        '⅝' => ("5", "8"),
        '⅞' => ("7", "8"),
        _ => return None,
    })
}
