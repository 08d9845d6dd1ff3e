//! Files that are there whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use restem_em::Digest;
use tempfile::NamedTempFile;

use crate::DataError;
use crate::read::digest_of_file;

/// Writes a file under a temporary name beside `path`, syncs it and renames it; the digest is of what was written.
pub(crate) fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut NamedTempFile>) -> Result<(), DataError>,
) -> Result<Digest, DataError> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = temporary(parent).map_err(DataError::io("write in", parent))?;
    let mut writer = BufWriter::with_capacity(1 << 16, &mut file);
    write(&mut writer)?;
    writer.flush().map_err(DataError::io("write", path))?;
    drop(writer);
    file.as_file().sync_all().map_err(DataError::io("write", path))?;
    let digest = digest_of_file(file.path())?;
    file.persist(path)
        .map_err(|error| DataError::io("write", path)(error.error))?;
    // The rename itself must survive a power cut; file systems that can't sync a directory do so by themselves.
    if let Ok(directory) = File::open(parent) {
        let _ = directory.sync_all();
    }
    Ok(digest)
}

fn temporary(parent: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".restem-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any new file: the umask decides.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        write_atomically(&path, |file| {
            file.write_all(b"old").map_err(DataError::io("write", "a"))
        })
        .unwrap();
        let failure = DataError::Encode {
            path: path.clone(),
            reason: "no".to_owned(),
        };
        assert!(
            write_atomically(&path, |file| {
                file.write_all(b"new").unwrap();
                Err(failure)
            })
            .is_err()
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
