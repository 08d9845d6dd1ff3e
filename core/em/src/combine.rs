//! How the rewards of several verifiers make one: the rule, what each part counts, and what makes no sense.

use serde::{Deserialize, Serialize};

use crate::{RewardKind, Score, correct_from};

/// Largest weight: sums of weights stay exact enough and finite.
const MOST_WEIGHT: f64 = 1e9;

/// Characters of a part's name.
const NAME_CHARS: usize = 64;

/// How the rewards of several verifiers make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CombineRule {
    /// The weighted mean of all rewards.
    WeightedSum,
    /// 1 when every part finds the completion correct, else 0.
    AllOf,
    /// The gates first, in order: the first that does not find the completion correct makes the reward 0, and nobody else is
    /// asked. Behind them the weighted mean of the others.
    Gate,
}

impl CombineRule {
    /// Its name in configurations and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WeightedSum => "weighted-sum",
            Self::AllOf => "all-of",
            Self::Gate => "gate",
        }
    }
}

/// What one verifier counts for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RewardPart {
    /// Its name in rows, faults and the identity.
    pub name: String,
    /// Share of its reward, relative to the other weights; 1 by default. A part of weight 0 is recorded and does not count.
    pub weight: Option<f64>,
    /// Where a reward must be "correct": from here on it is. Binary verifiers need none.
    pub threshold: Option<f64>,
    /// Whether it must find the completion correct before the others are asked.
    pub gate: bool,
}

/// Verifiers can't be combined like that.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CombineError {
    /// There is nothing to combine.
    #[error("nothing to combine: add `[[reward]]` tables")]
    NoParts,
    /// A name that can't stand in rows.
    #[error(
        "`{0}` can't name a `[[reward]]` table: a name has 1 to {NAME_CHARS} letters, digits, `-` or `_`\n  hint: set `name` in that table"
    )]
    Name(String),
    /// Two parts of one name.
    #[error("two `[[reward]]` tables are named `{0}`\n  hint: set `name` in each of them")]
    SameName(String),
    /// A weight that is none.
    #[error("weight = {weight} of `{name}` is out of range: use 0 to {MOST_WEIGHT}")]
    Weight {
        /// The part.
        name: String,
        /// Its weight.
        weight: f64,
    },
    /// Every weight is 0.
    #[error(
        "every weight is 0, so that no part makes a reward\n  hint: give the parts that count a weight above 0"
    )]
    NoWeight,
    /// A threshold that is none.
    #[error("threshold = {threshold} of `{name}` is out of range: use a value above 0, up to 1")]
    Threshold {
        /// The part.
        name: String,
        /// Its threshold.
        threshold: f64,
    },
    /// A graded part must be correct or not, and nobody said from where on it is.
    #[error(
        "`{name}` gives graded rewards, and `{}` asks whether it finds a completion correct\n  hint: set `threshold` in its `[[reward]]` table",
        .rule.name()
    )]
    NoThreshold {
        /// The part.
        name: String,
        /// The rule.
        rule: CombineRule,
    },
    /// A key that the rule does not read.
    #[error("`{key}` of `{name}` means nothing {place}\n  hint: remove it, or choose another `combine.rule`")]
    Unread {
        /// The part.
        name: String,
        /// The key.
        key: &'static str,
        /// Under which rule, and in which role.
        place: &'static str,
    },
    /// A gate without a gate.
    #[error(
        "rule = \"gate\", and no part is one\n  hint: set `gate = true` in the `[[reward]]` tables that must pass first"
    )]
    NoGate,
    /// Only gates.
    #[error(
        "every part is a gate, so that nothing behind them makes the reward\n  hint: use rule = \"all-of\""
    )]
    OnlyGates,
    /// The answers of a part that does not exist.
    #[error("combine.answer = \"{name}\" names no part; there is {}", .parts.join(", "))]
    NoSuchPart {
        /// What was asked for.
        name: String,
        /// The parts.
        parts: Vec<String>,
    },
}

/// A part, checked.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) gate: bool,
    weight: f64,
    /// The reward from which it finds a completion correct; unread where nothing asks for that.
    correct_from: f64,
}

/// A rule and its parts, checked against each other.
#[derive(Debug, Clone)]
pub(crate) struct Combination {
    pub(crate) rule: CombineRule,
    pub(crate) members: Vec<Member>,
    /// The members in the order in which they are asked: gates first.
    pub(crate) order: Vec<usize>,
    pub(crate) kind: RewardKind,
    /// Whose answers count; else the first that gives one.
    answer: Option<usize>,
}

impl Combination {
    /// Checks `parts`, whose verifiers are of these `kinds`.
    pub(crate) fn new(
        rule: CombineRule,
        answer: Option<&str>,
        parts: &[(RewardPart, RewardKind)],
    ) -> Result<Self, CombineError> {
        if parts.is_empty() {
            return Err(CombineError::NoParts);
        }
        let mut members: Vec<Member> = Vec::with_capacity(parts.len());
        for (part, kind) in parts {
            if members.iter().any(|member| member.name == part.name) {
                return Err(CombineError::SameName(part.name.clone()));
            }
            members.push(member(rule, part, *kind)?);
        }
        let gates = members.iter().filter(|member| member.gate).count();
        if rule == CombineRule::Gate && gates == 0 {
            return Err(CombineError::NoGate);
        }
        if gates == members.len() {
            return Err(CombineError::OnlyGates);
        }
        let counting: Vec<usize> = (0..members.len())
            .filter(|&i| !members[i].gate && members[i].weight > 0.0)
            .collect();
        let kind = match (rule, &counting[..]) {
            (CombineRule::AllOf, _) => RewardKind::Binary,
            (_, []) => return Err(CombineError::NoWeight),
            (_, [only]) => parts[*only].1,
            _ => RewardKind::Graded,
        };
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by_key(|&i| !members[i].gate);
        let answer = answer.map(|name| {
            let found = members.iter().position(|member| member.name == name);
            found.ok_or_else(|| CombineError::NoSuchPart {
                name: name.to_owned(),
                parts: members
                    .iter()
                    .map(|member| format!("`{}`", member.name))
                    .collect(),
            })
        });
        Ok(Self {
            rule,
            order,
            kind,
            answer: answer.transpose()?,
            members,
        })
    }

    /// Whether this score of this member settles the reward at 0.
    pub(crate) fn stops_at(&self, member: usize, score: &Score) -> bool {
        self.members[member].gate && !self.finds_correct(member, score)
    }

    fn finds_correct(&self, member: usize, score: &Score) -> bool {
        score.reward >= self.members[member].correct_from
    }

    /// One score of those of the members that were asked: all, or the gates up to the one that did not pass.
    pub(crate) fn score(&self, mut scores: Vec<(usize, Score)>) -> Score {
        scores.sort_by_key(|(member, _)| *member);
        let reward = self.reward(&scores);
        let answer = match self.answer {
            Some(wanted) => scores.iter().find(|(member, _)| *member == wanted),
            None => scores.iter().find(|(_, score)| score.answer.is_some()),
        };
        let answer = answer.and_then(|(_, score)| score.answer.clone());
        let (mut notes, mut parts) = (Vec::new(), Vec::new());
        for (member, score) in scores {
            let name = &self.members[member].name;
            notes.extend(score.note.map(|note| format!("{name}: {note}")));
            parts.push((name.clone(), score.reward));
            let inner = score.parts.into_iter();
            parts.extend(inner.map(|(part, value)| (format!("{name}.{part}"), value)));
        }
        Score {
            reward,
            answer,
            note: (!notes.is_empty()).then(|| notes.join("\n")),
            parts,
        }
    }

    fn reward(&self, scores: &[(usize, Score)]) -> f64 {
        let correct = |(member, score): &(usize, Score)| self.finds_correct(*member, score);
        match self.rule {
            CombineRule::AllOf => f64::from(u8::from(scores.iter().all(correct))),
            CombineRule::Gate if scores.iter().any(|(member, score)| self.stops_at(*member, score)) => 0.0,
            CombineRule::Gate | CombineRule::WeightedSum => {
                // Numerator and denominator are summed in the same order, and rounding is monotone: rewards of 1 give
                // exactly 1, and nothing within [0, 1] gives more.
                let (mut sum, mut weights) = (0.0, 0.0);
                for (member, score) in scores {
                    let Member { gate, weight, .. } = self.members[*member];
                    if !gate {
                        sum += weight * score.reward;
                        weights += weight;
                    }
                }
                sum / weights
            }
        }
    }
}

fn member(rule: CombineRule, part: &RewardPart, kind: RewardKind) -> Result<Member, CombineError> {
    let name = &part.name;
    let named = !name.is_empty()
        && name.len() <= NAME_CHARS
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !named {
        return Err(CombineError::Name(
            name.chars().flat_map(char::escape_default).collect(),
        ));
    }
    let gate = part.gate;
    let asks_correct = gate || rule == CombineRule::AllOf;
    let place = match (rule, gate) {
        (CombineRule::WeightedSum, _) => "under rule = \"weighted-sum\"",
        (CombineRule::AllOf, _) => "under rule = \"all-of\"",
        (CombineRule::Gate, true) => "in a gate, which passes or not",
        (CombineRule::Gate, false) => "behind the gates of rule = \"gate\"",
    };
    let unread = |key| {
        Err(CombineError::Unread {
            name: name.clone(),
            key,
            place,
        })
    };
    if gate && rule != CombineRule::Gate {
        return unread("gate");
    }
    if part.weight.is_some() && asks_correct {
        return unread("weight");
    }
    if part.threshold.is_some() && !asks_correct {
        return unread("threshold");
    }
    let weight = part.weight.unwrap_or(1.0);
    if !(0.0..=MOST_WEIGHT).contains(&weight) {
        return Err(CombineError::Weight {
            name: name.clone(),
            weight,
        });
    }
    if let Some(threshold) = part.threshold.filter(|value| !(*value > 0.0 && *value <= 1.0)) {
        return Err(CombineError::Threshold {
            name: name.clone(),
            threshold,
        });
    }
    let correct_from = match correct_from(kind, part.threshold) {
        Ok(from) => from,
        Err(_) if asks_correct => {
            return Err(CombineError::NoThreshold {
                name: name.clone(),
                rule,
            });
        }
        Err(_) => 1.0,
    };
    Ok(Member {
        name: name.clone(),
        gate,
        weight,
        correct_from,
    })
}
