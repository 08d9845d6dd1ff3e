//! Every quantisation that can be read, against the values that ggml's own Python package reads from the same bytes
//! (`conformance/make_quantised.py`).

use safetensors::SafeTensors;

use super::tiny_models::{HIDDEN, gemma3, values};
use super::{Bench, WeightType};

const WIDTH: usize = 256;
/// ggml's numbers.
const TYPES: [(&str, u32); 12] = [
    ("F16", 1),
    ("Q4_0", 2),
    ("Q4_1", 3),
    ("Q5_0", 6),
    ("Q5_1", 7),
    ("Q8_0", 8),
    ("Q2_K", 10),
    ("Q3_K", 11),
    ("Q4_K", 12),
    ("Q5_K", 13),
    ("Q6_K", 14),
    ("BF16", 30),
];

/// What an import makes of a matrix all of whose rows are `row`.
fn imported(row: &[u8], tag: u32) -> Vec<f32> {
    let wide = gemma3().u32("gemma3.feed_forward_length", WIDTH as u32);
    let shape = [WIDTH as u64, HIDDEN];
    let file = ["ffn_gate", "ffn_up"].into_iter().fold(wide, |file, name| {
        file.tensor(
            &format!("blk.0.{name}.weight"),
            &shape,
            &values(WIDTH as u64 * HIDDEN),
        )
    });
    let rows = row.repeat(HIDDEN as usize);
    let file = file.raw_tensor("blk.0.ffn_down.weight", &[HIDDEN, WIDTH as u64], tag, rows, None);
    let bench = Bench::new(&file.bytes());
    bench.import(WeightType::F32).expect("the file is good");
    bench.weight("model.layers.0.mlp.down_proj.weight").1
}

#[test]
fn every_quantisation_is_read_as_ggml_reads_it() {
    let rows = SafeTensors::deserialize(include_bytes!("quantised.safetensors")).expect("the fixture");
    assert_eq!(rows.len(), 2 * TYPES.len());
    for (name, tag) in TYPES {
        let part = |part: &str| {
            rows.tensor(&format!("{name}.{part}"))
                .expect("the fixture has it")
        };
        let expected: Vec<f32> = part("values")
            .data()
            .chunks_exact(4)
            .map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
            .collect();
        assert_eq!(expected.len(), WIDTH);
        let largest = expected
            .iter()
            .fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let found = imported(part("stored").data(), tag);
        assert_eq!(found.len(), WIDTH * HIDDEN as usize);
        for (place, (found, expected)) in found.iter().zip(expected.iter().cycle()).enumerate() {
            // The order of two roundings is all that may differ.
            assert!(
                (found - expected).abs() <= 1e-6 * largest,
                "{name}, number {place}: {found} is not {expected}"
            );
        }
    }
}
