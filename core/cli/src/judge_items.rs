//! The items of `restem score` through the configured verifier.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use restem_em::{Flow, VerdictRow, Verifier, VerifierError};
use restem_reward::Item;

use crate::reward::Judge;

/// Items read ahead of a combination, and given to it at once if they are there.
const READ_AHEAD: usize = 1024;

/// Judges items as they come and hands the rows to `sink` in input order.
pub(crate) fn judge_items(
    judge: &mut Judge,
    items: impl Iterator<Item = Item> + Send,
    sink: &mut dyn FnMut(VerdictRow) -> Flow,
) -> anyhow::Result<()> {
    match judge {
        Judge::One(pool) => pool.score_each(items, sink)?,
        Judge::Several(combined) => in_chunks(combined, items, sink)?,
    }
    Ok(())
}

/// Gives a verifier that takes tasks by the slice what has come so far, again and again.
fn in_chunks(
    verifier: &mut dyn Verifier,
    items: impl Iterator<Item = Item> + Send,
    sink: &mut dyn FnMut(VerdictRow) -> Flow,
) -> Result<(), VerifierError> {
    let (sender, receiver) = sync_channel(READ_AHEAD);
    thread::scope(|scope| {
        scope.spawn(move || {
            for item in items {
                if sender.send(item).is_err() {
                    break;
                }
            }
        });
        // Dropped at the end, also of an early one: a reader that waits to send would wait for ever.
        let receiver: Receiver<Item> = receiver;
        while let Ok(first) = receiver.recv() {
            let chunk = std::iter::once(first).chain(receiver.try_iter());
            if in_order(verifier, chunk.take(READ_AHEAD), sink)? == Flow::Stop {
                break;
            }
        }
        Ok(())
    })
}

/// Judges one chunk; rows that are known already keep their place.
fn in_order(
    verifier: &mut dyn Verifier,
    chunk: impl Iterator<Item = Item>,
    sink: &mut dyn FnMut(VerdictRow) -> Flow,
) -> Result<Flow, VerifierError> {
    let (mut tasks, mut rows_before) = (Vec::new(), 0);
    let mut known = Vec::new();
    for item in chunk {
        match item {
            Item::Known(row) => known.push((rows_before, row)),
            Item::Judge(task) => {
                rows_before += task.completions.len();
                tasks.push(task);
            }
        }
    }
    let mut known = known.into_iter().peekable();
    let (mut judged, mut flow) = (0, Flow::Continue);
    verifier.verify(&tasks, &mut |row| {
        while flow == Flow::Continue
            && let Some((_, row)) = known.next_if(|(before, _)| *before == judged)
        {
            flow = sink(row);
        }
        if flow == Flow::Continue {
            judged += 1;
            flow = sink(row);
        }
        flow
    })?;
    for (_, row) in known {
        if flow == Flow::Continue {
            flow = sink(row);
        }
    }
    Ok(flow)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use restem_em::{Digest, FaultClass, RewardKind, Score, Verdict, VerifierIdentity, VerifyTask};

    use super::*;

    struct One(VerifierIdentity);

    impl Verifier for One {
        fn identity(&self) -> &VerifierIdentity {
            &self.0
        }

        fn verify(
            &mut self,
            tasks: &[VerifyTask],
            sink: &mut dyn FnMut(VerdictRow) -> Flow,
        ) -> Result<(), VerifierError> {
            for task in tasks {
                for (k, _) in &task.completions {
                    let row = row(
                        task.problem.as_str(),
                        *k,
                        Verdict::Scored(Score {
                            reward: 1.0,
                            answer: None,
                            note: None,
                            parts: Vec::new(),
                        }),
                    );
                    if sink(row) == Flow::Stop {
                        return Ok(());
                    }
                }
            }
            Ok(())
        }
    }

    fn one() -> One {
        One(VerifierIdentity {
            name: "one".into(),
            version: "1".into(),
            sha256: Digest::of("one"),
            config: Digest::of(""),
            api: "0.1.0".into(),
            kind: RewardKind::Binary,
            interpreter: None,
            directories: std::collections::BTreeMap::new(),
            members: BTreeMap::new(),
        })
    }

    fn row(problem: &str, k: u32, verdict: Verdict) -> VerdictRow {
        VerdictRow {
            problem: problem.into(),
            k,
            verdict,
            fuel: 0,
        }
    }

    fn known(problem: &str) -> Item {
        Item::Known(row(
            problem,
            0,
            Verdict::fault(FaultClass::MalformedInput, "no row"),
        ))
    }

    fn task(problem: &str, completions: u32) -> Item {
        Item::Judge(VerifyTask {
            problem: problem.into(),
            prompt: None,
            reference: None,
            metadata: serde_json::Map::new(),
            completions: (0..completions).map(|k| (k, String::new())).collect(),
        })
    }

    fn names(items: Vec<Item>, most: usize) -> Vec<String> {
        let mut names = Vec::new();
        in_chunks(&mut one(), items.into_iter(), &mut |row| {
            names.push(format!("{}/{}", row.problem, row.k));
            if names.len() == most {
                Flow::Stop
            } else {
                Flow::Continue
            }
        })
        .unwrap();
        names
    }

    #[test]
    fn known_rows_keep_their_place() {
        let items = || {
            vec![
                known("x"),
                task("a", 2),
                task("none", 0),
                known("y"),
                known("z"),
                task("b", 1),
                known("w"),
            ]
        };
        let wanted = ["x/0", "a/0", "a/1", "y/0", "z/0", "b/0", "w/0"];
        assert_eq!(names(items(), usize::MAX), wanted);
        for most in 1..wanted.len() {
            assert_eq!(names(items(), most), wanted[..most]);
        }
    }

    #[test]
    fn a_sink_that_stops_frees_the_reader() {
        let items: Vec<_> = (0..5000).map(|i| task(&format!("p{i}"), 1)).collect();
        assert_eq!(names(items, 3).len(), 3);
    }
}
