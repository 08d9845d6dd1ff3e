//! Memory for guests that live as long as one problem.
//!
//! A fresh instance per problem makes the first `malloc` expensive: it grows the memory, which costs the host two system calls, and undoing that costs
//! two more. An arena inside the memory that the instance starts with needs none of them; what does not fit goes to the usual allocator.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;

/// Blocks up to this size are handed out again after they were given back.
const SMALL: usize = 512;

/// Sizes of small blocks are multiples of this, and so are their places: room for [`Freed`].
const STEP: usize = 8;

/// Where a free block lies, counted from 1; 0 for none, so that an unused arena is all zeros and takes no room in the plugin's file.
type Freed = u32;

/// Hands out `BYTES` bytes from the front, then asks `beyond`.
///
/// The newest block can be given back or grown in place, and small ones are kept by size for the next that asks: a problem's life touches few pages,
/// and each page that it touches has to be cleared behind it. Larger blocks stay taken until the instance is dropped.
pub(crate) struct Arena<const BYTES: usize, Beyond> {
    memory: UnsafeCell<[MaybeUninit<u8>; BYTES]>,
    used: Cell<usize>,
    newest: Cell<usize>,
    /// By size: the block that was given back last.
    freed: [Cell<Freed>; SMALL / STEP],
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
            freed: [const { Cell::new(0) }; SMALL / STEP],
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

    /// The list that blocks of this layout are kept in; None for large ones and those that need more than [`STEP`]'s alignment.
    fn list(&self, layout: Layout) -> Option<&Cell<Freed>> {
        let small = layout.align() <= STEP && layout.size() <= SMALL;
        self.freed
            .get(layout.size().wrapping_sub(1) / STEP)
            .filter(|_| small)
    }

    /// Takes a block that was given back; None when there is none of its size.
    fn again(&self, list: &Cell<Freed>) -> Option<*mut u8> {
        let offset = (list.get() as usize).checked_sub(1)?;
        // SAFETY: offsets in lists are those of blocks within `memory` that nobody uses, of at least `STEP` bytes, the first of which hold a `Freed`.
        unsafe {
            let block = self.start().add(offset);
            list.set(block.cast::<Freed>().read_unaligned());
            Some(block)
        }
    }

    /// Takes a block that was given back, or one from the front; None when neither fits.
    fn take(&self, layout: Layout) -> Option<*mut u8> {
        let Some(list) = self.list(layout) else {
            // A large block may shrink into a small one, which its list gives to whoever asks.
            return self.front(layout.size(), layout.align().max(STEP));
        };
        self.again(list).or_else(|| self.front(self.taken(layout), STEP))
    }

    /// Bytes that a block of this layout takes up.
    fn taken(&self, layout: Layout) -> usize {
        match self.list(layout) {
            Some(_) => layout.size().next_multiple_of(STEP),
            None => layout.size(),
        }
    }

    /// Takes bytes from the front; None when they do not fit.
    fn front(&self, size: usize, align: usize) -> Option<*mut u8> {
        let start = self.start() as usize;
        let aligned = (start + self.used.get()).checked_next_multiple_of(align)? - start;
        let end = aligned.checked_add(size)?;
        if end > BYTES {
            return None;
        }
        self.newest.set(aligned);
        self.used.set(end);
        // SAFETY: `aligned <= end <= BYTES`, so the pointer stays within `memory` or one past its end.
        Some(unsafe { self.start().add(aligned) })
    }
}

// SAFETY: blocks of the arena never overlap: each begins at or behind `used`, which only moves back to the start of the newest block when that is freed, or
// is one of the same size and alignment that was freed, which lies before `used` as long as it is in its list: the newest block is never put there.
// Blocks from elsewhere lie outside `memory` and go back to `beyond`, which gave them. Test: `every_block_keeps_its_bytes`.
unsafe impl<const BYTES: usize, Beyond: GlobalAlloc> GlobalAlloc for Arena<BYTES, Beyond> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises about `layout` are the ones that `beyond` needs.
        self.take(layout)
            .unwrap_or_else(|| unsafe { self.beyond.alloc(layout) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match self.offset(block) {
            Some(offset) if offset == self.newest.get() && offset + self.taken(layout) == self.used.get() => {
                self.used.set(offset)
            }
            Some(offset) => {
                // An arena of four gigabytes would not fit into a guest's memory.
                if let (Some(list), Ok(at)) = (self.list(layout), Freed::try_from(offset + 1)) {
                    // SAFETY: a block with a list has at least `STEP` bytes, within `memory`, and nobody uses it any more.
                    unsafe { block.cast::<Freed>().write_unaligned(list.get()) };
                    list.set(at);
                }
            }
            // SAFETY: outside the arena, so `beyond` gave it, with this layout.
            None => unsafe { self.beyond.dealloc(block, layout) },
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Some(offset) = self.offset(block) else {
            // SAFETY: outside the arena, so `beyond` gave it, with this layout.
            return unsafe { self.beyond.realloc(block, layout, size) };
        };
        let newest = offset == self.newest.get() && offset + self.taken(layout) == self.used.get();
        // SAFETY: the caller promises a size that makes a layout with this alignment.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        if self.list(wanted).is_some() && self.taken(wanted) == self.taken(layout) {
            return block;
        }
        let end = offset.checked_add(self.taken(wanted)).filter(|end| *end <= BYTES);
        if newest && let Some(end) = end {
            self.used.set(end);
            return block;
        }
        // SAFETY: the caller's promises about the new size are the ones that `alloc` needs.
        let fresh = unsafe { self.alloc(wanted) };
        if !fresh.is_null() {
            // SAFETY: both are blocks of at least so many bytes, and they don't overlap: the old one is still taken. It is given back with its own layout.
            unsafe {
                std::ptr::copy_nonoverlapping(block, fresh, layout.size().min(size));
                self.dealloc(block, layout);
            }
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
    fn a_small_block_is_handed_out_again() {
        let arena = Box::new(Arena::<256, System>::new(System));
        let layout = |size| Layout::from_size_align(size, 8).unwrap();
        // SAFETY: layouts have a size; each block is freed once, with its own.
        unsafe {
            let first = arena.alloc(layout(13));
            let second = arena.alloc(layout(16));
            arena.dealloc(first, layout(13));
            assert_eq!(arena.alloc(layout(16)), first);
            assert_ne!(arena.alloc(layout(16)), second);
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
