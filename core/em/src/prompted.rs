//! Problems with their prompts rendered.

use serde::{Deserialize, Serialize};

use crate::{Problem, VerifyTask};

/// Which prompt a step uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum PromptKind {
    /// Solved examples come before the question.
    #[default]
    FewShot,
    /// The question alone.
    Question,
}

/// A problem and the texts a model may be given for it.
#[derive(Debug, Clone, PartialEq)]
pub struct PromptedProblem {
    /// The problem.
    pub problem: Problem,
    /// The question behind solved examples.
    pub few_shot: String,
    /// The question alone.
    pub question: String,
    /// Human solutions, written as the model should write them.
    pub solutions: Vec<String>,
}

impl PromptedProblem {
    /// The text of one kind.
    #[must_use]
    pub fn prompt(&self, kind: PromptKind) -> &str {
        match kind {
            PromptKind::FewShot => &self.few_shot,
            PromptKind::Question => &self.question,
        }
    }

    /// The verifier's task for some completions of this problem.
    #[must_use]
    pub fn verify_task(&self, completions: Vec<(u32, String)>) -> VerifyTask {
        VerifyTask {
            problem: self.problem.id.clone(),
            prompt: Some(self.problem.prompt.clone()),
            reference: self.problem.reference.clone(),
            metadata: self.problem.metadata.clone(),
            completions,
        }
    }
}
