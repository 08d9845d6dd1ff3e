//! A directory that was granted: read-only, and what it holds is part of the verifier's identity.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use restem_em::Digest;

use crate::{DirectoryGrant, RewardError};

/// Directories within directories.
const DEEPEST: usize = 64;

/// All that were granted to a plugin.
pub(crate) type Directories = Arc<[Directory]>;

/// A directory that a guest may read as `/name`.
#[derive(Debug)]
pub(crate) struct Directory {
    name: String,
    /// Where it is, absolute.
    path: PathBuf,
    /// The handle: paths beneath it can't leave it.
    pub(super) dir: Arc<Dir>,
}

impl Directory {
    /// Opens a directory.
    ///
    /// # Errors
    /// [`RewardError::Directory`] when it is none or can't be opened.
    pub(crate) fn open(grant: &DirectoryGrant) -> Result<Self, RewardError> {
        let fail = |error: io::Error| refuse(&grant.name, &grant.path, error.to_string());
        let path = grant.path.canonicalize().map_err(fail)?;
        let dir = Dir::open_ambient_dir(&path, ambient_authority()).map_err(fail)?;
        Ok(Self {
            name: grant.name.clone(),
            path,
            dir: Arc::new(dir),
        })
    }

    /// The name under which it was granted.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The grant, with an absolute path.
    pub(crate) fn grant(&self) -> DirectoryGrant {
        DirectoryGrant {
            name: self.name.clone(),
            path: self.path.clone(),
        }
    }

    /// The digest of all that a guest can read: names, kinds, contents and where symbolic links point. It reads every
    /// byte, at about the speed of SHA-256.
    ///
    /// # Errors
    /// [`RewardError::Directory`] on what a guest could not read the same way everywhere: names that are not UTF-8, files
    /// that are no files, and what this user can't read.
    pub(crate) fn digest(&self) -> Result<Digest, RewardError> {
        let mut parts = Vec::new();
        walk(&self.dir, Path::new(""), 0, &mut parts)
            .map_err(|(at, what)| refuse(&self.name, &self.path.join(at), what))?;
        Ok(Digest::of_parts(parts))
    }
}

#[cfg(unix)]
impl std::os::fd::AsFd for Directory {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.dir.as_fd()
    }
}

fn refuse(name: &str, path: &Path, what: String) -> RewardError {
    RewardError::Directory {
        name: name.to_owned(),
        path: path.to_owned(),
        what,
    }
}

/// Where the trouble is, beneath the directory, and what it is.
type Trouble = (PathBuf, String);

/// Adds kind, path and contents of everything in `dir`, in the order of the names.
fn walk(dir: &Dir, at: &Path, depth: usize, parts: &mut Vec<Vec<u8>>) -> Result<(), Trouble> {
    let trouble = |at: &Path| {
        let at = at.to_owned();
        move |error: io::Error| (at, error.to_string())
    };
    if depth > DEEPEST {
        return Err((at.to_owned(), format!("directories lie more than {DEEPEST} deep")));
    }
    let mut names = Vec::new();
    for entry in dir.entries().map_err(trouble(at))? {
        let name = entry.map_err(trouble(at))?.file_name();
        names.push(
            name.into_string()
                .map_err(|name| (at.join(name), NOT_UTF8.to_owned()))?,
        );
    }
    names.sort();
    for name in names {
        let path = at.join(&name);
        let kind = dir.symlink_metadata(&name).map_err(trouble(&path))?.file_type();
        let content = if kind.is_symlink() {
            let target = dir.read_link_contents(&name).map_err(trouble(&path))?;
            let target = target.into_os_string().into_string();
            target
                .map_err(|_| (path.clone(), NOT_UTF8.to_owned()))?
                .into_bytes()
        } else if kind.is_dir() {
            Vec::new()
        } else {
            let file = open_file(dir, Path::new(&name)).map_err(trouble(&path))?;
            let Some(file) = file else {
                return Err((path, NO_FILE.to_owned()));
            };
            Digest::of_reader(file)
                .map_err(trouble(&path))?
                .as_bytes()
                .to_vec()
        };
        let letter = match () {
            () if kind.is_symlink() => b'l',
            () if kind.is_dir() => b'd',
            () => b'f',
        };
        parts.extend([
            vec![letter],
            path.to_string_lossy().into_owned().into_bytes(),
            content,
        ]);
        if kind.is_dir() {
            let below = dir.open_dir(&name).map_err(trouble(&path))?;
            walk(&below, &path, depth + 1, parts)?;
        }
    }
    Ok(())
}

const NOT_UTF8: &str = "its name, or where it points, is not UTF-8";

const NO_FILE: &str = "it is neither a file nor a directory nor a symbolic link";

/// Opens a regular file; `None` when the name is something else. A pipe is opened without waiting for its other end.
pub(super) fn open_file(dir: &Dir, path: &Path) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.read(true);
    without_waiting(&mut options);
    let file = dir.open_with(path, &options)?.into_std();
    Ok(file.metadata()?.is_file().then_some(file))
}

#[cfg(target_os = "linux")]
fn without_waiting(options: &mut OpenOptions) {
    use cap_std::fs::OpenOptionsExt;
    options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
}

#[cfg(not(target_os = "linux"))]
fn without_waiting(_options: &mut OpenOptions) {}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn digest(path: &Path) -> Result<Digest, RewardError> {
        let grant = DirectoryGrant {
            name: "data".to_owned(),
            path: path.to_owned(),
        };
        Directory::open(&grant)?.digest()
    }

    #[test]
    fn the_digest_is_of_names_and_contents_and_of_nothing_else() {
        let one = tempfile::tempdir().unwrap();
        let two = tempfile::tempdir().unwrap();
        for (dir, names) in [(&one, ["a", "b/c"]), (&two, ["b/c", "a"])] {
            fs::create_dir(dir.path().join("b")).unwrap();
            for name in names {
                fs::write(dir.path().join(name), name).unwrap();
            }
        }
        let first = digest(one.path()).unwrap();
        assert_eq!(first, digest(two.path()).unwrap());
        fs::write(two.path().join("a"), "A").unwrap();
        assert_ne!(first, digest(two.path()).unwrap());
        fs::write(two.path().join("a"), "a").unwrap();
        assert_eq!(first, digest(two.path()).unwrap());
        fs::rename(two.path().join("a"), two.path().join("A")).unwrap();
        assert_ne!(first, digest(two.path()).unwrap());
        fs::create_dir(one.path().join("empty")).unwrap();
        assert_ne!(first, digest(one.path()).unwrap());
    }

    #[test]
    fn a_directory_that_is_not_there_is_an_error_with_its_place() {
        let error = digest(Path::new("/no/such/place")).unwrap_err();
        insta::assert_snapshot!(error, @r"
        the directory granted as `data` can't be used: /no/such/place: No such file or directory (os error 2)
          hint: grant a directory of plain files that you can read
        ");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_and_not_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = std::os::unix::net::UnixListener::bind(dir.path().join("s"));
        drop(pipe.unwrap());
        let error = digest(dir.path()).unwrap_err().to_string();
        assert!(error.contains('s'), "{error}");
    }
}
