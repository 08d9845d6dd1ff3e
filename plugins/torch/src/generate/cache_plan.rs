//! How much of the cache goes to prompts and how much to what samples write, within a budget.
//!
//! Both are kept in blocks of 64 tokens of all layers. Where memory is short, fewer samples live at a time: the rows beyond the
//! first [`CachePlan::slots`] stay empty. A decode step has as many rows as ever, so no sample changes by that.

use super::private_cache::BLOCK;
use super::prompt_tree::CHUNK;
use super::queue::Problem;
use crate::budget::gib;
use crate::config::ModelConfig;
use crate::error::{Result, TorchError};
use crate::model::Model;

const _: () = assert!(
    BLOCK == CHUNK,
    "prompts and samples are counted in the same blocks"
);

/// What may be kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct CacheBudget {
    rows: i64,
    /// Blocks in all.
    total: i64,
    block_bytes: i64,
}

/// A division of the budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CachePlan {
    /// Samples that may live at a time.
    pub(super) slots: i64,
    /// Blocks of each of them.
    pub(super) own: i64,
    /// Blocks of the longest prompt.
    prompt: i64,
}

/// What becomes of a plan when a problem comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The problem fits.
    None,
    /// It fits with longer rows, and what is there stays.
    Longer(CachePlan),
    /// It fits into a cache that is divided anew, when no sample lives.
    Anew(CachePlan),
}

impl CacheBudget {
    /// For `bytes` bytes and this many decode rows.
    pub(super) fn new(model: &Model, rows: u32, bytes: u64) -> Self {
        let block_bytes = token_bytes(&model.config, model.kind().elt_size_in_bytes()) as i64 * BLOCK;
        Self {
            rows: i64::from(rows),
            total: i64::try_from(bytes).unwrap_or(i64::MAX) / block_bytes,
            block_bytes,
        }
    }

    /// Whether there are so many blocks.
    pub(super) fn has_room(&self, blocks: i64) -> bool {
        blocks <= self.total
    }

    /// Checks that a sample of `problem` fits.
    ///
    /// # Errors
    /// [`TorchError::Cache`] when it needs more than there is.
    pub(super) fn check(&self, problem: &Problem) -> Result<()> {
        let blocks = problem.own_blocks() + problem.prompt_blocks();
        if blocks <= self.total {
            return Ok(());
        }
        let bytes = |blocks: i64| gib((blocks * self.block_bytes).unsigned_abs());
        Err(TorchError::Cache {
            prompt: problem.prefix.len() + 1,
            new: problem.max_tokens,
            needed: bytes(blocks),
            budget: bytes(self.total),
        })
    }

    /// The division of the budget in which a problem of so many blocks, a sample's `own` and those of its `prompt`, has its
    /// place, too; the cache has `held` blocks of prompts.
    pub(super) fn change(&self, plan: CachePlan, held: usize, own: i64, prompt: i64) -> Change {
        if plan.slots > 0 && own <= plan.own && prompt <= plan.prompt {
            return Change::None;
        }
        let together = self.divide(own.max(plan.own), prompt.max(plan.prompt));
        if plan.slots > 0 && together.slots == plan.slots && held <= self.of_prompts(together) {
            Change::Longer(together)
        } else {
            Change::Anew(self.divide(own, prompt))
        }
    }

    /// Blocks that are left for prompts.
    pub(super) fn of_prompts(&self, plan: CachePlan) -> usize {
        usize::try_from(self.total - plan.slots * plan.own).unwrap_or(0)
    }

    /// As many samples as fit with a prompt of this length, and a block for what is different in the prompt of each other one.
    /// More prompts that have nothing in common wait for one another.
    fn divide(&self, own: i64, prompt: i64) -> CachePlan {
        CachePlan {
            slots: ((self.total - prompt + 1) / (own + 1)).clamp(0, self.rows),
            own,
            prompt,
        }
    }
}

/// Bytes of the keys and values of a token.
pub(crate) fn token_bytes(config: &ModelConfig, number: usize) -> u64 {
    let numbers = 2 * config.layers.len() as i64 * config.kv_heads * config.head_dim;
    numbers.unsigned_abs() * number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_grow_only_where_the_prompts_that_are_kept_leave_room() {
        let budget = CacheBudget {
            rows: 2,
            total: 100,
            block_bytes: 1,
        };
        let plan = budget.divide(1, 19);
        assert_eq!(plan.slots, 2);
        assert_eq!(budget.change(plan, 38, 1, 19), Change::None);
        // Two rows of 40 blocks leave 20.
        let longer = budget.divide(40, 19);
        assert_eq!(budget.change(plan, 20, 40, 1), Change::Longer(longer));
        assert_eq!(budget.change(plan, 21, 40, 1), Change::Anew(budget.divide(40, 1)));
    }
}
