//! The host against guests, most of them evil.

mod conformance;
mod evil;
mod files;
mod hostile;
mod isolation;
mod plugins;
mod pool;
mod wasi;
