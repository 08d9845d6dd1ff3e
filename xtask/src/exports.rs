//! The environment that built programs run in, for child processes and for people (`cargo xtask env`).

use std::ffi::OsString;
use std::path::Path;

use anyhow::Result;

use crate::cache::Cache;
use crate::workspace::Workspace;
use crate::{env_vars, libtorch, model, say};

/// Variables that point at the workspace's home, whether or not it is built yet.
pub(crate) fn of_home(workspace: &Workspace) -> Vec<(&'static str, OsString)> {
    let home = workspace.home();
    vec![
        (env_vars::BIN, workspace.restem().into()),
        (env_vars::PLUGIN_DIR, home.join("plugins").into()),
        (env_vars::POLICY_BACKEND_DIR, home.join("backends").into()),
        (
            env_vars::TEMPLATE_BUILDS,
            workspace.target().join("templates").into(),
        ),
    ]
}

/// Prints `export` lines for a shell. Installs nothing: what set-up has not provided yet is named in a comment.
///
/// # Errors
/// When `LIBTORCH` is set to something that can't be used.
pub(crate) fn print(workspace: &Workspace, cache: &Cache) -> Result<()> {
    for (name, value) in of_home(workspace) {
        say::data(export(name, Path::new(&value)));
    }
    match libtorch::find(cache)? {
        Some(found) => say::data(export(env_vars::LIBTORCH, &found.directory)),
        None => say::data("# LIBTORCH: run `cargo xtask setup --only libtorch`"),
    }
    match model::find(workspace, cache) {
        Some(directory) => say::data(export(env_vars::DEMO_MODEL, &directory)),
        None => say::data("# RESTEM_DEMO_MODEL: run `cargo xtask setup --only model`"),
    }
    Ok(())
}

fn export(name: &str, value: &Path) -> String {
    format!(
        "export {name}='{}'",
        value.display().to_string().replace('\'', r"'\''")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_a_path_does_not_end_the_shell_string() {
        assert_eq!(export("A", Path::new("/it's here")), r"export A='/it'\''s here'");
    }
}
