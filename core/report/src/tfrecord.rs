//! TFRecord framing: length, masked CRC-32C of the length, payload, masked CRC-32C of the payload.
//!
//! As specified in TensorFlow's `tensorflow/core/lib/io/record_writer.h`; integers are little-endian.

/// Appends one record to `out`.
pub(crate) fn frame(payload: &[u8], out: &mut Vec<u8>) {
    let length = (payload.len() as u64).to_le_bytes();
    out.extend_from_slice(&length);
    out.extend_from_slice(&masked(&length).to_le_bytes());
    out.extend_from_slice(payload);
    out.extend_from_slice(&masked(payload).to_le_bytes());
}

/// A checksum that may itself be part of checked data: rotated right by 15 bits, plus a constant.
fn masked(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_the_specified_bytes() {
        // RFC 3720, B.4: the CRC-32C of 32 zero bytes is 0x8a9136aa.
        assert_eq!(
            masked(&[0; 32]),
            0x8a91_36aa_u32.rotate_right(15).wrapping_add(0xa282_ead8)
        );
        let mut out = Vec::new();
        frame(b"abc", &mut out);
        assert_eq!(out.len(), 8 + 4 + 3 + 4);
        assert_eq!(out[..8], [3, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(&out[12..15], b"abc");
    }
}
