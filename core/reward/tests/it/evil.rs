//! The guest of `tests/evil`, as a plugin.

use std::path::{Path, PathBuf};

use restem_em::{Flow, Verdict, VerdictRow, VerifyTask};
use restem_reward::{Limits, Plugin, PluginOptions};
use serde_json::Map;
use wit_component::StringEncoding;

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The text of the guest of many deeds.
pub(crate) fn text() -> String {
    std::fs::read_to_string(root().join("tests/evil/evil.wat")).unwrap()
}

/// A core module with a component-type section, which is what cargo leaves.
pub(crate) fn module(text: &str) -> Vec<u8> {
    let mut bytes = wat::parse_str(text).unwrap();
    let mut resolve = wit_parser::Resolve::default();
    let (package, _) = resolve.push_dir(root().join("sdk/reward/wit/v0.1")).unwrap();
    let world = resolve.select_world(&[package], Some("reward-plugin")).unwrap();
    wit_component::embed_component_metadata(&mut bytes, &resolve, world, StringEncoding::UTF8, false)
        .unwrap();
    bytes
}

/// Limits that make the suite quick. The guest starts with 34 pages (2,228,224 bytes).
pub(crate) fn limits() -> Limits {
    Limits::default()
        .with_fuel_per_task(5_000_000)
        .with_memory_bytes(4 << 20)
        .with_table_elements(1_000)
        .with_wasm_stack_bytes(64 << 10)
        .with_result_bytes(300 << 10)
        .with_log_bytes(20_000)
}

pub(crate) fn options() -> PluginOptions {
    PluginOptions::default().with_limits(limits())
}

pub(crate) fn plugin(options: &PluginOptions) -> Plugin {
    Plugin::from_bytes("evil.wasm", &module(&text()), options).unwrap()
}

/// A task whose completions do these deeds.
pub(crate) fn task(id: &str, deeds: &[&str]) -> VerifyTask {
    VerifyTask {
        problem: id.into(),
        prompt: None,
        reference: Some("4".to_owned()),
        metadata: Map::new(),
        completions: (0..).zip(deeds.iter().map(|&deed| deed.to_owned())).collect(),
    }
}

pub(crate) fn rows(plugin: &Plugin, task: &VerifyTask) -> Vec<VerdictRow> {
    let mut rows = Vec::new();
    plugin.score_task(task, &mut |row| {
        rows.push(row);
        Flow::Continue
    });
    rows
}

/// The rewards of rows, `None` for faults.
pub(crate) fn rewards(rows: &[VerdictRow]) -> Vec<Option<f64>> {
    rows.iter()
        .map(|row| row.verdict.score().map(|score| score.reward))
        .collect()
}

/// A fault's class and message; the plugin's digest, which changes with its text, is blotted out.
pub(crate) fn fault(row: &VerdictRow) -> String {
    match &row.verdict {
        Verdict::Fault { fault } => blot(&fault.to_string()),
        Verdict::Scored(score) => panic!("wanted a fault, got {score:?}"),
    }
}

/// Replaces digests.
pub(crate) fn blot(message: &str) -> String {
    let Some((before, after)) = message.split_once("(sha256 ") else {
        return message.to_owned();
    };
    format!("{before}(sha256 …){}", &after[9..])
}
