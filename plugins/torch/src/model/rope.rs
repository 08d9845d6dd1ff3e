//! Rotary position embedding: precomputed angles, and the rotation of queries and keys by them.

use tch::{Device, Kind, Tensor};

use crate::config::{Rope, RopeScaling};

/// Cosines and sines of every position up to a capacity: two tensors `[positions, rotated]`, where `rotated` is how many
/// of a head's numbers are rotated.
///
/// Computed in f32 and then rounded to the compute type, as transformers does.
pub struct RopeTable {
    cos: Tensor,
    sin: Tensor,
}

/// Angles of a batch of positions, shaped to broadcast over heads.
pub struct Angles {
    cos: Tensor,
    sin: Tensor,
}

impl RopeTable {
    /// The table for `positions` positions and heads of width `head_dim`.
    pub fn new(rope: &Rope, head_dim: i64, positions: i64, kind: Kind, device: Device) -> Self {
        let frequencies = Tensor::from_slice(&inverse_frequencies(rope, rope.rotated(head_dim)));
        let steps = Tensor::arange(positions, (Kind::Float, Device::Cpu));
        let half = steps.outer(&frequencies);
        let angles = Tensor::cat(&[&half, &half], -1);
        let place = |table: Tensor| {
            let table = match rope.scaling {
                RopeScaling::Long { magnitude, .. } => table * magnitude,
                _ => table,
            };
            table.to_kind(kind).to_device(device)
        };
        Self {
            cos: place(angles.cos()),
            sin: place(angles.sin()),
        }
    }

    /// Angles at `positions` (`i64`, any shape `[…]`), as `[…, 1, rotated]`.
    pub fn at(&self, positions: &Tensor) -> Angles {
        let pick = |table: &Tensor| {
            let mut shape = positions.size();
            shape.extend([1, table.size()[1]]);
            table.index_select(0, &positions.flatten(0, -1)).view(&shape[..])
        };
        Angles {
            cos: pick(&self.cos),
            sin: pick(&self.sin),
        }
    }

    /// Cosines and sines of every position, `[positions, rotated]` each.
    pub(crate) fn tables(&self) -> (&Tensor, &Tensor) {
        (&self.cos, &self.sin)
    }
}

impl Angles {
    /// Rotates `x` of shape `[…, heads, head_dim]`.
    pub fn rotate(&self, x: &Tensor) -> Tensor {
        let [rotated, width] = [&self.cos, x].map(|tensor| tensor.size().last().copied().unwrap_or(0));
        if rotated == width {
            return self.rotate_whole(x);
        }
        let parts = x.split_with_sizes([rotated, width - rotated], -1);
        Tensor::cat(&[&self.rotate_whole(&parts[0]), &parts[1]], -1)
    }

    fn rotate_whole(&self, x: &Tensor) -> Tensor {
        let halves = x.chunk(2, -1);
        let turned = Tensor::cat(&[&halves[1].neg(), &halves[0]], -1);
        x * &self.cos + turned * &self.sin
    }
}

/// Radians per position of each of the `rotated / 2` planes, after scaling.
///
/// The powers come from libtorch in f32, as transformers computes them: an ulp here is visible at position 10,000.
fn inverse_frequencies(rope: &Rope, rotated: i64) -> Vec<f32> {
    let exponents = Tensor::arange_start_step(0, rotated, 2, (Kind::Float, Device::Cpu)) / rotated as f64;
    let mut wavelengths = Tensor::pow_scalar(rope.theta, &exponents);
    if let RopeScaling::Long { factors, .. } = &rope.scaling {
        wavelengths *= Tensor::from_slice(factors).to_kind(Kind::Float);
    }
    let plain = wavelengths.reciprocal();
    let mut frequencies = vec![0.0f32; (rotated / 2) as usize];
    plain.copy_data(&mut frequencies, (rotated / 2) as usize);
    for frequency in &mut frequencies {
        *frequency = stretch(*frequency, &rope.scaling);
    }
    frequencies
}

fn stretch(frequency: f32, scaling: &RopeScaling) -> f32 {
    match *scaling {
        RopeScaling::None | RopeScaling::Long { .. } => frequency,
        RopeScaling::Linear { factor } => frequency / factor as f32,
        RopeScaling::Llama3 {
            factor,
            low,
            high,
            original_positions,
        } => {
            let wavelength = 2.0 * std::f64::consts::PI / f64::from(frequency);
            if wavelength < original_positions / high {
                frequency
            } else if wavelength > original_positions / low {
                frequency / factor as f32
            } else {
                let smooth = (original_positions / wavelength - low) / (high - low);
                let wide = f64::from(frequency);
                ((1.0 - smooth) * wide / factor + smooth * wide) as f32
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Rope = Rope {
        theta: 10_000.0,
        share: 1.0,
        scaling: RopeScaling::None,
    };

    #[test]
    fn linear_scaling_divides_every_frequency() {
        let scaled = Rope {
            scaling: RopeScaling::Linear { factor: 4.0 },
            ..PLAIN
        };
        let pairs = inverse_frequencies(&PLAIN, 8)
            .into_iter()
            .zip(inverse_frequencies(&scaled, 8));
        assert!(pairs.into_iter().all(|(plain, scaled)| scaled == plain / 4.0));
    }

    #[test]
    fn llama3_scaling_leaves_short_wavelengths_and_divides_long_ones() {
        let scaling = RopeScaling::Llama3 {
            factor: 8.0,
            low: 1.0,
            high: 4.0,
            original_positions: 64.0,
        };
        let scaled = inverse_frequencies(&Rope { scaling, ..PLAIN }, 8);
        let plain = inverse_frequencies(&PLAIN, 8);
        assert_eq!(scaled[0], plain[0]);
        assert_eq!(scaled[3], plain[3] / 8.0);
    }

    #[test]
    fn long_factors_stretch_each_plane_and_scale_what_is_rotated() {
        let scaling = RopeScaling::Long {
            factors: vec![1.0, 2.0],
            magnitude: 1.25,
        };
        let half = Rope {
            share: 0.5,
            scaling,
            ..PLAIN
        };
        let plain = inverse_frequencies(&PLAIN, 4);
        assert_eq!(inverse_frequencies(&half, 4), [plain[0], plain[1] / 2.0]);
        let table = RopeTable::new(&half, 8, 4, Kind::Float, Device::Cpu);
        let x = Tensor::ones([1, 1, 8], (Kind::Float, Device::Cpu));
        let expected = Tensor::from_slice(&[1.25f32, 1.25, 1.25, 1.25, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(
            table.at(&Tensor::from_slice(&[0i64])).rotate(&x).flatten(0, -1),
            expected
        );
    }

    #[test]
    fn position_zero_is_not_rotated() {
        let table = RopeTable::new(&PLAIN, 8, 4, Kind::Float, Device::Cpu);
        let x = Tensor::arange(16, (Kind::Float, Device::Cpu)).view([1, 2, 8]);
        assert_eq!(table.at(&Tensor::from_slice(&[0i64])).rotate(&x), x);
    }

    #[test]
    fn scores_depend_on_distance_only() {
        let table = RopeTable::new(&PLAIN, 8, 64, Kind::Float, Device::Cpu);
        let x = Tensor::arange(8, (Kind::Float, Device::Cpu)).view([1, 1, 8]) / 8.0;
        let turn = |position: i64| table.at(&Tensor::from_slice(&[position])).rotate(&x);
        let score = |a, b| (turn(a) * turn(b)).sum(Kind::Float).double_value(&[]);
        assert!((score(3, 10) - score(40, 47)).abs() < 1e-4);
    }
}
