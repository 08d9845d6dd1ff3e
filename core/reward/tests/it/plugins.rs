//! Plugins that were built with the SDK.

use std::path::PathBuf;

use restem_em::{Flow, VerdictRow};
use restem_reward::{Plugin, PluginOptions, resolve};

use crate::evil::{rewards, task};

fn load(name: &str, options: &PluginOptions) -> Result<Plugin, restem_reward::RewardError> {
    let dir =
        std::env::var_os("RESTEM_PLUGIN_DIR").expect("RESTEM_PLUGIN_DIR is set: run `cargo xtask test`");
    Plugin::from_file(resolve(name, &[PathBuf::from(dir)])?, options)
}

fn rows(plugin: &Plugin, completions: &[&str]) -> Vec<VerdictRow> {
    let mut rows = Vec::new();
    plugin.score_task(&task("four", completions), &mut |row| {
        rows.push(row);
        Flow::Continue
    });
    rows
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn exact_match_scores_through_the_sandbox() {
    let plugin = load("exact-match", &PluginOptions::default()).unwrap();
    assert_eq!(plugin.info().name, "exact-match");
    assert_eq!(plugin.imports(), ["restem:reward/host@0.1.0"]);
    let rows = rows(&plugin, &["4", " 4. ", "5"]);
    assert_eq!(rewards(&rows), [Some(1.0), Some(1.0), Some(0.0)]);
    assert_eq!(rows[2].verdict.score().unwrap().answer.as_deref(), Some("5"));
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn exact_match_describes_its_configuration() {
    let plugin = load("exact-match", &PluginOptions::default()).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&plugin.info().config_schema).unwrap();
    assert!(schema["properties"]["marker"].is_object(), "{schema}");
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn exact_match_refuses_an_unknown_key() {
    let options = PluginOptions::default().with_config(serde_json::json!({"mark": "x"}));
    let error = load("exact-match", &options).map(|_| ()).unwrap_err().to_string();
    assert!(
        error.starts_with("plugin `exact-match` refuses its configuration: `mark`: unknown field `mark`"),
        "{error}"
    );
}
