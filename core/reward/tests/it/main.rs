//! The host against guests, most of them evil.

mod attacks;
mod conformance;
mod evil;
mod files;
mod isolation;
mod plugins;
mod pool;
mod wasi;
