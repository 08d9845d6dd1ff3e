//! Judges rows with a plugin in this process, each in an instance of its own, and says how long each took.
//!
//! `cargo run --release -p restem-reward --example time_rows -- PLUGIN.wasm ROWS.jsonl > VERDICTS.jsonl`
//!
//! A row has `id`, `reference`, `completion`, and may have `prompt` and `config`. A verdict has the row's `id`, `reward`, `parts`,
//! `fuel` of the scoring call, and `nanoseconds`: instantiating the plugin, opening its session with the configuration,
//! preparing the problem, scoring the completion, and dropping the instance. Compiling the plugin is not counted.
#![expect(clippy::print_stdout, reason = "an example reports to its user")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::time::Instant;

use restem_em::{Flow, Verdict, VerdictRow, VerifyTask};
use restem_reward::{Plugin, PluginOptions};
use serde_json::{Map, Value, json};

/// Rows judged before the clock counts: the first ones pay for pages that are not in memory yet.
const WARM_UP: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let wasm = args.next().ok_or("give the path of a plugin")?;
    let path = args.next().ok_or("give the path of a file of rows")?;
    let scratch = tempfile::tempdir()?;
    let mut plugins = BTreeMap::new();
    let mut tasks = Vec::new();
    for line in BufReader::new(File::open(path)?).lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let config = row["config"].to_string();
        if !plugins.contains_key(&config) {
            let options = PluginOptions::default()
                .with_config(row["config"].clone())
                .with_cache_dir(scratch.path().join("compiled"));
            plugins.insert(config.clone(), Plugin::from_file(&wasm, &options)?);
        }
        tasks.push((task(&row)?, config));
    }
    for (task, config) in tasks.iter().take(WARM_UP) {
        plugins[config].score_task(task, &mut |_| Flow::Continue);
    }
    for (task, config) in &tasks {
        let plugin = &plugins[config];
        let mut verdict = None;
        let started = Instant::now();
        plugin.score_task(task, &mut |row| {
            verdict = Some(row);
            Flow::Continue
        });
        let nanoseconds = u64::try_from(started.elapsed().as_nanos())?;
        let verdict = verdict.ok_or("the plugin gave no verdict")?;
        println!("{}", line(&verdict, nanoseconds));
    }
    Ok(())
}

fn task(row: &Value) -> Result<VerifyTask, Box<dyn Error>> {
    let text = |field: &str| row[field].as_str().map(str::to_owned);
    Ok(VerifyTask {
        problem: text("id").ok_or("a row without `id`")?.as_str().into(),
        prompt: text("prompt"),
        reference: text("reference"),
        metadata: Map::new(),
        completions: vec![(0, text("completion").ok_or("a row without `completion`")?)],
    })
}

fn line(row: &VerdictRow, nanoseconds: u64) -> Value {
    match &row.verdict {
        Verdict::Scored(score) => {
            let parts: Map<String, Value> = score
                .parts
                .iter()
                .map(|(name, value)| (name.clone(), Value::from(*value)))
                .collect();
            json!({"id": row.problem, "reward": score.reward, "parts": parts, "fuel": row.fuel, "nanoseconds": nanoseconds})
        }
        Verdict::Fault { fault } => {
            json!({"id": row.problem, "fault": fault.to_string(), "fuel": row.fuel, "nanoseconds": nanoseconds})
        }
    }
}
