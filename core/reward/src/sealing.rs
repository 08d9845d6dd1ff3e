//! Waiting for the kernel to seal a module's memory image.
//!
//! The first instance of a module makes an anonymous file of its data and seals it against changes. The kernel refuses that with
//! `EBUSY` while something else holds one of the file's pages, such as compaction that moves it; a moment later it does it.

use std::io::Error;
use std::thread::sleep;
use std::time::Duration;

/// Milliseconds before each further attempt.
const PAUSES: [u64; 4] = [1, 4, 16, 64];

/// What `instantiate` returns, called again as long as the kernel is busy.
pub(crate) fn when_sealed<T>(mut instantiate: impl FnMut() -> wasmtime::Result<T>) -> wasmtime::Result<T> {
    for pause in PAUSES {
        match instantiate() {
            Err(error) if is_busy(&error) => sleep(Duration::from_millis(pause)),
            outcome => return outcome,
        }
    }
    instantiate()
}

fn is_busy(error: &wasmtime::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<Error>());
    causes.any(|cause| cause.raw_os_error() == Some(libc::EBUSY))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(times: u32, code: i32) -> (u32, wasmtime::Result<u32>) {
        let mut calls = 0;
        let outcome = when_sealed(|| {
            calls += 1;
            if calls <= times {
                Err(Error::from_raw_os_error(code).into())
            } else {
                Ok(calls)
            }
        });
        (calls, outcome)
    }

    #[test]
    fn a_busy_kernel_is_asked_again() {
        assert_eq!(failing(2, libc::EBUSY).1.unwrap(), 3);
    }

    #[test]
    fn a_kernel_that_stays_busy_and_other_errors_are_reported() {
        let (calls, outcome) = failing(u32::MAX, libc::EBUSY);
        assert_eq!((calls, outcome.is_err()), (5, true));
        let (calls, outcome) = failing(u32::MAX, libc::ENOMEM);
        assert_eq!((calls, outcome.is_err()), (1, true));
    }
}
