//! Sums of gradients over micro-batches, and their norm.

use tch::{Device, Kind, Tensor};

use crate::train::slices::{Numbers, NumbersMut, numbers, numbers_mut};

/// Numbers that are summed in f32 before they go into an f64: the result depends on nothing but the data.
const BLOCK: usize = 4096;

/// A sum of tensors: one is kept as it came, more are summed in f32.
#[derive(Default)]
pub struct Accumulator {
    sum: Option<Tensor>,
}

impl Accumulator {
    /// Adds one.
    pub fn add(&mut self, gradient: Tensor) {
        self.sum = Some(match self.sum.take() {
            None => gradient,
            Some(sum) => {
                let mut wide = sum.to_kind(Kind::Float);
                add_to(&mut wide, &gradient);
                wide
            }
        });
    }

    /// The sum of everything added since the last call.
    pub fn take(&mut self) -> Option<Tensor> {
        self.sum.take()
    }
}

/// `sum += part`, where `sum` is f32. libtorch would make an f32 copy of a bf16 `part` first.
pub fn add_to(sum: &mut Tensor, part: &Tensor) {
    let in_slices = part.kind() == Kind::BFloat16 && part.device() == Device::Cpu;
    if !(in_slices && part.is_contiguous() && sum.is_contiguous()) {
        let _ = sum.g_add_(part);
        return;
    }
    let (NumbersMut::Float(sum), Numbers::BFloat16(part)) = (numbers_mut(sum), numbers(part)) else {
        unreachable!("sums are f32, and the part was looked at");
    };
    let share = sum.len().div_ceil(threads_for(sum.len())).max(1);
    std::thread::scope(|scope| {
        for (sum, part) in sum.chunks_mut(share).zip(part.chunks(share)) {
            scope.spawn(move || {
                for (sum, part) in sum.iter_mut().zip(part) {
                    *sum += super::slices::widen(*part);
                }
            });
        }
    });
}

/// Sum of the squares of all numbers of a contiguous f32 or bf16 tensor.
pub fn sum_of_squares(gradient: &Tensor) -> f64 {
    if gradient.device() != Device::Cpu {
        return gradient
            .to_kind(Kind::Float)
            .square()
            .sum(Kind::Double)
            .double_value(&[]);
    }
    match numbers(gradient) {
        Numbers::Float(values) => squares(values, |value| value),
        Numbers::BFloat16(values) => squares(values, super::slices::widen),
    }
}

/// Each thread takes every n-th block; the blocks' sums are added in order, whatever the number of threads.
fn squares<T: Copy + Sync>(values: &[T], widen: impl Fn(T) -> f32 + Copy + Send) -> f64 {
    let threads = threads_for(values.len());
    let blocks: Vec<&[T]> = values.chunks(BLOCK).collect();
    let mut sums = vec![0.0f64; blocks.len()];
    let share = blocks.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        for (blocks, sums) in blocks.chunks(share).zip(sums.chunks_mut(share)) {
            scope.spawn(move || {
                for (block, sum) in blocks.iter().zip(sums) {
                    *sum = block_squares(block, widen);
                }
            });
        }
    });
    sums.iter().sum()
}

fn block_squares<T: Copy>(block: &[T], widen: impl Fn(T) -> f32) -> f64 {
    let mut lanes = [0.0f32; 16];
    let whole = block.chunks_exact(lanes.len());
    let rest = whole.remainder();
    for chunk in whole {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            let value = widen(value);
            *lane += value * value;
        }
    }
    let rest = rest.iter().map(|&value| f64::from(widen(value)).powi(2));
    lanes.iter().map(|&lane| f64::from(lane)).sum::<f64>() + rest.sum::<f64>()
}

/// Threads worth starting for `numbers` numbers: those that libtorch uses, or one for little work.
pub fn threads_for(numbers: usize) -> usize {
    if numbers < 16 * BLOCK {
        1
    } else {
        tch::get_num_threads().max(1) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_squares_does_not_depend_on_the_type_that_holds_the_numbers() {
        let values = Tensor::arange(100_003, (Kind::Float, Device::Cpu)).remainder(64.0);
        let expected = values.square().sum(Kind::Double).double_value(&[]);
        assert_eq!(sum_of_squares(&values), expected);
        assert_eq!(sum_of_squares(&values.to_kind(Kind::BFloat16)), expected);
    }

    #[test]
    fn adding_bf16_numbers_to_a_sum_is_what_libtorch_does() {
        tch::manual_seed(7);
        let mut sum = Tensor::randn([300, 301], (Kind::Float, Device::Cpu));
        let part = Tensor::randn([300, 301], (Kind::BFloat16, Device::Cpu));
        let expected = &sum + &part;
        add_to(&mut sum, &part);
        assert_eq!(sum, expected);
    }

    #[test]
    fn sums_over_micro_batches_are_kept_in_f32() {
        let mut sum = Accumulator::default();
        let part = |value: f64| Tensor::full([1], value, (Kind::BFloat16, Device::Cpu));
        sum.add(part(256.0));
        sum.add(part(1.0));
        assert_eq!(sum.take().unwrap().double_value(&[0]), 257.0);
        assert!(sum.take().is_none());
    }
}
