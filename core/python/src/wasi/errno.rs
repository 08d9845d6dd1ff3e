//! WASI's error numbers.

/// What a WASI function returns: 0 or an error.
pub(super) type Errno = i32;

pub(super) const OK: Errno = 0;
pub(super) const BADF: Errno = 8;
pub(super) const FAULT: Errno = 21;
pub(super) const INVAL: Errno = 28;
pub(super) const IO: Errno = 29;
pub(super) const NFILE: Errno = 41;
pub(super) const NOENT: Errno = 44;
pub(super) const NOSYS: Errno = 52;
pub(super) const ROFS: Errno = 69;
pub(super) const SPIPE: Errno = 70;

/// `?` for functions that return an [`Errno`].
pub(super) fn from(result: Result<(), Errno>) -> Errno {
    result.err().unwrap_or(OK)
}
