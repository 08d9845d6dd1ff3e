//! The run directory: append-only, crash-safe, resumable.
