//! `cargo xtask dist`: one archive that runs where it is unpacked.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, Header};

use crate::cache::Cache;
use crate::workspace::{self, Workspace};
use crate::{artifacts, say};

const DOCUMENTS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// Builds and packs the workspace's home. libtorch is not in it: `restem` finds the user's, or says how to get one.
///
/// # Errors
/// When a build fails or the archive can't be written.
pub(crate) fn run(workspace: &Workspace, cache: &Cache) -> Result<()> {
    artifacts::build(workspace, cache)?;
    let name = format!("restem-{}-{}", workspace.version, workspace::host_triple()?);
    let directory = workspace.target().join("dist");
    fs::create_dir_all(&directory)?;
    let archive = directory.join(format!("{name}.tar.gz"));
    let mut files = Vec::new();
    for folder in ["bin", "plugins", "backends", "sdk"] {
        for file in sorted(&workspace.home().join(folder))? {
            let place = file.strip_prefix(workspace.home())?.to_owned();
            files.push((file, place));
        }
    }
    files.extend(DOCUMENTS.map(|document| (workspace.root().join(document), PathBuf::from(document))));
    // Written beside and renamed: an interrupted run leaves no half archive under the final name.
    let mut temporary = tempfile::NamedTempFile::new_in(&directory)?;
    pack(&mut temporary, Path::new(&name), &files)?;
    temporary.persist(&archive)?;
    say::step("dist", format!("{} ({} files)", archive.display(), files.len()));
    Ok(())
}

/// Writes a gzipped tar whose bytes depend on names and contents only.
fn pack(output: &mut impl Write, root: &Path, files: &[(PathBuf, PathBuf)]) -> Result<()> {
    let mut builder = Builder::new(GzEncoder::new(output, Compression::default()));
    for (from, to) in files {
        let mut file = File::open(from).with_context(|| format!("cannot open {}", from.display()))?;
        let mut header = Header::new_gnu();
        header.set_size(file.metadata()?.len());
        header.set_mode(if to.starts_with("bin") { 0o755 } else { 0o644 });
        header.set_mtime(0);
        builder.append_data(&mut header, root.join(to), &mut file)?;
    }
    builder.into_inner()?.finish()?;
    Ok(())
}

/// The files below a directory, in the order of their paths.
pub(crate) fn sorted(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(sorted(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use flate2::read::GzDecoder;
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn equal_contents_pack_to_equal_bytes_and_the_program_stays_executable() {
        let dir = TempDir::new().unwrap();
        let program = dir.path().join("restem");
        fs::write(&program, "#!/bin/sh\n").unwrap();
        let files = [(program.clone(), PathBuf::from("bin/restem"))];
        let (mut first, mut second) = (Vec::new(), Vec::new());
        pack(&mut first, Path::new("restem-1"), &files).unwrap();
        File::options()
            .write(true)
            .open(&program)
            .unwrap()
            .set_modified(std::time::UNIX_EPOCH)
            .unwrap();
        pack(&mut second, Path::new("restem-1"), &files).unwrap();
        assert_eq!(first, second);

        let mut archive = tar::Archive::new(GzDecoder::new(first.as_slice()));
        let entry = archive.entries().unwrap().next().unwrap().unwrap();
        assert_eq!(entry.path().unwrap(), Path::new("restem-1/bin/restem"));
        assert_eq!(entry.header().mode().unwrap(), 0o755);
    }
}
