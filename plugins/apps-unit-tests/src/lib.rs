//! A program is right when it passes its unit tests: APPS, HumanEval, MBPP and their likes as a reward plugin.
//!
//! A judgement takes four steps:
//!
//! 1. [`extract`] finds the program in a completion;
//! 2. `problem` reads the tests of a problem, in whichever format they come;
//! 3. `judge` runs the program on them in restem's Python sandbox, one fresh interpreter per test;
//! 4. [`compare`] holds what came out against what was expected, here: expected values never enter the program's memory.
//!
//! The README numbers the rules; each has a test.

pub mod compare;
pub mod config;
pub mod extract;
mod judge;
mod literal;
mod note;
pub mod plugin;
mod problem;
mod scan;
mod source;
mod written;

#[cfg(test)]
mod judged;
#[cfg(test)]
mod with_data;

pub use config::Config;
pub use plugin::AppsUnitTests;

restem_sdk::export!(AppsUnitTests);
