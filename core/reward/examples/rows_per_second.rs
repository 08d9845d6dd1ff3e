//! How many rows per second a plugin judges through the pool.
//!
//! `cargo run --release -p restem-reward --example rows_per_second -- PLUGIN.wasm [ROWS] [WORKERS]`
#![expect(clippy::print_stdout, reason = "an example reports to its user")]

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Instant;

use restem_em::{Flow, VerifyTask};
use restem_reward::{Item, Plugin, PluginOptions, Pool, PoolOptions, worker};

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    if let Some(code) = worker::run_if_asked() {
        return Ok(code);
    }
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("give the path of a plugin")?;
    let rows: u32 = args.next().map_or(Ok(100_000), |text| text.parse())?;
    let mut options = PoolOptions::new()?;
    if let Some(workers) = args.next() {
        options = options.with_workers(workers.parse::<NonZeroUsize>()?);
    }
    let workers = options.workers;
    let plugin = Plugin::from_file(path, &PluginOptions::default())?;
    let mut pool = Pool::new(&plugin, options)?;
    let items = (0..rows).map(|n| {
        Item::Judge(VerifyTask {
            problem: format!("row/{n}").as_str().into(),
            prompt: None,
            reference: Some(n.to_string()),
            metadata: serde_json::Map::new(),
            completions: vec![(0, format!("{}.", n / 2 * 2))],
        })
    });
    let started = Instant::now();
    let (mut scored, mut right) = (0_u32, 0_u32);
    pool.score_each(items, &mut |row| {
        if let Some(score) = row.verdict.score() {
            scored += 1;
            right += u32::from(score.reward == 1.0);
        }
        Flow::Continue
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let rate = f64::from(rows) / seconds;
    println!(
        "{rows} rows, {scored} scored, {right} right: {seconds:.2} s on {workers} workers, {rate:.0} rows/s"
    );
    Ok(ExitCode::SUCCESS)
}
