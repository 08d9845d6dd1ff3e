//! Huge pages for libtorch's large tensors.

use crate::env::HUGE_PAGES;

/// Turns on huge pages for a libtorch that is loaded later, unless the user has set [`HUGE_PAGES`].
///
/// A training step maps gigabytes of fresh memory; in pages of 4 KB that is a fifth of its time. Where the kernel gives
/// huge pages to nobody, nothing changes.
///
/// # Safety
/// No other thread may run: setting an environment variable races with every reader of the environment.
#[expect(unsafe_code, reason = "setting an environment variable")]
pub unsafe fn prefer_huge_pages() {
    if std::env::var_os(HUGE_PAGES).is_none() {
        // SAFETY: the caller promises that this thread is the only one.
        unsafe { std::env::set_var(HUGE_PAGES, "1") };
    }
}
