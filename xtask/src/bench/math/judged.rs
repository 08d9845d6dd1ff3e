//! Rows with the verdicts of every side.

use super::reading::Reading;
use super::row::Row;
use super::settings::Settings;
use super::tally::{Tally, Times};
use super::verdict::Verdict;

/// A row and what each side makes of it.
#[derive(Debug)]
pub(crate) struct Judged {
    /// The row.
    pub(crate) row: Row,
    /// Ours, natively.
    pub(crate) native: Verdict,
    /// Ours, in WebAssembly.
    pub(crate) wasm: Verdict,
    /// Math-Verify's, unless it was left out.
    pub(crate) peer: Option<Verdict>,
}

impl Judged {
    /// Whether our verdict is not the label's.
    pub(crate) fn is_disagreement(&self) -> bool {
        self.native.accepts() != self.row.label
    }
}

/// The judged rows of one data set, or of all.
#[derive(Debug)]
pub(crate) struct Group<'j> {
    /// Its name in tables.
    pub(crate) name: String,
    /// Its rows.
    pub(crate) rows: Vec<&'j Judged>,
}

/// A side of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Ours, natively.
    Native,
    /// Ours, in WebAssembly.
    Wasm,
    /// Math-Verify.
    Peer,
}

impl<'j> Group<'j> {
    /// The data sets in the order of their first rows, then all rows pooled.
    pub(crate) fn all(judged: &'j [Judged]) -> Vec<Self> {
        let mut groups: Vec<(&Settings, Self)> = Vec::new();
        for one in judged {
            let settings = one.row.settings;
            match groups.iter_mut().find(|(known, _)| *known == settings) {
                Some((_, group)) => group.rows.push(one),
                None => groups.push((
                    settings,
                    Self {
                        name: settings.name(),
                        rows: vec![one],
                    },
                )),
            }
        }
        let pooled = Self {
            name: "all".to_owned(),
            rows: judged.iter().collect(),
        };
        groups
            .into_iter()
            .map(|(_, group)| group)
            .chain([pooled])
            .collect()
    }

    /// A side's verdicts with the labels that hold after `reading`; rows that are matters of convention are left out.
    pub(crate) fn tally(&self, side: Side, reading: &Reading) -> Option<Tally> {
        let mut tally = Tally::default();
        for judged in &self.rows {
            if let Some(label) = reading.label(&judged.row.id, judged.row.label) {
                tally.add(side.verdict(judged)?, label);
            }
        }
        Some(tally)
    }

    /// A side's times; None when it was left out.
    pub(crate) fn times(&self, side: Side) -> Option<Times> {
        let verdicts: Option<Vec<_>> = self.rows.iter().map(|judged| side.verdict(judged)).collect();
        Some(Times::of(verdicts?.into_iter()))
    }
}

impl Side {
    fn verdict(self, judged: &Judged) -> Option<&Verdict> {
        match self {
            Self::Native => Some(&judged.native),
            Self::Wasm => Some(&judged.wasm),
            Self::Peer => judged.peer.as_ref(),
        }
    }
}
