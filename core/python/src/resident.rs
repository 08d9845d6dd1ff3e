//! Keeps an interpreter's memory cheap to reset.
//!
//! wasmtime gives a pooled memory back by copying over the pages that a run wrote, which stay mapped: the next run takes no
//! page faults. But it does so for the first 32 stretches of such pages only and unmaps what is behind them, and Python writes to a
//! page here and a page there, in a hundred places. So before an instance is dropped the small gaps between those are made part of
//! them, until there are few stretches. What a run can see does not depend on any of this: wasmtime resets the memory, whatever was done here.

use std::ffi::c_void;
use std::fs::File;
use std::hint::black_box;
use std::marker::PhantomData;
use std::ops::Range;
use std::ptr;

use rustix::io;
use rustix::ioctl::{Ioctl, IoctlOutput, Opcode, ioctl, opcode};

/// Stretches of written pages that wasmtime resets in place, less one for the memory's growing end.
const STRETCHES: usize = 31;

/// Pages that may be copied over after each run, 6 MB: with more, faults are cheaper.
const KEPT_PAGES: usize = 1536;

/// Stretches that are looked for; with more, nothing is done.
const SCANNED: usize = 1024;

/// Bytes of a page of the machine.
const PAGE: usize = 4096;

/// What the kernel knows of this process's pages.
pub(crate) struct PageMap(File);

impl PageMap {
    /// None where the kernel keeps none, or can't scan it (before Linux 6.7).
    pub(crate) fn open() -> Option<Self> {
        let map = Self(File::open("/proc/self/pagemap").ok()?);
        map.written(ptr::null()..ptr::null()).map(|_| map)
    }

    /// Makes the written pages of `memory` few stretches, or gives them all up where that would take too many pages.
    pub(crate) fn settle(&self, memory: &mut [u8]) {
        let Some(written) = self.written(memory.as_ptr_range()) else {
            return;
        };
        match plan(&written) {
            Plan::Leave => {}
            Plan::Fill(gaps) => {
                for page in gaps.into_iter().flatten() {
                    // Writing the byte that is there gives this process its own copy of the page.
                    memory[page * PAGE] = black_box(memory[page * PAGE]);
                }
            }
            Plan::GiveUp => give_up(memory),
        }
    }

    /// The pages of `memory` that differ from its image, or did, as stretches; None when the kernel can't tell.
    fn written(&self, memory: Range<*const u8>) -> Option<Vec<Range<usize>>> {
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

/// What to do with written pages.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// They are few.
    Leave,
    /// Write to these pages, too.
    Fill(Vec<Range<usize>>),
    /// Unmap all, so that the next run begins with none.
    GiveUp,
}

fn plan(written: &[Range<usize>]) -> Plan {
    let mut gaps: Vec<_> = written
        .windows(2)
        .map(|pair| pair[0].end..pair[1].start)
        .collect();
    gaps.sort_by_key(Range::len);
    gaps.truncate((gaps.len() + 1).saturating_sub(STRETCHES));
    let pages: usize = written.iter().chain(&gaps).map(Range::len).sum();
    if pages > KEPT_PAGES {
        Plan::GiveUp
    } else if gaps.is_empty() {
        Plan::Leave
    } else {
        Plan::Fill(gaps)
    }
}

fn give_up(memory: &mut [u8]) {
    #[expect(unsafe_code, reason = "no other way gives pages back")]
    // SAFETY: the range is a live, page-aligned mapping that is borrowed mutably and holds bytes of any value: private copies of
    // an image, or zeros, which is what is read there afterwards.
    let given = unsafe {
        rustix::mm::madvise(
            memory.as_mut_ptr().cast(),
            memory.len(),
            rustix::mm::Advice::LinuxDontNeed,
        )
    };
    // What stays is reset by wasmtime.
    let _ = given;
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
const PAGE_IS_PFNZERO: u64 = 1 << 5;

/// `PAGEMAP_SCAN` of a range, by the criteria that wasmtime has: pages that are there and are neither the image's nor the zero page.
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
                category_mask: PAGE_IS_WRITTEN | PAGE_IS_PRESENT | unwanted,
                category_anyof_mask: 0,
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
    use super::*;

    #[test]
    fn few_written_pages_are_left() {
        assert_eq!(plan(&[]), Plan::Leave);
        let few: Vec<_> = (0..STRETCHES).map(|at| at * 10..at * 10 + 1).collect();
        assert_eq!(plan(&few), Plan::Leave);
    }

    #[test]
    fn the_smallest_gaps_are_filled_until_the_stretches_are_few() {
        // Gaps of 1, 2, 3, … pages.
        let mut written = Vec::new();
        let mut at = 0;
        for gap in 1..=STRETCHES + 1 {
            written.push(at..at + 1);
            at += 1 + gap;
        }
        assert_eq!(written.len(), STRETCHES + 1);
        assert_eq!(plan(&written), Plan::Fill(std::iter::once(1..2).collect()));
        written.insert(0, 0..0);
        assert_eq!(plan(&written), Plan::Fill(vec![0..0, 1..2]));
    }

    #[test]
    fn too_many_pages_are_given_up() {
        assert_eq!(plan(std::slice::from_ref(&(0..KEPT_PAGES))), Plan::Leave);
        assert_eq!(
            plan(&[0..KEPT_PAGES, KEPT_PAGES + 1..KEPT_PAGES + 2]),
            Plan::GiveUp
        );
    }

    #[test]
    fn written_pages_are_found_and_made_few_stretches_or_given_up() {
        let Some(map) = PageMap::open() else {
            return assert!(!kernel_scans(), "the kernel has PAGEMAP_SCAN");
        };
        let mut pages = Pages::new(4 * KEPT_PAGES);
        let stretches = |pages: &mut Pages| map.written(pages.memory().as_ptr_range()).unwrap();
        pages.memory()[3 * PAGE] = 1;
        pages.memory()[5 * PAGE + 7] = 1;
        assert_eq!(
            black_box(pages.memory()[8 * PAGE]),
            0,
            "what is only read is not written"
        );
        assert_eq!(stretches(&mut pages), [3..4, 5..6]);
        for page in (0..200).step_by(2) {
            pages.memory()[page * PAGE] = 7;
        }
        map.settle(pages.memory());
        assert!(stretches(&mut pages).len() <= STRETCHES);
        assert_eq!((pages.memory()[5 * PAGE + 7], pages.memory()[6 * PAGE]), (1, 7));
        for page in 0..=KEPT_PAGES {
            pages.memory()[page * PAGE] = 1;
        }
        map.settle(pages.memory());
        assert!(stretches(&mut pages).is_empty());
    }

    /// Linux 6.7 and later do.
    fn kernel_scans() -> bool {
        let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let mut numbers = release.split('.').map_while(|number| number.parse::<u32>().ok());
        (numbers.next(), numbers.next()) >= (Some(6), Some(7))
    }

    /// Pages of zeros that nobody wrote yet.
    struct Pages {
        start: *mut c_void,
        bytes: usize,
    }

    #[expect(unsafe_code, reason = "a mapping of its own")]
    impl Pages {
        fn new(count: usize) -> Self {
            use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};
            let bytes = count * PAGE;
            let protection = ProtFlags::READ | ProtFlags::WRITE;
            // SAFETY: a new mapping where there is none.
            let start = unsafe { mmap_anonymous(ptr::null_mut(), bytes, protection, MapFlags::PRIVATE) };
            Self {
                start: start.unwrap(),
                bytes,
            }
        }

        fn memory(&mut self) -> &mut [u8] {
            // SAFETY: `new` mapped them, and they are borrowed as `self` is.
            unsafe { std::slice::from_raw_parts_mut(self.start.cast(), self.bytes) }
        }
    }

    #[expect(unsafe_code, reason = "a mapping of its own")]
    impl Drop for Pages {
        fn drop(&mut self) {
            // SAFETY: `new` mapped them, and nothing borrows them any more.
            let _ = unsafe { rustix::mm::munmap(self.start, self.bytes) };
        }
    }
}
