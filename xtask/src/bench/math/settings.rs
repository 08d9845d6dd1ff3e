//! Both sides' settings, per data set.

use serde_json::Value;

/// The settings of one data set.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Who published the outputs.
    pub(crate) source: &'static str,
    /// What the outputs answer.
    pub(crate) dataset: &'static str,
    /// The configuration of math-equivalence, in JSON.
    ours: &'static str,
    /// Math-Verify's.
    pub(crate) theirs: Peer,
}

/// Settings of Math-Verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    /// What it extracts, as `math_verify.py` names it: `latex+expr` or `expr`.
    pub(crate) targets: &'static str,
    /// Decimal places that it rounds numbers to before comparing.
    pub(crate) float_rounding: u32,
}

/// Math-Verify's own defaults.
const PEER_DEFAULT: Peer = Peer {
    targets: "latex+expr",
    float_rounding: 6,
};

/// MathCoder's labels let decimals of a few digits stand for fractions and surds: two places agree best with them.
const PEER_ROUNDED: Peer = Peer {
    targets: "latex+expr",
    float_rounding: 2,
};

/// As above, and numbers and plain expressions only: of several boxes it would take the last.
const PEER_LAST_LINE: Peer = Peer {
    targets: "expr",
    float_rounding: 2,
};

/// MathCoder's rows end with a line in which its graders put what they took for the answer: of several boxes the first, which
/// is also what the references of questions with several parts have.
const LAST_LINE: &str = r#"{"extract": ["last-line"], "decimals": "rounded"}"#;

/// As above, for references that write a list as `[2, 3]`.
const LAST_LINE_LISTS: &str =
    r#"{"extract": ["last-line"], "decimals": "rounded", "square_brackets": "list"}"#;

/// The model was told to box its answer, and its labels want it boxed.
const BOXED: &str = r#"{"extract": ["boxed"]}"#;

/// `A: 12` ends the outputs of grade-school-math.
const ANSWER_IS: &str = r#"{"extract": ["answer-is"]}"#;

const MATHCODER: &str = "mathllm/MathCoder";

const REALCRITIC: &str = "tangzhy/RealCritic";

const fn of(source: &'static str, dataset: &'static str, ours: &'static str, theirs: Peer) -> Settings {
    Settings {
        source,
        dataset,
        ours,
        theirs,
    }
}

/// Some solutions box what they find on the way, in the sentence that ends with the answer.
const LAST_BOX: &str = r#"{"boxes": "last"}"#;

/// The solutions of MATH, each against its own answer.
pub(crate) static SOLUTIONS: Settings = of("hendrycks/math", "solutions", LAST_BOX, PEER_DEFAULT);

/// Every data set of `labelled_math`.
static LABELLED: [Settings; 14] = [
    of("openai/grade-school-math", "gsm8k", ANSWER_IS, PEER_DEFAULT),
    of(MATHCODER, "GSM8K", LAST_LINE, PEER_ROUNDED),
    of(MATHCODER, "SVAMP", LAST_LINE, PEER_ROUNDED),
    of(MATHCODER, "simuleq", LAST_LINE, PEER_LAST_LINE),
    of(MATHCODER, "mathematics", LAST_LINE_LISTS, PEER_ROUNDED),
    of(MATHCODER, "MATH", LAST_LINE, PEER_ROUNDED),
    of("NVIDIA/NeMo-Skills", "math", BOXED, PEER_DEFAULT),
    of("lz1oceani/verify_cot", "gsm8k", "{}", PEER_DEFAULT),
    of("lz1oceani/verify_cot", "MATH", "{}", PEER_DEFAULT),
    of(REALCRITIC, "gsm8k", "{}", PEER_DEFAULT),
    of(REALCRITIC, "math", "{}", PEER_DEFAULT),
    of(REALCRITIC, "olympiadbench", "{}", PEER_DEFAULT),
    of(REALCRITIC, "minerva_math", "{}", PEER_DEFAULT),
    of(REALCRITIC, "college_math", "{}", PEER_DEFAULT),
];

impl Settings {
    /// The settings of a data set of `labelled_math`.
    pub(crate) fn find(source: &str, dataset: &str) -> Option<&'static Self> {
        LABELLED
            .iter()
            .find(|settings| settings.source == source && settings.dataset == dataset)
    }

    /// The configuration of math-equivalence.
    ///
    /// # Errors
    /// When the table above is no JSON.
    pub(crate) fn config(&self) -> serde_json::Result<Value> {
        serde_json::from_str(self.ours)
    }

    /// How tables name the data set.
    pub(crate) fn name(&self) -> String {
        let source = self.source.rsplit('/').next().unwrap_or(self.source);
        format!("{source} {}", self.dataset)
    }

    /// Both sides' settings in words.
    pub(crate) fn in_words(&self) -> String {
        let ours = match self.ours {
            "{}" => "the default configuration".to_owned(),
            config => format!("`{config}`"),
        };
        let Peer {
            targets,
            float_rounding,
        } = self.theirs;
        let theirs = match (self.theirs == PEER_DEFAULT, targets) {
            (true, _) => "Math-Verify's defaults".to_owned(),
            (false, "expr") => format!("`ExprExtractionConfig` and `float_rounding={float_rounding}`"),
            (false, _) => format!("`float_rounding={float_rounding}`"),
        };
        format!("{ours} beside {theirs}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_set_is_found_by_its_two_names() {
        assert_eq!(
            Settings::find("tangzhy/RealCritic", "math").unwrap().name(),
            "RealCritic math"
        );
        assert_eq!(Settings::find("tangzhy/RealCritic", "MATH"), None);
    }

    #[test]
    fn every_configuration_is_json_and_told_as_users_write_it() {
        for settings in &LABELLED {
            assert!(settings.config().unwrap().is_object());
        }
        assert_eq!(
            SOLUTIONS.in_words(),
            r#"`{"boxes": "last"}` beside Math-Verify's defaults"#
        );
        assert_eq!(
            LABELLED[3].in_words(),
            r#"`{"extract": ["last-line"], "decimals": "rounded"}` beside `ExprExtractionConfig` and `float_rounding=2`"#
        );
    }
}
