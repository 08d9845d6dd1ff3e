//! Mathematical answer equivalence as a reward plugin: is the completion's final answer the reference's?
//!
//! A judgement takes four steps, each a module that knows nothing of the SDK:
//!
//! 1. [`stop`] cuts off what a base model adds after its answer (the next "Question:");
//! 2. [`extract`] finds where the final answer stands: `\boxed{…}`, `####`, "the answer is", `$…$`, the last number;
//! 3. [`answer`] reads it, as an exact [`number`] where it is one and as normalised [`text`] otherwise;
//! 4. [`equal`] compares it with the reference.
//!
//! [`mod@reference`] reads what to compare with, [`judge`] strings the steps together and [`plugin`] shows the result to restem. Numbers are exact rationals: 0.333 is not
//! 1/3, and nothing is ever rounded.

pub mod answer;
pub mod config;
pub mod equal;
pub mod extract;
pub mod judge;
pub mod limits;
pub mod markup;
pub mod number;
pub mod plugin;
pub mod reference;
pub mod stop;
pub mod text;

#[cfg(test)]
mod with_data;

pub use config::Config;
pub use plugin::MathEquivalence;

restem_sdk::export!(MathEquivalence);
