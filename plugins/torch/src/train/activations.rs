//! How much memory the graph of a pass takes until the backward pass has used it up.

use tch::Kind;

use crate::config::ModelConfig;
use crate::train::batch::{Batch, Segment};

/// f32 numbers that a norm keeps per number of its input: what it was widened to, and that divided by its size.
const KEPT_BY_NORM: i64 = 2;

/// f32 copies of the scores that capped attention keeps.
const KEPT_BY_CAPPED: i64 = 4;

/// Bytes, from the operations of a layer that keep their inputs. Masks and angles, which all layers share, are not counted.
pub fn bytes(config: &ModelConfig, kind: Kind, batch: &Batch) -> u64 {
    let number = kind.elt_size_in_bytes() as i64;
    let ModelConfig {
        hidden_size: hidden,
        mlp_size,
        heads,
        kv_heads,
        head_dim,
        ..
    } = *config;
    let (q, kv) = (heads * head_dim, 2 * kv_heads * head_dim);
    let norms = if config.sandwich_norms { 4 } else { 2 };
    let norm = |width: i64| width * (4 * KEPT_BY_NORM + number);
    let head_norms = if config.qk_norm { norm(q + kv / 2) } else { 0 };
    // Queries, keys and values before and after rotation, the attention's result twice, gate and up with their product and what
    // the activation makes of the gate, and two sums of the residual stream.
    let of_row =
        norms * norm(hidden) + head_norms + number * (2 * (q + kv) + 2 * q + 4 * mlp_size + 2 * hidden);
    let rows: i64 = batch.segments.iter().map(Segment::rows).sum();
    let of_keys = |segment: &Segment| {
        let keys = segment.before + segment.rows();
        let copies = if segment.before > 0 { kv * number * keys } else { 0 };
        let scores = config
            .attention_scale
            .cap
            .map_or(0, |_| KEPT_BY_CAPPED * 4 * heads * keys * segment.rows());
        copies + scores
    };
    let of_layer = rows * of_row + batch.segments.iter().map(of_keys).sum::<i64>();
    (config.layers.len() as i64 * of_layer).unsigned_abs()
}
