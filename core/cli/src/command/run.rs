//! `restem run`.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use restem_data::completion_key;
use restem_em::{Checkpoint, Digest, Engine, RunData, RunSummary};
use restem_store::{Layout, RunDir, RunIdentity};

use super::{config::load, plan};
use crate::args::RunArgs;
use crate::config::{Config, Resolved};
use crate::interrupt::Interrupt;
use crate::policy::{Policy, Source};
use crate::prepare::{Prepared, prepare};
use crate::progress::Progress;
use crate::shared_dir::SharedDir;
use crate::watch::Watch;
use crate::{reward, summary};

pub(crate) fn run(args: &RunArgs) -> anyhow::Result<ExitCode> {
    let mut resolved = load(&args.config)?;
    if let Some(out) = &args.out {
        resolved.config.run.out = std::path::absolute(out)?;
    }
    let config = resolved.config.clone();
    let prepared = prepare(&config)?;
    check(&config, &prepared)?;
    if args.dry_run {
        return plan::print(&config, &prepared);
    }
    let mut progress = Progress::new(args.config.progress);
    tell_about_data(&progress, &prepared);
    let interrupt = Interrupt::listen()?;
    // What is missing is said before a directory is made.
    let mut judge = reward::open(&config)?;
    let verifier = judge.verifier();
    let mut source = Source::load(&config.model)?;
    let base = Checkpoint {
        path: config.model.path.clone(),
    };
    if let Some(lora) = config.train_options().lora {
        source.check_lora(&config.model, &base, &lora)?;
    }
    let mut dir = open_dir(&config.run.out, args.resume, &resolved)?;
    if let Some(begun) = dir.identity()?.and_then(|identity| identity.generator) {
        source.settle_rows(begun.rows);
    }
    let mut policy = source.open(&config.model, &base)?;
    tell_about_memory(&mut progress, &config, &policy);
    dir.lock_identity(&identity(&config, &prepared, verifier, &*policy.generator)?)?;
    if let Some(memory) = &policy.memory {
        memory.keep(&mut dir)?;
    }

    let options = config.run_options();
    let checkpoints = dir.layout().checkpoints();
    let dir = SharedDir::new(dir);
    let mut watch = Watch::new(progress, &interrupt, dir.clone(), config.run.keep_checkpoints)?;
    let mut engine = Engine {
        generator: &mut *policy.generator,
        trainer: &mut *policy.trainer,
        verifier,
        journal: &mut dir.clone(),
        observer: &mut watch,
        completion_key: &completion_key,
        checkpoint_of: &|arm| Checkpoint {
            path: checkpoints.join(arm),
        },
    };
    let data = RunData {
        train: &prepared.train,
        validation: &prepared.validation,
        tests: &prepared.tests,
    };
    let outcome = restem_em::run(&mut engine, &base, data, &options);
    // An error of the watcher is why the loop saw a request to stop.
    watch.close()?;
    let summary = outcome?;
    dir.with(|dir| finish(dir, &config, &prepared, &summary))?;
    Ok(ExitCode::SUCCESS)
}

/// A run that was killed before it began is begun: `--resume` is right whatever the kill left.
fn open_dir(out: &Path, resume: bool, resolved: &Resolved) -> anyhow::Result<RunDir> {
    let begun = Layout::new(out.to_owned()).config().exists();
    Ok(if resume && begun {
        RunDir::open(out)?
    } else {
        RunDir::create(out, &resolved.to_toml()?)?
    })
}

/// What would only fail an hour into the run.
fn check(config: &Config, prepared: &Prepared) -> anyhow::Result<()> {
    if config.model.path.as_os_str().is_empty() {
        bail!("`model.path` is missing: name a Hugging Face model directory");
    }
    if prepared.train.is_empty() {
        bail!("there are no training problems: set `data.train.path` to a file with problems");
    }
    if prepared.validation.problems.is_empty() {
        bail!(
            "there are no validation problems: set `data.validation`, problems apart from the training ones"
        );
    }
    let (faults, rows) = (
        prepared.faults.iter().filter(|(role, _)| role == "train").count(),
        prepared.train.len(),
    );
    if faults as f64 > config.run.max_fault_rate * (rows + faults) as f64 {
        bail!(
            "{faults} of {} training rows can't be read, above run.max_fault_rate = {}; the first: {}",
            rows + faults,
            config.run.max_fault_rate,
            prepared.faults[0].1
        );
    }
    if let Some(k) = config.eval.pass_at.iter().find(|k| **k == 0) {
        bail!("eval.pass_at has k = {k}: pass@k needs k of at least 1");
    }
    Ok(())
}

fn tell_about_data(progress: &Progress, prepared: &Prepared) {
    for (role, fault) in prepared.faults.iter().take(5) {
        progress.line(&format!("warning: a row of {role} is left out: {fault}"));
    }
    if prepared.faults.len() > 5 {
        progress.line(&format!(
            "warning: {} more rows are left out",
            prepared.faults.len() - 5
        ));
    }
    for (set, overlaps) in &prepared.contamination {
        progress.line(&format!(
            "warning: {overlaps} problems of `{set}` also stand in the training set; its results will look too good"
        ));
    }
}

fn tell_about_memory(progress: &mut Progress, config: &Config, policy: &Policy) {
    let rows = policy.generator.identity().rows;
    if rows > 0 {
        progress.line(&format!("decode rows: {rows}"));
    }
    let Some(memory) = &policy.memory else { return };
    progress.line(&format!("devices: {}", memory.devices()));
    let lines = [
        memory.of_sampling(rows, config.generate.max_tokens),
        memory.crowding(),
    ];
    lines.iter().flatten().for_each(|line| progress.line(line));
    progress.sample_within(memory.bound());
}

fn identity(
    config: &Config,
    prepared: &Prepared,
    verifier: &dyn restem_em::Verifier,
    generator: &dyn restem_em::Generator,
) -> anyhow::Result<RunIdentity> {
    // Where a run is kept and how it is titled change nothing about its result.
    let mut settings = match serde_json::to_value(config)? {
        serde_json::Value::Object(map) => map,
        _ => bail!("the configuration is not a table"),
    };
    for (section, keys) in [
        ("run", &["out", "title", "keep_checkpoints"][..]),
        // The generator's identity tells the kind of its devices; their number changes no sample.
        ("model", &["path", "device"]),
        // Samples wait where memory is short, and are the same.
        ("model.options", &["memory_gib"]),
        // How often a training is saved.
        ("train", &["checkpoint_every"]),
    ] {
        let mut parts = section.split('.');
        let table = parts.next().and_then(|part| settings.get_mut(part));
        let table = parts.fold(table, |table, part| table?.get_mut(part));
        if let Some(table) = table.and_then(|value| value.as_object_mut()) {
            keys.iter().for_each(|key| drop(table.remove(*key)));
        }
    }
    // The digests tell which files they are, wherever they lie now.
    if let Some(data) = settings.get_mut("data") {
        without_paths(data);
    }
    if let Some(rewards) = settings.get_mut("reward").and_then(|value| value.as_array_mut()) {
        for reward in rewards.iter_mut().filter_map(|reward| reward.as_object_mut()) {
            reward.remove("workers");
            reward.remove("plugin");
        }
    }
    // A server's model has no weights here: its name is all there is to compare.
    let base = match &config.model.http_url {
        Some(url) => Digest::of(format!("{url} {}", config.model.path.display())),
        None => restem_policy::weights_digest(&config.model.path)?,
    };
    Ok(RunIdentity {
        models: [("base".to_owned(), base)].into(),
        data: prepared.digests.clone(),
        verifier: Some(verifier.identity().clone()),
        generator: Some(generator.identity()),
        settings,
    })
}

/// Removes every `path` from a tree of tables.
fn without_paths(value: &mut serde_json::Value) {
    if let Some(table) = value.as_object_mut() {
        table.remove("path");
        table.values_mut().for_each(without_paths);
    }
}

/// Report, charts and the table on standard output.
fn finish(
    dir: &mut RunDir,
    config: &Config,
    prepared: &Prepared,
    summary: &RunSummary,
) -> anyhow::Result<()> {
    dir.write_report("summary.json", &serde_json::to_vec_pretty(summary)?)?;
    let report = summary::report(&config.run.title, summary, dir.view()?, &prepared.questions())?;
    dir.write_report("report.md", report.to_markdown().as_bytes())?;
    let html = dir.write_report("report.html", report.to_html()?.as_bytes())?;
    for (name, svg) in report.charts()? {
        dir.write_report(&format!("{name}.svg"), svg.as_bytes())?;
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", report.to_text())?;
    writeln!(out, "report: {}", html.display())?;
    Ok(())
}
