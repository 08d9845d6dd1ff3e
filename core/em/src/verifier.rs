//! The verifier's side of the loop.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Digest, Flow, ProblemId, RewardKind, VerdictRow};

/// Which verifier judged: goes into every verdict row and the run's lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifierIdentity {
    /// The plugin's own name.
    pub name: String,
    /// The plugin's own version.
    pub version: String,
    /// Digest of the component's bytes; of a combination, of its parts' identities.
    pub sha256: Digest,
    /// Digest of the plugin's configuration.
    pub config: Digest,
    /// The reward API that it speaks, such as `0.1.0`.
    pub api: String,
    /// Binary or graded.
    pub kind: RewardKind,
    /// The interpreter that it runs programs in, where it does: name, version and digest. Always written, since workers are
    /// told in a format that can't leave fields out.
    #[serde(default)]
    pub interpreter: Option<String>,
    /// The parts of a combination, by name; empty for a single verifier. Always written, like `interpreter`.
    #[serde(default)]
    pub members: BTreeMap<String, VerifierIdentity>,
    /// Digests of the contents of the directories that it may read, by name.
    #[serde(default)]
    pub directories: BTreeMap<String, Digest>,
}

/// One problem and the completions to judge, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerifyTask {
    /// The problem.
    pub problem: ProblemId,
    /// Its question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// What to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Everything else the problem carries.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
    /// (k, completion) pairs.
    pub completions: Vec<(u32, String)>,
}

/// The verifier as a whole can't work; single rows that can't be judged are faults instead.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct VerifierError {
    /// What failed and what to do next.
    pub message: String,
    /// The cause, where there is one.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl VerifierError {
    /// An error with its cause.
    pub fn new(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            message: message.into(),
            source: Some(source.into()),
        }
    }
}

/// Judges completions.
pub trait Verifier {
    /// Which verifier this is.
    fn identity(&self) -> &VerifierIdentity;

    /// Judges every completion of `tasks` and hands the rows to `sink` in input order.
    ///
    /// `sink` may end the work early with [`Flow::Stop`]; rows already handed over stand.
    ///
    /// # Errors
    /// [`VerifierError`] when no row can be judged any more; a failure on one row is that row's fault.
    fn verify(
        &mut self,
        tasks: &[VerifyTask],
        sink: &mut dyn FnMut(VerdictRow) -> Flow,
    ) -> Result<(), VerifierError>;
}
