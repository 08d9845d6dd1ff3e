//! Turns: an engine's pool holds a number of stores, and who comes when it is full waits.

use std::sync::{Condvar, Mutex, PoisonError};

/// Free places.
#[derive(Debug)]
pub(crate) struct Seats {
    free: Mutex<u32>,
    left: Condvar,
}

/// Places that are given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Seated<'a> {
    seats: &'a Seats,
    count: u32,
}

impl Seats {
    pub(crate) const fn new(count: u32) -> Self {
        Self {
            free: Mutex::new(count),
            left: Condvar::new(),
        }
    }

    /// Waits until `count` places are free, and takes all of them at once, so that two who need two can't each hold one.
    pub(crate) fn take(&self, count: u32) -> Seated<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .left
            .wait_while(free, |free| *free < count)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= count;
        Seated { seats: self, count }
    }
}

impl Drop for Seated<'_> {
    fn drop(&mut self) {
        *self.seats.free.lock().unwrap_or_else(PoisonError::into_inner) += self.count;
        self.seats.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_when_all_is_taken_waits() {
        let seats = Seats::new(2);
        let first = seats.take(2);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| drop(seats.take(1)));
            assert!(!waiting.is_finished());
            drop(first);
            waiting.join().unwrap();
        });
        assert_eq!(*seats.free.lock().unwrap(), 2);
    }
}
