//! What a directory holds, in the order of the names: the file system's own order differs from machine to machine.

use std::io;
use std::vec;

use cap_std::fs::{Dir, FileType};
use wasmtime::component::{ComponentType, Lower};

use super::error_code::ErrorCode;
use super::serve::Caller;

/// Fuel of reading one name.
const PER_NAME: u64 = 2_000;

/// Kinds of files, by their position in `wasi:filesystem/types.descriptor-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lower)]
#[component(enum)]
#[repr(u8)]
#[expect(
    dead_code,
    reason = "an enum of the component model is known by all of its cases"
)]
pub(super) enum Kind {
    #[component(name = "unknown")]
    Unknown,
    #[component(name = "block-device")]
    BlockDevice,
    #[component(name = "character-device")]
    CharacterDevice,
    #[component(name = "directory")]
    Directory,
    #[component(name = "fifo")]
    Fifo,
    #[component(name = "symbolic-link")]
    SymbolicLink,
    #[component(name = "regular-file")]
    RegularFile,
    #[component(name = "socket")]
    Socket,
}

impl From<FileType> for Kind {
    fn from(kind: FileType) -> Self {
        if kind.is_dir() {
            Self::Directory
        } else if kind.is_symlink() {
            Self::SymbolicLink
        } else if kind.is_file() {
            Self::RegularFile
        } else {
            Self::Unknown
        }
    }
}

#[derive(Debug, ComponentType, Lower)]
#[component(record)]
pub(super) struct Entry {
    #[component(name = "type")]
    kind: Kind,
    name: String,
}

/// The names that a guest has not asked for yet.
#[derive(Debug)]
pub(super) struct Listing(vec::IntoIter<Entry>);

impl Listing {
    /// Reads all names of `dir`; those that are not UTF-8 can't be told to a guest.
    pub(super) fn read(caller: &mut Caller<'_>, dir: &Dir) -> wasmtime::Result<Result<Self, ErrorCode>> {
        let found = match dir.entries() {
            Ok(found) => found,
            Err(error) => return Ok(Err(error.into())),
        };
        let mut entries = Vec::new();
        for entry in found {
            caller.charge(PER_NAME)?;
            let read = entry.and_then(|entry| Ok((entry.file_type()?, entry.file_name())));
            match read {
                Ok((kind, name)) => {
                    let Ok(name) = name.into_string() else {
                        return Ok(Err(ErrorCode::IllegalByteSequence));
                    };
                    let kind = kind.into();
                    entries.push(Entry { kind, name });
                }
                // It went away while the directory was being read.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Ok(Err(error.into())),
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Ok(Self(entries.into_iter())))
    }

    pub(super) fn next(&mut self) -> Option<Entry> {
        self.0.next()
    }
}
