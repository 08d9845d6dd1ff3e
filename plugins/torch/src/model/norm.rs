//! Root-mean-square normalisation, computed in f32 whatever the compute type.

use tch::{Kind, Tensor};

/// A norm's stored weight and how to apply it.
pub struct Norm {
    /// Hugging Face name of the weight.
    pub name: String,
    /// As stored in the checkpoint: `[width]`.
    pub weight: Tensor,
    pub(crate) offset: f64,
    pub(crate) eps: f64,
}

impl Norm {
    /// Normalises the last dimension of `x`; the result has `x`'s type.
    pub fn forward(&self, x: &Tensor) -> Tensor {
        let weight = self.weight.to_kind(Kind::Float);
        let weight = if self.offset == 0.0 {
            weight
        } else {
            weight + self.offset
        };
        let wide = x.to_kind(Kind::Float);
        let mean_square = wide.square().mean_dim(-1, true, Kind::Float);
        (wide * (mean_square + self.eps).rsqrt() * weight).to_kind(x.kind())
    }

    /// The same function with the conversions of the weight done once. It no longer follows changes of the weight.
    pub(crate) fn frozen(&self) -> Self {
        Self {
            name: self.name.clone(),
            weight: self.weight.to_kind(Kind::Float) + self.offset,
            offset: 0.0,
            ..*self
        }
    }

    pub(crate) fn share(&self) -> Self {
        Self {
            name: self.name.clone(),
            weight: self.weight.shallow_clone(),
            ..*self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_added_to_the_weight() {
        let x = Tensor::from_slice(&[3.0f32, 4.0]);
        let zero = Norm {
            name: String::new(),
            weight: Tensor::from_slice(&[0.0f32, 0.0]),
            offset: 1.0,
            eps: 0.0,
        };
        let one = Norm {
            name: String::new(),
            weight: Tensor::from_slice(&[1.0f32, 1.0]),
            offset: 0.0,
            eps: 0.0,
        };
        assert_eq!(zero.forward(&x), one.forward(&x));
        let expected = 3.0 / 12.5f64.sqrt();
        assert!((one.forward(&x).double_value(&[0]) - expected).abs() < 1e-6);
    }
}
