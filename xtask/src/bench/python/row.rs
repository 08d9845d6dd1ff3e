//! What a side says about one run of a test.

use anyhow::{Context, Result};
use serde_json::Value;

/// One run of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The program.
    pub(crate) id: String,
    /// Which of its standard inputs, from 0.
    pub(crate) test: usize,
    /// Wall time.
    pub(crate) nanoseconds: u64,
    /// CPU time of the program alone, where a side measures that.
    pub(crate) cpu_nanoseconds: Option<u64>,
    /// Whether it ended by itself, with status 0.
    pub(crate) ok: bool,
    /// sha256 of its standard output, where a side shows that.
    pub(crate) digest: Option<String>,
    /// How it ended, in the sandbox's words.
    pub(crate) outcome: Option<String>,
    /// What it used of the sandbox's fuel.
    pub(crate) fuel: Option<u64>,
}

impl Row {
    /// Reads a line of a side's output.
    ///
    /// # Errors
    /// When a field is missing that every side has.
    pub(crate) fn read(line: &Value) -> Result<Self> {
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        let missing = |name: &str| format!("no `{name}` in {line}");
        Ok(Self {
            id: text("id").with_context(|| missing("id"))?,
            test: usize::try_from(line["test"].as_u64().with_context(|| missing("test"))?)?,
            nanoseconds: line["nanoseconds"]
                .as_u64()
                .with_context(|| missing("nanoseconds"))?,
            cpu_nanoseconds: line["cpu_nanoseconds"].as_u64(),
            ok: line["ok"].as_bool().with_context(|| missing("ok"))?,
            digest: text("digest"),
            outcome: text("outcome"),
            fuel: line["fuel"].as_u64(),
        })
    }

    /// Whether both ran the same test to the same end; of those that fail, only that they do.
    pub(crate) fn agrees_with(&self, other: &Self) -> bool {
        self.ok == other.ok && (!self.ok || self.digest == other.digest)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn outputs_count_only_where_both_succeed() {
        let row = |ok: bool, digest: &str| {
            let line = json!({"id": "a", "test": 0, "nanoseconds": 1, "ok": ok, "digest": digest});
            Row::read(&line).unwrap()
        };
        assert!(row(true, "1").agrees_with(&row(true, "1")));
        assert!(!row(true, "1").agrees_with(&row(true, "2")));
        assert!(!row(true, "1").agrees_with(&row(false, "1")));
        assert!(row(false, "1").agrees_with(&row(false, "2")));
    }

    #[test]
    fn a_row_without_a_time_is_an_error_that_shows_it() {
        let error = Row::read(&json!({"id": "a", "test": 0})).unwrap_err();
        assert_eq!(error.to_string(), r#"no `nanoseconds` in {"id":"a","test":0}"#);
    }
}
