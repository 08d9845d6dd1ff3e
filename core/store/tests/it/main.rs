//! The run directory from outside: locks, kills, resumption.

mod checkpoints;
mod kill;
mod resume;

use restem_em::{FinishReason, Phase, Sample, Score, Seed, Verdict, VerdictRow};

fn phase() -> Phase {
    Phase::new("iteration-1", "train")
}

fn sample(k: u32) -> Sample {
    Sample {
        problem: "train/17".into(),
        k,
        seed: Seed(u64::from(k)),
        completion: format!("He has {k} apples.\nThe answer is {k}."),
        tokens: 12,
        log_prob: Some(-f64::from(k) / 3.0),
        finish: FinishReason::Stop,
    }
}

fn verdict(k: u32) -> VerdictRow {
    let score = Score {
        reward: f64::from(k % 2),
        answer: Some(k.to_string()),
        note: None,
        parts: vec![],
    };
    VerdictRow {
        problem: "train/17".into(),
        k,
        verdict: Verdict::Scored(score),
        fuel: 1000 + u64::from(k),
    }
}
