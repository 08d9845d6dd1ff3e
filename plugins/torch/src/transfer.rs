//! From the host's memory to a device.

use tch::kind::Element;
use tch::{Device, Tensor};

use crate::error::Result;

/// Numbers `[values]` on `device`.
///
/// # Panics
/// When the device has no memory left, as every operation there.
pub(crate) fn upload<T: Element>(values: &[T], device: Device) -> Tensor {
    to_device(&Tensor::from_slice(values), device).expect("room on the device")
}

/// A tensor of the host's on `device`.
///
/// A CUDA device reads page-locked memory by itself: neither the driver's own copy nor the end of the transfer is waited for.
/// libtorch keeps the locked pages until the device has read them.
///
/// # Errors
/// [`TorchError::Libtorch`](crate::TorchError::Libtorch) when there is no memory, here or there.
pub(crate) fn to_device(host: &Tensor, device: Device) -> Result<Tensor> {
    Ok(match device {
        Device::Cuda(_) => host
            .f_pin_memory(device)?
            .f_to_device_(device, host.kind(), true, false)?,
        _ => host.f_to_device(device)?,
    })
}
