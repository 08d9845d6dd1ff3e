//! From hidden states to the loss and back, a chunk of the positions at a time.
//!
//! The gradient of cross-entropy is known in closed form, so no graph is recorded: with `p = softmax(logits)` and
//! `d = p - onehot(target)`, the states receive `w d E` and the head matrix `E` receives `d^T (w h)`. Where logits are
//! capped, `l = c tanh(z / c)`, `d` is taken by `z`: it is multiplied by `1 - (l / c)^2`.

use std::collections::HashMap;

use tch::{Device, Kind, Tensor};

use crate::model::Model;
use crate::train::gradient::add_to;

/// Logits that exist at once, as numbers: 128 positions of a 262,144-token vocabulary.
const CHUNK_LOGITS: i64 = 1 << 25;

/// Logit gradients that are kept until the head's gradient is worth a product over the whole vocabulary, as numbers.
const PENDING_LOGITS: i64 = 1 << 28;

/// Positions of one chunk, or of the pending ones.
fn positions(logits: i64, vocab: i64) -> i64 {
    (logits / vocab).max(1)
}

/// Log-probabilities, f32 `[positions]`, of `targets` given `states`.
pub fn log_probs(model: &Model, states: &Tensor, targets: &Tensor) -> Tensor {
    let size = positions(CHUNK_LOGITS, model.config.vocab_size);
    let chunks = states.split(size, 0).into_iter().zip(targets.split(size, 0));
    let picked: Vec<Tensor> = chunks
        .map(|(states, targets)| {
            let all = model.logits(&states).log_softmax(-1, Kind::Float);
            all.gather(1, &targets.unsqueeze(1), false).squeeze_dim(1)
        })
        .collect();
    Tensor::cat(&picked, 0)
}

/// The large tensors of [`HeadPass`], kept from step to step: to take a gigabyte from the kernel anew and have it cleared page by
/// page takes longer than to fill it.
#[derive(Default)]
pub struct HeadMemory(HashMap<&'static str, Tensor>);

impl HeadMemory {
    /// The first `rows` rows of the tensor of that name, uninitialised where it is new.
    fn rows(&mut self, name: &'static str, rows: i64, columns: i64, kind: Kind, device: Device) -> Tensor {
        let kept = self
            .0
            .get(name)
            .filter(|kept| kept.size()[0] >= rows && kept.size()[1] == columns);
        if let Some(kept) = kept {
            return kept.narrow(0, 0, rows);
        }
        self.0.remove(name);
        let new = Tensor::empty([rows, columns], (kind, device));
        self.0.insert(name, new.shallow_clone());
        new
    }
}

/// The head's share of a step: sums losses, and collects what the gradient of the head matrix is made of.
pub struct HeadPass<'a> {
    model: &'a Model,
    memory: &'a mut HeadMemory,
    /// `d`, `[capacity, vocab]` in the compute type; the first `filled` rows are in use.
    logit_gradients: Tensor,
    /// `w h` of the same rows.
    weighted: Vec<Tensor>,
    filled: i64,
    /// Parts of the head matrix's gradient so far. One is kept as it came, more are summed in f32, as in
    /// [`crate::train::gradient::Accumulator`].
    parts: u32,
    /// Whether the head matrix stays as it is, so that `d` need not outlive its chunk.
    frozen: bool,
}

impl<'a> HeadPass<'a> {
    /// For a step with `targets` target tokens.
    pub fn new(model: &'a Model, targets: i64, memory: &'a mut HeadMemory) -> Self {
        let vocab = model.config.vocab_size;
        let frozen = model.is_adapted();
        let kept = if frozen { CHUNK_LOGITS } else { PENDING_LOGITS };
        let capacity = targets.min(positions(kept, vocab));
        Self {
            model,
            frozen,
            logit_gradients: memory.rows("logit gradients", capacity, vocab, model.kind(), model.device()),
            memory,
            weighted: Vec::new(),
            filled: 0,
            parts: 0,
        }
    }

    /// Adds positions: `states` `[n, hidden]`, `targets` `[n]` (i64) and their `weights` `[n]` (f32). Returns
    /// `sum(weight * -log p)` and its gradient by the states.
    pub fn add(&mut self, states: &Tensor, targets: &Tensor, weights: &Tensor) -> (f64, Tensor) {
        let (vocab, kind, device) = (
            self.model.config.vocab_size,
            self.model.kind(),
            self.model.device(),
        );
        let capacity = self.logit_gradients.size()[0];
        let size = positions(CHUNK_LOGITS, vocab).min(capacity);
        let [states, targets, weights] = [states, targets, weights].map(|all| all.split(size, 0));
        let (mut loss, mut by_states) = (0.0, Vec::new());
        for ((states, targets), weights) in states.iter().zip(&targets).zip(&weights) {
            let count = targets.size()[0];
            if self.filled + count > capacity {
                self.flush();
            }
            let logits = self.memory.rows("logits", count, vocab, kind, device);
            self.model.logits_into(states, &logits);
            let mut wide = self.memory.rows("wide logits", count, vocab, Kind::Float, device);
            wide.copy_(&logits);
            let all = self
                .memory
                .rows("log-probabilities", count, vocab, Kind::Float, device);
            let mut all = wide.internal_log_softmax_out(&all, -1, false);
            let column = targets.unsqueeze(1);
            let picked = all.gather(1, &column, false).squeeze_dim(1);
            loss -= (picked * weights).sum(Kind::Double).double_value(&[]);
            let _ = all.exp_();
            let _ = all.scatter_add_(1, &column, &Tensor::full_like(&column, -1).to_kind(Kind::Float));
            if let Some(cap) = self.model.config.logit_cap {
                let slope = 1.0 - (wide / cap).square();
                let _ = all.g_mul_(&slope);
            }
            let mut rows = self.logit_gradients.narrow(0, self.filled, count);
            rows.copy_(&all);
            self.filled += count;
            let weights = weights.unsqueeze(1);
            if !self.frozen {
                self.weighted.push((states * &weights).to_kind(states.kind()));
            }
            by_states.push((rows.matmul(self.matrix()) * weights).to_kind(states.kind()));
        }
        (loss, Tensor::cat(&by_states, 0))
    }

    /// The gradient of the head matrix `[vocab, hidden]`, until the next step; none where that stays as it is.
    pub fn finish(mut self) -> Option<Tensor> {
        self.flush();
        let name = match self.parts {
            0 => return None,
            1 => "gradient",
            _ => "wide gradient",
        };
        Some(self.memory.0[name].shallow_clone())
    }

    fn matrix(&self) -> &Tensor {
        self.model
            .head
            .as_ref()
            .map_or(&self.model.embedding, |head| &head.weight)
    }

    fn flush(&mut self) {
        if self.filled > 0 && !self.frozen {
            let (vocab, hidden) = (self.model.config.vocab_size, self.model.config.hidden_size);
            let (kind, device) = (self.model.kind(), self.model.device());
            let rows = self.logit_gradients.narrow(0, 0, self.filled);
            let weighted = Tensor::cat(&self.weighted, 0);
            let wide =
                |memory: &mut HeadMemory| memory.rows("wide gradient", vocab, hidden, Kind::Float, device);
            if self.parts == 1 {
                // The first part leaves its memory to the second.
                wide(self.memory).copy_(&self.memory.rows("gradient", vocab, hidden, kind, device));
            }
            let part = self.memory.rows("gradient", vocab, hidden, kind, device);
            let part = rows.tr().mm_out(&part, &weighted);
            if self.parts > 0 {
                add_to(&mut wide(self.memory), &part);
            }
            self.parts += 1;
            self.weighted.clear();
        }
        self.filled = 0;
    }
}
