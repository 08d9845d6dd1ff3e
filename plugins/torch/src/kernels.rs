//! A decoding pass on CPUs that multiply bf16 pairs (AVX-512 BF16), without libtorch's operations.
//!
//! libtorch runs a pass of a small model as some two thousand operations, each with its own trip through memory and its own
//! barrier; together they took longer than the matrix products. Here a layer is ten of them, on libtorch's own threads
//! ([`Team`]) and on its tensors. Numbers are rounded to bf16 where libtorch's operations round them; sums are f32.
//!
//! What a row gets is a function of that row: every sum runs over its terms in one order, whatever the number of rows.
//! A pass therefore computes the rows that there are, and no empty ones.

mod activation;
mod attention;
mod bf16;
mod heads;
mod likely;
mod norm;
mod own_keys;
mod panel;
mod pass;
mod product;
mod shared;
mod team;

use tch::{Device, Kind, Tensor};

use self::attention::Partials;
use self::team::Team;
use crate::model::Model;

/// Proof that the CPU has what the functions here are compiled for, and the memory that they work in.
pub(crate) struct Kernels {
    team: Team,
    buffers: Buffers,
}

/// Of one pass; all but the last two bf16, `[rows, …]`.
#[derive(Default)]
struct Buffers {
    residual: Vec<u16>,
    normed: Vec<u16>,
    stacked: Vec<u16>,
    queries: Vec<u16>,
    attended: Vec<u16>,
    gate_up: Vec<u16>,
    gated: Vec<u16>,
    added: Vec<u16>,
    partials: Partials,
}

impl Kernels {
    /// For models in bf16 on such a CPU.
    pub(crate) fn of(model: &Model) -> Option<Self> {
        let fits = model.device() == Device::Cpu && model.kind() == Kind::BFloat16;
        // Numbers are multiplied in pairs.
        let even = |tensor: &Tensor| tensor.size()[1] % 2 == 0;
        let even = even(&model.embedding) && model.linears().all(|linear| even(&linear.weight));
        if !(fits && even && has_instructions()) {
            return None;
        }
        Some(Self {
            team: Team::of_libtorch()?,
            buffers: Buffers::default(),
        })
    }
}

fn has_instructions() -> bool {
    is_x86_feature_detected!("avx512bf16") && is_x86_feature_detected!("avx512vl")
}
