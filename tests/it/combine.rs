//! Several `[[reward]]` tables that make one reward: `restem score`, `run`, `--resume` and `replay`.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use restem_tests::{World, restem, with_input};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Both plugins, the first by its own name.
const PARTS: &str = r#"
[[reward]]
plugin = "exact-match"

[[reward]]
name = "maths"
plugin = "math-equivalence"
config = { extract = ["whole"] }
"#;

/// A configuration with these tables, in a directory of its own.
fn config(text: &str) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("restem.toml");
    fs::write(&path, text).unwrap();
    (dir, path)
}

fn score_with(text: &str, args: &[&str], input: &str) -> Output {
    let (_dir, path) = config(text);
    with_input(
        &[&["score", "--config-file", path.to_str().unwrap()], args].concat(),
        input,
    )
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    assert!(!text.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn stderr(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    text.trim_end().to_owned()
}

/// Right for both plugins, for the second only, for neither.
fn input() -> String {
    json!({"id": "half", "reference": "1/2", "completions": ["1/2", "0.5", "2"]}).to_string() + "\n"
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_weighted_sum_records_each_part_and_adds_the_fuel() {
    let combined = "[combine]\nrule = \"weighted-sum\"\n".to_owned()
        + &PARTS.replace("config =", "weight = 3\nconfig =");
    let rows = lines(&score_with(&combined, &[], &input()));
    let rewards: Vec<_> = rows.iter().map(|row| row["reward"].as_f64().unwrap()).collect();
    assert_eq!(rewards, [1.0, 0.75, 0.0]);
    assert_eq!(rows[1]["parts"]["exact-match"], 0.0);
    assert_eq!(rows[1]["parts"]["maths"], 1.0);
    assert_eq!(rows[1]["plugin"]["name"], "weighted-sum(exact-match, maths)");
    assert_eq!(rows[1]["plugin"]["parts"]["maths"]["name"], "math-equivalence");
    let alone = |args: &[&str]| lines(&with_input(&[&["score"], args].concat(), &input()));
    let exact = alone(&["--plugin", "exact-match"]);
    let maths = alone(&["--plugin", "math-equivalence", "--config", "extract=[\"whole\"]"]);
    for (row, (exact, maths)) in rows.iter().zip(exact.iter().zip(&maths)) {
        let sum = exact["fuel"].as_u64().unwrap() + maths["fuel"].as_u64().unwrap();
        assert_eq!(row["fuel"], sum);
        assert_eq!(
            row["plugin"]["parts"]["maths"]["sha256"],
            maths["plugin"]["sha256"]
        );
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn many_rows_come_back_in_order_whatever_the_number_of_workers() {
    let combined = "[combine]\nrule = \"gate\"\nanswer = \"maths\"\n".to_owned()
        + &PARTS.replace(
            "plugin = \"exact-match\"",
            "plugin = \"exact-match\"\ngate = true",
        );
    let rows = 20_000;
    let input: String = (0..rows)
        .map(|i| match i % 1000 {
            999 => "nonsense\n".to_owned(),
            _ => json!({"id": i, "reference": i % 7, "completion": (i % 5).to_string()}).to_string() + "\n",
        })
        .collect();
    let one = score_with(&combined, &["--workers", "1"], &input);
    let two = score_with(&combined, &["--workers", "2"], &input);
    assert!(one.status.success(), "{}", stderr(&one));
    assert_eq!(one.stdout, two.stdout);
    let found = lines(&one);
    assert_eq!(found.len(), rows);
    for (i, line) in found.iter().enumerate() {
        if i % 1000 == 999 {
            assert_eq!(line["fault"]["class"], "malformed_input", "{line}");
            continue;
        }
        let right = i % 7 == i % 5;
        assert_eq!(
            (&line["id"], &line["reward"]),
            (&json!(i.to_string()), &json!(f64::from(u8::from(right))))
        );
        assert_eq!(
            line["parts"].get("maths").is_some(),
            right,
            "not asked behind a gate that failed: {line}"
        );
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_parts_fault_is_the_rows_and_names_the_part() {
    let combined = "[combine]\nrule = \"all-of\"\n".to_owned() + PARTS;
    let input = json!({"id": "a", "completion": "1"}).to_string();
    let output = score_with(&combined, &["--max-fault-rate", "1"], &input);
    let message = lines(&output)[0]["fault"]["message"].as_str().unwrap().to_owned();
    assert!(
        message.starts_with("part `exact-match`: plugin `exact-match` (sha256 "),
        "{message}"
    );
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn what_makes_no_sense_is_said_with_a_hint() {
    let error = |text: &str| {
        let output = score_with(text, &[], "");
        assert_eq!(output.status.code(), Some(1));
        stderr(&output)
    };
    insta::assert_snapshot!(error(PARTS), @r#"
    error: 2 `[[reward]]` tables, and nothing says how they make one reward
      hint: add `[combine]` with `rule = "weighted-sum"`, `"all-of"` or `"gate"`, or keep one table
    "#);
    insta::assert_snapshot!(error("[[reward]]\nplugin = \"exact-match\"\nthreshold = 0.5\n"), @r"
    error: `threshold` in the only `[[reward]]` table means nothing without `[combine]`
      hint: remove it; `select.threshold` says which rewards count as correct
    ");
    insta::assert_snapshot!(error(&("[combine]\nrule = \"gate\"\n".to_owned() + PARTS)), @r#"
    error: rule = "gate", and no part is one
      hint: set `gate = true` in the `[[reward]]` tables that must pass first
    "#);
    insta::assert_snapshot!(error(&("[combine]\nrule = \"all-of\"\n".to_owned() + &PARTS.replace("name = \"maths\"", "name = \"exact-match\""))), @r"
    error: two `[[reward]]` tables are named `exact-match`
      hint: set `name` in each of them
    ");
    insta::assert_snapshot!(error(&("[combine]\nrule = \"majority\"\n".to_owned() + PARTS)), @"error: the configuration is not valid: unknown variant `majority`, expected one of `weighted-sum`, `all-of`, `gate`");
    insta::assert_snapshot!(error(&("[combine]\nrules = \"gate\"\n".to_owned() + PARTS)), @"error: the configuration is not valid: missing field `rule`");
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn flags_that_mean_one_plugin_are_refused_for_several() {
    let (_dir, path) = config(&("[combine]\nrule = \"all-of\"\n".to_owned() + PARTS));
    let output = restem()
        .args(["config", "show"])
        .arg(&path)
        .args(["--plugin", "exact-match"])
        .output()
        .unwrap();
    insta::assert_snapshot!(stderr(&output).replace(path.to_str().unwrap(), "restem.toml"), @r"
    error: --plugin means the one `[[reward]]` table, and restem.toml has 2
      hint: write `--set reward.0.plugin=…`, `--set reward.1.plugin=…`
    ");
    let output = with_input(&["score", "--config-file", "x.toml", "--plugin", "y"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("cannot be used with"),
        "{}",
        stderr(&output)
    );
}

/// A world whose verifier is a combination with a plugin file of its own.
fn world() -> World {
    let world = World::new(20);
    let text = fs::read_to_string(world.config()).unwrap();
    let single = "[[reward]]\nplugin = \"exact-match\"\nworkers = 1\n";
    assert!(text.contains(single));
    let combined = r#"
[combine]
rule = "all-of"

[[reward]]
name = "by-value"
plugin = "math-equivalence"
config = { extract = ["whole"] }
workers = 1

[[reward]]
name = "by-letter"
plugin = "letter.wasm"
workers = 1
"#;
    fs::write(world.config(), text.replace(single, combined)).unwrap();
    let plugins = PathBuf::from(std::env::var_os("RESTEM_PLUGIN_DIR").expect("run `cargo xtask test`"));
    fs::copy(plugins.join("exact-match.wasm"), world.path("letter.wasm")).unwrap();
    world
}

fn run(world: &World) -> Command {
    let mut command = restem();
    command
        .arg("run")
        .arg(world.config())
        .args(["--progress", "quiet"]);
    command
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_combination_trains_replays_and_is_pinned_by_each_part() {
    let world = world();
    let output = run(&world).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let replay = || restem().arg("replay").arg(world.path("run")).output().unwrap();
    let replayed = replay();
    assert!(
        String::from_utf8_lossy(&replayed.stdout).contains(" 0 changed"),
        "{}",
        stderr(&replayed)
    );
    let report = fs::read_to_string(world.path("run/report.md")).unwrap();
    assert!(
        report.contains("all-of(by-value, by-letter)") && report.contains("verifier part by-letter"),
        "{report}"
    );

    // An empty custom section: the same code in a file of another digest.
    let mut bytes = fs::read(world.path("letter.wasm")).unwrap();
    bytes.extend([0, 5, 4]);
    bytes.extend(b"note");
    fs::write(world.path("letter.wasm"), bytes).unwrap();
    let resumed = stderr(&run(&world).arg("--resume").output().unwrap());
    assert!(
        resumed.contains("verifier.members.by-letter.sha256: begun with ") && !resumed.contains("by-value"),
        "{resumed}"
    );
    let replayed = stderr(&replay());
    assert!(
        replayed.contains("not the one that judged the run: part `by-letter`: recorded exact-match "),
        "{replayed}"
    );
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_changed_weight_is_refused_on_resume() {
    let world = world();
    let text = fs::read_to_string(world.config()).unwrap();
    fs::write(
        world.config(),
        text.replace("rule = \"all-of\"", "rule = \"weighted-sum\"") + "[select]\nthreshold = 1.0\n",
    )
    .unwrap();
    let output = run(&world).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let output = run(&world)
        .args(["--resume", "--set", "reward.1.weight=2"])
        .output()
        .unwrap();
    let error = stderr(&output);
    assert!(
        !output.status.success() && error.contains("verifier.config: begun with "),
        "{error}"
    );
}
