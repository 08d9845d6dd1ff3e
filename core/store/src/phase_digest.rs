//! Digests of what a phase holds, equal for equal content however it came about.

use restem_em::{Digest, Fault, Sample, Verdict, VerdictRow};

/// Digest of a phase's rows in the order of (problem, k).
///
/// Rows arrive in any order, so that order does not count. Nor do the fuel of a call, which depends on its neighbours
/// in an instance, and the text of a fault, which may tell a time or an amount; its class does count.
pub(crate) fn of(mut samples: Vec<Sample>, mut verdicts: Vec<VerdictRow>) -> Digest {
    samples.sort_by(|a, b| (&a.problem, a.k).cmp(&(&b.problem, b.k)));
    verdicts.sort_by(|a, b| (&a.problem, a.k).cmp(&(&b.problem, b.k)));
    let samples = samples.iter().map(json);
    let verdicts = verdicts.into_iter().map(|row| json(&without_circumstances(row)));
    let heading = |name: &str| name.as_bytes().to_vec();
    Digest::of_parts(
        std::iter::once(heading("samples"))
            .chain(samples)
            .chain(std::iter::once(heading("verdicts")))
            .chain(verdicts),
    )
}

fn without_circumstances(row: VerdictRow) -> VerdictRow {
    let verdict = match row.verdict {
        Verdict::Fault {
            fault: Fault { class, .. },
        } => Verdict::fault(class, ""),
        scored @ Verdict::Scored(_) => scored,
    };
    VerdictRow {
        verdict,
        fuel: 0,
        ..row
    }
}

fn json(row: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(row).expect("rows are structs of texts and numbers")
}

#[cfg(test)]
mod tests {
    use restem_em::{FaultClass, FinishReason, Score, Seed};

    use super::*;

    fn sample(problem: &str, k: u32, completion: &str) -> Sample {
        Sample {
            problem: problem.into(),
            k,
            seed: Seed(7),
            completion: completion.into(),
            tokens: 3,
            log_prob: Some(-0.1),
            finish: FinishReason::Stop,
        }
    }

    fn verdict(k: u32, verdict: Verdict, fuel: u64) -> VerdictRow {
        VerdictRow {
            problem: "p".into(),
            k,
            verdict,
            fuel,
        }
    }

    fn scored(reward: f64) -> Verdict {
        Verdict::Scored(Score {
            reward,
            answer: Some("4".into()),
            note: None,
            parts: vec![],
        })
    }

    #[test]
    fn the_order_of_arrival_does_not_count_and_the_content_does() {
        let rows = || vec![sample("p", 0, "a"), sample("p", 1, "b"), sample("q", 0, "c")];
        let mut shuffled = rows();
        shuffled.rotate_left(1);
        let mut other = rows();
        other[1].completion = "d".into();
        let digest = of(rows(), vec![]);
        assert_eq!(digest, of(shuffled, vec![]));
        assert_ne!(digest, of(other, vec![]));
        assert_ne!(digest, of(rows(), vec![verdict(0, scored(1.0), 0)]));
    }

    #[test]
    fn fuel_and_the_words_of_a_fault_do_not_count_but_rewards_and_classes_do() {
        let digest = |row| of(vec![], vec![row]);
        assert_eq!(
            digest(verdict(0, scored(1.0), 10)),
            digest(verdict(0, scored(1.0), 20))
        );
        assert_ne!(
            digest(verdict(0, scored(1.0), 10)),
            digest(verdict(0, scored(0.0), 10))
        );
        let fault = |class, text: &str| digest(verdict(0, Verdict::fault(class, text), 0));
        assert_eq!(fault(FaultClass::Trap, "a"), fault(FaultClass::Trap, "b"));
        assert_ne!(fault(FaultClass::Trap, "a"), fault(FaultClass::Host, "a"));
    }
}
