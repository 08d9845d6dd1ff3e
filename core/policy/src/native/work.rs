//! What is to be drawn, dealt out to the devices that draw it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use restem_em::{SampleRequest, Seed};

/// Samples of one prompt for one device.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'r> {
    pub(super) request: &'r SampleRequest,
    /// Some of the request's samples.
    pub(super) samples: &'r [(u32, Seed)],
}

/// Parts in order of the requests: each device begins with one of its own and takes the next one when it has room.
///
/// Which device draws a sample depends on their speed, and the sample does not.
#[derive(Debug)]
pub(super) struct Work<'r> {
    parts: Vec<Part<'r>>,
    taken: AtomicUsize,
    halted: AtomicBool,
    /// Samples of a device when all get as many.
    share: usize,
}

impl<'r> Work<'r> {
    /// Work for so many devices. A prompt stays with one device, unless it has more samples than a device's share.
    pub(super) fn new(requests: &'r [SampleRequest], devices: usize) -> Self {
        let samples: usize = requests.iter().map(|request| request.samples.len()).sum();
        let share = samples.div_ceil(devices.max(1)).max(1);
        let parts = requests.iter().flat_map(|request| {
            let parts = request.samples.chunks(share);
            parts.map(move |samples| Part { request, samples })
        });
        Self {
            parts: parts.collect(),
            taken: AtomicUsize::new(devices),
            halted: AtomicBool::new(false),
            share,
        }
    }

    /// Samples of a device when all get as many.
    pub(super) const fn share(&self) -> usize {
        self.share
    }

    /// The part that the device at `at` begins with, if there are as many.
    pub(super) fn first(&self, at: usize) -> Option<Part<'r>> {
        self.parts.get(at).copied()
    }

    /// The next part, as long as there is one.
    pub(super) fn take(&self) -> Option<Part<'r>> {
        self.parts
            .get(self.taken.fetch_add(1, Ordering::Relaxed))
            .copied()
    }

    /// Tells every device to stop before its next step.
    pub(super) fn halt(&self) {
        self.halted.store(true, Ordering::Relaxed);
    }

    /// Whether the devices are to stop.
    pub(super) fn halted(&self) -> bool {
        self.halted.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(problem: &str, samples: u32) -> SampleRequest {
        SampleRequest {
            problem: problem.into(),
            prompt: problem.to_owned(),
            samples: (0..samples).map(|k| (k, Seed(u64::from(k)))).collect(),
        }
    }

    fn parts(requests: &[SampleRequest], devices: usize) -> Vec<(String, usize)> {
        let work = Work::new(requests, devices);
        let first = (0..devices).filter_map(|at| work.first(at));
        first
            .chain(std::iter::from_fn(|| work.take()))
            .map(|part| (part.request.problem.to_string(), part.samples.len()))
            .collect()
    }

    #[test]
    fn a_prompt_stays_whole_unless_it_is_more_than_a_share() {
        let requests = [request("a", 4), request("b", 4), request("c", 1)];
        let whole = [("a", 4), ("b", 4), ("c", 1)].map(|(name, n)| (name.to_owned(), n));
        assert_eq!(parts(&requests, 1), whole);
        assert_eq!(parts(&requests, 2), whole);
        let split = [("a", 3), ("a", 1), ("b", 3), ("b", 1), ("c", 1)].map(|(name, n)| (name.to_owned(), n));
        assert_eq!(parts(&requests, 3), split);
        assert_eq!(parts(&[], 3), []);
    }
}
