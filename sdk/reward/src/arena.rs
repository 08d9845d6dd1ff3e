//! Memory for guests that live as long as one problem.
//!
//! A fresh instance per problem makes the first `malloc` expensive: it grows the memory, which costs the host two system calls, and undoing that costs
//! two more. An arena inside the memory that the instance starts with needs none of them; what does not fit goes to the usual allocator.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;

/// Hands out `BYTES` bytes from the front, then asks `beyond`.
///
/// Only the newest block can be given back or grown in place; others stay taken until the instance is dropped.
pub(crate) struct Arena<const BYTES: usize, Beyond> {
    memory: UnsafeCell<[MaybeUninit<u8>; BYTES]>,
    used: Cell<usize>,
    newest: Cell<usize>,
    beyond: Beyond,
}

// SAFETY: the only shared `Arena` is the guest's global allocator, and guests have one thread: the host turns the threads proposal off
// (`core/reward`'s engine settings; a plugin with shared memory is refused). Native tests use an arena of their own each.
unsafe impl<const BYTES: usize, Beyond> Sync for Arena<BYTES, Beyond> {}

impl<const BYTES: usize, Beyond> Arena<BYTES, Beyond> {
    pub(crate) const fn new(beyond: Beyond) -> Self {
        Self {
            memory: UnsafeCell::new([const { MaybeUninit::uninit() }; BYTES]),
            used: Cell::new(0),
            newest: Cell::new(0),
            beyond,
        }
    }

    fn start(&self) -> *mut u8 {
        self.memory.get().cast()
    }

    /// Where a block lies in the arena; None for the other allocator's.
    fn offset(&self, block: *mut u8) -> Option<usize> {
        (block as usize)
            .checked_sub(self.start() as usize)
            .filter(|offset| *offset < BYTES)
    }

    /// Takes a block from the front; None when it does not fit.
    fn take(&self, layout: Layout) -> Option<*mut u8> {
        let start = self.start() as usize;
        let aligned = (start + self.used.get()).checked_next_multiple_of(layout.align())? - start;
        let end = aligned.checked_add(layout.size())?;
        if end > BYTES {
            return None;
        }
        self.newest.set(aligned);
        self.used.set(end);
        // SAFETY: `aligned <= end <= BYTES`, so the pointer stays within `memory` or one past its end.
        Some(unsafe { self.start().add(aligned) })
    }
}

// SAFETY: blocks of the arena never overlap: each begins at or behind `used`, which only moves back to the start of the newest block when that is freed.
// Blocks from elsewhere lie outside `memory` and go back to `beyond`, which gave them. Test: `every_block_keeps_its_bytes`.
unsafe impl<const BYTES: usize, Beyond: GlobalAlloc> GlobalAlloc for Arena<BYTES, Beyond> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises about `layout` are the ones that `beyond` needs.
        self.take(layout)
            .unwrap_or_else(|| unsafe { self.beyond.alloc(layout) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match self.offset(block) {
            Some(offset) if offset == self.newest.get() && offset + layout.size() == self.used.get() => {
                self.used.set(offset)
            }
            Some(_) => {}
            // SAFETY: outside the arena, so `beyond` gave it, with this layout.
            None => unsafe { self.beyond.dealloc(block, layout) },
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Some(offset) = self.offset(block) else {
            // SAFETY: outside the arena, so `beyond` gave it, with this layout.
            return unsafe { self.beyond.realloc(block, layout, size) };
        };
        let newest = offset == self.newest.get() && offset + layout.size() == self.used.get();
        if newest && offset.checked_add(size).is_some_and(|end| end <= BYTES) {
            self.used.set(offset + size);
            return block;
        }
        // SAFETY: the caller promises a size that makes a layout with this alignment.
        let fresh = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !fresh.is_null() {
            // SAFETY: both are blocks of at least so many bytes, and they don't overlap: the old one is still taken.
            unsafe { std::ptr::copy_nonoverlapping(block, fresh, layout.size().min(size)) };
        }
        fresh
    }
}

#[cfg(test)]
mod tests {
    use std::alloc::System;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_newest_block_is_given_back_and_grows_in_place() {
        let arena = Box::new(Arena::<256, System>::new(System));
        let layout = Layout::from_size_align(16, 8).unwrap();
        // SAFETY: layouts have a size; each block is freed once, with its own.
        unsafe {
            let first = arena.alloc(layout);
            let grown = arena.realloc(first, layout, 64);
            assert_eq!(first, grown);
            arena.dealloc(grown, Layout::from_size_align(64, 8).unwrap());
            assert_eq!(arena.alloc(layout), first);
        }
    }

    #[test]
    fn what_does_not_fit_comes_from_elsewhere() {
        let arena = Box::new(Arena::<64, System>::new(System));
        let layout = Layout::from_size_align(100, 8).unwrap();
        // SAFETY: the layout has a size; the block is freed once, with it.
        unsafe {
            let block = arena.alloc(layout);
            assert!(arena.offset(block).is_none());
            arena.dealloc(block, layout);
        }
    }

    proptest! {
        #[test]
        fn every_block_keeps_its_bytes(steps in prop::collection::vec((0..4_u8, 1..60_usize, 0..4_u32, any::<u8>(), 0..9_usize), 1..40)) {
            let arena = Box::new(Arena::<512, System>::new(System));
            let mut blocks: Vec<(*mut u8, Layout, u8)> = Vec::new();
            for (step, size, align, byte, which) in steps {
                // SAFETY: blocks are written within their layouts, and each is freed or moved once, with its own.
                unsafe {
                    match step {
                        0 if !blocks.is_empty() => {
                            let (block, layout, _) = blocks.swap_remove(which % blocks.len());
                            arena.dealloc(block, layout);
                        }
                        1 if !blocks.is_empty() => {
                            let at = which % blocks.len();
                            let (block, layout, kept) = blocks[at];
                            let moved = arena.realloc(block, layout, size);
                            let same = layout.size().min(size);
                            prop_assert!((0..same).all(|at| *moved.add(at) == kept));
                            std::ptr::write_bytes(moved, kept, size);
                            blocks[at] = (moved, Layout::from_size_align(size, layout.align()).unwrap(), kept);
                        }
                        _ => {
                            let layout = Layout::from_size_align(size, 1 << align).unwrap();
                            let block = arena.alloc(layout);
                            prop_assert_eq!(block as usize % layout.align(), 0);
                            std::ptr::write_bytes(block, byte, size);
                            blocks.push((block, layout, byte));
                        }
                    }
                    for (block, layout, byte) in &blocks {
                        prop_assert!((0..layout.size()).all(|at| *block.add(at) == *byte), "a block lost its bytes");
                    }
                }
            }
            for (block, layout, _) in blocks {
                // SAFETY: as above.
                unsafe { arena.dealloc(block, layout) };
            }
        }
    }
}
