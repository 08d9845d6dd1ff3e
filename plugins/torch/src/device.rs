//! The device and number type that a model runs on, from their configuration strings.

use tch::{Cuda, Device, Kind};

use crate::error::{Result, TorchError};

/// Reads `auto`, `cpu`, `cuda` or `cuda:N`; `auto` takes the first CUDA device when there is one.
///
/// # Errors
/// [`TorchError::Device`] for other strings and for CUDA devices that libtorch does not see.
pub fn parse_device(requested: &str) -> Result<Device> {
    let refuse = |reason: String| TorchError::Device {
        requested: requested.into(),
        reason,
    };
    match requested {
        "auto" => return Ok(Device::cuda_if_available()),
        "cpu" => return Ok(Device::Cpu),
        _ => {}
    }
    let index = match requested.strip_prefix("cuda") {
        Some("") => 0,
        Some(rest) => {
            let index = rest
                .strip_prefix(':')
                .and_then(|index| index.parse::<usize>().ok());
            index.ok_or_else(|| refuse("write `cuda:` and a number".into()))?
        }
        None => return Err(refuse("use `auto`, `cpu` or `cuda:N`".into())),
    };
    let count = if Cuda::is_available() {
        Cuda::device_count()
    } else {
        0
    };
    if index >= usize::try_from(count).unwrap_or(0) {
        return Err(refuse(there_is(count)));
    }
    Ok(Device::Cuda(index))
}

/// The devices that can be named instead.
fn there_is(cuda: i64) -> String {
    let built = if tch::utils::has_cuda() {
        ""
    } else {
        ", which has no CUDA part,"
    };
    match cuda {
        ..1 => format!("`cpu` is all that this libtorch{built} sees"),
        1 => "there are `cpu` and `cuda:0`".into(),
        _ => format!("there are `cpu` and `cuda:0` to `cuda:{}`", cuda - 1),
    }
}

/// Reads `bf16` or `f32`.
///
/// # Errors
/// [`TorchError::Dtype`] for other strings.
pub fn parse_dtype(requested: &str) -> Result<Kind> {
    match requested {
        "bf16" | "bfloat16" => Ok(Kind::BFloat16),
        "f32" | "float32" => Ok(Kind::Float),
        _ => Err(TorchError::Dtype {
            requested: requested.into(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_strings_are_read_and_refused_by_name() {
        assert_eq!(parse_device("cpu").unwrap(), Device::Cpu);
        assert!(parse_device("auto").is_ok());
        for bad in ["gpu", "cuda:", "cuda:x", "cudax", "cuda:9999", ""] {
            assert!(
                matches!(parse_device(bad), Err(TorchError::Device { .. })),
                "{bad}"
            );
        }
        insta::assert_snapshot!(
            parse_device("gpu").unwrap_err(),
            @"device `gpu` cannot be used: use `auto`, `cpu` or `cuda:N`"
        );
    }

    #[test]
    fn a_device_that_is_not_there_is_refused_with_those_that_are() {
        let refusal = parse_device("cuda:4096").unwrap_err().to_string();
        assert!(
            refusal.starts_with("device `cuda:4096` cannot be used: "),
            "{refusal}"
        );
        assert!(refusal.contains("`cpu`"), "{refusal}");
        insta::assert_snapshot!(there_is(1), @"there are `cpu` and `cuda:0`");
        insta::assert_snapshot!(there_is(4), @"there are `cpu` and `cuda:0` to `cuda:3`");
    }

    #[test]
    fn dtype_strings_are_read_and_refused_by_name() {
        assert_eq!(parse_dtype("bf16").unwrap(), Kind::BFloat16);
        assert_eq!(parse_dtype("f32").unwrap(), Kind::Float);
        insta::assert_snapshot!(
            parse_dtype("int4").unwrap_err(),
            @"dtype `int4` is not supported: use `bf16` or `f32`"
        );
    }
}
