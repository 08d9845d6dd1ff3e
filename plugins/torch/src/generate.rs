//! Sampling: prompts go in, tokens come out step by step, and a sample never notices its neighbours.
//!
//! A [`Stream`] has a fixed number of decode rows. Samples wait in order of submission, take a free row, and leave it
//! when they end, so that the next one moves in. What a sample draws depends on the weights, its prompt, the sampling
//! settings, its seed, the number of rows, the number type, the thread count and the build; not on what the other rows
//! hold, not on its row, not on when it was submitted:
//!
//! - every product of a decode step has exactly `rows` rows, empty ones included, unless [kernels](crate::kernels) compute it,
//!   for which a row is a row whatever their number (then a sample doesn't depend on the number of rows either);
//! - a prompt is computed by itself, in chunks of fixed size (`prompt_tree`);
//! - attention to a prompt happens in tiles of fixed size (`shared_prompts`), to what a sample wrote itself in blocks of
//!   fixed size (`private_cache`), joined through their log-sum-exp in fixed order (`attend`);
//! - the draw for token `t` is a function of the sample's seed and `t` (`philox`).
//!
//! A prompt's last token is not part of its cache: it is the first token that each of its samples decodes.

mod attend;
pub(crate) mod cache_plan;
mod candidates;
pub(crate) mod choose;
mod measure;
pub(crate) mod passes;
mod private_cache;
mod prompt_tree;
mod queue;
mod shared_prompts;

pub use measure::fastest_rows;
use restem_policy_abi::{Cancel, Drawn, Finish, Prompt};
use tch::Tensor;

use self::attend::join;
use self::cache_plan::{CacheBudget, CachePlan, Change};
use self::choose::{Wish, choose, choose_likely};
use self::passes::{Caches, PassRow, Slot, Step};
use self::private_cache::PrivateCache;
use self::prompt_tree::PromptTree;
use self::queue::{Problem, Queue};
use self::shared_prompts::{Reader, SharedStep};
use crate::error::{Result, TorchError};
use crate::kernels::Kernels;
use crate::model::{Model, Ropes};
use crate::philox::uniform;
use crate::transfer::upload;

/// Decode rows when nothing else is asked for: with kernels, which compute no empty rows and gain by reading the weights less often,
/// and without.
const DEFAULT_ROWS: (u32, u32) = (128, 64);
/// Most decode rows.
pub const MOST_ROWS: u32 = 4096;
/// Rotary tables grow in steps of this many positions.
const ROPE_STEP: i64 = 1024;

/// Decode rows of a stream on `model` when nothing else is asked for.
pub fn default_rows(model: &Model) -> u32 {
    let (with_kernels, without) = DEFAULT_ROWS;
    if Kernels::of(model).is_some() {
        with_kernels
    } else {
        without
    }
}

/// A stream of samples from one model.
pub struct Stream {
    model: Model,
    ropes: Ropes,
    rope_positions: i64,
    rows: Vec<Option<Row>>,
    private: PrivateCache,
    queue: Queue,
    prompts: PromptTree,
    budget: CacheBudget,
    plan: CachePlan,
    /// `[rows, vocab]`, overwritten by each step.
    logits: Tensor,
    /// Where the CPU has what they need; else libtorch's operations do the work.
    kernels: Option<Kernels>,
}

/// A sample in a decode row.
struct Row {
    sample: u64,
    seed: u64,
    problem: u64,
    /// Tokens drawn so far.
    drawn: u32,
    /// The token that the next step processes.
    token: i64,
}

impl Stream {
    /// An empty stream with `rows` decode rows. It sees the weights as they are in each step, but adapters as they are now.
    ///
    /// # Errors
    /// [`TorchError::Limit`] when `rows` is not in `1..=4096`.
    pub fn new(model: &Model, rows: u32) -> Result<Self> {
        Self::within(model, rows, u64::MAX)
    }

    /// The same with a bound, in bytes, on the keys and values that are kept. Where it is tight, fewer samples live at a time;
    /// each is what it is without a bound.
    ///
    /// # Errors
    /// As [`Stream::new`].
    pub fn within(model: &Model, rows: u32, budget: u64) -> Result<Self> {
        if !(1..=MOST_ROWS).contains(&rows) {
            return Err(TorchError::Limit {
                what: "rows",
                requested: rows.to_string(),
                limit: format!("1 to {MOST_ROWS}"),
            });
        }
        let _no_grad = tch::no_grad_guard();
        let model = model.frozen();
        Ok(Self {
            ropes: model.ropes(ROPE_STEP),
            rope_positions: ROPE_STEP,
            rows: (0..rows).map(|_| None).collect(),
            private: PrivateCache::new(i64::from(rows)),
            queue: Queue::default(),
            prompts: PromptTree::new(&model, 0),
            budget: CacheBudget::new(&model, rows, budget),
            plan: CachePlan::default(),
            logits: Tensor::empty(
                [i64::from(rows), model.config.vocab_size],
                (model.kind(), model.device()),
            ),
            kernels: Kernels::of(&model),
            model,
        })
    }

    /// The same stream on libtorch's operations alone, as it is on CPUs without kernels: slower there, and
    /// other last digits.
    #[must_use]
    pub fn without_kernels(mut self) -> Self {
        self.kernels = None;
        self
    }

    /// Whether this CPU has what the kernels need, and the model is in bf16. A sample then is the same at any number of rows.
    pub fn has_kernels(&self) -> bool {
        self.kernels.is_some()
    }

    /// Adds a prompt and its samples to the end of the queue.
    ///
    /// # Errors
    /// [`TorchError::Limit`] for an empty prompt, one that leaves no room in the model's context, a token outside the
    /// vocabulary, and sampling settings out of range, [`TorchError::Cache`] when memory is too small for one sample; nothing is
    /// added then.
    pub fn submit(&mut self, prompt: &Prompt<'_>) -> Result<()> {
        self.queue.submit(&self.model.config, &self.budget, prompt)
    }

    /// Draws the next token of every sample that has a row, appending to `drawn`; returns how many samples wait or go on.
    ///
    /// # Errors
    /// [`TorchError::Libtorch`] when an operation fails.
    pub fn step(&mut self, drawn: &mut Vec<Drawn>) -> Result<u64> {
        let _no_grad = tch::no_grad_guard();
        self.admit();
        if self.rows.iter().any(Option::is_some) {
            match self.kernels.take() {
                Some(mut kernels) => {
                    self.run(&mut kernels);
                    self.draw(drawn, Some(&kernels));
                    self.kernels = Some(kernels);
                }
                None => {
                    self.decode();
                    self.draw(drawn, None);
                }
            }
        }
        Ok(self.queue.waiting() + self.rows.iter().flatten().count() as u64)
    }

    /// Forgets samples, waiting or in a row.
    pub fn cancel(&mut self, which: Cancel<'_>) {
        let gone = |sample: u64| match which {
            Cancel::All => true,
            Cancel::Listed(samples) => samples.contains(&sample),
        };
        self.queue.forget(gone);
        for row in &mut self.rows {
            if let Some(left) = row.take_if(|row| gone(row.sample)) {
                self.queue.leave(left.problem);
            }
        }
        self.release_prompts();
    }

    /// Moves waiting samples into free rows, as far as there is memory; computes the prompts of those that are the first of
    /// their problem.
    fn admit(&mut self) {
        while let Some((id, problem)) = self.queue.first() {
            let lives = self.rows.iter().any(Option::is_some);
            if problem.path.is_none() {
                let (own, prompt) = (problem.own_blocks(), problem.prompt_blocks());
                match self.budget.change(self.plan, self.prompts.places(), own, prompt) {
                    Change::None => {}
                    Change::Longer(plan) => {
                        self.plan = plan;
                        self.prompts.limit(self.budget.of_prompts(plan));
                    }
                    Change::Anew(_) if lives => return,
                    Change::Anew(plan) => {
                        self.plan = plan;
                        self.private = PrivateCache::new(plan.slots);
                        self.prompts = PromptTree::new(&self.model, self.budget.of_prompts(plan));
                    }
                }
            }
            let mut free = self.rows[..self.plan.slots as usize].iter_mut();
            let Some(row) = free.find(|row| row.is_none()) else {
                return;
            };
            if problem.path.is_none() {
                if problem.positions() > self.rope_positions {
                    self.rope_positions = (problem.positions() + ROPE_STEP - 1) / ROPE_STEP * ROPE_STEP;
                    self.ropes = self.model.ropes(self.rope_positions);
                }
                self.private.reserve(&self.model, self.plan.own);
                let kernels = self.kernels.as_mut();
                problem.path = self
                    .prompts
                    .acquire(&self.model, &self.ropes, kernels, &problem.prefix);
                if problem.path.is_none() {
                    return; // The prompts in use leave no room; some of their samples live.
                }
            }
            let Some(seed) = problem.next() else { return };
            *row = Some(Row {
                sample: seed.id,
                seed: seed.seed,
                problem: id,
                drawn: 0,
                token: problem.last_token,
            });
        }
    }

    /// One forward pass of the rows with a sample, up to their logits: the first rows of `self.logits`.
    fn run(&self, kernels: &mut Kernels) {
        let steps = (0..).zip(&self.rows).filter_map(|(index, row)| {
            let row = row.as_ref()?;
            Some(Step {
                row: PassRow {
                    token: row.token,
                    position: self.position(row),
                    slot: Slot::Own {
                        row: index,
                        length: row.drawn as usize,
                    },
                },
                path: self.queue.problem(row.problem).path.as_ref(),
            })
        });
        let pass = passes::of_samples(&self.model.config, &self.prompts, steps.collect());
        let caches = Caches {
            prompts: self.prompts.layers(),
            own: self.private.layers(),
        };
        kernels.forward(&self.model, &self.ropes, caches, &pass, true);
        kernels.logits(&self.model, &self.logits);
    }

    /// One forward pass of all rows, up to their logits, by libtorch's operations.
    fn decode(&self) {
        let model = &self.model;
        let of_rows = |value: &dyn Fn(&Row) -> i64| -> Vec<i64> {
            self.rows
                .iter()
                .map(|row| row.as_ref().map_or(0, value))
                .collect()
        };
        let tokens = of_rows(&|row| row.token);
        let lengths = of_rows(&|row| i64::from(row.drawn));
        let positions = of_rows(&|row| self.position(row));
        let angles = self.ropes.at(&upload(&positions, model.device()));
        let private = self.private.plan(model, &lengths[..self.plan.slots as usize]);
        let shared = SharedStep::plan(model, self.rows.len() as i64, &self.prompts, &self.readers());
        let mut x = model.embed(&upload(&tokens, model.device()));
        for (index, layer) in model.layers.iter().enumerate() {
            let projected = layer.project(&x, angles.of(layer.span), &model.config);
            let shared = shared
                .as_ref()
                .map(|shared| shared.attend(model, &self.prompts, index, &projected.q));
            let private = self.private.attend(model, index, &private, &projected);
            let parts: Vec<_> = shared.into_iter().flatten().chain(private).collect();
            x = layer.finish_rows(&x, &join(&parts).flatten(1, 2), &model.config);
        }
        model.logits_into(&model.norm.forward(&x), &self.logits);
    }

    fn position(&self, row: &Row) -> i64 {
        self.queue.problem(row.problem).prefix.len() as i64 + i64::from(row.drawn)
    }

    /// The live rows that have a prompt to read.
    fn readers(&self) -> Vec<Reader<'_>> {
        let window = self.model.config.window;
        let rows = (0..).zip(&self.rows);
        rows.filter_map(|(index, row)| {
            let row = row.as_ref()?;
            let problem = self.queue.problem(row.problem);
            Some(Reader {
                row: index,
                position: self.position(row),
                path: problem.path.as_ref()?,
                outgrows_window: window.is_some_and(|window| problem.positions() > window),
            })
        })
        .collect()
    }

    /// Lets go of the prompts of problems whose last sample has left.
    fn release_prompts(&mut self) {
        for path in self.queue.finished_paths() {
            self.prompts.release(&path);
        }
    }

    /// Chooses a token for every live row and frees the rows that end with it.
    fn draw(&mut self, drawn: &mut Vec<Drawn>, kernels: Option<&Kernels>) {
        let wish = |row: &Row| {
            let Problem {
                temperature,
                top_k,
                top_p,
                ..
            } = *self.queue.problem(row.problem);
            let uniform = uniform(row.seed, u64::from(row.drawn));
            Wish {
                temperature,
                top_k,
                top_p,
                uniform,
            }
        };
        let wishes: Vec<_> = self.rows.iter().map(|row| row.as_ref().map(wish)).collect();
        let choices = match kernels {
            Some(kernels) => choose_likely(kernels, &self.logits, &wishes),
            None => choose(&self.logits, &wishes),
        };
        for (place, choice) in self.rows.iter_mut().zip(choices) {
            let (Some(row), Some(choice)) = (place.as_mut(), choice) else {
                continue;
            };
            row.drawn += 1;
            row.token = choice.token;
            let problem = self.queue.problem(row.problem);
            let finish = if problem.stop_tokens.contains(&choice.token) {
                Some(Finish::StopToken)
            } else {
                (row.drawn >= problem.max_tokens).then_some(Finish::Length)
            };
            let token = choice.token as u32;
            drawn.push(Drawn {
                sample: row.sample,
                token,
                log_prob: choice.log_prob,
                finish,
            });
            if finish.is_some() {
                let left = row.problem;
                *place = None;
                self.queue.leave(left);
            }
        }
        self.release_prompts();
    }
}
