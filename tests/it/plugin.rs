//! `restem plugin`: what an operator and an author see.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use restem_tests::{restem, with_input};
use tempfile::TempDir;

const ROW: &str = "{\"id\":\"a\",\"reference\":\"1\",\"completion\":\"1\"}\n";

/// A folder with a copy of `exact-match`, and a place for installed plugins.
struct Desk {
    dir: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(desk.path("mine")).unwrap();
        let shipped = PathBuf::from(std::env::var_os("RESTEM_PLUGIN_DIR").unwrap());
        fs::copy(shipped.join("exact-match.wasm"), desk.path("mine/mine.wasm")).unwrap();
        fs::copy(shipped.join("exact-match.toml"), desk.path("mine/plugin.toml")).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = restem();
        command
            .args(args)
            .current_dir(self.dir.path())
            .env("RESTEM_DATA", self.path("data"));
        command.output().unwrap()
    }

    fn score(&self, plugin: &str) -> Output {
        fs::write(self.path("rows.jsonl"), ROW).unwrap();
        self.run(&["score", "--plugin", plugin, "--input", "rows.jsonl"])
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What differs from build to build is blotted out.
fn blot(text: &str, dir: &Path) -> String {
    let text = text.replace(&*dir.to_string_lossy(), "DIR");
    let word = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let hex = bare.len() >= 8 && bare.chars().all(|c| c.is_ascii_hexdigit());
        if hex {
            word.replace(bare, "SHA")
        } else {
            word.to_owned()
        }
    };
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" "))
        .collect();
    lines.join("\n")
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn check_says_in_words_what_a_plugin_can_and_can_not_do() {
    let desk = Desk::new();
    let output = desk.run(&["plugin", "check", "apps-unit-tests"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = blot(&text(&output.stdout), desk.dir.path());
    let said: Vec<&str> = said.lines().skip(1).collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
      API      restem:reward@0.1.0; this restem speaks 0.1.0
      rewards  binary: 0 or 1
      options  challenge_tests, extract, max_tests, memory_mib, output_mib, partial_credit, preamble, printed_float_tolerance, returned_float_tolerance, same_instance, stop_at_first_failure, time_limit_seconds
    It can
      - see each problem (id, prompt, reference, metadata) and its completions, and decide their rewards
      - send restem log lines and the text of a panic (at most 64 KiB a problem)
      - run Python programs in restem's own sandbox, without files, network or clock: only when you say `--grant python`
    It can't
      - write files, read any but those of a directory that you grant, open connections, start programs, or see the environment
      - tell the time, draw random numbers, or use threads: the same row gets the same verdict on every machine
      - see other problems, or remember anything from one problem to the next
      - use more than 200,000,000 fuel and 64 MiB of memory for a call, unless you raise `limits` (hitting one is a fault of the row, never a reward)
    No complaints. Next: `restem plugin test` judges its examples.
    "#);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn check_names_what_is_to_be_mended() {
    let desk = Desk::new();
    fs::write(
        desk.path("mine/plugin.toml"),
        "name = \"other\"\nversion = \"2.0.0\"\ncapabilities = [\"python\"]\n",
    )
    .unwrap();
    let output = desk.run(&["plugin", "check", "mine"]);
    assert_eq!(output.status.code(), Some(1));
    let said = blot(&text(&output.stdout), desk.dir.path());
    let (_, complaints) = said.split_once("To be mended\n").unwrap();
    insta::assert_snapshot!(complaints, @r#"
    - mine/plugin.toml calls it `other`, it calls itself `exact-match`
    - mine/plugin.toml says version 2.0.0, the plugin says 0.1.0
    - mine/plugin.toml has no `[[example]]`: two rows, one right and one wrong, show users what it does and are its first test
    - mine/plugin.toml asks for `python`, which it does not import: ask for nothing that isn't used
    "#);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn inspect_shows_world_imports_digest_and_schema() {
    let desk = Desk::new();
    let output = desk.run(&["plugin", "inspect", "mine"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    for line in [
        "  world     restem:reward/reward-plugin@0.1.0\n",
        "  imports   restem:reward/host@0.1.0\n",
        "  exports   restem:reward/scorer@0.1.0\n",
        "  rewards   binary: 0 or 1\n",
        "      \"strip_final_period\": {\n",
    ] {
        assert!(said.contains(line), "{line}{said}");
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn test_judges_the_examples_and_what_every_plugin_keeps() {
    let desk = Desk::new();
    let output = desk.run(&["plugin", "test", "mine"]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert!(!said.contains("FAIL") && !said.contains("<-"), "{said}");
    assert_eq!(said.matches("\n  ok    ").count(), 7, "{said}");
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn an_example_that_comes_out_otherwise_is_shown_with_both_values() {
    let desk = Desk::new();
    fs::write(
        desk.path("mine/plugin.toml"),
        "name = \"exact-match\"\n[[example]]\nid = \"sum\"\nreference = \"4\"\ncompletion = \"5\"\nreward = 1.0\n",
    )
    .unwrap();
    let output = desk.run(&["plugin", "test", "mine"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    let shown = "  example 1 (problem `sum`)\n    wanted:  1\n    sandbox: 0, answer `5`\n";
    assert!(said.contains(shown), "{said}");
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_changed_file_is_refused_once_it_is_locked() {
    let desk = Desk::new();
    let locked = desk.run(&["plugin", "lock", "mine/mine.wasm"]);
    assert!(locked.status.success(), "{}", text(&locked.stderr));
    assert!(desk.score("mine/mine.wasm").status.success());
    // A custom section changes the file and nothing that it does.
    let mut bytes = fs::read(desk.path("mine/mine.wasm")).unwrap();
    bytes.extend([0, 2, 1, b'x']);
    fs::write(desk.path("mine/mine.wasm"), bytes).unwrap();
    let refused = desk.score("mine/mine.wasm");
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.stdout.is_empty());
    let error = text(&refused.stderr);
    assert!(
        error.starts_with("error: the plugin `mine/mine.wasm` is not the file that restem.lock pins\n"),
        "{error}"
    );
    assert_eq!(error.matches("sha256 ").count(), 2, "{error}");
    // The same bytes under another path are still the pinned plugin.
    fs::copy(desk.path("mine/mine.wasm"), desk.path("copy.wasm")).unwrap();
    assert_eq!(desk.score("./copy.wasm").status.code(), Some(1));
    let again = desk.run(&["plugin", "lock", "mine/mine.wasm"]);
    assert!(
        text(&again.stdout).contains("changed from "),
        "{}",
        text(&again.stdout)
    );
    assert!(desk.score("mine/mine.wasm").status.success());
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn an_installed_plugin_is_used_by_name_until_it_is_removed() {
    let desk = Desk::new();
    let shadowing = desk.run(&["plugin", "install", "mine"]);
    let error = text(&shadowing.stderr);
    assert!(error.contains("`exact-match` is already the name of "), "{error}");
    let installed = desk.run(&["plugin", "install", "mine", "--name", "my-match"]);
    assert!(installed.status.success(), "{}", text(&installed.stderr));
    fs::remove_dir_all(desk.path("mine")).unwrap();
    assert!(desk.score("my-match").status.success());
    let listed = text(&desk.run(&["plugin", "list"]).stdout);
    assert!(listed.starts_with("my-match  0.1.0  sha256 "), "{listed}");
    assert!(desk.run(&["plugin", "remove", "my-match"]).status.success());
    let gone = desk.score("my-match");
    assert!(text(&gone.stderr).starts_with("error: no plugin `my-match`; looked for\n"));
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn bench_measures_time_and_fuel() {
    let desk = Desk::new();
    let output = desk.run(&["plugin", "bench", "mine", "--seconds", "0.1", "--workers", "1"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    for line in [
        "  time, µs  ",
        "  fuel      ",
        " calls/s on one core\n",
        "  in worker processes: ",
    ] {
        assert!(said.contains(line), "{said}");
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn the_manifest_has_a_schema() {
    let schema: serde_json::Value =
        serde_json::from_slice(&with_input(&["plugin", "schema"], "").stdout).unwrap();
    assert_eq!(schema["title"], "Manifest");
    assert!(schema["properties"]["example"].is_object(), "{schema}");
}
