//! The wasmtime host of reward plugins.
