//! A run's summary with every part that a report can show.

use restem_em::{
    ArmSummary, Digest, Estimate, EvalSummary, IterationSummary, McNemar, Outcome, PairedComparison,
    RunSummary, SampledSummary, Seed, TrainReport, TrainStep, TrainedArm,
};
use restem_report::{Decision, Report, SampleRow};

const PROBLEMS: u64 = 200;

fn greedy(set: &str, correct: u64, formed: u64, problems: u64) -> EvalSummary {
    EvalSummary {
        set: set.into(),
        problems,
        faults: 0,
        pass_at_1: Estimate::proportion(correct, problems),
        well_formed: Estimate::proportion(formed, problems),
        mean_tokens: 17.25,
        outcomes: (0..problems)
            .map(|i| Outcome {
                problem: format!("{set}/{i}").as_str().into(),
                correct: Some(i < correct),
            })
            .collect(),
    }
}

fn sampled(set: &str, solved: f64, voted: f64) -> SampledSummary {
    let around = |value: f64| Estimate {
        value,
        low: value - 0.11,
        high: value + 0.12,
    };
    SampledSummary {
        set: set.into(),
        problems: 64,
        pass_at: vec![(1, around(solved / 2.0)), (8, around(solved))],
        majority: Some((8, around(voted))),
    }
}

fn trained(examples: u64, floor: f64) -> TrainedArm {
    let step = |step: u32| TrainStep {
        step,
        steps: 120,
        loss: floor
            + (1.6 - floor) * (-f64::from(step) / 25.0).exp()
            + 0.03 * (f64::from(step * 37 % 11) - 5.0),
        grad_norm: 1.0,
        learning_rate: 2e-5,
        target_tokens: 200,
    };
    TrainedArm {
        examples,
        dataset: Digest::of("rows"),
        report: TrainReport {
            steps: 120,
            kept_step: 90,
            target_tokens: 24_000,
            skipped: 0,
            last_loss: floor,
            weights: Digest::of("weights"),
        },
        validation: (1..=4)
            .map(|i| (30 * i, floor + 0.05 * f64::from(i.min(3))))
            .collect(),
        steps: (1..=120).map(step).collect(),
    }
}

fn iteration(correct: u64, kept: u64, solved: u64) -> IterationSummary {
    IterationSummary {
        samples: 9600,
        correct,
        wrong: 9600 - correct,
        faults: 0,
        duplicates: correct - kept - 10,
        over_cap: 10,
        kept,
        solved,
        problems: 600,
        mean_reward: correct as f64 / 9600.0,
        digest: Digest::of("samples"),
    }
}

fn arm(arm: &str, test: u64, formed: u64, validation: u64) -> ArmSummary {
    ArmSummary {
        arm: arm.into(),
        iteration: None,
        trained: None,
        greedy: vec![
            greedy("validation", validation, 58, 60),
            greedy("test", test, formed, PROBLEMS),
        ],
        sampled: vec![],
    }
}

pub(crate) fn summary() -> RunSummary {
    let mut arms = vec![
        arm("base", 43, 181, 12),
        arm("iteration-1", 71, 197, 22),
        arm("iteration-2", 84, 199, 25),
        arm("sft-human", 77, 200, 23),
        arm("random-kept", 31, 190, 9),
    ];
    arms[0].sampled = vec![sampled("test", 0.48, 0.27)];
    arms[2].sampled = vec![sampled("test", 0.66, 0.47)];
    arms[1].iteration = Some(iteration(1742, 894, 371));
    arms[2].iteration = Some(iteration(3011, 1203, 437));
    for (i, (examples, floor)) in [(894, 0.31), (1203, 0.24), (894, 0.42), (894, 0.85)]
        .into_iter()
        .enumerate()
    {
        arms[i + 1].trained = Some(trained(examples, floor));
    }
    let compare = |second: &str, only_first, only_second| PairedComparison {
        set: "test".into(),
        first: "iteration-2".into(),
        second: second.into(),
        test: McNemar {
            problems: PROBLEMS,
            ..McNemar::of((0..only_first + only_second).map(|i| (i < only_first, i >= only_first)))
        },
    };
    RunSummary {
        arms,
        best: "iteration-2".into(),
        comparisons: vec![
            compare("base", 52, 11),
            compare("random-kept", 60, 7),
            compare("sft-human", 24, 17),
        ],
    }
}

pub(crate) fn report() -> Report {
    let mut report = Report::of_run("ReST^EM on arithmetic word problems", &summary());
    report.facts = [
        ("model", "Gemma 3 270M (base), sha256 3f9a1c02"),
        ("verifier", "math-equivalence 0.1.0, sha256 77b0e4d1"),
        ("data", "600 train, 60 validation, 200 test problems"),
        ("seed", &Seed(7).0.to_string()),
        ("duration", "26 min on 2 cores"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let sample = |decision, completion: &str, reward, note: &str| SampleRow {
        phase: "iteration-1/train".into(),
        problem: "train/17".into(),
        prompt: "Q: Ada has 12 pears & gives away 5. How many are left?\nA:".into(),
        completion: completion.into(),
        decision,
        reward,
        note: Some(note.into()),
        verifier: "math-equivalence 0.1.0 (77b0e4d1)".into(),
    };
    report.samples = vec![
        sample(
            Decision::Kept,
            " 12 - 5 = 7. The answer is 7.",
            Some(1.0),
            "answer 7",
        ),
        sample(
            Decision::Rejected,
            " 12 + 5 = 17.\nThe answer is 17. <script>alert(1)</script>",
            Some(0.0),
            "answer 17",
        ),
        sample(
            Decision::Fault,
            " The answer is",
            None,
            "out_of_fuel: used 50000000 of 50000000",
        ),
    ];
    report.notes =
        vec!["Intervals are Wilson's for greedy results, bootstrap over problems for sampled ones.".into()];
    report
}
