//! Log-probabilities of given continuations.

use restem_policy_abi::Sequence;
use tch::Tensor;

use crate::error::Result;
use crate::model::Model;
use crate::train::batch::{Batch, passes};
use crate::train::body::Body;
use crate::train::head;

/// Log-probability in nats of each sequence's target tokens at temperature 1, in passes of at most
/// `micro_batch_tokens` padded tokens.
///
/// # Errors
/// [`crate::TorchError::Limit`] for sequences that the model can't take.
pub fn log_probs(
    model: &Model,
    sequences: &[Sequence<'_>],
    micro_batch_tokens: u64,
) -> Result<Vec<Vec<f32>>> {
    let mut found: Vec<Vec<f32>> = sequences
        .iter()
        .map(|sequence| Vec::with_capacity(sequence.targets()))
        .collect();
    for pass in passes(sequences, micro_batch_tokens, &model.config)? {
        let chosen: Vec<Sequence<'_>> = pass.iter().map(|&index| sequences[index]).collect();
        let batch = Batch::new(&chosen, model.device());
        let values: Tensor = tch::no_grad(|| {
            let states = Body::new(model, &batch).states(&model.embed(&batch.tokens));
            head::log_probs(model, &states, &batch.targets)
        });
        let mut rest = &Vec::<f32>::try_from(values)?[..];
        for index in pass {
            let (own, others) = rest.split_at(sequences[index].targets());
            found[index].extend_from_slice(own);
            rest = others;
        }
    }
    Ok(found)
}
