//! What the host adds to a plugin's own work: tasks of 32 completions of 1 KB, a fresh store each.
//!
//! `cargo run --release -p restem-reward --example overhead -- PLUGIN.wasm [NATIVE_MICROSECONDS]`
//!
//! Measured for a guest that does nothing (`bare.wat`: all of its time is the host's) and for a plugin, whose own work is what the
//! same function takes natively: what WebAssembly and fuel make slower counts as overhead.
#![expect(clippy::print_stdout, reason = "an example reports to its user")]

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use restem_em::{Flow, VerifyTask};
use restem_reward::{Item, Plugin, PluginOptions, Pool, PoolOptions, worker};
use wit_component::StringEncoding;

/// Completions of a task.
const COMPLETIONS: u32 = 32;

/// Bytes of a completion.
const BYTES: usize = 1024;

/// How long each figure is measured.
const BUDGET: Duration = Duration::from_secs(2);

fn main() -> Result<ExitCode, Box<dyn Error>> {
    if let Some(code) = worker::run_if_asked() {
        return Ok(code);
    }
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("give the path of a plugin")?;
    let native: f64 = args.next().map_or(Ok(0.0), |text| text.parse())?;
    println!(
        "tasks of {COMPLETIONS} completions of {BYTES} bytes, a fresh store each; µs a task\n\n\
         | plugin | p50 | p99 | own work, natively | overhead (p50) | calls/s on one core | with the way to one worker and back | rows/s, 1 worker | rows/s, 2 workers |\n\
         |---|---|---|---|---|---|---|---|---|"
    );
    let options = PluginOptions::default();
    measure(
        "nothing (`bare.wat`)",
        &Plugin::from_bytes("bare.wasm", &bare()?, &options)?,
        0.0,
    )?;
    let plugin = Plugin::from_file(Path::new(&path), &options)?;
    measure(&format!("`{}`", plugin.info().name), &plugin, native)?;
    Ok(ExitCode::SUCCESS)
}

fn measure(name: &str, plugin: &Plugin, native: f64) -> Result<(), Box<dyn Error>> {
    let mut times = alone(plugin);
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let (p50, p99) = (at(0.5), at(0.99));
    let total: f64 = times.iter().sum();
    let calls = times.len() as f64 * f64::from(COMPLETIONS) / total * 1e6;
    let one = pooled(plugin, 1)?;
    let two = pooled(plugin, 2)?;
    let rows = |tasks: f64| tasks * f64::from(COMPLETIONS);
    println!(
        "| {name} | {p50:.1} | {p99:.1} | {native:.1} | {:.1} | {calls:.0} | {:.1} | {:.0} | {:.0} ({:.2}x) |",
        p50 - native,
        1e6 / one,
        rows(one),
        rows(two),
        two / one,
    );
    Ok(())
}

/// Microseconds of each task, judged in this process as a worker would.
fn alone(plugin: &Plugin) -> Vec<f64> {
    let task = task(0);
    for _ in 0..200 {
        plugin.score_task(&task, &mut |_| Flow::Continue);
    }
    let (mut times, begun) = (Vec::new(), Instant::now());
    while begun.elapsed() < BUDGET {
        let since = Instant::now();
        plugin.score_task(&task, &mut |_| Flow::Continue);
        times.push(since.elapsed().as_secs_f64() * 1e6);
    }
    times
}

/// Tasks per second through worker processes.
fn pooled(plugin: &Plugin, workers: usize) -> Result<f64, Box<dyn Error>> {
    let workers = NonZeroUsize::new(workers).ok_or("no workers")?;
    let mut pool = Pool::new(plugin, PoolOptions::new()?.with_workers(workers))?;
    let tasks: Vec<_> = (0..64).map(task).collect();
    let warm = tasks.iter().cycle().take(500).cloned().map(Item::Judge);
    pool.score_each(warm, &mut |_| Flow::Continue)?;
    let begun = Instant::now();
    let mut rows = 0_u32;
    let items = tasks
        .iter()
        .cycle()
        .take_while(|_| begun.elapsed() < BUDGET)
        .cloned()
        .map(Item::Judge);
    pool.score_each(items, &mut |_| {
        rows += 1;
        Flow::Continue
    })?;
    Ok(f64::from(rows / COMPLETIONS) / begun.elapsed().as_secs_f64())
}

fn task(number: u32) -> VerifyTask {
    let text = "a bird in the hand is worth two in the bush; ".repeat(BYTES / 40 + 1);
    VerifyTask {
        problem: format!("task/{number}").as_str().into(),
        prompt: None,
        reference: Some("42".to_owned()),
        metadata: serde_json::Map::new(),
        completions: (0..COMPLETIONS)
            .map(|k| (k, format!("{}\n{k}", &text[..BYTES - 4])))
            .collect(),
    }
}

fn bare() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = wat::parse_str(include_str!("bare.wat"))?;
    let mut resolve = wit_parser::Resolve::default();
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/reward/wit/v0.1");
    let (package, _) = resolve.push_dir(wit)?;
    let world = resolve.select_world(&[package], Some("reward-plugin"))?;
    wit_component::embed_component_metadata(&mut bytes, &resolve, world, StringEncoding::UTF8, false)?;
    Ok(bytes)
}
