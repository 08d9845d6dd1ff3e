//! From a run's summary to a report.

use restem_em::{ArmSummary, EvalSummary, RunSummary};

use crate::{ArmRow, AtK, Curve, EStepRow, Line, Quantity, Report, SetResults};

impl Report {
    /// The report of a finished run, without facts, samples and notes, which are the caller's to add.
    ///
    /// Held-out sets come before the validation set (the first of each arm), which steered the run and so flatters it.
    #[must_use]
    pub fn of_run(title: impl Into<String>, run: &RunSummary) -> Self {
        let mut names: Vec<&str> = Vec::new();
        for summary in run.arms.iter().flat_map(|arm| &arm.greedy) {
            if !names.contains(&summary.set.as_str()) {
                names.push(&summary.set);
            }
        }
        if names.len() > 1 {
            names.rotate_left(1);
        }
        Self {
            title: title.into(),
            sets: names.into_iter().map(|name| set_results(run, name)).collect(),
            e_steps: run.arms.iter().filter_map(e_step).collect(),
            curves: [losses(run), validations(run), solve_rates(run)]
                .into_iter()
                .filter(|curve| curve.lines.iter().any(|line| !line.points.is_empty()))
                .collect(),
            ..Self::default()
        }
    }
}

fn set_results(run: &RunSummary, name: &str) -> SetResults {
    SetResults {
        name: name.to_owned(),
        arms: run
            .arms
            .iter()
            .filter_map(|arm| arm_row(arm, name, &run.best))
            .collect(),
        comparisons: run
            .comparisons
            .iter()
            .filter(|comparison| comparison.set == name)
            .cloned()
            .collect(),
    }
}

fn arm_row(arm: &ArmSummary, set: &str, best: &str) -> Option<ArmRow> {
    let greedy = arm.greedy.iter().find(|summary| summary.set == set)?;
    let sampled = arm.sampled.iter().find(|summary| summary.set == set);
    let at_k = |(k, estimate)| AtK {
        k,
        problems: sampled.map_or(0, |summary| summary.problems),
        estimate,
    };
    Some(ArmRow {
        name: arm.arm.clone(),
        best: arm.arm == best,
        problems: greedy.problems,
        correct: correct(greedy),
        faults: greedy.faults,
        pass_at_1: greedy.pass_at_1,
        well_formed: greedy.well_formed,
        mean_tokens: Some(greedy.mean_tokens),
        pass_at: sampled
            .iter()
            .flat_map(|summary| &summary.pass_at)
            .copied()
            .map(at_k)
            .collect(),
        majority: sampled.and_then(|summary| summary.majority).map(at_k),
        trained_on: arm.trained.as_ref().map(|trained| trained.examples),
    })
}

fn correct(summary: &EvalSummary) -> u64 {
    summary
        .outcomes
        .iter()
        .filter(|outcome| outcome.correct == Some(true))
        .count() as u64
}

fn e_step(arm: &ArmSummary) -> Option<EStepRow> {
    let iteration = arm.iteration.as_ref()?;
    Some(EStepRow {
        name: arm.arm.clone(),
        samples: iteration.samples,
        correct: iteration.correct,
        faults: iteration.faults,
        kept: iteration.kept,
        solved: iteration.solved,
        problems: iteration.problems,
        mean_reward: iteration.mean_reward,
    })
}

fn losses(run: &RunSummary) -> Curve {
    let line = |arm: &ArmSummary| {
        let steps = &arm.trained.as_ref()?.steps;
        Some(Line {
            name: arm.arm.clone(),
            points: steps
                .iter()
                .map(|step| (u64::from(step.step), step.loss))
                .collect(),
        })
    };
    Curve {
        title: "Training loss".to_owned(),
        x_label: "optimizer step".to_owned(),
        y: Quantity::Number("loss (nats per target token)".to_owned()),
        lines: run.arms.iter().filter_map(line).collect(),
    }
}

fn validations(run: &RunSummary) -> Curve {
    let line = |arm: &ArmSummary| {
        let validation = &arm.trained.as_ref()?.validation;
        Some(Line {
            name: arm.arm.clone(),
            points: validation
                .iter()
                .map(|(step, reward)| (u64::from(*step), *reward))
                .collect(),
        })
    };
    Curve {
        title: "Validation reward during training".to_owned(),
        x_label: "optimizer step".to_owned(),
        y: Quantity::Share("mean reward".to_owned()),
        lines: run.arms.iter().filter_map(line).collect(),
    }
}

fn solve_rates(run: &RunSummary) -> Curve {
    let iterations: Vec<_> = run.arms.iter().filter_map(|arm| arm.iteration.as_ref()).collect();
    let line = |name: &str, value: &dyn Fn(&restem_em::IterationSummary) -> f64| Line {
        name: name.to_owned(),
        points: (1..)
            .zip(&iterations)
            .map(|(i, iteration)| (i, value(iteration)))
            .collect(),
    };
    Curve {
        title: "Sampling on the training problems".to_owned(),
        x_label: "iteration".to_owned(),
        y: Quantity::Share("share".to_owned()),
        lines: vec![
            line("mean reward of samples", &|iteration| iteration.mean_reward),
            line("problems solved by a sample", &|iteration| {
                iteration.solved as f64 / iteration.problems as f64
            }),
        ],
    }
}
