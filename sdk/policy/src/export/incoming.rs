//! Checks on what comes in, before anything is believed.
#![expect(unsafe_code, reason = "raw pointers of the caller are read here")]

use crate::abi::{RestemSequence, RestemText};
use crate::{BackendError, Sequence, TrainingExample};

/// The struct behind a call's only argument. All of them begin with `struct_size: u64`.
///
/// # Safety
/// `args` is null, or points to `struct_size` bytes that nobody else uses during `'a`.
pub(super) unsafe fn args<'a, A>(args: *mut A) -> Result<&'a mut A, BackendError> {
    aligned(args, "the arguments")?;
    // SAFETY: not null, aligned, and every struct begins with its size.
    let size = unsafe { args.cast::<u64>().read() };
    if size < size_of::<A>() as u64 {
        return Err(BackendError::invalid_argument(format!(
            "the arguments have {size} bytes, this backend needs {}: the host is older than the ABI",
            size_of::<A>()
        )));
    }
    // SAFETY: not null, aligned, at least as large as `A`, and the caller lends it to this call alone.
    Ok(unsafe { &mut *args })
}

/// An object that this backend made earlier.
///
/// # Safety
/// `pointer` is null, or came from `Box::<T>::into_raw`, is not closed yet, and is used by this call alone.
pub(super) unsafe fn object<'a, T, Opaque>(
    pointer: *mut Opaque,
    what: &str,
) -> Result<&'a mut T, BackendError> {
    let pointer = pointer.cast::<T>();
    aligned(pointer, what)?;
    // SAFETY: as the caller promises.
    Ok(unsafe { &mut *pointer })
}

/// Takes back an object that this backend made earlier, to be dropped.
///
/// # Safety
/// As for [`object`]; the pointer is dead afterwards.
pub(super) unsafe fn take<T, Opaque>(pointer: *mut Opaque, what: &str) -> Result<Box<T>, BackendError> {
    let pointer = pointer.cast::<T>();
    aligned(pointer, what)?;
    // SAFETY: as the caller promises.
    Ok(unsafe { Box::from_raw(pointer) })
}

/// A list.
///
/// # Safety
/// `data` points to `len` values that nobody writes during `'a`, or is null, or `len` is 0.
pub(super) unsafe fn list<'a, T>(data: *const T, len: u64, what: &str) -> Result<&'a [T], BackendError> {
    if len == 0 {
        return Ok(&[]);
    }
    aligned(data.cast_mut(), what)?;
    let len = (usize::try_from(len).ok())
        .filter(|len| {
            len.checked_mul(size_of::<T>())
                .is_some_and(|bytes| isize::try_from(bytes).is_ok())
        })
        .ok_or_else(|| BackendError::invalid_argument(format!("{what}: a length of {len} can't be")))?;
    // SAFETY: not null, aligned, of a possible size; the caller promises the rest.
    Ok(unsafe { std::slice::from_raw_parts(data, len) })
}

/// A text.
///
/// # Safety
/// As for [`list`].
pub(super) unsafe fn text<'a>(text: RestemText, what: &str) -> Result<&'a str, BackendError> {
    // SAFETY: as the caller promises.
    let bytes = unsafe { list(text.data, text.len, what) }?;
    std::str::from_utf8(bytes)
        .map_err(|error| BackendError::invalid_argument(format!("{what} is not UTF-8: {error}")))
}

/// Sequences with their weights.
///
/// # Safety
/// As for [`list`], and for the tokens of each.
pub(super) unsafe fn sequences<'a>(
    data: *const RestemSequence,
    len: u64,
) -> Result<Vec<TrainingExample<'a>>, BackendError> {
    // SAFETY: as the caller promises.
    let raw = unsafe { list(data, len, "the sequences") }?;
    let example = |(index, raw): (usize, &RestemSequence)| {
        // SAFETY: as the caller promises.
        let tokens: &'a [u32] = unsafe { list(raw.tokens, raw.tokens_len, "a sequence's tokens") }?;
        match usize::try_from(raw.target_from) {
            Ok(target_from) if (1..tokens.len()).contains(&target_from) => Ok(TrainingExample {
                sequence: Sequence { tokens, target_from },
                weight: raw.weight,
            }),
            _ => Err(BackendError::invalid_argument(format!(
                "sequence {index} has {} tokens and targets from {}: there must be at least one token before the \
                 targets and one target",
                tokens.len(),
                raw.target_from
            ))),
        }
    };
    raw.iter().enumerate().map(example).collect()
}

fn aligned<T>(pointer: *mut T, what: &str) -> Result<(), BackendError> {
    if pointer.is_null() {
        Err(BackendError::invalid_argument(format!("{what}: a null pointer")))
    } else if !pointer.is_aligned() {
        Err(BackendError::invalid_argument(format!(
            "{what}: a pointer that is not aligned"
        )))
    } else {
        Ok(())
    }
}
