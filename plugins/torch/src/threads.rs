//! How many threads libtorch divides a product among: it is kept per calling thread, and part of what a sample depends on.

use std::cell::Cell;

/// A number of threads, 1 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threads(pub i32);

thread_local! {
    /// What this thread was last told; 0 for nothing.
    static TOLD: Cell<i32> = const { Cell::new(0) };
}

impl Threads {
    /// What the calling thread's products use now.
    pub fn here() -> Self {
        Self(tch::get_num_threads())
    }

    /// Makes the calling thread's products use so many. A model may be called from another thread than the one that opened
    /// it, and OpenMP gives that one the machine's cores.
    pub fn use_here(self) {
        if TOLD.replace(self.0) != self.0 {
            tch::set_num_threads(self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_thread_uses_as_many_as_it_is_told() {
        let count = |threads: i32| {
            std::thread::spawn(move || {
                Threads(threads).use_here();
                Threads::here()
            })
        };
        assert_eq!(count(1).join().unwrap(), Threads(1));
        assert_eq!(count(2).join().unwrap(), Threads(2));
        assert_eq!(count(1).join().unwrap(), Threads(1));
    }
}
