//! The gate of the MLP.

use super::bf16::{exp, round, rounded, tanh, widen};
use crate::config::Activation;

/// `out = activation(gate) * up`, where `gate_up` is a row of both, one behind the other.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn gate(activation: Activation, gate_up: &[u16], out: &mut [u16]) {
    match activation {
        Activation::Silu => gate_with(gate_up, out, silu),
        Activation::GeluTanh => gate_with(gate_up, out, gelu),
    }
}

#[inline(always)]
fn gate_with(gate_up: &[u16], out: &mut [u16], activation: impl Fn(f32) -> f32) {
    let (gate, up) = gate_up.split_at(out.len());
    for ((out, gate), up) in out.iter_mut().zip(gate).zip(up) {
        *out = round(rounded(activation(widen(*gate))) * widen(*up));
    }
}

#[inline(always)]
fn silu(x: f32) -> f32 {
    x / (1.0 + exp(-x))
}

/// With the tangent, as `gelu(approximate="tanh")` has it.
#[inline(always)]
fn gelu(x: f32) -> f32 {
    const FACTOR: f32 = std::f32::consts::FRAC_2_SQRT_PI * std::f32::consts::FRAC_1_SQRT_2;
    let inner = FACTOR * (x * x * x).mul_add(0.044_715, x);
    0.5 * x * (1.0 + tanh(inner))
}

#[cfg(test)]
mod tests {
    use tch::{Device, Kind, Tensor};

    use super::*;
    use crate::kernels::has_instructions;
    use crate::kernels::shared::bf16;

    #[test]
    #[expect(unsafe_code, reason = "the instructions are checked for")]
    fn gates_are_those_of_libtorchs_operations() {
        if !has_instructions() {
            return; // Nothing of this runs on such a CPU.
        }
        tch::manual_seed(4);
        let gate_up = Tensor::randn([2, 1000], (Kind::BFloat16, Device::Cpu)) * 3;
        let (x, up) = (gate_up.get(0), gate_up.get(1));
        for (activation, opened) in [
            (Activation::Silu, x.silu()),
            (Activation::GeluTanh, x.gelu("tanh")),
        ] {
            let mut out = vec![0; 1000];
            // SAFETY: checked above.
            unsafe { gate(activation, bf16(&gate_up), &mut out) };
            let out: Vec<f32> = out.into_iter().map(widen).collect();
            let expected = (opened * &up).to_kind(Kind::Float);
            // A unit of the last place of the gate, and one of the product.
            assert!(
                Tensor::from_slice(&out).allclose(&expected, 0.016, 1e-6, false),
                "{activation:?}"
            );
        }
    }
}
