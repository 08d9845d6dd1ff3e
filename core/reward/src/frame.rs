//! Length-prefixed messages over a pipe.

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Bytes of the longest message; a longer one means that the other side has lost its mind.
const LONGEST: usize = 1 << 30;

/// A message with its length in front: 4 bytes, little endian.
pub(crate) fn encode(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let bytes = postcard::to_extend(message, vec![0; 4]).map_err(io::Error::other)?;
    with_length(bytes)
}

fn with_length(mut frame: Vec<u8>) -> io::Result<Vec<u8>> {
    let length = frame.len() - 4;
    if length > LONGEST {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("a message of {length} bytes is too long"),
        ));
    }
    frame[..4].copy_from_slice(&(length as u32).to_le_bytes());
    Ok(frame)
}

fn length(prefix: [u8; 4]) -> io::Result<usize> {
    let length = u32::from_le_bytes(prefix) as usize;
    if length > LONGEST {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("a message of {length} bytes is too long"),
        ));
    }
    Ok(length)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    postcard::from_bytes(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Writes one message.
pub(crate) fn write(to: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    to.write_all(&encode(message)?)
}

/// Reads one message; `None` when the other side has closed the pipe between messages.
pub(crate) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut prefix = [0; 4];
    match from.read_exact(&mut prefix) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let wanted = length(prefix)?;
    let mut bytes = Vec::new();
    // Grows with what arrives: a lying prefix costs nothing.
    from.take(wanted as u64).read_to_end(&mut bytes)?;
    if bytes.len() < wanted {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    decode(&bytes).map(Some)
}

/// Writes one encoded message.
pub(crate) async fn send(to: &mut (impl AsyncWrite + Unpin), frame: &[u8]) -> io::Result<()> {
    to.write_all(frame).await?;
    to.flush().await
}

/// Reads one message. The end of the pipe is an error here.
pub(crate) async fn receive<T: DeserializeOwned>(from: &mut (impl AsyncRead + Unpin)) -> io::Result<T> {
    let mut prefix = [0; 4];
    from.read_exact(&mut prefix).await?;
    let wanted = length(prefix)?;
    let mut bytes = Vec::new();
    from.take(wanted as u64).read_to_end(&mut bytes).await?;
    if bytes.len() < wanted {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    decode(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back_in_order() {
        let mut pipe = Vec::new();
        write(&mut pipe, &("one", 1_u64)).unwrap();
        write(&mut pipe, &("two", 2_u64)).unwrap();
        let mut from = pipe.as_slice();
        assert_eq!(read(&mut from).unwrap(), Some(("one".to_owned(), 1_u64)));
        assert_eq!(read(&mut from).unwrap(), Some(("two".to_owned(), 2_u64)));
        assert_eq!(read::<(String, u64)>(&mut from).unwrap(), None);
    }

    #[test]
    fn a_torn_or_lying_message_is_an_error() {
        let whole = encode(&"some text").unwrap();
        assert!(read::<String>(&mut &whole[..whole.len() - 1]).is_err());
        assert!(read::<String>(&mut [0xff_u8; 8].as_slice()).is_err());
    }

    proptest::proptest! {
        #[test]
        fn noise_never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = read::<(String, Vec<(u32, String)>)>(&mut bytes.as_slice());
        }
    }
}
