//! The libtorch policy backend.
