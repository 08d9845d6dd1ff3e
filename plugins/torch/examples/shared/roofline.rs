//! What the machine could do at best, by the same libtorch: the rate of large matrix products and of reading memory
//! (Williams, Waterman, Patterson 2009).

use std::time::Instant;

use restem_torch::Model;
use tch::{Device, Kind, Tensor};

/// Inputs and outputs of the product: its weights take 32 MB in bf16.
const SIDE: i64 = 4096;
/// Rows of the product.
const ROWS: i64 = 1024;
/// Numbers that are read, a gigabyte of them.
const NUMBERS: i64 = 1 << 28;
/// Tries, of which the best counts.
const TRIES: u32 = 5;

/// Rates that were measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Roofline {
    /// Additions and multiplications per second of a large product.
    pub(crate) operations: f64,
    /// Bytes per second of a sum over more memory than caches hold.
    pub(crate) bytes: f64,
}

/// Weights that take part in products, in numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weights {
    /// Those of the layers, for every token.
    pub(crate) layers: f64,
    /// Those of the head, for tokens whose logits are wanted.
    pub(crate) head: f64,
}

impl Roofline {
    /// Measures for products in `kind`.
    pub(crate) fn measure(kind: Kind) -> Self {
        let _no_grad = tch::no_grad_guard();
        let (left, right) = (
            Tensor::randn([ROWS, SIDE], (kind, Device::Cpu)),
            Tensor::randn([SIDE, SIDE], (kind, Device::Cpu)),
        );
        let product = fastest(|| {
            let _ = left.linear(&right, None::<&Tensor>);
        });
        let numbers = Tensor::ones([NUMBERS], (Kind::Float, Device::Cpu));
        let sum = fastest(|| {
            let _ = numbers.sum(Kind::Float);
        });
        Self {
            operations: (2 * ROWS * SIDE * SIDE) as f64 / product,
            bytes: (4 * NUMBERS) as f64 / sum,
        }
    }
}

impl Weights {
    /// Those of `model`.
    pub(crate) fn of(model: &Model) -> Self {
        let layers = model.layers.iter().flat_map(|layer| {
            [&layer.qkv, &layer.out, &layer.gate_up, &layer.down].map(|linear| linear.weight.numel())
        });
        let head = model.head.as_ref().map_or(&model.embedding, |head| &head.weight);
        Self {
            layers: layers.sum::<usize>() as f64,
            head: head.numel() as f64,
        }
    }
}

fn fastest(run: impl Fn()) -> f64 {
    let time = |_| {
        let begun = Instant::now();
        run();
        begun.elapsed().as_secs_f64()
    };
    (0..TRIES).map(time).fold(f64::INFINITY, f64::min)
}
