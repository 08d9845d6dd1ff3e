//! New adapters: `A` random, `B` zero, so that the model is what it was.

use restem_policy_abi::Lora;
use tch::{Kind, Tensor};

use super::adapter::{Adapter, Scaling};
use super::targets::resolve;
use crate::error::{Result, TorchError};
use crate::model::Model;
use crate::philox::uniform;

/// Gives the projections that `lora` names adapters, as PEFT begins them: `A` uniform within `1 / sqrt(input width)` (Kaiming
/// with `a = sqrt(5)`), drawn from the seed, and `B` zero.
///
/// # Errors
/// [`TorchError::Lora`] for a rank of 0, an alpha that is no number and targets that the model has not.
pub(crate) fn attach(model: &mut Model, lora: &Lora) -> Result<()> {
    let scaling = scaling(lora)?;
    let chosen: Vec<String> = resolve(model, &lora.target_modules)?
        .into_iter()
        .map(str::to_owned)
        .collect();
    let device = model.device();
    let mut number = 0;
    for linear in model.linears_mut() {
        let width = linear.weight.size()[1];
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for (name, rows) in &linear.parts {
            let adapted = chosen.contains(name);
            if adapted {
                a.push(first_a(lora.seed, number, scaling.rank, width).to_device(device));
            }
            b.push(adapted.then(|| Tensor::zeros([*rows, scaling.rank], (Kind::Float, device))));
            number += 1;
        }
        if !a.is_empty() {
            linear.adapter = Some(Adapter::new(linear, scaling, Tensor::cat(&a, 0), b));
        }
    }
    Ok(())
}

/// Size and weight of the adapters that are asked for.
///
/// # Errors
/// [`TorchError::Lora`] for a rank of 0 and an alpha that is no number.
pub(super) fn scaling(lora: &Lora) -> Result<Scaling> {
    if lora.rank == 0 {
        return Err(TorchError::Lora("rank is 0: it must be 1 or more".into()));
    }
    if !lora.alpha.is_finite() {
        return Err(TorchError::Lora(format!("alpha = {} is no number", lora.alpha)));
    }
    Ok(Scaling {
        rank: i64::from(lora.rank),
        alpha: lora.alpha,
        rslora: lora.rslora,
    })
}

/// `A` of the model's projection number `number`, whichever others have adapters.
fn first_a(seed: u64, number: u64, rank: i64, width: i64) -> Tensor {
    let bound = 1.0 / (width as f64).sqrt();
    let draw = |index: u64| ((2.0 * uniform(seed, number << 40 | index) - 1.0) * bound) as f32;
    let values: Vec<f32> = (0..(rank * width).unsigned_abs()).map(draw).collect();
    Tensor::from_slice(&values).view([rank, width])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_values_fill_their_range_and_depend_on_seed_and_place_only() {
        let a = first_a(7, 3, 16, 400);
        assert_eq!(a, first_a(7, 3, 16, 400));
        assert_ne!(a, first_a(7, 4, 16, 400));
        assert_ne!(a, first_a(8, 3, 16, 400));
        assert_eq!(first_a(7, 3, 2, 400), a.narrow(0, 0, 2));
        let (low, high) = (a.min().double_value(&[]), a.max().double_value(&[]));
        assert!(
            (-0.05..-0.049).contains(&low) && (0.049..0.05).contains(&high),
            "{low} {high}"
        );
        assert!(a.mean(Kind::Float).double_value(&[]).abs() < 2e-3);
    }
}
