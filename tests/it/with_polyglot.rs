//! Plugins in Python and JavaScript (`examples/plugin-*`), scored as their users score.
//!
//! They need the tools that build them: `cargo xtask test --polyglot`.

use std::fs;
use std::path::{Path, PathBuf};

use restem_tests::{restem, with_input};
use serde_json::Value;

const PLUGINS: [&str; 2] = ["json-fields", "json-fields-js"];

/// What the rows of the examples earn, in order.
const REWARDS: [f64; 14] = [
    1.0,
    2.0 / 3.0,
    0.0,
    1.0, // order-1
    1.0,
    0.5,
    0.0, // order-2
    1.0,
    0.5,
    0.5,
    0.0, // flag-1
    1.0,
    1.0,
    0.0, // unicode-1
];

fn plugin(name: &str) -> PathBuf {
    let dir = std::env::var_os("RESTEM_POLYGLOT_DIR");
    let dir = dir.expect("RESTEM_POLYGLOT_DIR names the built plugins: run `cargo xtask test --polyglot`");
    Path::new(&dir).join(format!("{name}.wasm"))
}

fn rows() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/plugin-python/rows.jsonl");
    fs::read_to_string(path).unwrap()
}

/// The lines that `restem score` writes.
fn score(name: &str, args: &[&str], input: &str) -> String {
    let plugin = plugin(name);
    let all = [&["score", "--plugin", plugin.to_str().unwrap()], args].concat();
    let output = with_input(&all, input);
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
#[ignore = "needs built plugins: cargo xtask test --polyglot"]
fn every_row_of_the_examples_earns_its_reward() {
    for name in PLUGINS {
        let lines = lines(&score(name, &[], &rows()));
        let rewards: Vec<_> = lines
            .iter()
            .map(|line| line["reward"].as_f64().unwrap())
            .collect();
        assert_eq!(rewards, REWARDS, "{name}");
        assert_eq!(lines[1]["note"], "wrong or missing: price", "{name}");
        assert_eq!(lines[1]["parts"]["quantity"], 1.0, "{name}");
        assert_eq!(
            lines[0]["answer"],
            lines[3]["answer"]
                .as_str()
                .unwrap()
                .replace("3.5000000000001", "3.5"),
            "{name}"
        );
        assert_eq!(lines[0]["plugin"]["name"], name);
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test --polyglot"]
fn verdicts_and_fuel_depend_on_nothing_but_the_row() {
    let rows = rows();
    let many = rows.repeat(10);
    for name in PLUGINS {
        let once = score(name, &["--workers", "1"], &rows);
        assert_eq!(score(name, &["--workers", "1"], &rows), once, "{name}: again");
        assert_eq!(
            score(name, &["--workers", "2"], &many),
            once.repeat(10),
            "{name}: over workers"
        );
        let alone = lines(&score(name, &["--isolation", "completion"], &rows));
        let backwards: String = rows.lines().rev().map(|line| format!("{line}\n")).collect();
        let mut turned = lines(&score(name, &["--isolation", "completion"], &backwards));
        let key = |line: &Value| (line["id"].as_str().unwrap().to_owned(), line["index"].as_u64());
        let mut sorted = alone.clone();
        sorted.sort_by_key(key);
        turned.sort_by_key(key);
        assert_eq!(turned, sorted, "{name}: in another order");
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test --polyglot"]
fn a_problem_or_configuration_that_makes_no_sense_is_no_reward_of_zero() {
    let broken = "{\"id\": \"p\", \"reference\": \"[1]\", \"completion\": \"{}\"}\n";
    for name in PLUGINS {
        let line = &lines(&score(name, &["--max-fault-rate", "1"], broken))[0];
        assert_eq!(line["fault"]["class"], "malformed_problem", "{name}: {line}");
        let message = line["fault"]["message"].as_str().unwrap();
        assert!(
            message.ends_with("the reference is not a JSON object with at least one field"),
            "{message}"
        );
        let output = restem()
            .args(["score", "--config", "tolerance=\"much\"", "--plugin"])
            .arg(plugin(name))
            .output()
            .unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            text.trim_end(),
            format!(
                "error: plugin `{name}` refuses its configuration: `tolerance` is \"much\": a number from 0 on is expected"
            )
        );
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test --polyglot"]
fn completions_of_every_kind_are_judged() {
    let deep = "{\"a\":".repeat(100_000);
    let long = "x".repeat(1_000_000);
    let braces = "{}".repeat(500_000);
    let text = format!("{{\"item\": \"{long}\"}}");
    let nested = format!("{{\"item\": {}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let huge = "{\"item\": 1e999}";
    let all = [
        "",
        "\u{0}",
        "{\"item\":",
        huge,
        &deep,
        &long,
        &braces,
        &text,
        &nested,
    ];
    for completion in all {
        let row = serde_json::json!({"id": "p", "reference": "{\"item\": 1}", "completion": completion});
        for name in PLUGINS {
            let line = &lines(&score(name, &["--max-fault-rate", "1"], &format!("{row}\n")))[0];
            assert_eq!(line["reward"], 0.0, "{name}: {line}");
        }
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test --polyglot"]
fn what_they_import_is_shown() {
    let imports = PLUGINS.map(|name| {
        let output = restem()
            .args(["plugin", "inspect"])
            .arg(plugin(name))
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text
            .lines()
            .find_map(|line| line.trim_start().strip_prefix("imports"));
        line.unwrap_or_else(|| panic!("{text}"))
            .trim()
            .replace(", ", "\n")
    });
    insta::assert_snapshot!(imports[0], @r"
    wasi:io/poll@0.2.9
    wasi:clocks/monotonic-clock@0.2.9
    wasi:clocks/wall-clock@0.2.9
    wasi:random/random@0.2.9
    wasi:io/error@0.2.9
    wasi:io/streams@0.2.9
    wasi:cli/stdout@0.2.9
    wasi:cli/stderr@0.2.9
    wasi:cli/stdin@0.2.9
    wasi:cli/environment@0.2.9
    wasi:cli/exit@0.2.9
    wasi:cli/terminal-input@0.2.9
    wasi:cli/terminal-output@0.2.9
    wasi:cli/terminal-stdin@0.2.9
    wasi:cli/terminal-stdout@0.2.9
    wasi:cli/terminal-stderr@0.2.9
    wasi:filesystem/types@0.2.9
    wasi:filesystem/preopens@0.2.9
    wasi:sockets/network@0.2.9
    wasi:sockets/instance-network@0.2.9
    wasi:sockets/udp@0.2.9
    wasi:sockets/udp-create-socket@0.2.9
    wasi:sockets/tcp@0.2.9
    wasi:sockets/tcp-create-socket@0.2.9
    wasi:sockets/ip-name-lookup@0.2.9
    restem:reward/host@0.1.0
    ");
    insta::assert_snapshot!(imports[1], @"restem:reward/host@0.1.0");
}
