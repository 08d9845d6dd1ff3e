//! Everything here enters an installed interpreter.

mod checks;
mod determinism;
mod hacks;
mod limits;
mod values;
