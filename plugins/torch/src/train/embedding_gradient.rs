//! The gradient of the embedding table from the input side, which has as many non-zero rows as a step has distinct tokens.

use tch::{Kind, Tensor};

use crate::model::Model;

/// Gradients by scaled embeddings, collected over micro-batches.
#[derive(Default)]
pub struct EmbeddingGradient {
    tokens: Vec<Tensor>,
    gradients: Vec<Tensor>,
}

impl EmbeddingGradient {
    /// Adds the gradient `[rows, hidden]` by the embeddings of `tokens` `[rows]`.
    pub fn add(&mut self, tokens: &Tensor, gradient: Tensor) {
        self.tokens.push(tokens.shallow_clone());
        self.gradients.push(gradient);
    }

    /// The gradient of the table: these rows added to `head`, the gradient of a tied head, or to zeros.
    pub fn finish(self, model: &Model, head: Option<Tensor>) -> Tensor {
        let table = &model.embedding;
        let mut total = head.unwrap_or_else(|| table.zeros_like());
        let (distinct, place, _) = Tensor::cat(&self.tokens, 0).unique_dim(0, true, true, false);
        let gradients = Tensor::cat(&self.gradients, 0).to_kind(Kind::Float);
        let rows = Tensor::embedding_dense_backward(&gradients, &place, distinct.size()[0], -1, false);
        let rows = match model.config.embed_scale {
            Some(scale) => rows * Tensor::from(scale).to_kind(table.kind()).double_value(&[]),
            None => rows,
        };
        let sums = total.index_select(0, &distinct).to_kind(Kind::Float) + rows;
        let _ = total.index_copy_(0, &distinct, &sums.to_kind(total.kind()));
        total
    }
}
