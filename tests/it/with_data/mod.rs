//! What needs files of `../shared/data`: `cargo xtask test --data`.

mod with_python;
