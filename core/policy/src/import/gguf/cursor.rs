//! A little-endian reader that knows how much of the file is left.

use std::io::{self, Read};
use std::path::PathBuf;

use super::super::error::ImportError;

/// Longest string value accepted, in bytes. Chat templates are the longest real ones, well under 1 MiB.
const STRING_BYTES_LIMIT: u64 = 16 << 20;

/// Reads a header field by field; every read is checked against the bytes left in the file first.
pub(super) struct Cursor<R> {
    reader: R,
    path: PathBuf,
    position: u64,
    size: u64,
}

impl<R: Read> Cursor<R> {
    /// A cursor over `reader`, which stands at the start of a file of `size` bytes.
    pub(super) fn new(reader: R, path: PathBuf, size: u64) -> Self {
        Self {
            reader,
            path,
            position: 0,
            size,
        }
    }

    /// Bytes read so far, which is the position in the file.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Fails when fewer than `needed` bytes are left for `what`.
    pub(super) fn require(&self, needed: u64, what: impl FnOnce() -> String) -> Result<(), ImportError> {
        let remaining = self.size - self.position;
        if needed > remaining {
            return Err(ImportError::Truncated {
                what: what(),
                offset: self.position,
                needed,
                remaining,
            });
        }
        Ok(())
    }

    fn fill(&mut self, buffer: &mut [u8], what: &dyn Fn() -> String) -> Result<(), ImportError> {
        let needed = buffer.len() as u64;
        self.require(needed, what)?;
        self.reader
            .read_exact(buffer)
            .map_err(|source| match source.kind() {
                // The file shrank while it was being read.
                io::ErrorKind::UnexpectedEof => ImportError::Truncated {
                    what: what(),
                    offset: self.position,
                    needed,
                    remaining: 0,
                },
                _ => ImportError::Io {
                    action: "read",
                    path: self.path.clone(),
                    source,
                },
            })?;
        self.position += needed;
        Ok(())
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(
        &mut self,
        what: &dyn Fn() -> String,
    ) -> Result<[u8; N], ImportError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes, what)?;
        Ok(bytes)
    }

    /// The next four bytes as an unsigned number.
    pub(super) fn u32(&mut self, what: &dyn Fn() -> String) -> Result<u32, ImportError> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    /// The next eight bytes as an unsigned number.
    pub(super) fn u64(&mut self, what: &dyn Fn() -> String) -> Result<u64, ImportError> {
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    /// A string: its length as `u64`, then that many bytes of UTF-8.
    pub(super) fn string(&mut self, what: &dyn Fn() -> String) -> Result<String, ImportError> {
        let length = self.u64(&|| format!("the length of {}", what()))?;
        self.require(length, what)?;
        if length > STRING_BYTES_LIMIT {
            return Err(ImportError::LimitExceeded {
                what: format!("the length of {} in bytes", what()),
                limit: STRING_BYTES_LIMIT,
                requested: length,
            });
        }
        let mut bytes = vec![0; length as usize];
        self.fill(&mut bytes, what)?;
        String::from_utf8(bytes).map_err(|_| ImportError::Malformed {
            what: format!("{} is not UTF-8", what()),
        })
    }

    /// Passes over `count` bytes.
    pub(super) fn skip(&mut self, count: u64, what: &dyn Fn() -> String) -> Result<(), ImportError> {
        self.require(count, what)?;
        let skipped = io::copy(&mut self.reader.by_ref().take(count), &mut io::sink()).map_err(|source| {
            ImportError::Io {
                action: "read",
                path: self.path.clone(),
                source,
            }
        })?;
        self.position += skipped;
        if skipped < count {
            return Err(ImportError::Truncated {
                what: what(),
                offset: self.position,
                needed: count - skipped,
                remaining: 0,
            });
        }
        Ok(())
    }
}
