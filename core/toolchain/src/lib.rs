//! Which Rust compiler builds reward plugins, and how cargo is called with it.
//!
//! Shared by `restem plugin build`, which uses what it finds, and `cargo xtask setup`, which makes what is missing.
//! [`Toolchain::find`] looks, [`Toolchain::cargo`] gives the command; `paths` keeps this machine's directories out of
//! what is built.

mod command;
mod environment;
mod error;
mod paths;
mod rustc;
mod toolchain;

pub use command::system_cargo;
pub use environment::{CARGO, RUSTC, cargo, forget_outer_cargo};
pub use error::ToolchainError;
pub use rustc::sysroot_entry;
pub use toolchain::{SYSTEM_CARGO, SYSTEM_RUSTC, TARGET, Toolchain};
