//! A cargo that does not notice that this program was itself started by one.

use std::path::Path;
use std::process::Command;

/// Environment variable that cargo sets for the programs it starts: its own path.
pub const CARGO: &str = "CARGO";

/// Environment variable that names the compiler for cargo to use.
pub const RUSTC: &str = "RUSTC";

/// The cargo that started this program, else the first on the search path, free of what `cargo run` added to the
/// environment, in the directory `dir`.
///
/// Without the cleaning, build scripts that watch `CARGO_*` rerun each time, and another toolchain's rustc would see
/// this one's libraries.
#[must_use]
pub fn cargo(dir: &Path) -> Command {
    let mut command = Command::new(std::env::var_os(CARGO).unwrap_or_else(|| "cargo".into()));
    forget_outer_cargo(&mut command);
    command.current_dir(dir);
    command
}

/// Removes the variables that `cargo run` sets for the program it starts.
pub fn forget_outer_cargo(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_set_by_cargo_run) {
            command.env_remove(name);
        }
    }
}

fn is_set_by_cargo_run(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
        || [
            CARGO,
            "CARGO_BIN_NAME",
            "CARGO_CRATE_NAME",
            "CARGO_PRIMARY_PACKAGE",
            "OUT_DIR",
        ]
        .contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_the_user_survive_the_cleaning() {
        assert!(is_set_by_cargo_run("CARGO_PKG_VERSION"));
        assert!(!is_set_by_cargo_run("CARGO_TARGET_DIR"));
        assert!(!is_set_by_cargo_run("CARGO_HOME"));
    }
}
