//! What a comparison finds, and why.

/// What a comparison finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The same answer.
    Equal,
    /// Certainly not the same.
    Different,
    /// Neither could be shown.
    Undecided,
}

/// An outcome with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What was found.
    pub outcome: Outcome,
    /// The rule that decided.
    pub rule: &'static str,
    /// What it rests on, in a sentence.
    pub evidence: String,
}

impl Decision {
    pub(crate) fn equal(rule: &'static str, evidence: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Equal,
            rule,
            evidence: evidence.into(),
        }
    }

    pub(crate) fn different(rule: &'static str, evidence: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Different,
            rule,
            evidence: evidence.into(),
        }
    }

    pub(crate) fn undecided(rule: &'static str, evidence: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Undecided,
            rule,
            evidence: evidence.into(),
        }
    }

    pub(crate) fn of(equal: bool, rule: &'static str, evidence: impl Into<String>) -> Self {
        if equal {
            Self::equal(rule, evidence)
        } else {
            Self::different(rule, evidence)
        }
    }

    /// Whether the answers were found equal.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.outcome == Outcome::Equal
    }

    /// The decision about a whole from those about its parts, up to the first difference: one difference makes a difference, else one doubt a doubt.
    pub(crate) fn all(rule: &'static str, parts: impl IntoIterator<Item = Self>) -> Self {
        let mut doubt = None;
        let mut evidence = Vec::new();
        for part in parts {
            match part.outcome {
                Outcome::Different => return part,
                Outcome::Undecided => doubt = doubt.or(Some(part)),
                Outcome::Equal => {
                    if !evidence.contains(&part.evidence) {
                        evidence.push(part.evidence);
                    }
                }
            }
        }
        doubt.unwrap_or_else(|| Self::equal(rule, evidence.join("; ")))
    }
}
