//! Any bytes at all: the importer returns, whatever they say.

use proptest::prelude::*;

use super::gguf_writer::GgufWriter;
use super::tiny_models::{gemma2, gemma3, llama, phi3, qwen2, qwen3};
use super::{Bench, WeightType};

const MODELS: [fn() -> GgufWriter; 6] = [gemma2, gemma3, llama, phi3, qwen2, qwen3];

fn survives(mut bytes: Vec<u8>, edits: &[(usize, u8)], cut: Option<usize>) {
    for (position, value) in edits {
        let position = position % bytes.len();
        bytes[position] = *value;
    }
    if let Some(cut) = cut {
        bytes.truncate(cut % bytes.len());
    }
    let bench = Bench::new(&bytes);
    // Either outcome is fine; a panic or an absurd allocation is not.
    let outcome = bench.import(WeightType::Bf16);
    assert_eq!(outcome.is_ok(), bench.out().exists());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_never_panics_the_importer(
        model in 0..MODELS.len(),
        edits in prop::collection::vec((any::<usize>(), prop_oneof![any::<u8>(), Just(0), Just(255)]), 1..8),
        cut in prop::option::weighted(0.2, any::<usize>()),
    ) {
        let bytes = MODELS[model]().bytes();
        survives(bytes, &edits, cut);
    }

    #[test]
    fn a_damaged_header_never_panics_the_importer(
        model in 0..MODELS.len(),
        position in any::<usize>(),
        word in prop_oneof![any::<u64>(), 0_u64..64, Just(u64::MAX), Just(1 << 62), Just(u64::from(u32::MAX))],
    ) {
        let file = MODELS[model]();
        let start = position % (file.header().len() - 8);
        let edits: Vec<(usize, u8)> = (start..).zip(word.to_le_bytes()).collect();
        survives(file.bytes(), &edits, None);
    }

    #[test]
    fn bytes_that_are_no_file_never_panic_the_importer(tail in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = b"GGUF\x03\0\0\0".to_vec();
        bytes.extend(tail);
        survives(bytes, &[], None);
    }
}

#[test]
fn every_truncation_of_a_file_is_an_error() {
    let file = gemma3();
    let bytes = file.bytes();
    let header = file.header().len();
    let cuts = (0..64)
        .chain((64..header).step_by(7))
        .chain((header..bytes.len()).step_by(211));
    for cut in cuts {
        let error = Bench::refuse(&bytes[..cut]);
        assert!(error.contains("truncated"), "cut at {cut}: {error}");
    }
}
