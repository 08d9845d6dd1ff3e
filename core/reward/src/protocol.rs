//! What pool and worker say to each other. Both are the same program, so this has no versions.

use restem_em::{Fault, Score, Verdict, VerifyTask};
use serde::{Deserialize, Serialize};

use crate::Limits;
use crate::plugin::Settings;

/// The first message to a worker: what it is there for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Order {
    /// To judge.
    Judge(Box<Start>),
    /// To compile, and to end.
    Compile(Compile),
}

/// A component to compile.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Compile {
    /// They shape the code.
    pub(crate) limits: Limits,
    pub(crate) component: Vec<u8>,
}

/// The answer to [`Compile`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Compiled {
    Code(Vec<u8>),
    Failed(String),
}

/// What a worker needs to judge.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Start {
    /// Compiled code of the plugin.
    pub(crate) code: Vec<u8>,
    pub(crate) settings: Settings,
}

/// A worker's answer to [`Start`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Started {
    Ready,
    Failed(String),
}

/// A task on its way to a worker. Metadata goes as text: the wire format describes no values of unknown type.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WireTask {
    pub(crate) id: String,
    pub(crate) prompt: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) metadata: String,
    pub(crate) completions: Vec<(u32, String)>,
}

/// Judge these tasks, in this order.
pub(crate) type Batch = Vec<WireTask>;

/// One row: the batch's completions are answered in order, one row each.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WireRow {
    pub(crate) verdict: WireVerdict,
    pub(crate) fuel: u64,
}

/// A verdict without the attributes that make its JSON pretty.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum WireVerdict {
    Scored {
        reward: f64,
        answer: Option<String>,
        note: Option<String>,
        parts: Vec<(String, f64)>,
    },
    Fault(Fault),
}

impl From<VerifyTask> for WireTask {
    fn from(task: VerifyTask) -> Self {
        Self {
            id: task.problem.as_str().to_owned(),
            prompt: task.prompt,
            reference: task.reference,
            metadata: serde_json::Value::Object(task.metadata).to_string(),
            completions: task.completions,
        }
    }
}

impl WireTask {
    /// Bytes of its texts.
    pub(crate) fn text_bytes(&self) -> usize {
        let optional = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let completions: usize = self
            .completions
            .iter()
            .map(|(_, completion)| completion.len())
            .sum();
        self.id.len() + optional(&self.prompt) + optional(&self.reference) + self.metadata.len() + completions
    }
}

impl From<Verdict> for WireVerdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Scored(score) => Self::Scored {
                reward: score.reward,
                answer: score.answer,
                note: score.note,
                parts: score.parts,
            },
            Verdict::Fault { fault } => Self::Fault(fault),
        }
    }
}

impl From<WireVerdict> for Verdict {
    fn from(verdict: WireVerdict) -> Self {
        match verdict {
            WireVerdict::Scored {
                reward,
                answer,
                note,
                parts,
            } => Self::Scored(Score {
                reward,
                answer,
                note,
                parts,
            }),
            WireVerdict::Fault(fault) => Self::Fault { fault },
        }
    }
}
