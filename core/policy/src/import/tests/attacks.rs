//! Hostile and broken files: each is refused with a sentence that says what is wrong.

use super::gguf_writer::GgufWriter;
use super::tiny_models::{HEAD, HIDDEN, gemma3, llama, values};
use super::{Bench, WeightType};

/// The error for the tiny model with `bytes` at `position`.
fn patched(position: usize, bytes: &[u8]) -> String {
    let mut file = gemma3().bytes();
    file[position..position + bytes.len()].copy_from_slice(bytes);
    Bench::refuse(&file)
}

/// The error with this run's directory taken out.
fn refuse_without_path(file: &[u8]) -> String {
    let bench = Bench::new(file);
    let path = bench.directory.path().join("model.gguf");
    let error = bench.import(WeightType::Bf16).expect_err("refused");
    error.to_string().replace(path.to_str().expect("a path"), "FILE")
}

#[test]
fn other_formats_are_told_apart() {
    insta::assert_snapshot!(refuse_without_path(b"{\"hello\": 1}"), @r#"`FILE` is not a GGUF file: it begins with "{\"he", not with "GGUF""#);
    insta::assert_snapshot!(Bench::refuse(b""), @"the GGUF file is truncated or corrupt: the magic number at byte 0 needs at least 4 bytes and 0 are left (download it again and compare its checksum)");
    insta::assert_snapshot!(patched(4, &1_u32.to_le_bytes()), @"this GGUF file has version 1, supported are 2 and 3: convert it again with a current llama.cpp");
    insta::assert_snapshot!(patched(4, &77_u32.to_le_bytes()), @"this GGUF file has version 77, supported are 2 and 3: convert it again with a current llama.cpp");
    insta::assert_snapshot!(patched(4, &3_u32.to_be_bytes()), @"this GGUF file is big-endian: convert it with llama.cpp's gguf_convert_endian.py");
}

#[test]
fn a_missing_file_and_a_directory_are_named() {
    let bench = Bench::new(b"");
    let missing = bench.directory.path().join("none.gguf");
    let import = |path: &std::path::Path| {
        super::import_gguf(path, &bench.out(), &Default::default(), &mut |_| {})
            .expect_err("there is nothing to import")
            .to_string()
            .replace(path.to_str().expect("a path"), "FILE")
    };
    insta::assert_snapshot!(import(&missing), @"cannot read `FILE`: No such file or directory (os error 2)");
    insta::assert_snapshot!(import(bench.directory.path()), @"cannot read `FILE`: it is not a file");
}

#[test]
fn counts_that_the_file_cannot_hold_cost_nothing() {
    insta::assert_snapshot!(patched(8, &u64::MAX.to_le_bytes()), @"the GGUF file is truncated or corrupt: a header of 18446744073709551615 tensors and 23 metadata entries at byte 24 needs at least 18446744073709551615 bytes and 4216 are left (download it again and compare its checksum)");
    insta::assert_snapshot!(patched(16, &(1_u64 << 40).to_le_bytes()), @"the GGUF file is truncated or corrupt: a header of 15 tensors and 1099511627776 metadata entries at byte 24 needs at least 14293651161448 bytes and 4216 are left (download it again and compare its checksum)");
}

#[test]
fn lengths_that_the_file_cannot_hold_cost_nothing() {
    insta::assert_snapshot!(patched(24, &u64::MAX.to_le_bytes()), @"the GGUF file is truncated or corrupt: the key of metadata entry 0 at byte 32 needs at least 18446744073709551615 bytes and 4208 are left (download it again and compare its checksum)");
    let array = |kind: u32, count: u64| {
        let mut bytes = 9_u32.to_le_bytes().to_vec();
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        Bench::refuse(&GgufWriter::new().raw("a", bytes).bytes())
    };
    insta::assert_snapshot!(array(8, 1 << 60), @"the GGUF file is truncated or corrupt: metadata `a`, an array of 1152921504606846976 string values at byte 49 needs at least 9223372036854775808 bytes and 0 are left (download it again and compare its checksum)");
    insta::assert_snapshot!(array(6, u64::MAX), @"the GGUF file is truncated or corrupt: metadata `a`, an array of 18446744073709551615 f32 values at byte 49 needs at least 18446744073709551615 bytes and 0 are left (download it again and compare its checksum)");
    insta::assert_snapshot!(array(9, 5), @"the GGUF file is truncated or corrupt: metadata `a`, an array of 5 array values at byte 49 needs at least 60 bytes and 0 are left (download it again and compare its checksum)");
}

#[test]
fn long_strings_and_deep_arrays_meet_a_limit() {
    let mut long = 8_u32.to_le_bytes().to_vec();
    let length = (16 << 20) + 1;
    long.extend((length as u64).to_le_bytes());
    long.resize(long.len() + length, b'x');
    insta::assert_snapshot!(Bench::refuse(&GgufWriter::new().raw("a", long).bytes()), @"the GGUF file is corrupt: the length of metadata `a` in bytes is 16777217, the limit is 16777216");
    let mut deep = 9_u32.to_le_bytes().to_vec();
    for _ in 0..100 {
        deep.extend(9_u32.to_le_bytes());
        deep.extend(1_u64.to_le_bytes());
    }
    deep.resize(deep.len() + 64, 0);
    insta::assert_snapshot!(Bench::refuse(&GgufWriter::new().raw("a", deep).bytes()), @"the GGUF file is corrupt: the nesting of arrays in metadata `a` is 5, the limit is 4");
}

#[test]
fn values_that_are_no_values_are_named() {
    let with = |bytes: Vec<u8>| Bench::refuse(&gemma3().raw("a", bytes).bytes());
    insta::assert_snapshot!(with(vec![7, 0, 0, 0, 2]), @"the GGUF file is corrupt: metadata `a` is a bool of value 2");
    insta::assert_snapshot!(with(vec![99, 0, 0, 0]), @"the GGUF file is corrupt: metadata `a` has the unknown type 99");
    insta::assert_snapshot!(with(vec![8, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]), @"the GGUF file is corrupt: metadata `a` is not UTF-8");
    let zero = gemma3().u32("general.alignment", 0).bytes();
    insta::assert_snapshot!(Bench::refuse(&zero), @"the GGUF file's metadata `general.alignment` is 0, expected a power of two up to 1048576");
}

#[test]
fn metadata_of_the_wrong_type_or_size_is_named() {
    let file = gemma3().text("gemma3.block_count", "two").bytes();
    insta::assert_snapshot!(Bench::refuse(&file), @r#"the GGUF file's metadata `gemma3.block_count` is "two", expected a non-negative integer"#);
    let file = gemma3().u32("gemma3.block_count", u32::MAX).bytes();
    insta::assert_snapshot!(Bench::refuse(&file), @"the GGUF file's metadata `gemma3.block_count` is 4294967295, expected an integer from 1 to 15");
    let file = gemma3().u32("gemma3.attention.head_count", 0).bytes();
    insta::assert_snapshot!(Bench::refuse(&file), @"the GGUF file's metadata `gemma3.attention.head_count` is 0, expected an integer from 1 to 1048576");
    let file = gemma3().u32("gemma3.attention.head_count_kv", 3).bytes();
    insta::assert_snapshot!(Bench::refuse(&file), @"cannot import this gemma3 model: its attention has 2 query heads and 3 key-value heads of widths 4 (keys), 4 (values) and 4 (rotated)");
    let file = gemma3().without("gemma3.attention.sliding_window").bytes();
    insta::assert_snapshot!(Bench::refuse(&file), @"the GGUF file has no metadata `gemma3.attention.sliding_window`, which this importer needs");
    let file = gemma3()
        .f32("gemma3.attention.layer_norm_rms_epsilon", f32::NAN)
        .bytes();
    insta::assert_snapshot!(Bench::refuse(&file), @"the GGUF file's metadata `gemma3.attention.layer_norm_rms_epsilon` is NaN, expected a positive number");
}

#[test]
fn other_architectures_are_refused_with_the_list_of_those_that_work() {
    let file = gemma3().text("general.architecture", "mamba").bytes();
    insta::assert_snapshot!(Bench::refuse(&file), @"cannot import a GGUF file of architecture `mamba`: supported are gemma2, gemma3, llama, phi3, qwen2, qwen3");
    insta::assert_snapshot!(Bench::refuse(&GgufWriter::new().bytes()), @"the GGUF file has no metadata `general.architecture`, which this importer needs");
    let experts = llama().u32("llama.expert_count", 8).bytes();
    insta::assert_snapshot!(Bench::refuse(&experts), @"cannot import this llama model: it is a mixture of experts");
}

#[test]
fn shapes_that_overflow_or_hold_nothing_are_refused() {
    let with = |shape: &[u64]| Bench::refuse(&gemma3().raw_tensor("x", shape, 0, vec![0; 32], None).bytes());
    insta::assert_snapshot!(with(&[1 << 40, 1 << 40]), @"the GGUF file is corrupt: tensor `x` has the impossible shape [1099511627776, 1099511627776]");
    insta::assert_snapshot!(with(&[1 << 62]), @"the GGUF file is corrupt: tensor `x` has the impossible shape [4611686018427387904]");
    insta::assert_snapshot!(with(&[4, 0]), @"the GGUF file is corrupt: tensor `x` has the impossible shape [4, 0]");
    insta::assert_snapshot!(with(&[]), @"the GGUF file is corrupt: tensor `x` has the impossible shape []");
    insta::assert_snapshot!(with(&[1, 1, 1, 1, 1]), @"the GGUF file is corrupt: the number of dimensions of tensor `x` is 5, the limit is 4");
    insta::assert_snapshot!(with(&[1 << 30, 4]), @"the GGUF file is truncated or corrupt: the data of tensor `x` at byte 4288 needs at least 17179869184 bytes and 32 are left (download it again and compare its checksum)");
}

#[test]
fn tensors_lie_inside_the_file_aligned_and_apart() {
    let at = |offset| {
        let data = vec![0; 32];
        Bench::refuse(&gemma3().raw_tensor("x", &[8], 0, data, Some(offset)).bytes())
    };
    insta::assert_snapshot!(at(1 << 40), @"the GGUF file is truncated or corrupt: the data of tensor `x` at byte 1099511630016 needs at least 32 bytes and 0 are left (download it again and compare its checksum)");
    insta::assert_snapshot!(at(u64::MAX - 31), @"the GGUF file is truncated or corrupt: the data of tensor `x` at byte 18446744073709551615 needs at least 32 bytes and 0 are left (download it again and compare its checksum)");
    insta::assert_snapshot!(at(33), @"the GGUF file is corrupt: the data of tensor `x` begins at 33, which is not aligned to 32");
    insta::assert_snapshot!(at(0), @"the GGUF file is corrupt: tensors `x` and `token_embd.weight` overlap");
}

#[test]
fn types_that_cannot_be_read_are_named() {
    let with = |tag, width| {
        Bench::refuse(
            &gemma3()
                .raw_tensor("x", &[width], tag, vec![0; 256], None)
                .bytes(),
        )
    };
    insta::assert_snapshot!(with(23, 256), @"tensor `x` is stored as IQ4_XS, which cannot be read: use a file quantised as F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1 or one of the K-quants (Q4_K_M and the like)");
    insta::assert_snapshot!(with(4, 256), @"tensor `x` is stored as unknown type 4, which cannot be read: use a file quantised as F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1 or one of the K-quants (Q4_K_M and the like)");
    insta::assert_snapshot!(with(8, 33), @"the GGUF file is corrupt: tensor `x` has rows of 33 elements, which is no multiple of its type's block of 32");
}

#[test]
fn tensors_of_another_model_are_named() {
    let missing = gemma3().without_tensor("blk.0.ffn_up.weight").bytes();
    insta::assert_snapshot!(Bench::refuse(&missing), @"the GGUF file has no tensor `blk.0.ffn_up.weight`, which a gemma3 model needs");
    let unknown = gemma3()
        .tensor("blk.0.attn_sinks", &[HEAD], &values(HEAD))
        .bytes();
    insta::assert_snapshot!(Bench::refuse(&unknown), @"the GGUF file has a tensor `blk.0.attn_sinks` that the gemma3 importer does not know: it is a variant that is not supported");
    let shape = [HIDDEN, HEAD];
    let wrong = gemma3()
        .tensor("blk.0.attn_q.weight", &shape, &values(HIDDEN * HEAD))
        .bytes();
    insta::assert_snapshot!(Bench::refuse(&wrong), @"tensor `blk.0.attn_q.weight` has shape [8, 4], the metadata implies [8, 8]");
    let scalar = llama().tensor("rope_freqs.weight", &[3], &values(3)).bytes();
    insta::assert_snapshot!(Bench::refuse(&scalar), @"tensor `rope_freqs.weight` has shape [3], the metadata implies [2]");
    let factors = llama().tensor("rope_freqs.weight", &[2], &[1.0, 3.0]).bytes();
    insta::assert_snapshot!(Bench::refuse(&factors), @"cannot import this llama model: its `rope_freqs.weight` are not those of Llama 3's rotary scaling");
}
