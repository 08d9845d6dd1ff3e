//! From hidden states to the loss and back, a chunk of the positions at a time.
//!
//! The gradient of cross-entropy is known in closed form, so no graph is recorded: with `p = softmax(logits)` and
//! `d = p - onehot(target)`, the states receive `w d E` and the head matrix `E` receives `d^T (w h)`. Where logits are
//! capped, `l = c tanh(z / c)`, `d` is taken by `z`: it is multiplied by `1 - (l / c)^2`.

use tch::{Kind, Tensor};

use crate::model::Model;
use crate::train::gradient::Accumulator;

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

/// The head's share of a step: sums losses, and collects what the gradient of the head matrix is made of.
pub struct HeadPass<'a> {
    model: &'a Model,
    /// `d`, `[capacity, vocab]` in the compute type; the first `filled` rows are in use.
    logit_gradients: Tensor,
    /// `w h` of the same rows.
    weighted: Vec<Tensor>,
    filled: i64,
    gradient: Accumulator,
    /// Whether the head matrix stays as it is, so that `d` need not outlive its chunk.
    frozen: bool,
}

impl<'a> HeadPass<'a> {
    /// For a step with `targets` target tokens.
    pub fn new(model: &'a Model, targets: i64) -> Self {
        let vocab = model.config.vocab_size;
        let frozen = model.is_adapted();
        let kept = if frozen { CHUNK_LOGITS } else { PENDING_LOGITS };
        let capacity = targets.min(positions(kept, vocab));
        Self {
            model,
            frozen,
            logit_gradients: Tensor::empty([capacity, vocab], (model.kind(), model.device())),
            weighted: Vec::new(),
            filled: 0,
            gradient: Accumulator::default(),
        }
    }

    /// Adds positions: `states` `[n, hidden]`, `targets` `[n]` (i64) and their `weights` `[n]` (f32). Returns
    /// `sum(weight * -log p)` and its gradient by the states.
    pub fn add(&mut self, states: &Tensor, targets: &Tensor, weights: &Tensor) -> (f64, Tensor) {
        let capacity = self.logit_gradients.size()[0];
        let size = positions(CHUNK_LOGITS, self.model.config.vocab_size).min(capacity);
        let [states, targets, weights] = [states, targets, weights].map(|all| all.split(size, 0));
        let (mut loss, mut by_states) = (0.0, Vec::new());
        for ((states, targets), weights) in states.iter().zip(&targets).zip(&weights) {
            let count = targets.size()[0];
            if self.filled + count > capacity {
                self.flush();
            }
            let logits = self.model.logits(states);
            let mut all = logits.log_softmax(-1, Kind::Float);
            let column = targets.unsqueeze(1);
            let picked = all.gather(1, &column, false).squeeze_dim(1);
            loss -= (picked * weights).sum(Kind::Double).double_value(&[]);
            let _ = all.exp_();
            let _ = all.scatter_add_(1, &column, &Tensor::full_like(&column, -1).to_kind(Kind::Float));
            if let Some(cap) = self.model.config.logit_cap {
                let slope = 1.0 - (logits.to_kind(Kind::Float) / cap).square();
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

    /// The gradient of the head matrix `[vocab, hidden]`; none where that stays as it is.
    pub fn finish(mut self) -> Option<Tensor> {
        self.flush();
        self.gradient.take()
    }

    fn matrix(&self) -> &Tensor {
        self.model
            .head
            .as_ref()
            .map_or(&self.model.embedding, |head| &head.weight)
    }

    fn flush(&mut self) {
        if self.filled > 0 && !self.frozen {
            let rows = self.logit_gradients.narrow(0, 0, self.filled);
            let weighted = Tensor::cat(&self.weighted, 0);
            self.gradient.add(rows.tr().matmul(&weighted));
            self.weighted.clear();
        }
        self.filled = 0;
    }
}
