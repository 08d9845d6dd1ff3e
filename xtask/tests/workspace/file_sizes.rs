//! One idea per file keeps files small.

use std::fs;

use crate::sources::{root, rust_files};

const LARGEST_BYTES: u64 = 25 * 1024;
const MEDIAN_BYTES: u64 = 5 * 1024;

#[test]
fn no_source_file_is_over_25_kb() {
    let large: Vec<_> = rust_files()
        .into_iter()
        .filter_map(|path| {
            let bytes = fs::metadata(&path).unwrap().len();
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            (bytes > LARGEST_BYTES).then(|| format!("{name}: {bytes} bytes"))
        })
        .collect();
    assert!(large.is_empty(), "files with more than one idea: {large:#?}");
}

#[test]
fn half_of_the_source_files_are_under_5_kb() {
    let mut sizes: Vec<_> = rust_files()
        .iter()
        .map(|path| fs::metadata(path).unwrap().len())
        .collect();
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    assert!(
        median <= MEDIAN_BYTES,
        "median of {} files is {median} bytes",
        sizes.len()
    );
}
