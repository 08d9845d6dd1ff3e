//! Page faults of this thread: without one, no page that was not this process's own before can have been written.

use std::hint::black_box;
use std::mem::MaybeUninit;

use crate::pages::Pages;

/// The kernel's counter of this thread's page faults.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Faults;

impl Faults {
    /// None where the kernel keeps no such counter, or one that stands still.
    pub(crate) fn open() -> Option<Self> {
        let mut pages = Pages::new(1).ok()?;
        let before = Self.so_far()?;
        pages.memory()[0] = black_box(1);
        (Self.so_far()? > before).then_some(Self)
    }

    /// Page faults that this thread ever took, whether its own code or the kernel in its name touched the page.
    pub(crate) fn so_far(self) -> Option<u64> {
        let mut usage = MaybeUninit::<libc::rusage>::uninit();
        #[expect(unsafe_code, reason = "no safe crate offers the usage of one thread")]
        // SAFETY: the kernel fills the structure, which is of the kind that it wants.
        let failed = unsafe { libc::getrusage(libc::RUSAGE_THREAD, usage.as_mut_ptr()) };
        if failed != 0 {
            return None;
        }
        #[expect(unsafe_code, reason = "see above")]
        // SAFETY: the call succeeded, so that all of it is written.
        let usage = unsafe { usage.assume_init() };
        Some(
            usage
                .ru_minflt
                .cast_unsigned()
                .wrapping_add(usage.ru_majflt.cast_unsigned()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page_map::{PAGE, PageMap};

    #[test]
    fn a_kernel_that_tells_what_was_written_counts_faults() {
        assert!(PageMap::open().is_none() || Faults::open().is_some());
    }

    #[test]
    fn each_first_write_to_a_page_counts_and_no_later_one() {
        let Some(faults) = Faults::open() else { return };
        let mut pages = Pages::new(8).unwrap();
        let mut write = || {
            let before = faults.so_far().unwrap();
            for page in 0..8 {
                pages.memory()[page * PAGE] = black_box(7);
            }
            faults.so_far().unwrap() - before
        };
        // Less than one per page where the kernel maps large pages.
        assert!((1..=8).contains(&write()));
        assert_eq!(write(), 0);
    }

    #[test]
    fn faults_of_other_threads_do_not_count() {
        let Some(faults) = Faults::open() else { return };
        let ours = faults.so_far().unwrap();
        let theirs = std::thread::spawn(move || {
            let before = faults.so_far().unwrap();
            drop(black_box(vec![1u8; 1 << 20]));
            faults.so_far().unwrap() - before
        });
        assert!(theirs.join().unwrap() > 0);
        assert!(faults.so_far().unwrap() - ours < 100);
    }
}
