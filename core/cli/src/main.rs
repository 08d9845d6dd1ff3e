//! The `restem` command.
fn main() {}
