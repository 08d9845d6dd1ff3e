//! What every reward plugin must keep, whatever it rewards, checked by running it.
//!
//! Rewards decide what a model learns, so a plugin must give the same ones for the same rows, however they are grouped,
//! and must survive what models write: nothing at all, and a megabyte of it.

use restem_em::{Flow, Verdict, VerdictRow, VerifyTask};

use crate::Plugin;
use crate::printable::printable;

/// How often a row is judged to see whether verdict and fuel stay.
const REPEATS: usize = 3;

/// Bytes of the longest completion.
const LONG: usize = 1 << 20;

/// A property that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Property {
    /// The same row gives the same verdict and uses the same fuel, each time in a fresh store.
    Repeatable,
    /// A verdict does not depend on the order of a problem's completions.
    IndependentOfOrder,
    /// A verdict does not depend on the completions judged before it.
    IndependentOfNeighbours,
    /// Every reward is a number within the range that the plugin describes.
    Bounded,
    /// An empty completion is judged.
    ToleratesEmpty,
    /// A completion of 1 MiB is judged within the limits.
    ToleratesLong,
    /// A completion with NUL, control and right-to-left characters is judged.
    ToleratesOdd,
}

impl Property {
    /// All of them, in the order in which they are looked at.
    pub const ALL: [Self; 7] = [
        Self::Repeatable,
        Self::IndependentOfOrder,
        Self::IndependentOfNeighbours,
        Self::Bounded,
        Self::ToleratesEmpty,
        Self::ToleratesLong,
        Self::ToleratesOdd,
    ];

    /// What holds when the property does.
    #[must_use]
    pub const fn statement(self) -> &'static str {
        match self {
            Self::Repeatable => "the same row gives the same verdict and fuel, three times over",
            Self::IndependentOfOrder => "verdicts do not depend on the order of completions",
            Self::IndependentOfNeighbours => "verdicts do not depend on the completions before",
            Self::Bounded => "rewards are numbers within the described range",
            Self::ToleratesEmpty => "an empty completion is judged",
            Self::ToleratesLong => "completions of 1 MiB are judged within the limits",
            Self::ToleratesOdd => "control and right-to-left characters are judged",
        }
    }

    /// What the author can do where it does not hold.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Repeatable | Self::IndependentOfOrder | Self::IndependentOfNeighbours => {
                "keep no state between calls: no statics, no caches in the session that change a verdict"
            }
            Self::Bounded => {
                "give rewards within `min` and `max` of `describe`, 0 or 1 where the kind is binary"
            }
            Self::ToleratesEmpty | Self::ToleratesOdd => {
                "a completion that can't be read is a wrong one: give it a score of 0, not a fault or a panic"
            }
            Self::ToleratesLong => {
                "look at a bounded part of the completion (its end, say), or give up early with a score of 0"
            }
        }
    }
}

/// Whether a property held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The property.
    pub property: Property,
    /// Where and how it did not hold, for the first row that showed it.
    pub failure: Option<String>,
}

/// Looks at every [`Property`] on `tasks`, whose completions the plugin is known to judge.
///
/// Runs in this process; the long completions make it take up to a few seconds.
#[must_use]
pub fn conformance(plugin: &Plugin, tasks: &[VerifyTask]) -> Vec<Finding> {
    let inspector = Inspector { plugin, tasks };
    Property::ALL
        .map(|property| Finding {
            property,
            failure: inspector.failure(property),
        })
        .to_vec()
}

struct Inspector<'a> {
    plugin: &'a Plugin,
    tasks: &'a [VerifyTask],
}

impl Inspector<'_> {
    fn failure(&self, property: Property) -> Option<String> {
        match property {
            Property::Repeatable => self.unrepeatable(),
            Property::IndependentOfOrder => self.tasks.iter().find_map(|task| self.order_matters(task)),
            Property::IndependentOfNeighbours => {
                self.tasks.iter().find_map(|task| self.neighbours_matter(task))
            }
            Property::Bounded => self.unbounded(),
            Property::ToleratesEmpty => self.refused(&["".to_owned(), " \n".to_owned()]),
            Property::ToleratesLong => self.refused(&long()),
            Property::ToleratesOdd => self.refused(&odd()),
        }
    }

    fn judge(&self, task: &VerifyTask) -> Vec<VerdictRow> {
        let mut rows = Vec::with_capacity(task.completions.len());
        self.plugin.score_task(task, &mut |row| {
            rows.push(row);
            Flow::Continue
        });
        rows
    }

    fn unrepeatable(&self) -> Option<String> {
        self.tasks.iter().flat_map(alone).find_map(|task| {
            let first = self.judge(&task);
            let again = (1..REPEATS)
                .map(|_| self.judge(&task))
                .find(|rows| *rows != first)?;
            Some(differ(&first[0], &again[0]))
        })
    }

    fn order_matters(&self, task: &VerifyTask) -> Option<String> {
        let forward = self.judge(&wide(task));
        let mut reversed = wide(task);
        reversed.completions.reverse();
        let mut backward = self.judge(&reversed);
        backward.reverse();
        first_difference(&forward, &backward)
    }

    fn neighbours_matter(&self, task: &VerifyTask) -> Option<String> {
        let together = self.judge(&wide(task));
        let alone: Vec<_> = alone(&wide(task)).flat_map(|task| self.judge(&task)).collect();
        first_difference(&alone, &together)
    }

    fn unbounded(&self) -> Option<String> {
        let info = self.plugin.info();
        let rows = self.tasks.iter().flat_map(|task| self.judge(&wide(task)));
        rows.filter_map(|row| match &row.verdict {
            Verdict::Scored(score) => {
                let within = (info.min..=info.max).contains(&score.reward);
                (!within).then(|| format!("{}: a reward of {}", place(&row), score.reward))
            }
            Verdict::Fault { fault } if fault.class == restem_em::FaultClass::InvalidResult => {
                Some(format!("{}: {fault}", place(&row)))
            }
            Verdict::Fault { .. } => None,
        })
        .next()
    }

    /// The first of `completions` that is not judged, on any problem.
    fn refused(&self, completions: &[String]) -> Option<String> {
        self.tasks.iter().find_map(|task| {
            let task = VerifyTask {
                completions: (0..).zip(completions.iter().cloned()).collect(),
                ..task.clone()
            };
            let rows = self.judge(&task);
            let (row, fault) = rows.iter().find_map(|row| match &row.verdict {
                Verdict::Fault { fault } => Some((row, fault)),
                Verdict::Scored(_) => None,
            })?;
            let text = &completions[row.k as usize];
            Some(format!(
                "problem `{}`, a completion of {} bytes ({}): {fault}",
                row.problem,
                text.len(),
                printable(text, 24),
            ))
        })
    }
}

/// The task once for each completion.
fn alone(task: &VerifyTask) -> impl Iterator<Item = VerifyTask> {
    task.completions.iter().map(|completion| VerifyTask {
        completions: vec![completion.clone()],
        ..task.clone()
    })
}

/// The task with further completions, some of them upsetting.
fn wide(task: &VerifyTask) -> VerifyTask {
    let mut wide = task.clone();
    let least = wide.completions.iter().map(|(k, _)| k + 1).max().unwrap_or(0);
    let others = ["", "0", "I don't know.", "\\boxed{}", "```python\nprint(1)\n```"].map(str::to_owned);
    let long = "so the answer is 1 ".repeat(500);
    wide.completions
        .extend((least..).zip(others.into_iter().chain([long])));
    wide
}

/// Completions of 1 MiB that are hard on different plugins.
fn long() -> Vec<String> {
    let line = "The answer is 4.\n";
    vec![
        "a".repeat(LONG),
        "(".repeat(LONG),
        "9".repeat(LONG),
        line.repeat(LONG / line.len()),
    ]
}

fn odd() -> Vec<String> {
    vec![
        "\0\0\u{1}".to_owned(),
        "\u{202e}4 si rewsna eht\u{202c}".to_owned(),
        "\u{feff}４\u{200b}\u{301}".to_owned(),
        "🧮".repeat(100),
    ]
}

fn place(row: &VerdictRow) -> String {
    format!("problem `{}`, completion {}", row.problem, row.k)
}

fn first_difference(one: &[VerdictRow], other: &[VerdictRow]) -> Option<String> {
    let differs = |(a, b): &(&VerdictRow, &VerdictRow)| a.verdict != b.verdict;
    let (a, b) = one.iter().zip(other).find(differs)?;
    Some(differ(a, b))
}

fn differ(one: &VerdictRow, other: &VerdictRow) -> String {
    let place = place(one);
    if one.verdict == other.verdict {
        return format!("{place}: fuel {}, then {}", one.fuel, other.fuel);
    }
    format!("{place}: {}, then {}", told(&one.verdict), told(&other.verdict))
}

fn told(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Fault { fault } => format!("the fault {fault}"),
        Verdict::Scored(score) => {
            let extra = [("answer", &score.answer), ("note", &score.note)];
            let extra: String = extra
                .into_iter()
                .filter_map(|(name, text)| Some(format!(", {name} `{}`", printable(text.as_ref()?, 80))))
                .collect();
            format!("a reward of {}{extra}", score.reward)
        }
    }
}
