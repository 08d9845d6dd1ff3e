//! `cargo xtask book`: the book about reward plugins, as HTML.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::cache::Cache;
use crate::workspace::Workspace;
use crate::{process, say};

/// The version of mdBook, from Cargo's registry.
const VERSION: &str = "0.5.4";

/// Installs mdBook where it is not yet, and writes the book to `target/book`.
///
/// # Errors
/// When mdBook can't be installed or refuses the book.
pub(crate) fn build(workspace: &Workspace, cache: &Cache) -> Result<()> {
    let name = format!("mdbook-{VERSION}");
    let entry = cache.entry(&name);
    let home = if entry.is_dir() {
        entry
    } else {
        say::step(
            "book",
            format!("installing mdbook {VERSION} from Cargo's registry (a few minutes, once)"),
        );
        cache.put(&name, |dir| install(workspace, dir))?
    };
    process::run(
        Command::new(home.join("bin/mdbook"))
            .arg("build")
            .arg(workspace.root().join("docs")),
    )?;
    let page = workspace.target().join("book/index.html");
    say::step("book", format!("open {}", page.display()));
    Ok(())
}

fn install(workspace: &Workspace, dir: &Path) -> Result<()> {
    process::run(
        process::cargo(workspace.root())
            .args([
                "install",
                "--quiet",
                "--locked",
                "--no-default-features",
                "--features",
                "search",
            ])
            .arg(format!("mdbook@{VERSION}"))
            .arg("--root")
            .arg(dir),
    )
}
