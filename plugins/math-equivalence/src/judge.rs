//! What a completion is worth against a reference.

use std::ops::Range;

use crate::boxes::{self, Choice};
use crate::config::{Config, Decimals, Method};
use crate::copied::copied;
use crate::decide::{self, Decision, Outcome, canonical};
use crate::extract::{Extraction, extract};
use crate::limits;
use crate::markup::peel;
use crate::reference::{Reference, says_something};
use crate::stop;
use crate::syntax;
use crate::tree::Answer;

/// What a completion is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// How its answer compares; None when no answer was found.
    pub decision: Option<Decision>,
    /// Its answer in canonical form; answers that equal the reference all have the reference's.
    pub answer: Option<String>,
    /// Whether the writer marked the answer (box, `####`, "the answer is") rather than leave us to guess.
    pub marked: bool,
    /// Where the answer stands in the completion, in bytes.
    pub span: Option<Range<usize>>,
    /// What a person should know about it.
    pub note: Option<String>,
}

/// What a completion says.
enum Found {
    Answer { extraction: Extraction, answer: Answer },
    Nothing { marked: bool, why: String },
}

impl Reference {
    /// Judges one completion. `prompt` is what the model was shown, when that is known: an answer that is a copy from it does not count.
    #[must_use]
    pub fn judge(&self, completion: &str, prompt: Option<&str>, config: &Config) -> Judgement {
        let completion = stop::before(completion, &config.stop_at);
        match find(completion, prompt, config) {
            Found::Nothing { marked, why } => Judgement {
                decision: None,
                answer: None,
                marked,
                span: None,
                note: Some(why),
            },
            Found::Answer { extraction, answer } => self.weigh(&answer, extraction, completion, config),
        }
    }

    fn weigh(&self, answer: &Answer, found: Extraction, completion: &str, config: &Config) -> Judgement {
        let text = found.text(completion);
        let places = (config.decimals == Decimals::Rounded)
            .then(|| decimal_places(text))
            .flatten();
        let decision = decide::compare(self.answer(), answer, places, config);
        let note = if config.explain {
            Some(explanation(self, answer, &found, text, &decision, config))
        } else {
            (decision.outcome == Outcome::Undecided)
                .then(|| format!("undecided ({}): {}", decision.rule, decision.evidence))
        };
        Judgement {
            answer: Some(if decision.is_equal() {
                self.canonical().to_owned()
            } else {
                canonical(answer, config)
            }),
            decision: Some(decision),
            marked: found.method.is_marker(),
            span: Some(found.span),
            note,
        }
    }
}

impl Judgement {
    /// Whether the answer was found and equals the reference.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.decision.as_ref().is_some_and(Decision::is_equal)
    }

    /// Whether an answer was found and could be shown neither equal nor different.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.decision
            .as_ref()
            .is_some_and(|decision| decision.outcome == Outcome::Undecided)
    }
}

fn find(completion: &str, prompt: Option<&str>, config: &Config) -> Found {
    let nothing = |marked, why| Found::Nothing { marked, why };
    let Some(mut extraction) = extract(completion, &config.extract) else {
        return nothing(
            false,
            format!("no answer found; looked for {}", names(&config.extract)),
        );
    };
    let marked = extraction.method.is_marker();
    if extraction.method == Method::Boxed {
        match boxes::choose(&extraction, completion, config) {
            Choice::Span(span) => extraction.span = span,
            Choice::Hedged => {
                return nothing(
                    marked,
                    "several boxes of one sentence differ, so none is the answer; `boxes` can choose the first or the last"
                        .to_owned(),
                );
            }
        }
    }
    if copied(completion, &extraction.span, prompt) {
        return nothing(
            marked,
            "the answer stands in a passage copied from the prompt".to_owned(),
        );
    }
    let text = extraction.text(completion);
    let method = extraction.method.name();
    let inner = if text.len() > limits::ANSWER_BYTES {
        text.trim()
    } else {
        peel(text)
    };
    if inner.len() > limits::ANSWER_BYTES {
        let bytes = inner.len();
        let limit = limits::ANSWER_BYTES;
        return nothing(
            marked,
            format!("the answer found by {method} has {bytes} bytes, the limit is {limit}"),
        );
    }
    if !says_something(inner) {
        return nothing(marked, format!("the answer found by {method} is empty"));
    }
    let answer = syntax::read(inner);
    Found::Answer { extraction, answer }
}

/// Decimal places of a text's last numeral.
fn decimal_places(text: &str) -> Option<u32> {
    let numeral = text
        .rsplit(|c: char| !c.is_ascii_digit() && c != '.')
        .find(|piece| piece.contains(|c: char| c.is_ascii_digit()))?;
    let (_, fraction) = numeral.trim_end_matches('.').split_once('.')?;
    u32::try_from(fraction.len()).ok()
}

fn explanation(
    reference: &Reference,
    answer: &Answer,
    found: &Extraction,
    text: &str,
    decision: &Decision,
    config: &Config,
) -> String {
    format!(
        "extraction: {} at bytes {}..{}: {}\nreference: {}\nanswer: {}\noutcome: {:?}\nrule: {}\nevidence: {}\ncanonical: {} and {}",
        found.method.name(),
        found.span.start,
        found.span.end,
        text.trim(),
        reference.answer(),
        answer,
        decision.outcome,
        decision.rule,
        decision.evidence,
        reference.canonical(),
        canonical(answer, config),
    )
}

fn names(methods: &[Method]) -> String {
    methods
        .iter()
        .map(|method| method.name())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests;
