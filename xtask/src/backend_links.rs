//! What the built backend asks of the machine that loads it.
//!
//! The backend is opened where another libtorch lies, or the same one elsewhere. It may therefore name libraries, which
//! `restem` has opened before it, and no directories.

use std::path::Path;

use anyhow::{Context, Result, bail};
use object::elf;
use object::read::elf::{Dyn, ElfFile64, FileHeader, SectionHeader};

/// Libraries that `restem` opens first, and those of any Linux with a C++ runtime.
const ALLOWED: [&str; 9] = [
    "libtorch_cpu.so",
    "libtorch_cuda.so",
    "libc10.so",
    "libc10_cuda.so",
    "libgomp.so.1",
    "libstdc++.so.6",
    "libgcc_s.so.1",
    "libc.so.6",
    "libm.so.6",
];

/// Fails when the library names a search directory or a library outside the list.
///
/// # Errors
/// Also when the file is not a 64-bit ELF library.
pub(crate) fn check(library: &Path) -> Result<()> {
    let bytes = std::fs::read(library).with_context(|| format!("cannot read {}", library.display()))?;
    let links = read(&bytes).with_context(|| format!("{} is not a shared library", library.display()))?;
    if let Some(directory) = links.search_paths.first() {
        bail!(
            "{} looks for libraries in {directory}, which exists on this machine only",
            library.display()
        );
    }
    for name in &links.needed {
        if !ALLOWED.contains(&name.as_str()) && !name.starts_with("ld-linux") {
            bail!(
                "{} needs {name}, which restem does not open before it",
                library.display()
            );
        }
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Links {
    needed: Vec<String>,
    search_paths: Vec<String>,
}

fn read(bytes: &[u8]) -> Result<Links> {
    let file = ElfFile64::<object::Endianness>::parse(bytes)?;
    let endian = file.endian();
    let header = file.elf_header();
    let sections = header.sections(endian, bytes)?;
    let mut links = Links::default();
    for section in sections.iter() {
        let Some((entries, strings)) = section.dynamic(endian, bytes)? else {
            continue;
        };
        let strings = sections.strings(endian, bytes, strings)?;
        for entry in entries {
            let list = match entry.tag(endian) {
                elf::DT_NEEDED => &mut links.needed,
                elf::DT_RPATH | elf::DT_RUNPATH => &mut links.search_paths,
                _ => continue,
            };
            let text = entry.string(endian, strings)?;
            list.push(String::from_utf8_lossy(text).into_owned());
        }
    }
    Ok(links)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::PathBuf;
    use std::process::Command;

    use tempfile::TempDir;

    use super::*;

    fn library(dir: &TempDir, flags: &[&str]) -> PathBuf {
        let path = dir.path().join("library.so");
        let status = Command::new("cc")
            .args(["-shared", "-x", "c", "/dev/null", "-o"])
            .arg(&path)
            .args(flags)
            .status();
        assert!(status.unwrap().success());
        path
    }

    #[test]
    fn a_library_that_needs_the_c_library_only_is_fine() {
        let dir = TempDir::new().unwrap();
        check(&library(&dir, &[])).unwrap();
    }

    #[test]
    fn a_directory_of_this_machine_in_the_library_is_refused() {
        let dir = TempDir::new().unwrap();
        let error = check(&library(&dir, &["-Wl,-rpath,/opt/here"]))
            .unwrap_err()
            .to_string();
        assert!(
            error.ends_with("looks for libraries in /opt/here, which exists on this machine only"),
            "{error}"
        );
    }

    #[test]
    fn a_library_that_restem_does_not_open_is_named() {
        let dir = TempDir::new().unwrap();
        let error = check(&library(&dir, &["-Wl,--no-as-needed", "-lpthread", "-lresolv"]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("needs libresolv.so.2"), "{error}");
    }

    #[test]
    fn a_file_of_another_kind_is_refused() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("library.so");
        std::fs::write(&path, "text").unwrap();
        assert!(
            check(&path)
                .unwrap_err()
                .to_string()
                .ends_with("is not a shared library")
        );
    }
}
