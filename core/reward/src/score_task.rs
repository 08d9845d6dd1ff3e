//! Judging one task: which calls share a store, and which are run again alone.

use std::fmt;

use restem_em::{Fault, FaultClass, Flow, Score, Verdict, VerdictRow, VerifyTask};

use crate::api::{RawFault, RawFaultClass, RawScore, RawTask};
use crate::blame::Call;
use crate::plugin::Name;
use crate::program::Entered;
use crate::{Isolation, Plugin};

/// What became of a call, and whether its store may be used again.
struct Judged {
    verdict: Verdict,
    /// The plugin's own.
    fuel: u64,
    /// Of its Python runs.
    python_fuel: u64,
    trapped: bool,
}

/// A store in which the task is prepared.
struct Prepared {
    entered: Entered,
    calls: u32,
}

impl Plugin {
    /// Judges every completion of `task` in order and hands each row over as it is done.
    ///
    /// One call per completion, with fuel set anew. The completions share a store, but a call that traps or uses over
    /// half its fuel is run again alone in a fresh store, and that outcome stands; the next completion goes on in another
    /// new store. So a reward never depends on its neighbours.
    pub fn score_task(&self, task: &VerifyTask, sink: &mut dyn FnMut(VerdictRow) -> Flow) -> Flow {
        let metadata = serde_json::Value::Object(task.metadata.clone()).to_string();
        let raw = RawTask {
            id: task.problem.as_str(),
            prompt: task.prompt.as_deref(),
            reference: task.reference.as_deref(),
            metadata: &metadata,
        };
        let completions = task
            .completions
            .iter()
            .map(|(k, completion)| (*k, completion.as_str()));
        self.score_raw(&raw, completions, &mut |k, verdict, fuel| {
            sink(VerdictRow {
                problem: task.problem.clone(),
                k,
                verdict,
                fuel,
            })
        })
    }

    pub(crate) fn score_raw<'t>(
        &self,
        task: &RawTask<'_>,
        completions: impl Iterator<Item = (u32, &'t str)>,
        sink: &mut dyn FnMut(u32, Verdict, u64) -> Flow,
    ) -> Flow {
        let judge = Judge { plugin: self, task };
        let mut shared: Option<Prepared> = None;
        // A problem that can't be prepared can't be for any of its completions.
        let mut unprepared: Option<(Fault, u64)> = None;
        for (k, completion) in completions {
            let judged = match &unprepared {
                Some((fault, fuel)) => Judged::fault(fault.clone(), *fuel),
                None => match judge.one(&mut shared, k, completion) {
                    Ok(judged) => judged,
                    Err((fault, fuel)) => {
                        if fault.class != FaultClass::WallClock {
                            unprepared = Some((fault.clone(), fuel));
                        }
                        Judged::fault(fault, fuel)
                    }
                },
            };
            let fuel = judged.fuel.saturating_add(judged.python_fuel);
            if sink(k, judged.verdict, fuel) == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::Continue
    }
}

impl Judged {
    const fn fault(fault: Fault, fuel: u64) -> Self {
        Self {
            verdict: Verdict::Fault { fault },
            fuel,
            python_fuel: 0,
            trapped: false,
        }
    }
}

/// The call that prepares the problem of this id.
struct Preparing<'a>(&'a str);

impl fmt::Display for Preparing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "while preparing problem `{}`", self.0)
    }
}

/// The call that judges this completion of a problem.
struct Scoring<'a>(&'a str, u32);

impl fmt::Display for Scoring<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "on problem `{}`, completion {}", self.0, self.1)
    }
}

/// The plugin and the task at hand.
struct Judge<'a> {
    plugin: &'a Plugin,
    task: &'a RawTask<'a>,
}

impl Judge<'_> {
    /// Judges one completion; the error is the fault of preparing the problem.
    fn one(&self, shared: &mut Option<Prepared>, k: u32, completion: &str) -> Result<Judged, (Fault, u64)> {
        let settings = &self.plugin.settings;
        let mut prepared = match shared.take() {
            Some(prepared) if settings.isolation == Isolation::Task => prepared,
            _ => self.prepare()?,
        };
        // The first call in a store is alone in it already.
        let was_alone = prepared.calls == 0;
        let judged = self.score(&mut prepared, k, completion);
        let suspect = judged.trapped || judged.fuel > settings.limits.fuel_per_task / 2;
        if !suspect {
            *shared = Some(prepared);
            return Ok(judged);
        }
        drop(prepared);
        if was_alone {
            return Ok(judged);
        }
        let mut alone = self.prepare()?;
        Ok(self.score(&mut alone, k, completion))
    }

    /// A fresh store with the session open and the problem prepared.
    fn prepare(&self) -> Result<Prepared, (Fault, u64)> {
        let plugin = self.plugin;
        let name = Name(&plugin.settings.identity);
        let blame = Call {
            plugin: &name,
            at: &Preparing(self.task.id),
            limits: &plugin.settings.limits,
        };
        let mut entered = plugin.program.enter();
        let opened = entered.call(&plugin.program, |guest, store| {
            guest.open(store, &plugin.settings.config)
        });
        match opened.result {
            Ok(Ok(())) => {}
            Ok(Err(message)) => {
                return Err((blame.reported(FaultClass::InvalidResult, &message), opened.fuel));
            }
            Err(error) => return Err((blame.failed(&error, entered.state(), opened.fuel), opened.fuel)),
        }
        let ended = entered.call(&plugin.program, |guest, store| guest.prepare(store, self.task));
        let fault = match ended.result {
            Ok(Ok(())) => return Ok(Prepared { entered, calls: 0 }),
            Ok(Err(fault)) => reported(&blame, &fault),
            Err(error) => blame.failed(&error, entered.state(), ended.fuel),
        };
        Err((fault, ended.fuel))
    }

    fn score(&self, prepared: &mut Prepared, k: u32, completion: &str) -> Judged {
        let settings = &self.plugin.settings;
        let blame = Call {
            plugin: &Name(&settings.identity),
            at: &Scoring(self.task.id, k),
            limits: &settings.limits,
        };
        let entered = &mut prepared.entered;
        let ended = entered.call(&self.plugin.program, |guest, store| {
            guest.score(store, completion)
        });
        prepared.calls += 1;
        let (fuel, python_fuel) = (ended.fuel, ended.python_fuel);
        let (verdict, trapped) = match ended.result {
            Ok(Ok(score)) => (self.check(&blame, score), false),
            Ok(Err(fault)) => {
                let fault = reported(&blame, &fault);
                (Verdict::Fault { fault }, false)
            }
            Err(error) => {
                let fault = blame.failed(&error, entered.state(), fuel);
                (Verdict::Fault { fault }, true)
            }
        };
        Judged {
            verdict,
            fuel,
            python_fuel,
            trapped,
        }
    }

    fn check(&self, blame: &Call<'_>, score: RawScore) -> Verdict {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let parts: usize = score
            .parts
            .iter()
            .map(|(name, _)| name.len() + size_of::<f64>())
            .sum();
        let bytes = (text(&score.answer) + text(&score.note) + parts) as u64;
        let fault = if bytes > blame.limits.result_bytes {
            Some(blame.result_too_large(bytes))
        } else if let Some(what) = self.plugin.settings.info.refuses(score.value) {
            Some(blame.invalid_result(&what))
        } else {
            let odd = score.parts.iter().find(|(_, value)| !value.is_finite());
            odd.map(|(name, value)| {
                let name = crate::printable::printable(name, 100);
                blame.invalid_result(&format!("a part `{name}` of {value}, which is no number"))
            })
        };
        match fault {
            Some(fault) => Verdict::Fault { fault },
            None => Verdict::Scored(Score {
                // -0 is 0, and would be written as another number.
                reward: score.value + 0.0,
                answer: score.answer,
                note: score.note,
                parts: score.parts,
            }),
        }
    }
}

fn reported(blame: &Call<'_>, fault: &RawFault) -> Fault {
    let class = match fault.class {
        RawFaultClass::MalformedProblem => FaultClass::MalformedProblem,
        RawFaultClass::Internal => FaultClass::InvalidResult,
    };
    blame.reported(class, &fault.message)
}
