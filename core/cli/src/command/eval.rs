//! `restem eval`: one model on the configured sets.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::bail;
use restem_data::completion_key;
use restem_em::{
    Checkpoint, Engine, EvalPlan, EvalSummary, Event, Flow, RunObserver, SampledSummary, Seed,
    VolatileJournal, correct_from,
};
use restem_report::{Align, Table};
use serde::Serialize;

use super::config::load;
use crate::args::EvalArgs;
use crate::interrupt::Interrupt;
use crate::memory::Memory;
use crate::policy::Source;
use crate::prepare::prepare;
use crate::progress::Progress;
use crate::reward;
use crate::watch::percent;

/// The arm's name where a phase needs one.
const ARM: &str = "model";

#[derive(Debug, Serialize)]
struct Evaluation {
    greedy: Vec<EvalSummary>,
    sampled: Vec<SampledSummary>,
}

pub(crate) fn eval(args: &EvalArgs) -> anyhow::Result<ExitCode> {
    let mut config = load(&args.config)?.config;
    if let Some(model) = &args.model {
        config.model.path.clone_from(model);
    }
    let prepared = prepare(&config)?;
    let sets: Vec<_> = std::iter::once(&prepared.validation)
        .chain(&prepared.tests)
        .filter(|set| !set.problems.is_empty())
        .collect();
    if sets.is_empty() {
        bail!("nothing to evaluate on: set `data.validation` or `[data.test.NAME]`");
    }
    let checkpoint = Checkpoint {
        path: config.model.path.clone(),
    };
    let interrupt = Interrupt::listen()?;
    let mut judge = reward::open(&config)?;
    let verifier = judge.verifier();
    let mut policy = Source::load(&config.model)?.open(&config.model, &checkpoint)?;
    let options = config.run_options();
    let plan = EvalPlan {
        options: &options.eval,
        threshold: correct_from(verifier.identity().kind, options.select.threshold)?,
        seed: Seed(config.run.seed),
        max_fault_rate: options.max_fault_rate,
    };
    let mut progress = Progress::new(args.config.progress);
    progress.sample_within(policy.memory.as_ref().and_then(Memory::bound));
    let mut watch = Watch { progress, interrupt };
    let mut engine = Engine {
        generator: &mut *policy.generator,
        trainer: &mut *policy.trainer,
        verifier,
        journal: &mut VolatileJournal::default(),
        observer: &mut watch,
        completion_key: &completion_key,
        checkpoint_of: &|_| checkpoint.clone(),
    };
    let mut evaluation = Evaluation {
        greedy: Vec::new(),
        sampled: Vec::new(),
    };
    for set in sets {
        evaluation
            .greedy
            .push(plan.greedy(&mut engine, ARM, &checkpoint, set)?);
        if args.sampled {
            evaluation
                .sampled
                .extend(plan.sampled(&mut engine, ARM, &checkpoint, set)?);
        }
    }
    let text = if args.json {
        serde_json::to_string_pretty(&evaluation)?
    } else {
        table(&evaluation).to_text()
    };
    writeln!(std::io::stdout(), "{}", text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

fn table(evaluation: &Evaluation) -> Table {
    let columns = [
        ("set", Align::Left),
        ("measure", Align::Left),
        ("problems", Align::Right),
        ("value", Align::Left),
    ];
    let mut table = Table::new(columns);
    let mut row = |set: &str, measure: String, problems: u64, value: Option<restem_em::Estimate>| {
        let value = value.map_or_else(|| "none judged".to_owned(), percent);
        table.row(vec![set.to_owned(), measure, problems.to_string(), value]);
    };
    for summary in &evaluation.greedy {
        row(
            &summary.set,
            "pass@1, greedy".into(),
            summary.problems,
            summary.pass_at_1,
        );
        row(
            &summary.set,
            "well-formed".into(),
            summary.problems,
            summary.well_formed,
        );
    }
    for summary in &evaluation.sampled {
        for (k, estimate) in &summary.pass_at {
            row(
                &summary.set,
                format!("pass@{k}"),
                summary.problems,
                Some(*estimate),
            );
        }
        if let Some((k, estimate)) = &summary.majority {
            row(
                &summary.set,
                format!("maj@{k}"),
                summary.problems,
                Some(*estimate),
            );
        }
    }
    table
}

struct Watch {
    progress: Progress,
    interrupt: Interrupt,
}

impl RunObserver for Watch {
    fn on_event(&mut self, event: &Event<'_>) -> Flow {
        match event {
            Event::Started {
                phase,
                action,
                done,
                total,
            } => self.progress.begin(phase, *action, *done, *total),
            Event::Progress { tokens, .. } => self.progress.advance(1, *tokens),
            Event::Finished { .. } => self.progress.end(),
            _ => {}
        }
        if self.interrupt.asked() {
            Flow::Stop
        } else {
            Flow::Continue
        }
    }
}
