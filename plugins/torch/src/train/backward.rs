//! Backward through the decoder, keeping what every layer computed, or computing each layer again when its turn comes.
//!
//! The second way is gradient checkpointing (Chen et al. 2016): of the forward pass only what enters each layer stays. It costs
//! a second forward pass and gives the same bits: each layer's operations are the same, and a residual stream has two users.

use tch::{Kind, Tensor};

use crate::error::Result;
use crate::model::{Model, Parameter};
use crate::train::body::Body;

/// What stays of a forward pass until the backward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Everything that a gradient needs.
    Everything,
    /// What enters each layer.
    LayerInputs,
}

/// The adapters, or the parameters between embedding and head: what autograd differentiates while this lives.
pub struct Inner {
    /// Of each layer.
    layers: Vec<Vec<Tensor>>,
    /// Of the final norm, unless adapters are trained.
    norm: Vec<Tensor>,
    adapted: bool,
}

/// Gradients of a pass.
pub struct Found {
    /// Of the parameters of [`Inner`], in the order of the model.
    pub each: Vec<Tensor>,
    /// By the embeddings, unless adapters are trained.
    pub by_embedded: Option<Tensor>,
}

impl Inner {
    /// Those of `model`.
    pub fn of(model: &Model) -> Self {
        let adapted = model.is_adapted();
        let begin = |parameters: Vec<Parameter<'_>>| -> Vec<Tensor> {
            let tensors = parameters.into_iter().map(|parameter| parameter.tensor);
            tensors.map(|tensor| tensor.set_requires_grad(true)).collect()
        };
        let layers = model.layers.iter().map(|layer| match adapted {
            true => begin(layer.adapters()),
            false => begin(layer.parameters()),
        });
        let layers = layers.collect();
        let norm = match adapted {
            true => Vec::new(),
            false => vec![model.norm.weight.set_requires_grad(true)],
        };
        Self {
            layers,
            norm,
            adapted,
        }
    }

    /// All of them, in the order of the model.
    pub fn tensors(&self) -> Vec<&Tensor> {
        self.layers.iter().flatten().chain(&self.norm).collect()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        for tensor in self.tensors() {
            let _ = tensor.set_requires_grad(false);
        }
    }
}

/// Runs `body` on `embedded` `[rows, hidden]`, asks `by_states` for the gradient of the loss by the final states (detached),
/// and goes back.
///
/// # Errors
/// When an operation fails.
pub fn backward(
    body: &Body<'_>,
    inner: &Inner,
    embedded: Tensor,
    keep: Keep,
    by_states: impl FnOnce(&Tensor) -> Tensor,
) -> Result<Found> {
    if keep == Keep::Everything {
        let all = inner.tensors();
        let (each, by_embedded) = through(|x| body.states(x), &embedded, !inner.adapted, &all, by_states)?;
        return Ok(Found { each, by_embedded });
    }
    let mut inputs = vec![embedded];
    tch::no_grad(|| {
        for index in 0..inner.layers.len() {
            inputs.push(body.layer(index, &inputs[index]));
        }
    });
    let mut next = || inputs.pop().expect("one more than layers");
    let norm: Vec<&Tensor> = inner.norm.iter().collect();
    let (of_norm, mut gradient) = through(|x| body.norm(x), &next(), true, &norm, by_states)?;
    let mut layers = Vec::new();
    for (index, parameters) in inner.layers.iter().enumerate().rev() {
        let parameters: Vec<&Tensor> = parameters.iter().collect();
        let wanted = index > 0 || !inner.adapted;
        let by_output = gradient.expect("every layer but the first has a gradient by its input");
        let (each, by_input) = through(
            |x| body.layer(index, x),
            &next(),
            wanted,
            &parameters,
            |_| by_output,
        )?;
        layers.push(each);
        gradient = by_input;
    }
    Ok(Found {
        each: layers.into_iter().rev().flatten().chain(of_norm).collect(),
        by_embedded: gradient,
    })
}

/// Gradients by `parameters`, and by `x` if it is `wanted`, of a function's output of which `by_output` tells the gradient.
fn through(
    function: impl FnOnce(&Tensor) -> Tensor,
    x: &Tensor,
    wanted: bool,
    parameters: &[&Tensor],
    by_output: impl FnOnce(&Tensor) -> Tensor,
) -> Result<(Vec<Tensor>, Option<Tensor>)> {
    let x = x.set_requires_grad(wanted);
    let y = function(&x);
    let by_output = tch::no_grad(|| by_output(&y.detach()));
    let inputs: Vec<&Tensor> = parameters.iter().copied().chain(wanted.then_some(&x)).collect();
    if inputs.is_empty() {
        return Ok((Vec::new(), None));
    }
    // The gradient of this sum by `y` is `by_output`: tch has no other way to start from one.
    let start = (&y * &by_output).sum(Kind::Float);
    let mut found = Tensor::f_run_backward(&[start], &inputs, false, false)?;
    let by_x = if wanted { found.pop() } else { None };
    Ok((found, by_x))
}
