//! Pages of zeros that nobody wrote yet: a private mapping of its own.

use std::ffi::c_void;
use std::ptr;

use rustix::io;
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};

use crate::page_map::PAGE;

/// A mapping, given back when this is dropped.
pub(crate) struct Pages {
    start: *mut c_void,
    bytes: usize,
}

#[expect(unsafe_code, reason = "a mapping of its own")]
impl Pages {
    pub(crate) fn new(count: usize) -> io::Result<Self> {
        let bytes = count * PAGE;
        let protection = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: a new mapping where there is none.
        let start = unsafe { mmap_anonymous(ptr::null_mut(), bytes, protection, MapFlags::PRIVATE) }?;
        Ok(Self { start, bytes })
    }

    pub(crate) fn memory(&mut self) -> &mut [u8] {
        // SAFETY: `new` mapped them, and they are borrowed as `self` is.
        unsafe { std::slice::from_raw_parts_mut(self.start.cast(), self.bytes) }
    }
}

#[expect(unsafe_code, reason = "a mapping of its own")]
impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: `new` mapped them, and nothing borrows them any more.
        let _ = unsafe { munmap(self.start, self.bytes) };
    }
}
