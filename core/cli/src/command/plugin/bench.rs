//! `restem plugin bench`: what a plugin's calls cost, in time and in fuel.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use restem_em::{Flow, VerifyTask};
use restem_reward::{Item, Plugin};

use super::{examples, subject};
use crate::args::PluginBenchArgs;
use crate::command::score;
use crate::config::RewardSection;
use crate::numbers::grouped;
use crate::reward;
use crate::settings::settings;

/// One call: time and fuel.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Call {
    took: Duration,
    fuel: u64,
}

pub(super) fn bench(args: &PluginBenchArgs) -> anyhow::Result<ExitCode> {
    let subject = subject::find(&args.plugin)?;
    let tasks = match &args.rows {
        Some(path) => rows(path)?,
        None => {
            let manifest = examples::manifest(&subject.wasm)?;
            manifest.examples.iter().map(examples::task).collect()
        }
    };
    let section = RewardSection {
        plugin: subject.wasm.to_string_lossy().into_owned(),
        config: settings(&args.config, "--config")?,
        grant: args.grant.clone(),
        ..RewardSection::default()
    };
    let plugin = reward::plugin(&section)?;
    let budget = Duration::from_secs_f64(args.seconds.clamp(0.1, 600.0));
    let (calls, faults) = alone(&plugin, &tasks, budget);
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{} {}: {} calls on {} problems in this process",
        plugin.info().name,
        plugin.info().version,
        grouped(calls.len() as u64),
        grouped(tasks.len() as u64),
    )?;
    out.write_all(table(&calls).as_bytes())?;
    if faults > 0 {
        writeln!(
            out,
            "  {} calls ended in a fault: `restem score` names each",
            grouped(faults)
        )?;
    }
    let (rows, took) = pooled(&plugin, &tasks, budget, args.workers)?;
    writeln!(
        out,
        "  in worker processes: {} rows/s",
        grouped((rows as f64 / took.as_secs_f64()) as u64)
    )?;
    Ok(ExitCode::SUCCESS)
}

fn rows(path: &Path) -> anyhow::Result<Vec<VerifyTask>> {
    let file = File::open(path).with_context(|| format!("the rows {} can't be read", path.display()))?;
    let mut tasks = Vec::new();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line?;
        if !line.trim().is_empty() {
            tasks.push(
                score::row(&line)
                    .map_err(|what| anyhow::anyhow!("{}, line {}: {what}", path.display(), number + 1))?,
            );
        }
    }
    if tasks.is_empty() {
        bail!("{} has no rows", path.display());
    }
    Ok(tasks)
}

/// Judges the tasks over and over, one after another, each time in a fresh store. The first call of a problem pays for the
/// store, the session and the preparation.
fn alone(plugin: &Plugin, tasks: &[VerifyTask], budget: Duration) -> (Vec<Call>, u64) {
    let (mut calls, mut faults) = (Vec::new(), 0);
    // The first round pays for page faults that later ones do not meet.
    tasks.iter().take(100).for_each(|task| {
        plugin.score_task(task, &mut |_| Flow::Continue);
    });
    let begun = Instant::now();
    for task in tasks.iter().cycle() {
        if begun.elapsed() > budget {
            break;
        }
        let mut since = Instant::now();
        plugin.score_task(task, &mut |row| {
            faults += u64::from(row.verdict.score().is_none());
            calls.push(Call {
                took: since.elapsed(),
                fuel: row.fuel,
            });
            since = Instant::now();
            Flow::Continue
        });
    }
    (calls, faults)
}

/// Rows judged by worker processes within the budget, and how long that took.
fn pooled(
    plugin: &Plugin,
    tasks: &[VerifyTask],
    budget: Duration,
    workers: usize,
) -> anyhow::Result<(u64, Duration)> {
    let mut pool = reward::pool(plugin, workers)?;
    // Workers start when there is work: this starts them.
    pool.score_each(tasks.iter().take(1000).cloned().map(Item::Judge), &mut |_| {
        Flow::Continue
    })?;
    let begun = Instant::now();
    let mut rows = 0;
    let items = tasks
        .iter()
        .cycle()
        .take_while(|_| begun.elapsed() < budget)
        .cloned()
        .map(Item::Judge);
    pool.score_each(items, &mut |_| {
        rows += 1;
        Flow::Continue
    })?;
    Ok((rows, begun.elapsed()))
}

fn table(calls: &[Call]) -> String {
    let mut times: Vec<f64> = calls.iter().map(|call| call.took.as_secs_f64() * 1e6).collect();
    let mut fuels: Vec<f64> = calls.iter().map(|call| call.fuel as f64).collect();
    times.sort_by(f64::total_cmp);
    fuels.sort_by(f64::total_cmp);
    let total: f64 = times.iter().sum::<f64>() / 1e6;
    let mut text = format!(
        "  {} calls/s on one core\n  {:<10}{:>12}{:>12}{:>12}{:>12}\n",
        grouped((calls.len() as f64 / total.max(1e-9)).round() as u64),
        "",
        "p50",
        "p99",
        "mean",
        "max"
    );
    for (name, values, digits) in [("time, µs", &times, 1), ("fuel", &fuels, 0)] {
        text.push_str(&format!("  {name:<10}"));
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        for value in [
            quantile(values, 0.5),
            quantile(values, 0.99),
            mean,
            quantile(values, 1.0),
        ] {
            text.push_str(&format!("{value:>12.digits$}"));
        }
        text.push('\n');
    }
    text
}

/// The smallest value that at least `share` of the sorted values do not exceed.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted
        .get(rank.saturating_sub(1).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let sorted = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(quantile(&sorted, 0.5), 2.0);
        assert_eq!(quantile(&sorted, 0.99), 4.0);
        assert_eq!(quantile(&[], 0.5), 0.0);
    }

    #[test]
    fn a_table_has_time_and_fuel() {
        let call = |micros, fuel| Call {
            took: Duration::from_micros(micros),
            fuel,
        };
        insta::assert_snapshot!(table(&[call(10, 1000), call(30, 3000)]), @r"
        50,000 calls/s on one core
                           p50         p99        mean         max
        time, µs          10.0        30.0        20.0        30.0
        fuel              1000        3000        2000        3000
        ");
    }
}
