//! `cargo xtask transcript`: a newcomer's way from nothing to a scored dataset, with the real binary.
//!
//! Every command runs in a fresh directory as a person would type it; the first that fails ends the transcript. What can't
//! be promised on a shared machine, the time of an edit, is marked met or missed.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use restem_toolchain::forget_outer_cargo;

use crate::cache::Cache;
use crate::workspace::Workspace;
use crate::{artifacts, env_vars, say, sdk_source, setup};

/// From nothing to verdicts.
const FIRST: [&str; 5] = [
    "restem plugin new last-word",
    "restem plugin build last-word",
    "restem plugin check last-word",
    "restem plugin test last-word",
    "restem score --plugin ./last-word --input last-word/rows.jsonl",
];

/// A change of the source, and what shows that it works.
const EDIT: [&str; 3] = [
    r#"sed -i "s/trim_end_matches('.')/trim_end_matches(['.', '!'])/" last-word/src/lib.rs"#,
    "restem plugin build last-word",
    "restem plugin test last-word",
];

/// How long the three commands of an edit may take together.
const EDIT_AIM: Duration = Duration::from_secs(10);

/// How cargo's lines begin that tell only that it is at work.
const CARGO_AT_WORK: [&str; 8] = [
    "Adding ",
    "Blocking ",
    "Compiling ",
    "Downloaded ",
    "Downloading ",
    "Locking ",
    "Locked ",
    "Updating ",
];

/// Goes the way, printing it as it goes, and writes it to `out`.
///
/// # Errors
/// When a command fails.
pub(crate) fn run(workspace: &Workspace, cache: &Cache, out: Option<&Path>) -> Result<()> {
    setup::wasm(workspace, cache)?;
    artifacts::build_cli(workspace)?;
    sdk_source::place(workspace)?;
    let place = Place::new(workspace, cache)?;
    let mut page = Page::default();
    page.line("# From nothing to a scored dataset");
    page.line("");
    page.line("Written by `cargo xtask transcript`; the times are those of the machine it ran on.");
    let mut total = Duration::ZERO;
    for command in FIRST {
        total += place.step(command, &mut page)?;
    }
    page.line("");
    page.line(format!("{} commands, {}.", FIRST.len(), seconds(total)));
    page.line("");
    page.line("## After an edit");
    let mut edit = Duration::ZERO;
    for command in EDIT {
        edit += place.step(command, &mut page)?;
    }
    let verdict = if edit < EDIT_AIM { "met" } else { "MISSED" };
    page.line("");
    page.line(format!(
        "Edit, build, test: {}; aim: under {}: {verdict}.",
        seconds(edit),
        seconds(EDIT_AIM)
    ));
    if let Some(path) = out {
        fs::write(path, &page.0).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// What is written, printed as it comes.
#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, text: impl AsRef<str>) {
        say::data(text.as_ref());
        self.0.push_str(text.as_ref());
        self.0.push('\n');
    }
}

/// A fresh directory, and the environment of somebody who has unpacked restem.
struct Place {
    dir: tempfile::TempDir,
    path: OsString,
    cache: OsString,
    /// Texts that are of this machine, and what stands for them on the page.
    private: Vec<(String, &'static str)>,
}

impl Place {
    fn new(workspace: &Workspace, cache: &Cache) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let bin = workspace.home().join("bin");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&path)))?;
        let text = |path: &Path| path.display().to_string();
        let mut private = vec![
            (text(&workspace.home().canonicalize()?), "RESTEM"),
            (text(&dir.path().canonicalize()?), "."),
            (text(&cache.entry("")), "CACHE/"),
        ];
        if let Some(home) = std::env::var_os(env_vars::HOME) {
            private.push((text(Path::new(&home)), "~"));
        }
        Ok(Self {
            dir,
            path,
            cache: cache.entry("").into(),
            private,
        })
    }

    /// Runs one command and writes down what it printed and how long it took.
    fn step(&self, line: &str, page: &mut Page) -> Result<Duration> {
        let mut command = Command::new("sh");
        // One stream, so that the page has the order that a terminal has.
        command.arg("-c").arg(format!("exec 2>&1; {line}"));
        forget_outer_cargo(&mut command);
        command
            .current_dir(self.dir.path())
            .env("PATH", &self.path)
            .env(env_vars::CACHE, &self.cache)
            // A newcomer has a target directory per project, and no flags of ours.
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("CARGO_INCREMENTAL")
            .env_remove("RUSTFLAGS");
        let begun = Instant::now();
        let output = command.output().context("cannot start `sh`")?;
        let took = begun.elapsed();
        page.line("");
        page.line("```console");
        page.line(format!("$ {line}"));
        for line in self.shown(&String::from_utf8_lossy(&output.stdout)) {
            page.line(line);
        }
        page.line("```");
        page.line("");
        page.line(format!("*{}*", seconds(took)));
        if !output.status.success() {
            bail!("`{line}` failed: {}", output.status);
        }
        Ok(took)
    }

    /// The lines of an output, without this machine's directories and with cargo's progress in one line.
    fn shown(&self, output: &str) -> Vec<String> {
        let mut text = output.to_owned();
        for (private, public) in &self.private {
            text = text.replace(private, public);
        }
        let mut lines = Vec::new();
        let mut skipped = 0;
        for line in text.lines() {
            let word = line.trim_start();
            if CARGO_AT_WORK.iter().any(|begin| word.starts_with(begin)) {
                skipped += 1;
                continue;
            }
            if skipped > 0 {
                lines.push(format!("   ({skipped} lines of cargo's progress)"));
                skipped = 0;
            }
            lines.push(line.to_owned());
        }
        lines
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_takes_at_most_eight_commands() {
        assert!(FIRST.len() <= 8);
        assert!(
            FIRST[0].starts_with("restem plugin new") && FIRST[FIRST.len() - 1].starts_with("restem score")
        );
    }

    #[test]
    fn the_page_has_no_directory_of_this_machine() {
        let place = Place {
            dir: tempfile::tempdir().unwrap(),
            path: OsString::new(),
            cache: OsString::new(),
            private: vec![
                ("/src/target/restem".to_owned(), "RESTEM"),
                ("/home/me".to_owned(), "~"),
            ],
        };
        let output = "   Compiling serde v1\n   Compiling restem-sdk v0.1.0 (/src/target/restem/sdk)\n    Finished in 3 s\nsdk: /src/target/restem/sdk, /home/me/x\n";
        assert_eq!(
            place.shown(output),
            [
                "   (2 lines of cargo's progress)",
                "    Finished in 3 s",
                "sdk: RESTEM/sdk, ~/x",
            ]
        );
    }

    #[test]
    fn a_failing_command_ends_the_transcript() {
        let place = Place {
            dir: tempfile::tempdir().unwrap(),
            path: std::env::var_os("PATH").unwrap(),
            cache: OsString::new(),
            private: Vec::new(),
        };
        let mut page = Page::default();
        let error = place.step("echo no; exit 3", &mut page).unwrap_err();
        assert_eq!(error.to_string(), "`echo no; exit 3` failed: exit status: 3");
        assert!(page.0.contains("$ echo no; exit 3\nno\n"), "{}", page.0);
        assert!(place.step("true", &mut page).is_ok());
    }
}
