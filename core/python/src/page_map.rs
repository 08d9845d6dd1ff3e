//! Which pages of a memory this process has its own copy of, as the kernel knows it.

use std::ffi::c_void;
use std::fs::File;
use std::marker::PhantomData;
use std::ops::Range;
use std::ptr;

use rustix::io;
use rustix::ioctl::{Ioctl, IoctlOutput, Opcode, ioctl, opcode};

/// Stretches of pages that are looked for, at most.
const SCANNED: usize = 1024;

/// Bytes of a page of the machine.
pub(crate) const PAGE: usize = 4096;

/// What the kernel knows of this process's pages.
pub(crate) struct PageMap(File);

impl PageMap {
    /// None where the kernel keeps none, or can't scan it (before Linux 6.7).
    pub(crate) fn open() -> Option<Self> {
        let map = Self(File::open("/proc/self/pagemap").ok()?);
        map.scan(ptr::null()..ptr::null()).map(|_| map)
    }

    /// The pages of `memory`, which is a private mapping, that were ever written to since it was mapped: all that can differ from
    /// what it is a mapping of. As stretches, in order; None when the kernel can't tell or there are too many.
    pub(crate) fn written(&self, memory: &[u8]) -> Option<Vec<Range<usize>>> {
        self.scan(memory.as_ptr_range())
    }

    fn scan(&self, memory: Range<*const u8>) -> Option<Vec<Range<usize>>> {
        let mut found = vec![Stretch::default(); SCANNED];
        let start = memory.start.addr();
        let scan = Scan::new(memory, &mut found);
        #[expect(unsafe_code, reason = "an ioctl is as safe as its description")]
        // SAFETY: `Scan` describes PAGEMAP_SCAN as the kernel does, and without the flags that change pages: it reads
        // page tables and writes to `found`, which lives longer. `written_pages_are_found` tests it.
        let count = unsafe { ioctl(&self.0, scan) }.ok()?;
        let page = |address: u64| (address as usize - start) / PAGE;
        (count < SCANNED).then(|| {
            let stretches = found[..count].iter();
            stretches
                .map(|stretch| page(stretch.start)..page(stretch.end))
                .collect()
        })
    }
}

/// `struct page_region`.
#[repr(C)]
#[derive(Debug, Clone, Default)]
struct Stretch {
    start: u64,
    end: u64,
    categories: u64,
}

/// `struct pm_scan_arg`.
#[repr(C)]
struct Arguments {
    size: u64,
    flags: u64,
    start: u64,
    end: u64,
    walk_end: u64,
    vec: u64,
    vec_len: u64,
    max_pages: u64,
    category_inverted: u64,
    category_mask: u64,
    category_anyof_mask: u64,
    return_mask: u64,
}

const _: () = assert!(size_of::<Arguments>() == 96 && size_of::<Stretch>() == 24);

const PAGE_IS_WRITTEN: u64 = 1 << 1;
const PAGE_IS_FILE: u64 = 1 << 2;
const PAGE_IS_PRESENT: u64 = 1 << 3;
const PAGE_IS_SWAPPED: u64 = 1 << 4;
const PAGE_IS_PFNZERO: u64 = 1 << 5;

/// `PAGEMAP_SCAN` of a range, for pages that are there, or swapped out, and are neither a file's nor the zero page.
struct Scan<'a> {
    arguments: Arguments,
    found: PhantomData<&'a mut [Stretch]>,
}

impl<'a> Scan<'a> {
    fn new(memory: Range<*const u8>, found: &'a mut [Stretch]) -> Self {
        let unwanted = PAGE_IS_PFNZERO | PAGE_IS_FILE;
        Self {
            arguments: Arguments {
                size: size_of::<Arguments>() as u64,
                flags: 0,
                start: memory.start.addr() as u64,
                end: memory.end.addr() as u64,
                walk_end: 0,
                vec: found.as_mut_ptr().addr() as u64,
                vec_len: found.len() as u64,
                max_pages: 0,
                category_inverted: unwanted,
                category_mask: PAGE_IS_WRITTEN | unwanted,
                category_anyof_mask: PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
                return_mask: 0,
            },
            found: PhantomData,
        }
    }
}

#[expect(unsafe_code, reason = "the description of an ioctl")]
// SAFETY: opcode and structures are those of <linux/fs.h>; the call returns the number of stretches.
unsafe impl Ioctl for Scan<'_> {
    type Output = usize;

    const IS_MUTATING: bool = true;

    fn opcode(&self) -> Opcode {
        opcode::read_write::<Arguments>(b'f', 16)
    }

    fn as_ptr(&mut self) -> *mut c_void {
        (&raw mut self.arguments).cast()
    }

    unsafe fn output_from_ptr(out: IoctlOutput, _arguments: *mut c_void) -> io::Result<usize> {
        Ok(out as usize)
    }
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;
    use crate::pages::Pages;

    #[test]
    fn written_pages_are_found() {
        let Some(map) = PageMap::open() else {
            return assert!(!kernel_scans(), "the kernel has PAGEMAP_SCAN");
        };
        let mut pages = Pages::new(16).unwrap();
        pages.memory()[3 * PAGE] = 1;
        pages.memory()[5 * PAGE + 7] = 1;
        assert_eq!(
            black_box(pages.memory()[8 * PAGE]),
            0,
            "what is only read is not written"
        );
        assert_eq!(map.written(pages.memory()).unwrap(), [3..4, 5..6]);
    }

    #[test]
    fn more_stretches_than_are_looked_for_are_not_told_in_part() {
        let Some(map) = PageMap::open() else { return };
        let mut pages = Pages::new(2 * SCANNED).unwrap();
        for page in (0..2 * SCANNED).step_by(2) {
            pages.memory()[page * PAGE] = 1;
        }
        assert_eq!(map.written(pages.memory()), None);
    }

    /// Linux 6.7 and later do.
    fn kernel_scans() -> bool {
        let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let mut numbers = release.split('.').map_while(|number| number.parse::<u32>().ok());
        (numbers.next(), numbers.next()) >= (Some(6), Some(7))
    }
}
