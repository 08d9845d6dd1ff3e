//! `restem replay`: judge a run's samples again, with the same plugin, and compare.

use std::collections::HashMap;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use restem_em::{Flow, ProblemId, PromptedProblem, VerdictRow, Verifier as _, VerifyTask};
use restem_store::RunView;

use crate::args::ReplayArgs;
use crate::config::Layers;
use crate::numbers::grouped;
use crate::prepare::prepare;
use crate::reward;

/// A verdict changed.
const CHANGED: u8 = 3;

/// Changed rows that are shown.
const SHOWN: usize = 20;

pub(crate) fn replay(args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let view = RunView::open(&args.run)?;
    let config = Layers::default().file(&view.layout().config())?.resolve()?.config;
    let identity = view
        .identity()?
        .with_context(|| format!("{} has judged nothing yet", args.run.display()))?;
    let mut verifier = reward::open(&config)?;
    if let Some(recorded) = identity
        .verifier
        .filter(|recorded| recorded != verifier.identity())
    {
        let now = verifier.identity();
        for (name, recorded) in &recorded.directories {
            if let Some(now) = now.directories.get(name).filter(|now| *now != recorded) {
                bail!(
                    "the directory `{name}` is not what it was when the run was judged: recorded {}, now {}\n  hint: give it \
                     its contents back, or score the samples with `restem score`",
                    recorded.short(),
                    now.short()
                );
            }
        }
        bail!(
            "the plugin is not the one that judged the run: recorded {} {} (sha256 {}, config {}), now {} {} (sha256 {}, \
             config {})\n  hint: give the recorded plugin back its place, or score the samples with `restem score`",
            recorded.name,
            recorded.version,
            recorded.sha256,
            recorded.config.short(),
            now.name,
            now.version,
            now.sha256,
            now.config.short()
        );
    }
    let prepared = prepare(&config)?;
    let sets = std::iter::once(&prepared.validation)
        .chain(&prepared.tests)
        .map(|set| &set.problems);
    let problems: HashMap<&ProblemId, &PromptedProblem> = std::iter::once(&prepared.train)
        .chain(sets)
        .flatten()
        .map(|prompted| (&prompted.problem.id, prompted))
        .collect();
    let mut out = std::io::stdout().lock();
    let (mut rows, mut changed) = (0_u64, 0_u64);
    for phase in view.phases()? {
        let samples = view.samples(&phase)?;
        let recorded: HashMap<(ProblemId, u32), VerdictRow> = view
            .verdicts(&phase)?
            .into_iter()
            .map(|row| ((row.problem.clone(), row.k), row))
            .collect();
        // Grouped as the run grouped them: fuel is equal for equal grouping.
        let mut tasks: Vec<VerifyTask> = Vec::new();
        let mut sorted: Vec<_> = samples.iter().collect();
        sorted.sort_by(|a, b| (&a.problem, a.k).cmp(&(&b.problem, b.k)));
        for group in sorted.chunk_by(|a, b| a.problem == b.problem) {
            let prompted = problems.get(&group[0].problem).with_context(|| {
                format!(
                    "problem `{}` of `{phase}` is in no dataset any more",
                    group[0].problem
                )
            })?;
            tasks.push(prompted.verify_task(group.iter().map(|s| (s.k, s.completion.clone())).collect()));
        }
        verifier.verify(&tasks, &mut |row| {
            let key = (row.problem.clone(), row.k);
            rows += 1;
            if recorded.get(&key) != Some(&row) {
                changed += 1;
                if changed <= SHOWN as u64 {
                    // A closed output does not change the count.
                    let _ = writeln!(
                        out,
                        "{phase}: `{}` sample {}: recorded {:?}, now {row:?}",
                        row.problem,
                        row.k,
                        recorded.get(&key)
                    );
                }
            }
            Flow::Continue
        })?;
    }
    writeln!(
        out,
        "{} verdicts replayed, {} changed (verdict, answer, note or fuel)",
        grouped(rows),
        grouped(changed)
    )?;
    Ok(if changed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(CHANGED)
    })
}
