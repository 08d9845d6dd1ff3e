//! The numbers of a CPU tensor as a Rust slice, for loops that libtorch has no single operation for.
#![expect(unsafe_code, reason = "libtorch hands out its memory as a pointer")]

use tch::{Device, Kind, Tensor};

/// A tensor's numbers.
pub enum Numbers<'a> {
    /// Of an f32 tensor.
    Float(&'a [f32]),
    /// Of a bf16 tensor, as bits.
    BFloat16(&'a [u16]),
}

/// A tensor's numbers, to be changed in place.
pub enum NumbersMut<'a> {
    /// Of an f32 tensor.
    Float(&'a mut [f32]),
    /// Of a bf16 tensor, as bits.
    BFloat16(&'a mut [u16]),
}

/// The numbers of `tensor`.
///
/// # Panics
/// When the tensor is not a contiguous CPU tensor of f32 or bf16.
pub fn numbers(tensor: &Tensor) -> Numbers<'_> {
    let (start, count) = check(tensor);
    // SAFETY: `check` saw a contiguous CPU tensor, whose `count` numbers begin at `start`; the borrow keeps it alive.
    // Nothing writes to it meanwhile: gradients belong to the step that reads them.
    unsafe {
        match tensor.kind() {
            Kind::BFloat16 => Numbers::BFloat16(std::slice::from_raw_parts(start.cast(), count)),
            _ => Numbers::Float(std::slice::from_raw_parts(start.cast(), count)),
        }
    }
}

/// The memory of `tensor`, in this machine's byte order.
///
/// # Panics
/// As [`numbers`].
pub fn bytes(tensor: &Tensor) -> &[u8] {
    let (start, count) = check(tensor);
    // SAFETY: as in `numbers`; bytes have no alignment and no invalid values.
    unsafe { std::slice::from_raw_parts(start.cast(), count * tensor.kind().elt_size_in_bytes()) }
}

/// The numbers of `tensor`, for writing. Other handles on the same memory must not be used while the slice lives.
///
/// # Panics
/// As [`numbers`].
pub fn numbers_mut(tensor: &mut Tensor) -> NumbersMut<'_> {
    let (start, count) = check(tensor);
    // SAFETY: as in `numbers`; nobody else reads or writes because moments and masters have one handle, and weights are
    // only changed while the caller holds the model alone (`&mut` in `Training::step`).
    unsafe {
        match tensor.kind() {
            Kind::BFloat16 => NumbersMut::BFloat16(std::slice::from_raw_parts_mut(start.cast(), count)),
            _ => NumbersMut::Float(std::slice::from_raw_parts_mut(start.cast(), count)),
        }
    }
}

fn check(tensor: &Tensor) -> (*mut std::ffi::c_void, usize) {
    assert!(
        tensor.device() == Device::Cpu
            && tensor.is_contiguous()
            && matches!(tensor.kind(), Kind::BFloat16 | Kind::Float),
        "only contiguous f32 and bf16 tensors of the CPU have a slice"
    );
    (tensor.data_ptr(), tensor.numel())
}

/// The f32 that a bf16 stands for.
pub fn widen(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

/// The nearest bf16, ties to even, of a number that is not NaN.
pub fn narrow(value: f32) -> u16 {
    let bits = value.to_bits();
    (bits.wrapping_add(0x7fff + ((bits >> 16) & 1)) >> 16) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_to_bf16_is_libtorchs() {
        let wide = Tensor::randn([10_000], (Kind::Float, Device::Cpu)) * 1e3;
        let wide = Tensor::cat(
            &[
                wide,
                Tensor::from_slice(&[0.0f32, -0.0, 257.0 / 256.0, 259.0 / 256.0, 3e38]),
            ],
            0,
        );
        let narrowed = wide.to_kind(Kind::BFloat16);
        let (Numbers::Float(wide), Numbers::BFloat16(bits)) = (numbers(&wide), numbers(&narrowed)) else {
            panic!("kinds");
        };
        assert!(wide.iter().zip(bits).all(|(&wide, &bits)| narrow(wide) == bits));
    }
}
