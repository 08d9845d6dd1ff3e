//! Running every side on the same work.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::install::Peers;
use crate::bench::shared_data;
use crate::cache::Cache;
use crate::workspace::{TORCH_BACKEND, Workspace};
use crate::{env_vars, process, say, setup};

/// Problems, samples of each, and tokens of each sample.
const PROBLEMS: u32 = 8;
const SAMPLES: u32 = 16;
const NEW_TOKENS: u32 = 128;
/// Problems when a peer's batch size is chosen, which takes minutes otherwise.
const PROBLEMS_TO_CHOOSE: u32 = 4;
/// New tokens then.
const TOKENS_TO_CHOOSE: u32 = 32;
/// Rows of an optimizer step, steps, and their learning rate.
const BATCH: u32 = 16;
const STEPS: u32 = 6;
const LEARNING_RATE: &str = "1e-5";
/// Threads of every side: one per core of the machines that this is for.
pub(super) const THREADS: u32 = 2;

/// Our programs, built.
pub(super) struct Ours {
    programs: PathBuf,
    libtorch: PathBuf,
    model: PathBuf,
}

impl Ours {
    /// Builds them, and imports the demo model.
    ///
    /// # Errors
    /// When set-up or the build fails.
    pub(super) fn build(workspace: &Workspace, cache: &Cache) -> Result<Self> {
        let libtorch = setup::libtorch(cache)?.directory;
        let model = setup::demo_model(workspace, cache)?;
        let mut build = process::cargo(workspace.root());
        build.args([
            "build",
            "--quiet",
            "--release",
            "--examples",
            "--package",
            TORCH_BACKEND,
        ]);
        process::run(build.env(env_vars::LIBTORCH, &libtorch))?;
        Ok(Self {
            programs: workspace.target().join("release").join("examples"),
            libtorch,
            model,
        })
    }

    pub(super) fn model(&self) -> &Path {
        &self.model
    }

    /// The program that samples, with the model as its first argument.
    pub(super) fn sampler(&self) -> Command {
        self.program("throughput")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.env(env_vars::LD_LIBRARY_PATH, self.libtorch.join("lib"));
        // As `restem` does for itself.
        command.env("THP_MEM_ALLOC_ENABLE", "1");
        command.arg(&self.model);
        command
    }
}

/// Files that every side reads.
pub(super) struct Workload {
    prompts: PathBuf,
    rows: PathBuf,
    scripts: PathBuf,
}

impl Workload {
    /// Tokenizes prompts and rows of the public data.
    ///
    /// # Errors
    /// When the data is not there.
    pub(super) fn write(workspace: &Workspace, peers: &Peers, model: &Path) -> Result<Self> {
        let folder = workspace.target().join("bench").join("policy");
        std::fs::create_dir_all(&folder)?;
        let scripts = workspace.root().join("xtask/src/bench/policy/peers");
        let data = shared_data::folder(workspace);
        let mut command = peers.transformers.command();
        command.arg(scripts.join("workload.py")).arg(model);
        command.arg(workspace.root().join("examples/multiarith/shots.jsonl"));
        for name in ["multiarith.jsonl.gz", "gsm8k_train.jsonl.gz"] {
            let path = data.join(name);
            ensure!(
                path.exists(),
                "cannot open {}\n  hint: RESTEM_SHARED_DATA names the folder of public data",
                path.display()
            );
            command.arg(path);
        }
        process::run(command.arg(&folder))?;
        Ok(Self {
            prompts: folder.join("prompts.json"),
            rows: folder.join("rows.json"),
            scripts,
        })
    }
}

/// One side's sampling.
pub(super) struct Sampled {
    pub(super) side: String,
    pub(super) tokens_per_second: f64,
    pub(super) peak_mb: f64,
    /// What the machine would allow, where that was measured.
    pub(super) bounds: Option<Bounds>,
}

/// What the machine would allow, by the same libtorch.
pub(super) struct Bounds {
    /// Tokens per second if a step were its matrix products alone.
    pub(super) products_only: f64,
    /// Operations per second of a large matrix product.
    pub(super) operations: f64,
    /// Bytes per second that are read from memory.
    pub(super) bytes: f64,
    /// Tokens per second by these two: all weights read once per step, each row multiplied with all of them.
    pub(super) roofline: f64,
}

/// Samples with every side; the others' batch size is the one that was fastest on a smaller piece of work.
///
/// # Errors
/// When a side fails.
pub(super) fn sampling(ours: &Ours, peers: &Peers, workload: &Workload) -> Result<Vec<Sampled>> {
    let transformers = |problems: u32, tokens: u32, batch: u32| {
        let mut command = peers.transformers.command();
        command
            .arg(workload.scripts.join("transformers_sample.py"))
            .arg(&ours.model);
        command.arg(&workload.prompts);
        command.args([problems, SAMPLES, tokens, batch, THREADS].map(|number| number.to_string()));
        sampled(&mut command, format!("transformers `generate`, batch {batch}"))
    };
    let llama = |problems: u32, tokens: u32, slots: u32| {
        let mut command = peers.llama.command();
        command
            .arg(workload.scripts.join("llama_sample.py"))
            .arg(&peers.gguf);
        command.arg(&workload.prompts);
        command.args([problems, SAMPLES, tokens, slots, THREADS].map(|number| number.to_string()));
        sampled(&mut command, format!("llama.cpp, BF16, {slots} slots"))
    };
    let mut all = vec![ours_sampled(ours, workload, SAMPLES)?];
    all.push(best(&[16, 32, 64], &transformers)?);
    all.push(best(&[16, 32, 64], &llama)?);
    // Once more at the end: a machine that others share changes its speed.
    all.push(ours_sampled(ours, workload, SAMPLES)?);
    // Memory must not grow with the number of samples.
    all.push(ours_sampled(ours, workload, 4 * SAMPLES)?);
    Ok(all)
}

fn ours_sampled(ours: &Ours, workload: &Workload, samples: u32) -> Result<Sampled> {
    let mut command = ours.sampler();
    command.arg("--json").arg("--prompts").arg(&workload.prompts);
    for (name, value) in [
        ("--problems", PROBLEMS),
        ("--samples", samples),
        ("--max-tokens", NEW_TOKENS),
        ("--threads", THREADS),
    ] {
        command.args([name, &value.to_string()]);
    }
    sampled(&mut command, format!("restem, {samples} samples per problem"))
}

fn best(sizes: &[u32], run: &dyn Fn(u32, u32, u32) -> Result<Sampled>) -> Result<Sampled> {
    let mut fastest = (0.0, 0);
    for &size in sizes {
        let speed = run(PROBLEMS_TO_CHOOSE, TOKENS_TO_CHOOSE, size)?.tokens_per_second;
        if speed > fastest.0 {
            fastest = (speed, size);
        }
    }
    run(PROBLEMS, NEW_TOKENS, fastest.1)
}

fn sampled(command: &mut Command, side: String) -> Result<Sampled> {
    let report = report(command)?;
    let tokens_per_second = number(&report, "tokens")? / number(&report, "seconds")?;
    say::step("bench", format!("{side}: {tokens_per_second:.0} tokens/s"));
    Ok(Sampled {
        tokens_per_second,
        peak_mb: number(&report, "peak_mb")?,
        bounds: match report.get("roofline") {
            None => None,
            Some(_) => Some(Bounds {
                products_only: number(&report, "products_only")?,
                operations: number(&report, "operations")?,
                bytes: number(&report, "bytes")?,
                roofline: number(&report, "roofline")?,
            }),
        },
        side,
    })
}

/// One side's training.
pub(super) struct Trained {
    pub(super) side: String,
    /// Without the first step, in which memory is touched for the first time.
    pub(super) targets_per_second: f64,
    pub(super) peak_mb: f64,
    pub(super) losses: Vec<f64>,
    /// Share of the time that the machine's roofline would allow, where that was measured.
    pub(super) of_roofline: Option<f64>,
}

/// Trains with every side on the same rows in the same steps.
///
/// # Errors
/// When a side fails.
pub(super) fn training(ours: &Ours, peers: &Peers, workload: &Workload) -> Result<Vec<Trained>> {
    let mut all = Vec::new();
    let mut command = ours.program("train_speed");
    command.arg("--json").arg("--rows").arg(&workload.rows);
    command.args(["--learning-rate", LEARNING_RATE]);
    for (name, value) in [("--batch", BATCH), ("--steps", STEPS), ("--threads", THREADS)] {
        command.args([name, &value.to_string()]);
    }
    all.push(trained(&mut command, "restem".to_owned())?);
    let mut failure = None;
    let scripts: [(_, _, _, &[u32], _); 2] = [
        (
            "transformers, autocast",
            &peers.transformers,
            "transformers_train.py",
            &[2, 4, 8],
            STEPS,
        ),
        // A step takes minutes.
        ("TRL's SFTTrainer, bf16", &peers.trl, "trl_train.py", &[2, 4], 3),
    ];
    for (name, python, script, micro_batches, steps) in scripts {
        for micro in micro_batches {
            let mut command = python.command();
            command
                .arg(workload.scripts.join(script))
                .arg(&ours.model)
                .arg(&workload.rows)
                .args([BATCH, steps].map(|number| number.to_string()))
                .arg(LEARNING_RATE)
                .args([*micro, THREADS].map(|number| number.to_string()));
            let side = format!("{name}, {micro} rows per pass");
            match trained(&mut command, side.clone()) {
                Ok(side) => all.push(side),
                // More rows need more memory than many machines have: that ends one line of the table, not the run.
                Err(error) => {
                    say::step("bench", format!("{side}: left out, {error:#}"));
                    failure = Some(error);
                }
            }
        }
    }
    if let (1, Some(error)) = (all.len(), failure) {
        return Err(error);
    }
    Ok(all)
}

fn trained(command: &mut Command, side: String) -> Result<Trained> {
    let report = report(command)?;
    let list = |name: &str| -> Result<Vec<f64>> {
        let values = report[name]
            .as_array()
            .with_context(|| format!("no `{name}` in the report"))?;
        Ok(values.iter().filter_map(Value::as_f64).collect())
    };
    let seconds = list("seconds")?;
    let all: f64 = number(&report, "target_tokens")?;
    let losses = list("losses")?;
    ensure!(
        losses.len() == seconds.len(),
        "{side}: {} losses of {} steps",
        losses.len(),
        seconds.len()
    );
    let of_later = |seconds: &[f64]| seconds.iter().skip(1).sum::<f64>();
    let later = of_later(&seconds);
    let targets_per_second = all * (seconds.len() - 1) as f64 / seconds.len() as f64 / later;
    say::step(
        "bench",
        format!("{side}: {targets_per_second:.0} target tokens/s"),
    );
    Ok(Trained {
        side,
        targets_per_second,
        peak_mb: number(&report, "peak_mb")?,
        losses,
        of_roofline: match report.get("roofline_seconds") {
            None => None,
            Some(_) => Some(of_later(&list("roofline_seconds")?) / later),
        },
    })
}

/// The object in the last line that a program prints.
///
/// # Errors
/// When it fails, or prints none.
pub(super) fn report(command: &mut Command) -> Result<Value> {
    let printed = process::capture(command)?;
    let last = printed.lines().last().context("a side printed nothing")?;
    serde_json::from_str(last).with_context(|| format!("a side printed `{last}` instead of a report"))
}

/// A number of a report.
///
/// # Errors
/// When it is not there.
pub(super) fn number(report: &Value, name: &str) -> Result<f64> {
    report[name]
        .as_f64()
        .with_context(|| format!("no `{name}` in the report"))
}
