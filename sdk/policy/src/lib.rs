//! The C ABI between restem and native policy backends.
