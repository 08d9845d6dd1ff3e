//! Mathematical answer equivalence as a reward plugin: is the completion's final answer the reference's?
//!
//! A judgement takes five steps, each a module that knows nothing of the SDK:
//!
//! 1. [`stop`] cuts off what a base model adds after its answer (the next "Question:");
//! 2. [`extract`] finds where the final answer stands: `\\boxed{…}`, `####`, "the answer is", `$…$`, the last number; [`boxes`] and [`mod@copied`] say
//!    which of several counts and which is none;
//! 3. [`syntax`] reads it, LaTeX or plain text, into a [`tree`];
//! 4. [`decide`] compares it with the reference: equal, different or undecided, with the rule that said so. It rests on [`exact`] normal forms,
//!    on points [`modular`] primes, and on [`numeric`] intervals;
//! 5. [`judge`] strings the steps together, and [`plugin`] shows the result to restem.
//!
//! Nothing is compared through floating-point numbers: 0.333 is not 1/3, and 2^-99 is not 2^-98. What a comparison may cost is counted
//! ([`budget`]), so that it ends at the same place on every machine.

pub mod boxes;
pub mod budget;
pub mod config;
pub mod copied;
pub mod decide;
pub mod exact;
pub mod extract;
pub mod judge;
pub mod limits;
pub mod markup;
pub mod modular;
pub mod number;
pub mod numeric;
pub mod plugin;
pub mod reference;
pub mod stop;
pub mod syntax;
pub mod text;
pub mod tree;
pub mod units;

#[cfg(test)]
mod with_data;

pub use config::Config;
pub use plugin::MathEquivalence;

restem_sdk::export!(MathEquivalence);
