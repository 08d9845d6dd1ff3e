//! Keeping freed memory: a step allocates and frees the same gigabytes as the step before.
//!
//! glibc gives each large block back to the kernel as soon as it is freed, and the kernel clears the next one page by page
//! on first touch. That was a third of a sampling step's time and half of a training step's.

use std::sync::Once;

/// What the heap grows by, so that it grows rarely.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const GROWTH: libc::c_int = 64 << 20;

/// Larger blocks are mapped and given back one by one; glibc allows no more. Kept as well, they would leave holes that
/// nothing fits into, and the process would grow to several times what it needs.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGEST: libc::c_int = 32 << 20;

/// Most free memory at the heap's end that is kept.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: libc::c_int = 1 << 30;

/// Makes the process keep freed memory for its next allocations. Works on glibc; elsewhere it does nothing.
///
/// Threads that start later share one heap, since only that one holds blocks of any size. The process then never
/// becomes smaller than it was at its largest.
pub fn keep_freed_memory() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        #[expect(unsafe_code, reason = "a setting of the C library")]
        // SAFETY: `mallopt` takes any numbers, and may be called while other threads allocate: it locks the heap itself.
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, LARGEST);
            libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
            libc::mallopt(libc::M_TOP_PAD, GROWTH);
        }
    });
}

/// While it lives (one at a time: the end of any ends it for all), all free memory at the heap's end is kept: the passes of a training step take and free several
/// gigabytes each. What is free then goes back to the kernel.
pub struct AllFreedMemory(());

impl AllFreedMemory {
    /// From now on.
    pub fn keep() -> Self {
        keep_freed_memory();
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        #[expect(unsafe_code, reason = "a setting of the C library")]
        // SAFETY: as above; -1 stands for "never".
        unsafe {
            libc::mallopt(libc::M_TRIM_THRESHOLD, -1);
        }
        Self(())
    }
}

impl Drop for AllFreedMemory {
    fn drop(&mut self) {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        #[expect(unsafe_code, reason = "settings of the C library")]
        // SAFETY: as above; `malloc_trim` gives back what is free, and locks the heap itself.
        unsafe {
            libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
            libc::malloc_trim(0);
        }
    }
}
