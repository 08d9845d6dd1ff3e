//! What an answer says, as a typed tree.

mod expr;
mod show;

pub use expr::{Constant, Expr, Function};

use crate::units::Unit;

/// An answer that has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// One number, expression or function value.
    Value(Expr),
    /// A value with what it counts or measures: `5 cm`, `$3`, `50%`.
    Quantity(Expr, Unit),
    /// Two or more sides with signs between: `y = 2x + 1`, `0 < x \le 3`.
    Relation(Relation),
    /// Items in brackets: a point, a vector, an interval. `(0, 1)` can be either, so they are one thing here.
    Sequence(Sequence),
    /// Items without brackets: `2, 3`, `2 and 3`, `\pm 2`.
    List(Vec<Answer>),
    /// Items in braces.
    Set(Vec<Answer>),
    /// `A \cup B`.
    Union(Vec<Answer>),
    /// `A \setminus B`.
    Without(Box<Answer>, Box<Answer>),
    /// Rows of a matrix or of a column vector; all of one length.
    Matrix(Vec<Vec<Expr>>),
    /// `a : b : c`.
    Ratio(Vec<Expr>),
    /// One of a question's options.
    Choice(char),
    /// Yes, true; no, false.
    Truth(bool),
    /// Words, or a formula that no rule here reads, in normalised spelling.
    Text(Text),
}

/// Words or an unread formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its normalised spelling.
    pub spelling: String,
    /// Why it was not read as mathematics; None for plain words, where nothing is missing.
    pub unread: Option<String>,
}

/// Sides and the signs between them, one sign fewer than sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Two sides or more.
    pub sides: Vec<Answer>,
    /// What stands between them.
    pub signs: Vec<Sign>,
}

/// The sign of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `=`
    Equal,
    /// `≠`
    NotEqual,
    /// `<`
    Less,
    /// `≤`
    LessOrEqual,
    /// `>`
    Greater,
    /// `≥`
    GreaterOrEqual,
    /// `≈`
    Approximately,
    /// `∈`
    In,
    /// `≡`
    Congruent,
}

/// Items in brackets, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// How it opens.
    pub open: Bracket,
    /// Two items or more, or one in a vector's brackets.
    pub items: Vec<Answer>,
    /// How it closes.
    pub close: Bracket,
}

/// The kind of a bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bracket {
    /// `(` or `)`; angle brackets are read as round ones.
    Round,
    /// `[` or `]`.
    Square,
}
