//! The report of a run: the loop's summary, the facts of its lock file, and a few samples to read.

use std::collections::{HashMap, HashSet};

use restem_em::{Phase, RunSummary, Sample, Verdict, VerdictRow, iteration_arm};
use restem_report::{Decision, Report, SampleRow};
use restem_store::RunView;

use crate::memory::Memory;

/// Samples shown of each decision.
const SHOWN: usize = 4;

/// The report of a run. `questions` gives the text asked, by problem; unknown problems are shown by name alone.
pub(crate) fn report(
    title: &str,
    summary: &RunSummary,
    view: &RunView,
    questions: &HashMap<String, String>,
) -> anyhow::Result<Report> {
    let mut report = Report::of_run(title, summary);
    let mut verifier = String::new();
    if let Some(identity) = view.identity()? {
        if let Some(id) = identity.verifier {
            verifier = format!("{} {} (sha256 {})", id.name, id.version, id.sha256.short());
            report.facts.push((
                "verifier".into(),
                format!("{} {}, sha256 {}", id.name, id.version, id.sha256),
            ));
            report.facts.extend(id.members.iter().map(|(part, id)| {
                let plugin = format!("{} {}, sha256 {}", id.name, id.version, id.sha256);
                (format!("verifier part {part}"), plugin)
            }));
        }
        if let Some(id) = identity.generator {
            let rows = format!(
                "{}, {}, {} rows, {} threads",
                id.backend,
                id.place(),
                id.rows,
                id.threads
            );
            report.facts.push(("policy backend".into(), rows));
        }
        let digests = identity.models.iter().chain(&identity.data);
        report
            .facts
            .extend(digests.map(|(role, digest)| (format!("sha256 of {role}"), digest.to_string())));
    }
    if let Some(memory) = Memory::of_run(view)? {
        report.facts.push(("devices".into(), memory.devices()));
        let bound = memory.bound().map(|bound| ("cache of sampling".into(), bound));
        report.facts.extend(bound);
    }
    report.facts.push((
        "digest of all samples and verdicts".into(),
        view.run_digest()?.to_string(),
    ));
    report.samples = samples(view, &verifier, questions)?;
    report.notes.push(
        "Intervals are 95%: Wilson for pass@1 and well-formed, bootstrap over problems for pass@k and maj@k. p is McNemar's \
         exact two-sided test on the same problems."
            .into(),
    );
    report.notes.push(
        "Well-formed is the share of completions in which the verifier found an answer in the asked-for format, right or \
         wrong: a gain in pass@1 beyond it is not formatting."
            .into(),
    );
    Ok(report)
}

/// The first samples of each decision in the first iteration.
fn samples(
    view: &RunView,
    verifier: &str,
    questions: &HashMap<String, String>,
) -> anyhow::Result<Vec<SampleRow>> {
    let arm = iteration_arm(1);
    let phase = Phase::new(&arm, "train-samples");
    let verdicts: HashMap<_, VerdictRow> = view
        .verdicts(&phase)?
        .into_iter()
        .map(|row| ((row.problem.clone(), row.k), row))
        .collect();
    let kept = kept_rows(view, &arm)?;
    let mut samples = view.samples(&phase)?;
    samples.sort_by(|a, b| (&a.problem, a.k).cmp(&(&b.problem, b.k)));
    let mut shown: HashMap<Decision, usize> = HashMap::new();
    let mut rows = Vec::new();
    for sample in &samples {
        let Some(row) = verdicts.get(&(sample.problem.clone(), sample.k)) else {
            continue;
        };
        let decision = decide(sample, &row.verdict, &kept);
        let count = shown.entry(decision).or_default();
        *count += 1;
        if *count > SHOWN {
            continue;
        }
        let (reward, note) = match &row.verdict {
            Verdict::Scored(score) => (
                Some(score.reward),
                score.note.clone().or_else(|| score.answer.clone()),
            ),
            Verdict::Fault { fault } => (None, Some(fault.to_string())),
        };
        rows.push(SampleRow {
            phase: phase.to_string(),
            problem: sample.problem.to_string(),
            prompt: questions
                .get(sample.problem.as_str())
                .cloned()
                .unwrap_or_default(),
            completion: sample.completion.clone(),
            decision,
            reward,
            note,
            verifier: verifier.to_owned(),
        });
    }
    Ok(rows)
}

/// (problem, completion) of the rows that an arm was trained on.
fn kept_rows(view: &RunView, arm: &str) -> anyhow::Result<HashSet<(String, String)>> {
    let path = view.layout().dataset(&format!("{arm}.jsonl"))?;
    let mut kept = HashSet::new();
    for line in std::fs::read_to_string(path).unwrap_or_default().lines() {
        let row: restem_em::Example = serde_json::from_str(line)?;
        kept.insert((row.problem.to_string(), row.completion));
    }
    Ok(kept)
}

fn decide(sample: &Sample, verdict: &Verdict, kept: &HashSet<(String, String)>) -> Decision {
    let trained_on = || {
        // The training row carries the end text as well.
        kept.iter().any(|(problem, text)| {
            *problem == *sample.problem.as_str() && text.starts_with(&sample.completion)
        })
    };
    match verdict {
        Verdict::Fault { .. } => Decision::Fault,
        Verdict::Scored(score) if score.reward <= 0.0 => Decision::Rejected,
        Verdict::Scored(_) if trained_on() => Decision::Kept,
        Verdict::Scored(_) => Decision::Spare,
    }
}
