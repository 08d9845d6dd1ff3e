//! A sample with its verdict.

use serde::{Deserialize, Serialize};

use crate::{Digest, Sample, Verdict};

/// A sample and what the verifier made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The sample.
    pub sample: Sample,
    /// The judgement.
    pub verdict: Verdict,
    /// Fuel that judging it used.
    pub fuel: u64,
}

impl Judged {
    /// Whether the reward reaches `threshold`; `None` for a fault.
    #[must_use]
    pub fn correct(&self, threshold: f64) -> Option<bool> {
        self.verdict.score().map(|score| score.reward >= threshold)
    }

    /// The canonical answer, where the verifier found one.
    #[must_use]
    pub fn answer(&self) -> Option<&str> {
        self.verdict.score().and_then(|score| score.answer.as_deref())
    }
}

/// Digest of judged samples, whatever order they are in.
///
/// Fuel and fault messages are left out: a resumed run may have asked the verifier in other groups, and neither decides
/// what is trained on.
#[must_use]
pub fn digest_of(judged: &[Judged]) -> Digest {
    let mut rows: Vec<&Judged> = judged.iter().collect();
    rows.sort_by(|a, b| (&a.sample.problem, a.sample.k).cmp(&(&b.sample.problem, b.sample.k)));
    Digest::of_parts(rows.iter().map(|row| {
        let verdict = match &row.verdict {
            Verdict::Scored(score) => serde_json::to_value(score),
            Verdict::Fault { fault } => serde_json::to_value(fault.class),
        };
        // A value of these types always has a JSON form.
        serde_json::json!([row.sample, verdict.unwrap_or_default()]).to_string()
    }))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{FinishReason, Score, Seed};

    pub(crate) fn judged(problem: &str, k: u32, completion: &str, reward: f64) -> Judged {
        Judged {
            sample: Sample {
                problem: problem.into(),
                k,
                seed: Seed(u64::from(k)),
                completion: completion.to_owned(),
                tokens: 1,
                log_prob: None,
                finish: FinishReason::Stop,
            },
            verdict: Verdict::Scored(Score {
                reward,
                answer: None,
                note: None,
                parts: Vec::new(),
            }),
            fuel: 0,
        }
    }

    #[test]
    fn the_digest_does_not_depend_on_order() {
        let rows = [judged("a", 0, "x", 1.0), judged("a", 1, "y", 0.0)];
        let swapped = [rows[1].clone(), rows[0].clone()];
        assert_eq!(digest_of(&rows), digest_of(&swapped));
        assert_ne!(digest_of(&rows), digest_of(&rows[..1]));
    }
}
