//! Tables as columns, ready for Parquet.

use restem_em::{Example, Sample, Verdict, VerdictRow};

/// One named column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its values, one per row.
    pub values: Values,
}

/// A column's values; `None` is null.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// UTF-8 text.
    Text(Vec<Option<String>>),
    /// Signed 64-bit integers.
    Integer(Vec<Option<i64>>),
    /// Unsigned 64-bit integers.
    Unsigned(Vec<Option<u64>>),
    /// Doubles.
    Float(Vec<Option<f64>>),
    /// True or false.
    Boolean(Vec<Option<bool>>),
}

impl Values {
    /// Rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Integer(values) => values.len(),
            Self::Unsigned(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Boolean(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Column {
    /// A column of texts.
    pub fn text<T: Into<String>>(name: &str, values: impl IntoIterator<Item = Option<T>>) -> Self {
        let values = values.into_iter().map(|value| value.map(Into::into)).collect();
        Self {
            name: name.to_owned(),
            values: Values::Text(values),
        }
    }

    /// A column of non-negative integers.
    pub fn unsigned(name: &str, values: impl IntoIterator<Item = u64>) -> Self {
        Self {
            name: name.to_owned(),
            values: Values::Unsigned(values.into_iter().map(Some).collect()),
        }
    }

    /// A column of doubles.
    pub fn float(name: &str, values: impl IntoIterator<Item = Option<f64>>) -> Self {
        Self {
            name: name.to_owned(),
            values: Values::Float(values.into_iter().collect()),
        }
    }
}

/// Training rows: `problem`, `prompt`, `completion`, `weight`.
#[must_use]
pub fn example_columns(examples: &[Example]) -> Vec<Column> {
    let text =
        |name, part: fn(&Example) -> &str| Column::text(name, examples.iter().map(|row| Some(part(row))));
    vec![
        text("problem", |row| row.problem.as_str()),
        text("prompt", |row| &row.prompt),
        text("completion", |row| &row.completion),
        Column::float("weight", examples.iter().map(|row| Some(f64::from(row.weight)))),
    ]
}

/// Samples with their verdicts: `problem`, `k`, `seed`, `completion`, `tokens`, `log_prob` (nats), `finish`, `status`,
/// `reward`, `answer`, `note`, `fault_class`, `fault_message`, `fuel`. A fault has no reward, and a score no fault.
pub fn judged_columns<'a>(rows: impl IntoIterator<Item = (&'a Sample, &'a VerdictRow)>) -> Vec<Column> {
    let rows: Vec<_> = rows.into_iter().collect();
    let samples = || rows.iter().map(|(sample, _)| *sample);
    let verdicts = || rows.iter().map(|(_, row)| *row);
    let scores = || verdicts().map(|row| row.verdict.score());
    let faults = || {
        verdicts().map(|row| match &row.verdict {
            Verdict::Scored(_) => None,
            Verdict::Fault { fault } => Some(fault),
        })
    };
    let finish = |sample: &Sample| match sample.finish {
        restem_em::FinishReason::Stop => "stop",
        restem_em::FinishReason::Length => "length",
    };
    vec![
        Column::text("problem", samples().map(|sample| Some(sample.problem.as_str()))),
        Column::unsigned("k", samples().map(|sample| sample.k.into())),
        Column::unsigned("seed", samples().map(|sample| sample.seed.0)),
        Column::text(
            "completion",
            samples().map(|sample| Some(sample.completion.as_str())),
        ),
        Column::unsigned("tokens", samples().map(|sample| sample.tokens.into())),
        Column::float("log_prob", samples().map(|sample| sample.log_prob)),
        Column::text("finish", samples().map(|sample| Some(finish(sample)))),
        Column::text(
            "status",
            scores().map(|score| Some(if score.is_some() { "scored" } else { "fault" })),
        ),
        Column::float("reward", scores().map(|score| score.map(|score| score.reward))),
        Column::text("answer", scores().map(|score| score?.answer.as_deref())),
        Column::text("note", scores().map(|score| score?.note.as_deref())),
        Column::text(
            "fault_class",
            faults().map(|fault| fault.map(|fault| fault.class.as_str())),
        ),
        Column::text(
            "fault_message",
            faults().map(|fault| fault.map(|fault| fault.message.as_str())),
        ),
        Column::unsigned("fuel", verdicts().map(|row| row.fuel)),
    ]
}
