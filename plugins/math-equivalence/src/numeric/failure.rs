//! Why an expression has no enclosure.

use crate::budget::TooMuch;

/// Why an expression has no enclosure at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It certainly has no value there.
    #[error("it has no value")]
    Undefined,
    /// An enclosure lies across a jump, a pole or a branch cut. More precision may help.
    #[error("it is too close to a jump or a pole")]
    Imprecise,
    /// `(-8)^(1/3)` is -2 to some and a complex number to others.
    #[error("conventions differ about a power of a negative number")]
    Ambiguous,
    /// It goes beyond what is evaluated here.
    #[error("{0}")]
    Unsupported(&'static str),
    /// The budget is used up.
    #[error(transparent)]
    TooMuch(#[from] TooMuch),
}

/// A number too large or too small for the function it is put into.
pub const OUT_OF_RANGE: Failure = Failure::Unsupported("an argument is out of range");
