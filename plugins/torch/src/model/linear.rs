//! A linear layer that may hold several of the checkpoint's projections, stacked so that one product computes them.

use tch::{Kind, Tensor};

use crate::lora::Adapter;
use crate::model::Parameter;

/// `y = x W^T + b` with `W` of shape `[sum of the parts' rows, input width]`.
pub struct Linear {
    /// Hugging Face name (without `.weight`) and number of rows of each stacked projection.
    pub parts: Vec<(String, i64)>,
    /// The stacked weights.
    pub weight: Tensor,
    /// The stacked biases.
    pub bias: Option<Tensor>,
    /// What is added to the weights, while that is trained.
    pub adapter: Option<Adapter>,
}

impl Linear {
    /// Applies the layer to the last dimension of `x`.
    pub fn forward(&self, x: &Tensor) -> Tensor {
        let y = x.linear(&self.weight, self.bias.as_ref());
        match &self.adapter {
            Some(adapter) => y + adapter.forward(x),
            None => y,
        }
    }

    /// Weights and biases, in the checkpoint one tensor per part.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = Parameter<'_>> {
        let named = |suffix: &str| {
            let parts = self.parts.iter();
            parts
                .map(|(name, rows)| (format!("{name}.{suffix}"), *rows))
                .collect()
        };
        let weight = Parameter {
            tensor: &self.weight,
            parts: named("weight"),
        };
        let bias = self.bias.as_ref().map(|tensor| Parameter {
            tensor,
            parts: named("bias"),
        });
        std::iter::once(weight).chain(bias)
    }

    pub(crate) fn share(&self) -> Self {
        Self {
            parts: self.parts.clone(),
            weight: self.weight.shallow_clone(),
            bias: self.bias.as_ref().map(Tensor::shallow_clone),
            adapter: self.adapter.as_ref().map(Adapter::share),
        }
    }

    /// The same function without an adapter: what that adds is part of new weights, summed in f32 and rounded once.
    pub(crate) fn merged(&self) -> Self {
        let Some(adapter) = &self.adapter else {
            return self.share();
        };
        let sum = self.weight.to_kind(Kind::Float) + adapter.delta();
        Self {
            weight: sum.to_kind(self.weight.kind()),
            adapter: None,
            ..self.share()
        }
    }
}
