//! The hand-written Rust files of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

/// The checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// All `.rs` files of the members, sorted. Build output and run directories are no part of the source.
pub(crate) fn rust_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["core", "sdk", "plugins", "tests", "examples", "xtask"] {
        collect(&root().join(folder), &mut files);
    }
    files.sort();
    assert!(
        files.len() > 50,
        "only {} files found: the folders have moved",
        files.len()
    );
    files
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target") {
                collect(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
