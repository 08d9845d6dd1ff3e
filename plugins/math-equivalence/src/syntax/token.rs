//! The words of the notation.

/// A token of LaTeX or plain text, after layout is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// Digits, perhaps with a point: thousands separators are gone.
    Number(String),
    /// One letter, Latin or Greek (`α` and `\alpha` are both `alpha`).
    Letter(String),
    /// Two or more letters that stand together outside a macro.
    Word(String),
    /// The argument of a text macro.
    Text(String),
    /// A macro by its name.
    Macro(String),
    /// `{` or `}` that group.
    GroupOpen,
    /// The end of a group.
    GroupClose,
    /// `\{`
    BraceOpen,
    /// `\}`
    BraceClose,
    /// `\\` or a line's end in a matrix.
    RowBreak,
    /// Any other sign, in one spelling (`×` and `\times` are `*`).
    Sign(char),
}

/// A token with the space before it, which tells `2 1/2` from `21/2` and `5 m` from `5m`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spaced {
    /// The token.
    pub token: Token,
    /// Whether blank space stands before it.
    pub spaced: bool,
}

impl Token {
    /// Whether this is that sign.
    #[must_use]
    pub fn is(&self, sign: char) -> bool {
        matches!(self, Self::Sign(own) if *own == sign)
    }

    /// Whether this is a macro of that name.
    #[must_use]
    pub fn is_macro(&self, name: &str) -> bool {
        matches!(self, Self::Macro(own) if own == name)
    }

    /// How to show it in an error.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Number(text) | Self::Letter(text) | Self::Word(text) => format!("`{text}`"),
            Self::Text(text) => format!("`\\text{{{text}}}`"),
            Self::Macro(name) => format!("`\\{name}`"),
            Self::GroupOpen => "`{`".to_owned(),
            Self::GroupClose => "`}`".to_owned(),
            Self::BraceOpen => "`\\{`".to_owned(),
            Self::BraceClose => "`\\}`".to_owned(),
            Self::RowBreak => "`\\\\`".to_owned(),
            Self::Sign(sign) => format!("`{sign}`"),
        }
    }
}
