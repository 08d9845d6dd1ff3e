//! What macros are called, and what kind of thing each is.

use Kind::{Greek, Layout, Sign, Text, Value};

/// What a macro is to the lexer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One sign, in the spelling of [`super::token::Token::Sign`].
    Sign(char),
    /// It moves or styles and says nothing.
    Layout,
    /// It sets running text.
    Text,
    /// A Greek letter.
    Greek,
    /// A value or a structure, or one that is known to be unsupported.
    Value,
}

/// The kind of a macro; None for functions and for what nobody knows.
pub(super) fn kind(name: &str) -> Option<Kind> {
    let at = MACROS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    MACROS.get(at).map(|(_, kind)| *kind)
}

/// The longest start of `name` that is a macro's name, when the whole is none: a space lost (`\pik`, `\arctanx`). The whole when there is none.
pub(super) fn known_prefix(name: &str) -> &str {
    let known = |name: &str| kind(name).is_some() || super::words::function(name).is_some();
    if known(name) {
        return name;
    }
    (2..name.len())
        .rev()
        .map(|end| &name[..end])
        .find(|start| known(start))
        .unwrap_or(name)
}

/// Every macro but the functions, by name in ascending order.
static MACROS: [(&str, Kind); 204] = [
    ("Big", Layout),
    ("Bigg", Layout),
    ("Biggl", Layout),
    ("Biggr", Layout),
    ("Bigl", Layout),
    ("Bigr", Layout),
    ("Delta", Greek),
    ("Gamma", Greek),
    ("Lambda", Greek),
    ("Longrightarrow", Sign('⇒')),
    ("Omega", Greek),
    ("Phi", Greek),
    ("Psi", Greek),
    ("Rightarrow", Sign('⇒')),
    ("Sigma", Greek),
    ("Theta", Greek),
    ("Vert", Sign('‖')),
    ("Xi", Greek),
    ("alpha", Greek),
    ("angle", Value),
    ("approx", Sign('≈')),
    ("ast", Sign('*')),
    ("backslash", Sign('∖')),
    ("bar", Value),
    ("begin", Value),
    ("beta", Greek),
    ("bf", Layout),
    ("big", Layout),
    ("bigcup", Sign('∪')),
    ("bigg", Layout),
    ("biggl", Layout),
    ("biggr", Layout),
    ("bigl", Layout),
    ("bigr", Layout),
    ("binom", Value),
    ("bm", Layout),
    ("boldsymbol", Layout),
    ("boxed", Layout),
    ("bullet", Sign('*')),
    ("cap", Sign('∩')),
    ("cdot", Sign('*')),
    ("cdots", Sign('…')),
    ("cfrac", Value),
    ("chi", Greek),
    ("choose", Value),
    ("circ", Sign('°')),
    ("colon", Sign(':')),
    ("cup", Sign('∪')),
    ("dbinom", Value),
    ("ddot", Value),
    ("degree", Sign('°')),
    ("delta", Greek),
    ("dfrac", Value),
    ("displaystyle", Layout),
    ("div", Sign('÷')),
    ("dot", Value),
    ("doteq", Sign('≈')),
    ("dots", Sign('…')),
    ("dotsb", Sign('…')),
    ("dotsc", Sign('…')),
    ("ell", Greek),
    ("emptyset", Value),
    ("end", Value),
    ("enspace", Layout),
    ("ensuremath", Layout),
    ("epsilon", Greek),
    ("equiv", Sign('≡')),
    ("eta", Greek),
    ("euro", Sign('€')),
    ("fbox", Layout),
    ("frac", Value),
    ("gamma", Greek),
    ("ge", Sign('≥')),
    ("geq", Sign('≥')),
    ("geqq", Sign('≥')),
    ("geqslant", Sign('≥')),
    ("gt", Sign('>')),
    ("hat", Value),
    ("hbar", Greek),
    ("hbox", Text),
    ("hfill", Layout),
    ("hphantom", Value),
    ("hspace", Value),
    ("implies", Sign('⇒')),
    ("in", Sign('∈')),
    ("infty", Value),
    ("int", Value),
    ("iota", Greek),
    ("it", Layout),
    ("kappa", Greek),
    ("lVert", Sign('‖')),
    ("lambda", Greek),
    ("land", Sign('∧')),
    ("langle", Sign('⟨')),
    ("lbrace", Value),
    ("lbrack", Sign('[')),
    ("lceil", Value),
    ("ldots", Sign('…')),
    ("le", Sign('≤')),
    ("left", Layout),
    ("leq", Sign('≤')),
    ("leqq", Sign('≤')),
    ("leqslant", Sign('≤')),
    ("lfloor", Value),
    ("lim", Value),
    ("limits", Layout),
    ("longrightarrow", Sign('→')),
    ("lor", Sign('∨')),
    ("lt", Sign('<')),
    ("lvert", Sign('|')),
    ("mapsto", Sign('→')),
    ("mathbb", Value),
    ("mathbf", Text),
    ("mathcal", Layout),
    ("mathit", Layout),
    ("mathop", Layout),
    ("mathrel", Layout),
    ("mathrm", Text),
    ("mathsf", Layout),
    ("mbox", Text),
    ("mid", Sign('|')),
    ("middle", Layout),
    ("mp", Sign('∓')),
    ("mu", Greek),
    ("nabla", Value),
    ("ne", Sign('≠')),
    ("neq", Sign('≠')),
    ("nolimits", Layout),
    ("nonumber", Layout),
    ("not", Value),
    ("notag", Layout),
    ("nu", Greek),
    ("omega", Greek),
    ("operatorname", Text),
    ("over", Value),
    ("overline", Value),
    ("overrightarrow", Value),
    ("partial", Value),
    ("phantom", Value),
    ("phi", Greek),
    ("pi", Greek),
    ("pm", Sign('±')),
    ("pounds", Sign('£')),
    ("prime", Sign('\'')),
    ("prod", Value),
    ("psi", Greek),
    ("qquad", Layout),
    ("quad", Layout),
    ("rVert", Sign('‖')),
    ("rangle", Sign('⟩')),
    ("rbrace", Value),
    ("rbrack", Sign(']')),
    ("rceil", Value),
    ("rfloor", Value),
    ("rho", Greek),
    ("right", Layout),
    ("rightarrow", Sign('→')),
    ("rm", Layout),
    ("rvert", Sign('|')),
    ("scriptstyle", Layout),
    ("setminus", Sign('∖')),
    ("sigma", Greek),
    ("simeq", Sign('≈')),
    ("space", Layout),
    ("sqrt", Value),
    ("sum", Value),
    ("tau", Greek),
    ("tbinom", Value),
    ("text", Text),
    ("textbf", Text),
    ("textdegree", Sign('°')),
    ("textdollar", Sign('$')),
    ("textit", Text),
    ("textnormal", Text),
    ("textperiodcentered", Sign('*')),
    ("textrm", Text),
    ("textsf", Text),
    ("textsterling", Sign('£')),
    ("textstyle", Layout),
    ("texttt", Text),
    ("tfrac", Value),
    ("theta", Greek),
    ("thickapprox", Sign('≈')),
    ("thinspace", Layout),
    ("tilde", Value),
    ("times", Sign('*')),
    ("to", Sign('→')),
    ("triangle", Value),
    ("underline", Text),
    ("upsilon", Greek),
    ("varepsilon", Greek),
    ("varnothing", Value),
    ("varphi", Greek),
    ("varrho", Greek),
    ("vartheta", Greek),
    ("vec", Value),
    ("vee", Sign('∨')),
    ("vert", Sign('|')),
    ("vspace", Value),
    ("wedge", Sign('∧')),
    ("widehat", Value),
    ("xi", Greek),
    ("yen", Sign('¥')),
    ("zeta", Greek),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ascend_so_that_each_is_found() {
        assert!(MACROS.is_sorted_by_key(|(name, _)| *name));
        assert_eq!(kind("frac"), Some(Value));
        assert_eq!(kind("leq"), Some(Sign('≤')));
        assert_eq!(kind("nothing"), None);
    }

    #[test]
    fn a_lost_space_splits_a_name() {
        assert_eq!(known_prefix("pik"), "pi");
        assert_eq!(known_prefix("arctanx"), "arctan");
        assert_eq!(known_prefix("unheardof"), "unheardof");
    }
}
