//! The few protobuf fields of a TensorBoard event, encoded by hand.
//!
//! Field numbers are those of TensorFlow's `event.proto` and `summary.proto`: Event { wall_time: double = 1,
//! step: int64 = 2, file_version: string = 3, summary: Summary = 5 }, Summary { value: repeated Value = 1 },
//! Value { tag: string = 1, simple_value: float = 2 }. Eight fields don't warrant a code generator in the build.

const VARINT: u64 = 0;
const FIXED64: u64 = 1;
const BYTES: u64 = 2;
const FIXED32: u64 = 5;

/// The first event of a file.
pub(crate) fn file_version(unix_seconds: f64) -> Vec<u8> {
    let mut event = wall_time(unix_seconds);
    bytes_field(3, b"brain.Event:2", &mut event);
    event
}

/// A scalar at a step.
pub(crate) fn scalar(tag: &str, step: u64, value: f32, unix_seconds: f64) -> Vec<u8> {
    let mut entry = Vec::new();
    bytes_field(1, tag.as_bytes(), &mut entry);
    key(2, FIXED32, &mut entry);
    entry.extend_from_slice(&value.to_le_bytes());

    let mut summary = Vec::new();
    bytes_field(1, &entry, &mut summary);

    let mut event = wall_time(unix_seconds);
    key(2, VARINT, &mut event);
    varint(step, &mut event);
    bytes_field(5, &summary, &mut event);
    event
}

fn wall_time(unix_seconds: f64) -> Vec<u8> {
    let mut event = Vec::new();
    key(1, FIXED64, &mut event);
    event.extend_from_slice(&unix_seconds.to_le_bytes());
    event
}

fn bytes_field(number: u64, bytes: &[u8], out: &mut Vec<u8>) {
    key(number, BYTES, out);
    varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn key(number: u64, wire_type: u64, out: &mut Vec<u8>) {
    varint(number << 3 | wire_type, out);
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scalar_is_the_bytes_that_protobuf_gives() {
        let expected: Vec<u8> = [
            &[0x09][..],
            &1.5_f64.to_le_bytes(),
            &[0x10, 0xac, 0x02],
            &[0x2a, 0x0d, 0x0a, 0x0b, 0x0a, 0x04],
            b"loss",
            &[0x15],
            &0.25_f32.to_le_bytes(),
        ]
        .concat();
        assert_eq!(scalar("loss", 300, 0.25, 1.5), expected);
    }
}
