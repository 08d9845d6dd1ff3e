//! Several verifiers behind one: each judges in its turn, a rule makes one verdict of theirs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::combine::{Combination, CombineError, CombineRule, RewardPart};
use crate::{
    Digest, Fault, Flow, ProblemId, Score, Verdict, VerdictRow, Verifier, VerifierError, VerifierIdentity,
    VerifyTask,
};

/// Version of the rules: a change of what they make of the same rewards is a new one, which a run's lock notices.
const RULES_VERSION: &str = "1";

/// Fuel of the tasks that go through all verifiers before the next ones do: some seconds of work.
const CHUNK_FUEL: u64 = 5_000_000_000;

/// Tasks that do so in any case: enough to keep the workers of a verifier busy to the end.
const LEAST_TASKS: usize = 32;

/// Completions that do so at most.
const MOST_ROWS: usize = 8192;

/// Several verifiers behind one.
///
/// A task goes through the verifiers in turn, a chunk of tasks at a time, so that only one of them works at once. A completion
/// that a verifier could not judge, or that did not pass a gate, is not shown to the next ones; its fuel is what those that saw
/// it used. Verdicts do not depend on how tasks are chunked.
pub struct Combined<'v> {
    combination: Combination,
    verifiers: Vec<Box<dyn Verifier + 'v>>,
    identity: VerifierIdentity,
    /// Mean fuel of the rows of the last chunk, once known.
    row_fuel: Option<u64>,
}

impl<'v> Combined<'v> {
    /// Combines verifiers; `answer` names the part whose canonical answers vote, else the first part that gives one does.
    ///
    /// # Errors
    /// [`CombineError`]: each variant says which part, and what would mend it.
    pub fn new(
        rule: CombineRule,
        answer: Option<&str>,
        parts: Vec<(RewardPart, Box<dyn Verifier + 'v>)>,
    ) -> Result<Self, CombineError> {
        let kinds: Vec<_> = parts
            .iter()
            .map(|(part, verifier)| (part.clone(), verifier.identity().kind))
            .collect();
        let combination = Combination::new(rule, answer, &kinds)?;
        let verifiers: Vec<_> = parts.into_iter().map(|(_, verifier)| verifier).collect();
        let parts: Vec<RewardPart> = kinds.into_iter().map(|(part, _)| part).collect();
        let identity = identity(&combination, answer, &parts, &verifiers);
        Ok(Self {
            combination,
            verifiers,
            identity,
            row_fuel: None,
        })
    }

    /// How many of `tasks` make the next chunk.
    fn chunk(&self, tasks: &[VerifyTask]) -> usize {
        let rows = match self.row_fuel {
            Some(fuel) => (CHUNK_FUEL / fuel.max(1)).min(MOST_ROWS as u64) as usize,
            None => 0,
        };
        let mut sum = 0;
        let fitting = tasks.iter().take_while(|task| {
            sum += task.completions.len();
            sum <= rows
        });
        fitting.count().max(LEAST_TASKS).min(tasks.len())
    }

    fn judge(
        &mut self,
        tasks: &[VerifyTask],
        sink: &mut dyn FnMut(VerdictRow) -> Flow,
    ) -> Result<Flow, VerifierError> {
        let combination = &self.combination;
        let mut rows = Rows::of(tasks);
        for (turn, &member) in combination.order.iter().enumerate() {
            let is_last = turn + 1 == combination.order.len();
            let asked: Vec<usize> = (0..rows.all.len()).filter(|&at| rows.all[at].is_open()).collect();
            let (mut next, mut foreign) = (asked.iter(), None);
            let open = rows.open_tasks(tasks);
            let mut flow = Flow::Continue;
            let mut take = |row: VerdictRow| {
                let Some(&at) = next.next().filter(|&&at| rows.all[at].is(&row)) else {
                    foreign = Some(row);
                    return Flow::Stop;
                };
                rows.all[at].take(combination, member, row);
                if is_last {
                    // The others are through: what is settled need not wait for the rest of the chunk.
                    rows.all[at].settle(combination);
                    flow = rows.hand_over(sink);
                }
                flow
            };
            if !asked.is_empty() {
                self.verifiers[member].verify(&open, &mut take)?;
            }
            if flow == Flow::Stop {
                return Ok(Flow::Stop);
            }
            if foreign.is_some() || next.next().is_some() {
                return Err(out_of_step(&combination.members[member].name, foreign.as_ref()));
            }
        }
        let fuel: u64 = rows.all.iter().map(|row| row.fuel).sum();
        self.row_fuel = Some(fuel / rows.all.len().max(1) as u64);
        Ok(rows.hand_over(sink))
    }
}

impl Verifier for Combined<'_> {
    fn identity(&self) -> &VerifierIdentity {
        &self.identity
    }

    fn verify(
        &mut self,
        tasks: &[VerifyTask],
        sink: &mut dyn FnMut(VerdictRow) -> Flow,
    ) -> Result<(), VerifierError> {
        let mut left = tasks;
        while !left.is_empty() {
            let (chunk, after) = left.split_at(self.chunk(left));
            if self.judge(chunk, sink)? == Flow::Stop {
                break;
            }
            left = after;
        }
        Ok(())
    }
}

/// The completions of a chunk, in order.
struct Rows {
    all: Vec<Row>,
    /// How many have been handed over.
    given: usize,
}

/// A completion on its way through the verifiers.
struct Row {
    problem: ProblemId,
    k: u32,
    fuel: u64,
    scores: Vec<(usize, Score)>,
    /// The verdict, once no other verifier is to be asked.
    settled: Option<Verdict>,
}

impl Rows {
    fn of(tasks: &[VerifyTask]) -> Self {
        let rows = tasks.iter().flat_map(|task| {
            task.completions.iter().map(|(k, _)| Row {
                problem: task.problem.clone(),
                k: *k,
                fuel: 0,
                scores: Vec::new(),
                settled: None,
            })
        });
        Self {
            all: rows.collect(),
            given: 0,
        }
    }

    /// `tasks` without the completions that are settled.
    fn open_tasks<'t>(&self, tasks: &'t [VerifyTask]) -> Cow<'t, [VerifyTask]> {
        if self.all.iter().all(Row::is_open) {
            return Cow::Borrowed(tasks);
        }
        let mut rows = self.all.iter();
        let tasks = tasks.iter().map(|task| {
            let of_task = rows.by_ref().take(task.completions.len());
            let open = task.completions.iter().zip(of_task);
            VerifyTask {
                completions: open
                    .filter(|(_, row)| row.is_open())
                    .map(|(completion, _)| completion.clone())
                    .collect(),
                problem: task.problem.clone(),
                prompt: task.prompt.clone(),
                reference: task.reference.clone(),
                metadata: task.metadata.clone(),
            }
        });
        Cow::Owned(tasks.filter(|task| !task.completions.is_empty()).collect())
    }

    /// Hands over, in order, what is settled.
    fn hand_over(&mut self, sink: &mut dyn FnMut(VerdictRow) -> Flow) -> Flow {
        while let Some(row) = self.all.get_mut(self.given)
            && let Some(verdict) = row.settled.take()
        {
            self.given += 1;
            let row = VerdictRow {
                problem: row.problem.clone(),
                k: row.k,
                verdict,
                fuel: row.fuel,
            };
            if sink(row) == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::Continue
    }
}

impl Row {
    const fn is_open(&self) -> bool {
        self.settled.is_none()
    }

    fn is(&self, row: &VerdictRow) -> bool {
        row.k == self.k && row.problem == self.problem
    }

    fn take(&mut self, combination: &Combination, member: usize, row: VerdictRow) {
        self.fuel = self.fuel.saturating_add(row.fuel);
        match row.verdict {
            Verdict::Scored(score) => {
                let stops = combination.stops_at(member, &score);
                self.scores.push((member, score));
                if stops {
                    self.settle(combination);
                }
            }
            Verdict::Fault { fault } => {
                let name = &combination.members[member].name;
                self.settled = Some(Verdict::Fault {
                    fault: Fault {
                        class: fault.class,
                        message: format!("part `{name}`: {}", fault.message),
                    },
                });
            }
        }
    }

    /// Makes the verdict of the scores at hand, unless there is one.
    fn settle(&mut self, combination: &Combination) {
        if self.is_open() {
            self.settled = Some(Verdict::Scored(
                combination.score(std::mem::take(&mut self.scores)),
            ));
        }
    }
}

/// A verifier broke its promise of one row per completion, in order.
fn out_of_step(name: &str, row: Option<&VerdictRow>) -> VerifierError {
    let what = match row {
        Some(row) => format!(
            "gave a row of problem `{}`, completion {}, out of turn",
            row.problem, row.k
        ),
        None => "ended before every completion had its row".to_owned(),
    };
    VerifierError {
        message: format!("part `{name}` {what}: this is a bug of restem"),
        source: None,
    }
}

/// An identity that changes with any part's: names, digests, configurations, weights, thresholds, order and rule.
fn identity<'v>(
    combination: &Combination,
    answer: Option<&str>,
    parts: &[RewardPart],
    verifiers: &[Box<dyn Verifier + 'v>],
) -> VerifierIdentity {
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    let identities = || verifiers.iter().map(|verifier| verifier.identity());
    let mut apis: Vec<&str> = identities().map(|identity| identity.api.as_str()).collect();
    apis.sort_unstable();
    apis.dedup();
    let json = |value: serde_json::Value| value.to_string();
    let members: BTreeMap<String, VerifierIdentity> = names
        .iter()
        .map(|name| (*name).to_owned())
        .zip(identities().cloned())
        .collect();
    VerifierIdentity {
        name: format!("{}({})", combination.rule.name(), names.join(", ")),
        version: RULES_VERSION.to_owned(),
        sha256: Digest::of_parts(
            names
                .iter()
                .zip(identities())
                .flat_map(|(name, identity)| [(*name).to_owned(), json(serde_json::json!(identity))]),
        ),
        config: Digest::of(json(serde_json::json!({
            "rule": combination.rule,
            "answer": answer,
            "parts": parts,
        }))),
        api: apis.join(", "),
        kind: combination.kind,
        interpreter: None,
        directories: BTreeMap::new(),
        members,
    }
}
