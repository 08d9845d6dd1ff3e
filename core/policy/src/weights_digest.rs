//! Naming weights by what they are.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use restem_em::{Digest, PolicyError};

use crate::base_dir;

/// Digest of a model directory's weights: that of `model.safetensors`, or of the names and digests of all its
/// safetensors files where there are several. An adapter's weights are its own and those of its base.
///
/// # Errors
/// When the directory holds none, or one can't be read.
pub fn weights_digest(dir: &Path) -> Result<Digest, PolicyError> {
    let own = files_digest(dir)?;
    Ok(match base_dir(dir)? {
        None => own,
        Some(base) => {
            let base = files_digest(&base)?;
            Digest::of_parts([&b"adapter"[..], own.as_bytes(), &b"base"[..], base.as_bytes()])
        }
    })
}

fn files_digest(dir: &Path) -> Result<Digest, PolicyError> {
    let failed = |path: &Path, error: std::io::Error| {
        PolicyError::new(format!("cannot read `{}`: {error}", path.display()), error)
    };
    let entries = fs::read_dir(dir).map_err(|error| failed(dir, error))?;
    let mut files: Vec<PathBuf> = (entries.filter_map(Result::ok).map(|entry| entry.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "safetensors")
        })
        .collect();
    files.sort();
    let mut parts = Vec::new();
    for path in &files {
        let digest = File::open(path)
            .and_then(Digest::of_reader)
            .map_err(|error| failed(path, error))?;
        parts.push((path.file_name().unwrap_or_default().as_encoded_bytes(), digest));
    }
    match &parts[..] {
        [] => Err(PolicyError::message(format!(
            "`{}` holds no safetensors file",
            dir.display()
        ))),
        [(_, digest)] => Ok(*digest),
        _ => Ok(Digest::of_parts(
            parts
                .iter()
                .flat_map(|(name, digest)| [*name, &digest.as_bytes()[..]]),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_is_named_by_its_bytes_and_several_by_all_of_them() {
        let folder = tempfile::tempdir().unwrap();
        assert!(weights_digest(folder.path()).is_err());
        fs::write(folder.path().join("model.safetensors"), "a").unwrap();
        fs::write(folder.path().join("config.json"), "{}").unwrap();
        assert_eq!(weights_digest(folder.path()).unwrap(), Digest::of("a"));
        fs::write(folder.path().join("second.safetensors"), "b").unwrap();
        assert_ne!(weights_digest(folder.path()).unwrap(), Digest::of("a"));
    }

    #[test]
    fn an_adapter_is_named_by_its_own_weights_and_those_of_its_base() {
        let folder = tempfile::tempdir().unwrap();
        let (base, adapter) = (folder.path().join("base"), folder.path().join("adapter"));
        for dir in [&base, &adapter] {
            fs::create_dir(dir).unwrap();
        }
        let config = r#"{"base_model_name_or_path": "../base"}"#;
        fs::write(adapter.join("adapter_config.json"), config).unwrap();
        let digest = |own: &str, of_base: &str| {
            fs::write(adapter.join("adapter_model.safetensors"), own).unwrap();
            fs::write(base.join("model.safetensors"), of_base).unwrap();
            weights_digest(&adapter).unwrap()
        };
        let first = digest("a", "b");
        assert_eq!(first, digest("a", "b"));
        assert_ne!(first, digest("x", "b"));
        assert_ne!(first, digest("a", "x"));
    }
}
