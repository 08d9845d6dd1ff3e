//! `wasi:filesystem`: granted directories, to be read.
//!
//! A guest sees names, kinds, sizes, contents and where symbolic links point, which are all part of the digest of the
//! directory. It does not see what differs between machines: no times, one link per file, directories of size 0, names in
//! order, and hashes of names instead of inodes. Whatever would write is answered with `read-only`.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::fs::Dir;
use restem_em::Digest;
use wasmtime::component::{ComponentType, Lift, Lower, Resource, flags};

use super::clocks::Datetime;
use super::directory::open_file;
use super::error_code::ErrorCode;
use super::io::{CHUNK, InputStream, StreamTrouble};
use super::listing::{Kind, Listing};
use super::serve::{Caller, Interface, LOOK_UP, Server};
use super::{OPEN_FILES, Wasi};

/// Fuel of a call that asks the file system for a name.
const FIND: u64 = 10_000;

/// Bytes that are read for one unit of fuel.
const BYTES_PER_FUEL: u64 = 4;

/// A file that a guest holds open.
#[derive(Debug)]
pub(super) struct OpenFile {
    file: File,
    /// Where it was found: see [`Place::hash`].
    place: Place,
    _seat: Arc<()>,
}

/// A path beneath a granted directory, without symbolic links and dots.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    grant: String,
    path: PathBuf,
}

#[derive(Debug, Clone)]
enum Descriptor {
    Directory {
        dir: Arc<Dir>,
        place: Place,
        _seat: Option<Arc<()>>,
    },
    File(Arc<OpenFile>),
}

flags! {
    PathFlags {
        #[component(name = "symlink-follow")]
        const FOLLOW;
    }
}

flags! {
    OpenFlags {
        #[component(name = "create")]
        const CREATE;
        #[component(name = "directory")]
        const DIRECTORY;
        #[component(name = "exclusive")]
        const EXCLUSIVE;
        #[component(name = "truncate")]
        const TRUNCATE;
    }
}

flags! {
    DescriptorFlags {
        #[component(name = "read")]
        const READ;
        #[component(name = "write")]
        const WRITE;
        #[component(name = "file-integrity-sync")]
        const FILE_SYNC;
        #[component(name = "data-integrity-sync")]
        const DATA_SYNC;
        #[component(name = "requested-write-sync")]
        const WRITE_SYNC;
        #[component(name = "mutate-directory")]
        const MUTATE_DIRECTORY;
    }
}

/// How a file will be read, which changes nothing.
#[derive(Debug, Clone, Copy, ComponentType, Lift)]
#[component(enum)]
#[repr(u8)]
#[expect(
    dead_code,
    reason = "an enum of the component model is known by all of its cases"
)]
enum Advice {
    #[component(name = "normal")]
    Normal,
    #[component(name = "sequential")]
    Sequential,
    #[component(name = "random")]
    Random,
    #[component(name = "will-need")]
    WillNeed,
    #[component(name = "dont-need")]
    DontNeed,
    #[component(name = "no-reuse")]
    NoReuse,
}

#[derive(Debug, ComponentType, Lower)]
#[component(record)]
struct Stat {
    #[component(name = "type")]
    kind: Kind,
    #[component(name = "link-count")]
    links: u64,
    size: u64,
    #[component(name = "data-access-timestamp")]
    accessed: Option<Datetime>,
    #[component(name = "data-modification-timestamp")]
    modified: Option<Datetime>,
    #[component(name = "status-change-timestamp")]
    changed: Option<Datetime>,
}

#[derive(Debug, ComponentType, Lower)]
#[component(record)]
struct MetadataHash {
    lower: u64,
    upper: u64,
}

/// What a file system answers.
type Answer<T> = Result<T, ErrorCode>;

/// Calls that write; all have `result<_, error-code>` or a result with that error.
const WRITERS: [&str; 12] = [
    "[method]descriptor.write-via-stream",
    "[method]descriptor.append-via-stream",
    "[method]descriptor.set-size",
    "[method]descriptor.set-times",
    "[method]descriptor.set-times-at",
    "[method]descriptor.write",
    "[method]descriptor.create-directory-at",
    "[method]descriptor.link-at",
    "[method]descriptor.remove-directory-at",
    "[method]descriptor.rename-at",
    "[method]descriptor.symlink-at",
    "[method]descriptor.unlink-file-at",
];

impl OpenFile {
    /// At most `length` bytes from `offset` on; fewer only at the end of the file, or of what one call may read.
    pub(super) fn read(
        &self,
        caller: &mut Caller<'_>,
        length: u64,
        offset: u64,
    ) -> wasmtime::Result<Answer<Vec<u8>>> {
        let length = length.min(CHUNK);
        caller.charge(FIND + length / BYTES_PER_FUEL)?;
        let mut bytes = Vec::new();
        let read = (&self.file)
            .seek(SeekFrom::Start(offset))
            .and_then(|_| (&self.file).take(length).read_to_end(&mut bytes));
        Ok(match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(error.into()),
        })
    }
}

impl Place {
    /// A number that tells files apart and is the same on every machine.
    fn hash(&self) -> MetadataHash {
        let digest = Digest::of_parts([self.grant.as_bytes(), self.path.as_os_str().as_encoded_bytes()]);
        let (lower, rest) = digest.as_bytes().split_at(8);
        let number = |bytes: &[u8]| bytes.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        MetadataHash {
            lower: number(lower),
            upper: number(&rest[..8]),
        }
    }
}

impl Descriptor {
    fn directory(&self) -> Answer<(&Arc<Dir>, &Place)> {
        match self {
            Self::Directory { dir, place, .. } => Ok((dir, place)),
            Self::File(_) => Err(ErrorCode::NotDirectory),
        }
    }

    fn place(&self) -> &Place {
        match self {
            Self::Directory { place, .. } => place,
            Self::File(file) => &file.place,
        }
    }

    fn stat(&self) -> Answer<Stat> {
        Ok(match self {
            Self::Directory { .. } => stat(Kind::Directory, 0),
            Self::File(file) => stat(Kind::RegularFile, file.file.metadata()?.len()),
        })
    }
}

impl Wasi {
    /// A seat for one more open file.
    fn seat(&mut self) -> Answer<Arc<()>> {
        let seats = self.seats.get_or_insert_default();
        if Arc::strong_count(seats) > OPEN_FILES {
            return Err(ErrorCode::Quota);
        }
        Ok(seats.clone())
    }
}

const fn stat(kind: Kind, size: u64) -> Stat {
    Stat {
        kind,
        links: 1,
        size,
        accessed: None,
        modified: None,
        changed: None,
    }
}

/// Metadata of what `path` names in `descriptor`.
fn stat_at(descriptor: &Descriptor, follow: bool, path: &str) -> Answer<Stat> {
    let (dir, _) = descriptor.directory()?;
    let found = if follow {
        dir.metadata(path)?
    } else {
        dir.symlink_metadata(path)?
    };
    let kind = Kind::from(found.file_type());
    let size = if kind == Kind::RegularFile { found.len() } else { 0 };
    Ok(stat(kind, size))
}

/// Where `path` leads from `descriptor`; the last symbolic link is followed only if `follow` says so.
fn place_at(descriptor: &Descriptor, follow: bool, path: &str) -> Answer<Place> {
    let (dir, place) = descriptor.directory()?;
    let named = Path::new(path);
    let below = if follow || !dir.symlink_metadata(named)?.is_symlink() {
        dir.canonicalize(named)?
    } else {
        let parent = named.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.map_or_else(|| Ok(PathBuf::new()), |parent| dir.canonicalize(parent))?;
        parent.join(named.file_name().unwrap_or_default())
    };
    let below = below.components().filter(|part| part.as_os_str() != ".");
    Ok(Place {
        grant: place.grant.clone(),
        path: place
            .path
            .iter()
            .chain(below.map(|part| part.as_os_str()))
            .collect(),
    })
}

/// Opens what `path` names in `descriptor`.
fn open_at(
    wasi: &mut Wasi,
    descriptor: &Descriptor,
    path: &str,
    follow: bool,
    how: OpenFlags,
    wanted: DescriptorFlags,
) -> Answer<Descriptor> {
    let writes = OpenFlags::CREATE | OpenFlags::EXCLUSIVE | OpenFlags::TRUNCATE;
    if how.intersects(writes) || wanted.intersects(DescriptorFlags::WRITE | DescriptorFlags::MUTATE_DIRECTORY)
    {
        return Err(ErrorCode::ReadOnly);
    }
    let found = stat_at(descriptor, follow, path)?;
    let (dir, _) = descriptor.directory()?;
    let place = place_at(descriptor, follow, path)?;
    match found.kind {
        Kind::Directory => Ok(Descriptor::Directory {
            dir: Arc::new(dir.open_dir(path)?),
            place,
            _seat: Some(wasi.seat()?),
        }),
        _ if how.contains(OpenFlags::DIRECTORY) => Err(ErrorCode::NotDirectory),
        Kind::SymbolicLink => Err(ErrorCode::Loop),
        Kind::RegularFile => {
            let seat = wasi.seat()?;
            // It may have become something else since it was looked at.
            let file = open_file(dir, Path::new(path))?.ok_or(ErrorCode::NotPermitted)?;
            Ok(Descriptor::File(Arc::new(OpenFile {
                file,
                place,
                _seat: seat,
            })))
        }
        _ => Err(ErrorCode::NotPermitted),
    }
}

pub(super) fn serve(server: &mut Server<'_>) -> wasmtime::Result<()> {
    server.interface("wasi:filesystem/types", |interface| {
        interface.resource::<Descriptor>("descriptor")?;
        interface.resource::<Listing>("directory-entry-stream")?;
        for writer in WRITERS {
            interface.refuse(writer, "read-only")?;
        }
        paths(interface)?;
        contents(interface)?;
        metadata(interface)?;
        interface.answer(
            "filesystem-error-code",
            LOOK_UP,
            |caller, (error,): (Resource<StreamTrouble>,)| Ok(Some(caller.resources.get(&error)?.0)),
        )
    })?;
    server.interface("wasi:filesystem/preopens", |interface| {
        interface.answer("get-directories", FIND, |caller, (): ()| {
            let directories = caller.wasi.directories.clone();
            let mut opened = Vec::with_capacity(directories.len());
            for directory in &*directories {
                let descriptor = caller.keep(Descriptor::Directory {
                    dir: directory.dir.clone(),
                    place: Place {
                        grant: directory.name().to_owned(),
                        path: PathBuf::new(),
                    },
                    _seat: None,
                })?;
                opened.push((descriptor, format!("/{}", directory.name())));
            }
            Ok(opened)
        })
    })
}

fn paths(interface: &mut Interface<'_, '_>) -> wasmtime::Result<()> {
    type Opening = (
        Resource<Descriptor>,
        PathFlags,
        String,
        OpenFlags,
        DescriptorFlags,
    );
    interface.answer(
        "[method]descriptor.open-at",
        FIND,
        |caller, (this, follow, path, how, wanted): Opening| {
            let descriptor = caller.resources.get(&this)?.clone();
            let follow = follow.contains(PathFlags::FOLLOW);
            match open_at(&mut caller.wasi, &descriptor, &path, follow, how, wanted) {
                Ok(opened) => Ok(Ok(caller.keep(opened)?)),
                Err(code) => Ok(Err(code)),
            }
        },
    )?;
    interface.answer(
        "[method]descriptor.readlink-at",
        FIND,
        |caller, (this, path): (Resource<Descriptor>, String)| {
            Ok(caller.resources.get(&this)?.directory().and_then(|(dir, _)| {
                let target = dir.read_link(path)?.into_os_string();
                target.into_string().map_err(|_| ErrorCode::IllegalByteSequence)
            }))
        },
    )?;
    interface.answer(
        "[method]descriptor.read-directory",
        FIND,
        |caller, (this,): (Resource<Descriptor>,)| {
            let dir = match caller.resources.get(&this)?.directory() {
                Ok((dir, _)) => dir.clone(),
                Err(code) => return Ok(Err(code)),
            };
            match Listing::read(caller, &dir)? {
                Ok(listing) => Ok(Ok(caller.keep(listing)?)),
                Err(code) => Ok(Err(code)),
            }
        },
    )?;
    interface.answer(
        "[method]directory-entry-stream.read-directory-entry",
        LOOK_UP,
        |caller, (this,): (Resource<Listing>,)| {
            let next = caller.resources.get_mut(&this)?.next();
            Ok(Answer::Ok(next))
        },
    )
}

fn contents(interface: &mut Interface<'_, '_>) -> wasmtime::Result<()> {
    interface.answer(
        "[method]descriptor.read",
        LOOK_UP,
        |caller, (this, length, offset): (Resource<Descriptor>, u64, u64)| {
            let Descriptor::File(file) = caller.resources.get(&this)? else {
                return Ok(Err(ErrorCode::IsDirectory));
            };
            let read = file.clone().read(caller, length, offset)?;
            Ok(read.map(|bytes| {
                let ended = (bytes.len() as u64) < length.min(CHUNK);
                (bytes, ended)
            }))
        },
    )?;
    interface.answer(
        "[method]descriptor.read-via-stream",
        LOOK_UP,
        |caller, (this, offset): (Resource<Descriptor>, u64)| {
            let Descriptor::File(file) = caller.resources.get(&this)? else {
                return Ok(Err(ErrorCode::IsDirectory));
            };
            let stream = InputStream::File {
                file: file.clone(),
                offset,
            };
            Ok(Ok(caller.keep(stream)?))
        },
    )?;
    interface.answer(
        "[method]descriptor.advise",
        LOOK_UP,
        |_, (_this, _offset, _length, _advice): (Resource<Descriptor>, u64, u64, Advice)| Ok(Answer::Ok(())),
    )?;
    for function in ["[method]descriptor.sync", "[method]descriptor.sync-data"] {
        interface.answer(function, LOOK_UP, |_, (_this,): (Resource<Descriptor>,)| {
            Ok(Answer::Ok(()))
        })?;
    }
    Ok(())
}

fn metadata(interface: &mut Interface<'_, '_>) -> wasmtime::Result<()> {
    interface.answer(
        "[method]descriptor.get-flags",
        LOOK_UP,
        |_, (_this,): (Resource<Descriptor>,)| Ok(Answer::Ok(DescriptorFlags::READ)),
    )?;
    interface.answer(
        "[method]descriptor.get-type",
        LOOK_UP,
        |caller, (this,): (Resource<Descriptor>,)| {
            Ok(caller.resources.get(&this)?.stat().map(|stat| stat.kind))
        },
    )?;
    interface.answer(
        "[method]descriptor.stat",
        FIND,
        |caller, (this,): (Resource<Descriptor>,)| Ok(caller.resources.get(&this)?.stat()),
    )?;
    interface.answer(
        "[method]descriptor.stat-at",
        FIND,
        |caller, (this, follow, path): (Resource<Descriptor>, PathFlags, String)| {
            let follow = follow.contains(PathFlags::FOLLOW);
            Ok(stat_at(caller.resources.get(&this)?, follow, &path))
        },
    )?;
    interface.answer(
        "[method]descriptor.is-same-object",
        LOOK_UP,
        |caller, (this, other): (Resource<Descriptor>, Resource<Descriptor>)| {
            let resources = &caller.resources;
            Ok(resources.get(&this)?.place() == resources.get(&other)?.place())
        },
    )?;
    interface.answer(
        "[method]descriptor.metadata-hash",
        LOOK_UP,
        |caller, (this,): (Resource<Descriptor>,)| {
            Ok(Answer::Ok(caller.resources.get(&this)?.place().hash()))
        },
    )?;
    interface.answer(
        "[method]descriptor.metadata-hash-at",
        FIND,
        |caller, (this, follow, path): (Resource<Descriptor>, PathFlags, String)| {
            let follow = follow.contains(PathFlags::FOLLOW);
            Ok(place_at(caller.resources.get(&this)?, follow, &path).map(|place| place.hash()))
        },
    )
}
