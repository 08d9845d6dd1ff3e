//! Samples that wait for a row, and the problems that they belong to.

use std::collections::{BTreeMap, VecDeque};

use restem_policy_abi::{Prompt, SampleSeed};

use super::cache_plan::CacheBudget;
use super::private_cache::BLOCK;
use super::prompt_tree::{CHUNK, PromptPath};
use crate::config::ModelConfig;
use crate::error::{Result, TorchError};

/// A submitted prompt with its sampling settings; lives until its last sample has left.
pub(super) struct Problem {
    /// The prompt but for its last token.
    pub(super) prefix: Vec<i64>,
    pub(super) last_token: i64,
    /// Where the keys and values of `prefix` are, once a sample needed them.
    pub(super) path: Option<PromptPath>,
    pub(super) temperature: f64,
    pub(super) top_k: i64,
    pub(super) top_p: f64,
    pub(super) stop_tokens: Vec<i64>,
    /// At most what the model's context leaves after the prompt.
    pub(super) max_tokens: u32,
    waiting: VecDeque<SampleSeed>,
    /// Samples in rows.
    live: usize,
}

/// Problems in order of submission.
#[derive(Default)]
pub(super) struct Queue {
    problems: BTreeMap<u64, Problem>,
    submitted: u64,
    /// Of problems that are gone, until somebody asks.
    finished: Vec<PromptPath>,
}

impl Problem {
    /// Takes the sample that has waited longest; it counts as living in a row from now on.
    pub(super) fn next(&mut self) -> Option<SampleSeed> {
        let seed = self.waiting.pop_front()?;
        self.live += 1;
        Some(seed)
    }

    /// Positions that the longest sample can occupy.
    pub(super) fn positions(&self) -> i64 {
        self.prefix.len() as i64 + i64::from(self.max_tokens)
    }

    /// Blocks of the cache that the longest sample fills itself.
    pub(super) fn own_blocks(&self) -> i64 {
        (i64::from(self.max_tokens) + BLOCK - 1) / BLOCK
    }

    /// Blocks of the cache that the prompt fills.
    pub(super) fn prompt_blocks(&self) -> i64 {
        (self.prefix.len() as i64 + CHUNK - 1) / CHUNK
    }
}

impl Queue {
    pub(super) fn submit(
        &mut self,
        config: &ModelConfig,
        budget: &CacheBudget,
        prompt: &Prompt<'_>,
    ) -> Result<()> {
        check(config, prompt)?;
        let Some((last, prefix)) = prompt.tokens.split_last() else {
            return Ok(());
        };
        if prompt.samples.is_empty() {
            return Ok(());
        }
        let sampling = &prompt.sampling;
        let room = config.max_positions - prefix.len() as i64;
        let problem = Problem {
            prefix: prefix.iter().map(|&token| i64::from(token)).collect(),
            last_token: i64::from(*last),
            path: None,
            temperature: f64::from(sampling.temperature),
            top_k: i64::from(sampling.top_k),
            top_p: f64::from(sampling.top_p),
            stop_tokens: sampling
                .stop_tokens
                .iter()
                .map(|&token| i64::from(token))
                .collect(),
            max_tokens: i64::from(sampling.max_tokens).min(room) as u32,
            waiting: prompt.samples.iter().copied().collect(),
            live: 0,
        };
        budget.check(&problem)?;
        self.problems.insert(self.submitted, problem);
        self.submitted += 1;
        Ok(())
    }

    /// The problem of the sample that has waited longest.
    pub(super) fn first(&mut self) -> Option<(u64, &mut Problem)> {
        let mut problems = self.problems.iter_mut();
        let (id, problem) = problems.find(|(_, problem)| !problem.waiting.is_empty())?;
        Some((*id, problem))
    }

    /// The problem of a sample that lives in a row.
    pub(super) fn problem(&self, id: u64) -> &Problem {
        &self.problems[&id]
    }

    /// A sample of this problem has left its row.
    pub(super) fn leave(&mut self, id: u64) {
        if let Some(problem) = self.problems.get_mut(&id) {
            problem.live -= 1;
            self.drop_finished();
        }
    }

    /// Removes waiting samples.
    pub(super) fn forget(&mut self, gone: impl Fn(u64) -> bool) {
        for problem in self.problems.values_mut() {
            problem.waiting.retain(|seed| !gone(seed.id));
        }
        self.drop_finished();
    }

    /// How many samples wait.
    pub(super) fn waiting(&self) -> u64 {
        self.problems
            .values()
            .map(|problem| problem.waiting.len() as u64)
            .sum()
    }

    /// The prompts of the problems that ended since the last call.
    pub(super) fn finished_paths(&mut self) -> Vec<PromptPath> {
        std::mem::take(&mut self.finished)
    }

    fn drop_finished(&mut self) {
        let done = |_: &u64, problem: &mut Problem| problem.live == 0 && problem.waiting.is_empty();
        let gone = self.problems.extract_if(.., done);
        self.finished.extend(gone.filter_map(|(_, problem)| problem.path));
    }
}

fn check(config: &ModelConfig, prompt: &Prompt<'_>) -> Result<()> {
    let refuse = |what, requested: &dyn std::fmt::Display, limit: String| {
        Err(TorchError::Limit {
            what,
            requested: requested.to_string(),
            limit,
        })
    };
    let (count, sampling) = (prompt.tokens.len() as i64, &prompt.sampling);
    if count < 1 || count >= config.max_positions {
        let limit = format!(
            "1 to {}, so that the model's context has room",
            config.max_positions - 1
        );
        return refuse("prompt tokens", &count, limit);
    }
    if let Some(token) = prompt
        .tokens
        .iter()
        .find(|&&token| i64::from(token) >= config.vocab_size)
    {
        return refuse(
            "prompt token",
            token,
            format!("the vocabulary ends at {}", config.vocab_size - 1),
        );
    }
    if !(sampling.temperature.is_finite() && sampling.temperature >= 0.0) {
        return refuse("temperature", &sampling.temperature, "0 (greedy) or more".into());
    }
    if !(sampling.top_p > 0.0 && sampling.top_p <= 1.0) {
        return refuse("top_p", &sampling.top_p, "more than 0, at most 1".into());
    }
    if sampling.max_tokens == 0 {
        return refuse("max_tokens", &0, "1 or more".into());
    }
    Ok(())
}
