//! AdamW (Loshchilov and Hutter 2019): f32 moments and master weights, one pass over memory per step.

use restem_policy_abi::TrainingOptions;
use tch::{Device, Kind, Tensor};

use crate::train::gradient::threads_for;
use crate::train::slices::{Numbers, NumbersMut, narrow, numbers, numbers_mut, widen};

/// Numbers that are updated while they are in the first-level cache.
const BLOCK: usize = 1024;

/// The optimizer's share of one parameter.
pub struct Slot {
    /// Decaying mean of the gradient, f32.
    pub first: Tensor,
    /// Decaying mean of its square, f32.
    pub second: Tensor,
    /// The weights in f32, unless they are computed with in f32.
    pub master: Option<Tensor>,
}

impl Slot {
    /// For a parameter that has not been trained yet.
    pub fn new(weight: &Tensor) -> Self {
        let zeros = || Tensor::zeros(weight.size(), (Kind::Float, weight.device()));
        Self {
            first: zeros(),
            second: zeros(),
            master: (weight.kind() != Kind::Float).then(|| weight.detach().to_kind(Kind::Float)),
        }
    }

    /// A handle on the f32 weights of the parameter `weight`.
    pub fn wide(&self, weight: &Tensor) -> Tensor {
        self.master.as_ref().unwrap_or(weight).detach()
    }
}

/// The numbers of one step.
#[derive(Clone, Copy)]
pub struct Update {
    gradient_scale: f32,
    beta1: f32,
    beta2: f32,
    step_size: f32,
    root_scale: f32,
    epsilon: f32,
    keep: f32,
}

impl Update {
    /// The `step`-th step (from 1) with gradients multiplied by `gradient_scale`.
    pub fn new(options: &TrainingOptions, step: u64, learning_rate: f64, gradient_scale: f64) -> Self {
        let corrected = |beta: f64| 1.0 - beta.powf(step as f64);
        Self {
            gradient_scale: gradient_scale as f32,
            beta1: options.beta1 as f32,
            beta2: options.beta2 as f32,
            step_size: (learning_rate / corrected(options.beta1)) as f32,
            root_scale: corrected(options.beta2).sqrt().recip() as f32,
            epsilon: options.epsilon as f32,
            keep: (1.0 - learning_rate * options.weight_decay) as f32,
        }
    }

    /// Updates `weight` in place. Norm weights and biases, which have one dimension, are not decayed (transformers'
    /// trainer doesn't either).
    pub fn apply(mut self, slot: &mut Slot, weight: &Tensor, gradient: &Tensor) {
        if weight.dim() < 2 {
            self.keep = 1.0;
        }
        if weight.device() == Device::Cpu {
            self.apply_slices(slot, weight, &gradient.contiguous());
        } else {
            tch::no_grad(|| self.apply_tensors(slot, weight, gradient));
        }
    }

    fn apply_slices(&self, slot: &mut Slot, weight: &Tensor, gradient: &Tensor) {
        let mut weight = weight.detach();
        let gradient = numbers(gradient);
        let (NumbersMut::Float(first), NumbersMut::Float(second)) =
            (numbers_mut(&mut slot.first), numbers_mut(&mut slot.second))
        else {
            unreachable!("moments are f32");
        };
        let (wide, narrowed) = match (&mut slot.master, numbers_mut(&mut weight)) {
            (None, NumbersMut::Float(wide)) => (wide, None),
            (Some(master), NumbersMut::BFloat16(bits)) => match numbers_mut(master) {
                NumbersMut::Float(wide) => (wide, Some(bits)),
                NumbersMut::BFloat16(_) => unreachable!("masters are f32"),
            },
            _ => unreachable!("f32 weights are their own masters, others have one"),
        };
        let share = wide.len().div_ceil(threads_for(wide.len())).max(1);
        let mut narrowed = narrowed.map(|bits| bits.chunks_mut(share));
        let shares = wide
            .chunks_mut(share)
            .zip(first.chunks_mut(share))
            .zip(second.chunks_mut(share));
        std::thread::scope(|scope| {
            for (index, ((wide, first), second)) in shares.enumerate() {
                let narrowed = narrowed.as_mut().and_then(Iterator::next);
                let range = index * share..index * share + wide.len();
                let gradient = match gradient {
                    Numbers::Float(all) => Numbers::Float(&all[range]),
                    Numbers::BFloat16(all) => Numbers::BFloat16(&all[range]),
                };
                scope.spawn(move || match gradient {
                    Numbers::Float(gradient) => self.run(gradient, |g| g, first, second, wide, narrowed),
                    Numbers::BFloat16(gradient) => self.run(gradient, widen, first, second, wide, narrowed),
                });
            }
        });
    }

    fn run<T: Copy>(
        &self,
        gradient: &[T],
        read: impl Fn(T) -> f32 + Copy,
        first: &mut [f32],
        second: &mut [f32],
        wide: &mut [f32],
        mut narrowed: Option<&mut [u16]>,
    ) {
        let moments = first.chunks_mut(BLOCK).zip(second.chunks_mut(BLOCK));
        let blocks = gradient.chunks(BLOCK).zip(wide.chunks_mut(BLOCK)).zip(moments);
        for (index, ((gradient, wide), (first, second))) in blocks.enumerate() {
            self.block(gradient, read, first, second, wide);
            if let Some(all) = narrowed.as_deref_mut() {
                for (bits, &value) in all[index * BLOCK..].iter_mut().zip(&*wide) {
                    *bits = narrow(value);
                }
            }
        }
    }

    fn block<T: Copy>(
        &self,
        gradient: &[T],
        read: impl Fn(T) -> f32,
        first: &mut [f32],
        second: &mut [f32],
        wide: &mut [f32],
    ) {
        let (rest1, rest2) = (1.0 - self.beta1, 1.0 - self.beta2);
        let moments = first.iter_mut().zip(second);
        for ((&gradient, weight), (first, second)) in gradient.iter().zip(wide).zip(moments) {
            let gradient = read(gradient) * self.gradient_scale;
            *first = self.beta1 * *first + rest1 * gradient;
            *second = self.beta2 * *second + rest2 * gradient * gradient;
            let root = second.sqrt() * self.root_scale + self.epsilon;
            *weight = self.keep * *weight - self.step_size * *first / root;
        }
    }

    /// The same update in libtorch's operations, for other devices.
    fn apply_tensors(&self, slot: &mut Slot, weight: &Tensor, gradient: &Tensor) {
        let wide = |value: f32| f64::from(value);
        let gradient = gradient.to_kind(Kind::Float) * wide(self.gradient_scale);
        let mut master = slot.wide(weight);
        let _ = slot.first.g_mul_scalar_(wide(self.beta1));
        let _ = slot.first.g_add_(&(&gradient * wide(1.0 - self.beta1)));
        let _ = slot.second.g_mul_scalar_(wide(self.beta2));
        let _ = slot.second.g_add_(&(gradient.square() * wide(1.0 - self.beta2)));
        let root = slot.second.sqrt() * wide(self.root_scale) + wide(self.epsilon);
        let _ = master.g_mul_scalar_(wide(self.keep));
        let _ = master.g_sub_(&(&slot.first * wide(self.step_size) / root));
        if slot.master.is_some() {
            weight.detach().copy_(&master);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: TrainingOptions = TrainingOptions {
        beta1: 0.9,
        beta2: 0.99,
        epsilon: 1e-8,
        weight_decay: 0.1,
        max_grad_norm: 0.0,
    };

    fn parameter(kind: Kind) -> Tensor {
        let numbers = Tensor::arange(3 * 50_000, (Kind::Float, Device::Cpu)).sin();
        numbers.view([3, 50_000]).to_kind(kind)
    }

    #[test]
    fn the_fused_loop_is_the_update_in_tensor_operations() {
        for kind in [Kind::Float, Kind::BFloat16] {
            let (fused, plain) = (parameter(kind), parameter(kind));
            let (mut fused_slot, mut plain_slot) = (Slot::new(&fused), Slot::new(&plain));
            for step in 1..4 {
                let gradient = (parameter(Kind::Float) * step as f64).cos().to_kind(kind);
                let update = Update::new(&OPTIONS, step, 1e-2, 0.5);
                update.apply_slices(&mut fused_slot, &fused, &gradient);
                update.apply_tensors(&mut plain_slot, &plain, &gradient);
            }
            let error = (fused_slot.wide(&fused) - plain_slot.wide(&plain)).abs().max();
            assert!(error.double_value(&[]) < 1e-6, "{kind:?}: {error:?}");
            assert_eq!(fused_slot.wide(&fused).to_kind(kind), fused);
        }
    }

    #[test]
    fn the_first_step_moves_by_the_learning_rate_and_decay_spares_vectors() {
        let move_of = |shape: &[i64]| {
            let weight = Tensor::ones(shape, (Kind::Float, Device::Cpu));
            let update = Update::new(&OPTIONS, 1, 0.01, 1.0);
            update.apply(&mut Slot::new(&weight), &weight, &weight.full_like(3.0));
            weight.flatten(0, -1).double_value(&[0])
        };
        assert!((move_of(&[4]) - 0.99).abs() < 1e-6);
        assert!((move_of(&[2, 2]) - 0.989).abs() < 1e-6);
    }
}
