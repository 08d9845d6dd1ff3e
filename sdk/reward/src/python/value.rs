//! Python values that cross the sandbox's wall.

use super::Int;

/// A Python value, by type and content: what goes into a call and what comes out.
///
/// Equality is of content as written, not Python's: `1` and `1.0` differ, and sets and dicts are compared in their order.
/// `Display` prints the encoding of the WIT file, which [`Value::parse`] reads.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An `int`.
    Int(Int),
    /// A `float`, infinities and NaN included.
    Float(f64),
    /// A `str`.
    Str(String),
    /// A `str` with lone surrogates, as its code points.
    CodePoints(Vec<u32>),
    /// A `list`.
    List(Vec<Value>),
    /// A `tuple`.
    Tuple(Vec<Value>),
    /// A `set`, in no order that means anything.
    Set(Vec<Value>),
    /// A `frozenset`, likewise.
    Frozenset(Vec<Value>),
    /// A `dict`, in its order.
    Dict(Vec<(Value, Value)>),
    /// `bytes`.
    Bytes(Vec<u8>),
    /// A `complex`: real and imaginary part.
    Complex(f64, f64),
    /// Anything else. It only comes out of a program, never goes in.
    Other {
        /// Name of its class.
        type_name: String,
        /// Its `repr`, as the program would have it: nothing to rely on.
        repr: String,
    },
}

impl Value {
    /// How deep lists and the like may be nested: reading, printing and dropping a value take bounded stack.
    pub const MAX_DEPTH: usize = 128;

    /// Text, in whichever variant holds it.
    pub(crate) fn text(text: Result<String, Vec<u32>>) -> Self {
        match text {
            Ok(text) => Self::Str(text),
            Err(points) => Self::CodePoints(points),
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number.into())
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}

impl From<f64> for Value {
    fn from(float: f64) -> Self {
        Self::Float(float)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(items)
    }
}
