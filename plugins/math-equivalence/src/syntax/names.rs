//! What signs of Unicode are called.

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

/// The macro name of a Greek letter that Unicode has.
pub(super) fn greek(c: char) -> Option<&'static str> {
    Some(match c {
        'α' => "alpha",
        'β' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ϵ' => "epsilon",
        'ε' => "varepsilon",
        'ζ' => "zeta",
        'η' => "eta",
        'θ' => "theta",
        'ϑ' => "vartheta",
        'ι' => "iota",
        'κ' => "kappa",
        'λ' => "lambda",
        'μ' => "mu",
        'ν' => "nu",
        'ξ' => "xi",
        'ρ' => "rho",
        'ϱ' => "varrho",
        'σ' => "sigma",
        'τ' => "tau",
        'υ' => "upsilon",
        'ϕ' => "phi",
        'φ' => "varphi",
        'χ' => "chi",
        'ψ' => "psi",
        'ω' => "omega",
        'Γ' => "Gamma",
        'Δ' => "Delta",
        'Θ' => "Theta",
        'Λ' => "Lambda",
        'Ξ' => "Xi",
        'Σ' => "Sigma",
        'Φ' => "Phi",
        'Ψ' => "Psi",
        'Ω' => "Omega",
        'ℏ' => "hbar",
        'ℓ' => "ell",
        'π' => "pi",
        _ => return None,
    })
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
