//! Numbers of tensors as slices, and memory that several threads write to at once.
#![expect(
    unsafe_code,
    reason = "tensors hand out pointers; threads write disjoint parts of one buffer"
)]

use std::marker::PhantomData;

use tch::{Device, Kind, Tensor};

/// Numbers of type `T` in a tensor or a buffer, of which threads write parts that don't overlap.
pub(super) struct Shared<'a, T> {
    start: *mut T,
    len: usize,
    borrowed: PhantomData<&'a mut [T]>,
}

// SAFETY: it is a mutable slice of plain numbers; `part` makes its callers keep the parts of different threads apart.
unsafe impl<T: Send> Sync for Shared<'_, T> {}

impl<'a, T> Shared<'a, T> {
    /// All of `numbers`.
    pub(super) fn of(numbers: &'a mut [T]) -> Self {
        Self {
            start: numbers.as_mut_ptr(),
            len: numbers.len(),
            borrowed: PhantomData,
        }
    }

    /// `len` numbers from `start` on.
    ///
    /// # Safety
    /// As long as the slice lives, no other slice of these numbers may.
    #[expect(clippy::mut_from_ref, reason = "what makes it sound is the caller's promise")]
    pub(super) unsafe fn part(&self, start: usize, len: usize) -> &mut [T] {
        assert!(start <= self.len && len <= self.len - start, "a part lies inside");
        // SAFETY: it lies inside the slice that is borrowed for `'a`; the caller promises that no other slice overlaps.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(start), len) }
    }
}

/// The numbers of a contiguous bf16 tensor on the CPU.
///
/// libtorch lets other handles change them; the backend is called by one thread at a time, and a pass writes only to its own
/// buffers and to caches that it takes with [`writable`].
pub(super) fn bf16(tensor: &Tensor) -> &[u16] {
    check(tensor, Kind::BFloat16);
    if tensor.numel() == 0 {
        return &[]; // Its data pointer may be null.
    }
    // SAFETY: a contiguous tensor of that type has as many numbers from its data pointer on, for as long as the handle lives.
    unsafe { std::slice::from_raw_parts(tensor.data_ptr() as *const u16, tensor.numel()) }
}

/// The numbers of a contiguous f32 tensor on the CPU.
pub(super) fn f32(tensor: &Tensor) -> &[f32] {
    check(tensor, Kind::Float);
    if tensor.numel() == 0 {
        return &[];
    }
    // SAFETY: as in `bf16`.
    unsafe { std::slice::from_raw_parts(tensor.data_ptr() as *const f32, tensor.numel()) }
}

/// The numbers of a contiguous bf16 tensor on the CPU, to be written.
///
/// # Safety
/// Nobody else may hold a slice of the numbers that are written while they are.
pub(super) unsafe fn writable(tensor: &Tensor) -> Shared<'_, u16> {
    check(tensor, Kind::BFloat16);
    if tensor.numel() == 0 {
        return Shared::of(&mut []);
    }
    Shared {
        start: tensor.data_ptr().cast(),
        len: tensor.numel(),
        borrowed: PhantomData,
    }
}

fn check(tensor: &Tensor, kind: Kind) {
    let fits = tensor.kind() == kind && tensor.device() == Device::Cpu && tensor.is_contiguous();
    assert!(fits, "a contiguous {kind:?} tensor on the CPU");
}
