//! Numbers that a run reports over time.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

/// One number of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// Which series: `iteration-1/train/loss`, …
    pub series: String,
    /// Where on the series: an optimizer step, an iteration, …
    pub step: u64,
    /// The number. Not finite ones are kept (as JSON's null) and read back as NaN: a loss that diverged must be seen.
    #[serde(deserialize_with = "null_is_nan")]
    pub value: f64,
    /// When, in seconds since 1970.
    pub unix_seconds: f64,
}

fn null_is_nan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

/// Rows by series and step; of several for one step the last counts, since a resumed run repeats what it had not recorded as done.
pub(crate) fn latest(rows: Vec<Metric>) -> Vec<Metric> {
    let mut latest = BTreeMap::new();
    for row in rows {
        latest.insert((row.series.clone(), row.step), row);
    }
    latest.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_step_counts_once_with_its_last_value() {
        let row = |series: &str, step, value| Metric {
            series: series.into(),
            step,
            value,
            unix_seconds: 0.0,
        };
        let rows = vec![
            row("b", 1, 1.0),
            row("a", 2, 2.0),
            row("a", 1, 3.0),
            row("a", 2, 4.0),
        ];
        assert_eq!(
            latest(rows),
            [row("a", 1, 3.0), row("a", 2, 4.0), row("b", 1, 1.0)]
        );
    }

    #[test]
    fn a_diverged_loss_is_read_back_as_not_a_number() {
        let metric = Metric {
            series: "loss".into(),
            step: 1,
            value: f64::INFINITY,
            unix_seconds: 0.0,
        };
        let text = serde_json::to_string(&metric).unwrap();
        assert!(serde_json::from_str::<Metric>(&text).unwrap().value.is_nan());
    }
}
