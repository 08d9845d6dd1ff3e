//! Which instructions compute: libtorch chooses by the CPU, and other instructions sum in another order.

use tch::{Device, Kind};

use crate::kernels::Kernels;
use crate::model::Model;

/// Names what computes `model` on this CPU, such as `AVX-512`, or its architecture where kinds are not told apart; nothing for
/// other devices. Variables that restrict libtorch (`ATEN_CPU_CAPABILITY`, `ONEDNN_MAX_CPU_ISA`) are not seen.
///
/// A run is resumed only where this is the same.
pub(crate) fn instructions(model: &Model) -> String {
    if model.device() != Device::Cpu {
        return String::new();
    }
    let libtorch = of_libtorch(model.kind());
    match Kernels::of(model) {
        None => libtorch.to_owned(),
        Some(_) => format!("{libtorch} and kernels for AVX-512 BF16"),
    }
}

/// The best that libtorch and oneDNN use for numbers of this kind.
#[cfg(target_arch = "x86_64")]
fn of_libtorch(kind: Kind) -> &'static str {
    use std::arch::x86_64::__cpuid_count;
    /// Leaf 7's bit in EDX (Intel's manual, volume 2A, CPUID): products of bf16 tiles.
    const AMX_BF16: u32 = 1 << 22;

    let bf16 = kind == Kind::BFloat16;
    if bf16 && __cpuid_count(7, 0).edx & AMX_BF16 != 0 {
        "AMX BF16"
    } else if bf16 && is_x86_feature_detected!("avx512bf16") {
        "AVX-512 BF16"
    } else if is_x86_feature_detected!("avx512f") {
        "AVX-512"
    } else if is_x86_feature_detected!("avx2") {
        "AVX2"
    } else {
        "SSE"
    }
}

/// Not told apart.
#[cfg(not(target_arch = "x86_64"))]
fn of_libtorch(_kind: Kind) -> &'static str {
    std::env::consts::ARCH
}
