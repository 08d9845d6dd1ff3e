//! A linear layer that may hold several of the checkpoint's projections, stacked so that one product computes them.

use tch::Tensor;

/// `y = x W^T + b` with `W` of shape `[sum of the parts' rows, input width]`.
pub struct Linear {
    /// Hugging Face name (without `.weight`) and number of rows of each stacked projection.
    pub parts: Vec<(String, i64)>,
    /// The stacked weights.
    pub weight: Tensor,
    /// The stacked biases.
    pub bias: Option<Tensor>,
}

impl Linear {
    /// Applies the layer to the last dimension of `x`.
    pub fn forward(&self, x: &Tensor) -> Tensor {
        x.linear(&self.weight, self.bias.as_ref())
    }

    pub(crate) fn share(&self) -> Self {
        Self {
            parts: self.parts.clone(),
            weight: self.weight.shallow_clone(),
            bias: self.bias.as_ref().map(Tensor::shallow_clone),
        }
    }
}
