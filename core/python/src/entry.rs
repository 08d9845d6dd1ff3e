//! Where to enter a live interpreter: the harness's Python function `entry`, called as CPython itself would.

use serde::{Deserialize, Serialize};

use crate::PythonError;
use crate::image::Image;

/// Offset of an object's type in `PyObject` on wasm32: behind the reference count.
const OB_TYPE: u32 = 4;

/// Offset of `tp_vectorcall_offset` in `PyTypeObject` on wasm32: behind the head of a variable-sized object (12), the
/// name, the two sizes and the destructor (4 each).
const TP_VECTORCALL_OFFSET: u32 = 28;

/// A Python function and the WebAssembly function that calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Address of the function object.
    pub(crate) object: u32,
    /// Index in the function table of its vectorcall: `(callable, args, nargsf, kwnames) -> result or 0`.
    pub(crate) slot: u32,
}

impl Entry {
    /// The entry whose function object `id()` says is at `object`.
    pub(crate) fn find(image: &Image, object: u32) -> Result<Self, PythonError> {
        let slot = || {
            let ty = image.word(object.checked_add(OB_TYPE)?)?;
            let offset = image.word(ty.checked_add(TP_VECTORCALL_OFFSET)?)?;
            image.word(object.checked_add(offset)?)
        };
        match slot() {
            Some(slot) if slot != 0 => Ok(Self { object, slot }),
            _ => Err(PythonError::Module {
                what: format!("no vectorcall was found in the function object at {object:#x}"),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_slot_is_found_through_the_type() {
        let mut image = Image {
            memory: vec![0; 256],
            globals: BTreeMap::new(),
        };
        image.set_word(64 + OB_TYPE, 128);
        image.set_word(128 + TP_VECTORCALL_OFFSET, 40);
        image.set_word(64 + 40, 1234);
        assert_eq!(
            Entry::find(&image, 64).unwrap(),
            Entry {
                object: 64,
                slot: 1234
            }
        );
        assert!(Entry::find(&image, 0).is_err());
        assert!(Entry::find(&image, u32::MAX).is_err());
    }
}
