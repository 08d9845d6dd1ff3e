//! The components of `tests/evil`: what each tries, what its user reads then, and that its neighbours are scored all the same.

mod bombs;
mod churn;
mod description;
mod host_calls;
mod imports;
mod list;
mod memory;
mod remembers;
mod results;
mod time;
mod traps;

use std::fs;
use std::path::PathBuf;

use restem_em::VerdictRow;
use restem_reward::{Plugin, PluginOptions};

use crate::evil::{blot, fault, module, options, rewards, root, rows, task};

/// A completion that the evil ones act on. Its length is that of nothing else, which `cabi_realloc` can tell.
const DEED: &str = "seven!!";

/// The folder of the suite.
fn folder() -> PathBuf {
    root().join("tests/evil")
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.wat"))).unwrap()
}

/// The bytes of the component `name`: its text alone where that is a component's, else the frame with the parts that it replaces
/// and adds.
fn component(name: &str) -> Vec<u8> {
    let evil = text(name);
    if evil.lines().any(|line| line.starts_with("(component")) {
        return wat::parse_str(unrolled(&evil)).unwrap();
    }
    let frame = text("frame");
    let (_, frame_parts) = parts(&frame);
    let (_, evil_parts) = parts(&evil);
    let end = frame_parts.len() - 1;
    let head = frame.split(";;@ ").next().unwrap();
    let mut whole = head.to_owned();
    for (at, (name, text)) in frame_parts.iter().enumerate() {
        if at == end {
            let added = evil_parts
                .iter()
                .filter(|(part, _)| frame_parts.iter().all(|(of_frame, _)| of_frame != part));
            whole.extend(added.map(|(_, text)| *text));
        }
        let replaced = evil_parts.iter().find(|(part, _)| part == name);
        whole += replaced.map_or(text, |(_, text)| text);
    }
    module(&unrolled(&whole))
}

/// What stands before the first part, and the parts by name.
fn parts(text: &str) -> (&str, Vec<(&str, &str)>) {
    let mut pieces = text.split(";;@ ");
    let head = pieces.next().unwrap();
    (
        head,
        pieces.map(|piece| piece.split_once('\n').unwrap()).collect(),
    )
}

/// The text with each line that ends in `;;* N` N times.
fn unrolled(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let (line, times) = match line.split_once(";;* ") {
            Some((line, times)) => (line, times.parse().unwrap()),
            None => (line, 1),
        };
        for _ in 0..times {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// An evil component that lets itself be loaded.
fn evil(name: &str) -> Plugin {
    evil_with(name, &options())
}

fn evil_with(name: &str, options: &PluginOptions) -> Plugin {
    Plugin::from_bytes("evil.wasm", &component(name), options).unwrap()
}

/// The rows of a deed between two completions that must be scored.
fn among_neighbours(plugin: &Plugin) -> Vec<VerdictRow> {
    let rows = rows(plugin, &task("train/1041", &["o", DEED, "z"]));
    let scored = rewards(&rows);
    assert_eq!((scored[0], scored[2]), (Some(1.0), Some(0.0)), "the neighbours");
    rows
}

/// The fault of what a component does when it scores.
fn attack(name: &str) -> String {
    fault(&among_neighbours(&evil(name))[1])
}

/// The fault of what a component does when it prepares a problem; the next problem's rows must be scored.
fn attack_preparing(name: &str) -> String {
    let plugin = evil(name);
    let bad = rows(&plugin, &task("!bad", &["o", "z"]));
    assert_eq!(rewards(&bad), [None, None]);
    assert_eq!(fault(&bad[0]), fault(&bad[1]));
    assert_eq!(
        rewards(&rows(&plugin, &task("good", &["o", "z"]))),
        [Some(1.0), Some(0.0)]
    );
    fault(&bad[0])
}

/// Why a component can't be loaded; an honest one can be all the same.
fn refusal(name: &str) -> String {
    refusal_with(name, &options())
}

fn refusal_with(name: &str, options: &PluginOptions) -> String {
    let error = Plugin::from_bytes("evil.wasm", &component(name), options)
        .map(|_| ())
        .unwrap_err();
    let honest = Plugin::from_bytes("frame.wasm", &component("frame"), options).unwrap();
    assert_eq!(
        rewards(&rows(&honest, &task("p", &["o", "z"]))),
        [Some(1.0), Some(0.0)]
    );
    blot(&error.to_string())
}
