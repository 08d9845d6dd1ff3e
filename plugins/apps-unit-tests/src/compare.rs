//! What counts as the expected output: the leniency of APPS's harness, less what lets wrong programs in.

mod float;
mod printed;
mod returned;

pub use printed::{Difference, printed};
pub use returned::returned;
