//! Field names of published datasets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Mapping, MetadataMapping};

/// A dataset whose files are read as they are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// MATH (Hendrycks et al. 2021): `problem`, `solution`; the reference is `answer` or the solution's last `\boxed`.
    Math,
    /// GSM8K (Cobbe et al. 2021): `question`, `answer` ending in `#### N`.
    Gsm8k,
    /// MultiArith (Roy and Roth 2015) as `input`, `target`.
    Multiarith,
    /// SVAMP (Patel et al. 2021): `Body`, `Question`, `Answer`.
    Svamp,
    /// APPS (Hendrycks et al. 2021): `question`, `input_output`, `solutions`.
    Apps,
    /// APPS with its sample tests, as MapCoder publishes it: `description`, `test_list`.
    AppsSampleIo,
    /// HumanEval (Chen et al. 2021) and HumanEval+: `prompt`, `canonical_solution`, `test`, `entry_point`.
    Humaneval,
    /// MBPP (Austin et al. 2021): `text`, `code`, `test_list`.
    Mbpp,
    /// Labelled model outputs on maths problems: `question`, `gold`, `output`, `label`.
    LabelledMath,
    /// Labelled model programs: `task_id`, `code`, `label`.
    LabelledCode,
    /// Pairs of answers and whether they are equal: `gold`, `pred`, `expected`.
    EquivalenceCases,
}

/// One line of the table below; an empty text is a part that the dataset lacks.
struct Fields {
    id: &'static str,
    prompt: &'static str,
    reference: &'static str,
    solutions: &'static str,
    metadata: &'static [&'static str],
}

impl Preset {
    #[rustfmt::skip]
    const fn fields(self) -> Fields {
        match self {
            Self::Math => Fields {
                id: "id if id is defined else unique_id if unique_id is defined else none",
                prompt: "problem",
                reference: "answer if answer is defined else solution | last_boxed",
                solutions: "solution",
                metadata: &["subject", "type", "level", "split", "math500_unique_id"],
            },
            Self::Gsm8k => Fields {
                id: "", prompt: "question", reference: "answer | after('####') | trim", solutions: "answer", metadata: &[],
            },
            Self::Multiarith => Fields {
                id: "", prompt: "input", reference: "target", solutions: "", metadata: &[],
            },
            Self::Svamp => Fields {
                id: "ID",
                prompt: "Body | trim ~ (' ' if Body | trim is endingwith('.') else ', ') ~ Question | trim",
                reference: "Answer",
                solutions: "",
                metadata: &["Type", "Equation"],
            },
            Self::Apps => Fields {
                id: "problem_id",
                prompt: "question",
                reference: "",
                solutions: "solutions | default([]) | fromjson",
                metadata: &["difficulty", "url", "apps_split", "starter_code", "input_output", "prefix_stripped"],
            },
            // The published file repeats some names, so the row number tells its problems apart.
            Self::AppsSampleIo => Fields {
                id: "", prompt: "description", reference: "", solutions: "",
                metadata: &["name", "difficulty", "starter_code", "sample_io", "test_list"],
            },
            Self::Humaneval => Fields {
                id: "task_id",
                prompt: "prompt",
                reference: "",
                solutions: "canonical_solution",
                metadata: &["entry_point", "test", "contract", "base_input", "plus_input", "atol"],
            },
            Self::Mbpp => Fields {
                id: "task_id", prompt: "text", reference: "", solutions: "code",
                metadata: &["test_setup_code", "test_list", "challenge_test_list"],
            },
            Self::LabelledMath => Fields {
                id: "", prompt: "question", reference: "gold", solutions: "",
                metadata: &["source", "dataset", "problem_id", "model", "output", "pred", "label", "label_by"],
            },
            Self::LabelledCode => Fields {
                id: "", prompt: "{{ dataset }}: {{ task_id }}", reference: "", solutions: "",
                metadata: &[
                    "source", "dataset", "task_id", "model", "code", "label", "detail", "difficulty", "test",
                    "entry_point", "test_list", "starter_code",
                ],
            },
            Self::EquivalenceCases => Fields {
                id: "", prompt: "{{ suite }}: {{ test }}", reference: "gold", solutions: "",
                metadata: &["suite", "test", "pred", "expected", "extra"],
            },
        }
    }

    /// The mapping that this name stands for.
    #[must_use]
    pub fn mapping(self) -> Mapping {
        let Fields {
            id,
            prompt,
            reference,
            solutions,
            metadata,
        } = self.fields();
        // `none` rather than nothing: what a dataset lacks must not fall back to a field that happens to share the name.
        let part = |text: &str| Some(if text.is_empty() { "none" } else { text }.to_owned());
        Mapping {
            id: part(id),
            prompt: part(prompt),
            reference: part(reference),
            solutions: part(solutions),
            metadata: Some(MetadataMapping::Fields(
                metadata.iter().map(|&name| name.to_owned()).collect(),
            )),
        }
    }
}
