//! Length-prefixed messages over a pipe.

use std::io::{self, Read, Write};
use std::pin::Pin;

use serde::{Serialize, de::DeserializeOwned};
use tokio::io::{AsyncBufRead as _, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

/// Bytes of the longest message; a longer one means that the other side has lost its mind.
const LONGEST: usize = 1 << 30;

/// Room made for a message before any of it has arrived.
const TRUSTED: usize = 1 << 20;

/// A message with its length in front: 4 bytes, little endian.
pub(crate) fn encode(message: &impl Serialize) -> io::Result<Vec<u8>> {
    encode_about(message, 60)
}

/// The same, for a message of about so many bytes.
pub(crate) fn encode_about(message: &impl Serialize, bytes: usize) -> io::Result<Vec<u8>> {
    let mut frame = Vec::with_capacity(4 + bytes);
    frame.extend([0; 4]);
    with_length(postcard::to_extend(message, frame).map_err(io::Error::other)?)
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
    // Grows with what arrives: a lying prefix costs little.
    let mut bytes = Vec::with_capacity(wanted.min(TRUSTED));
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

/// The next message, where all of it has arrived: that needs neither a clock nor a turn of the runtime.
pub(crate) fn arrived<T: DeserializeOwned>(
    from: &mut BufReader<impl AsyncRead + Unpin>,
) -> io::Result<Option<T>> {
    let Some((prefix, rest)) = from.buffer().split_first_chunk() else {
        return Ok(None);
    };
    let wanted = length(*prefix)?;
    let Some(bytes) = rest.get(..wanted) else {
        return Ok(None);
    };
    let message = decode(bytes)?;
    Pin::new(from).consume(4 + wanted);
    Ok(Some(message))
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

    #[tokio::test]
    async fn what_has_arrived_is_read_without_waiting() {
        let mut pipe = encode(&"one").unwrap();
        pipe.extend(encode(&"two").unwrap());
        pipe.extend(&encode(&"torn").unwrap()[..6]);
        let mut from = BufReader::new(pipe.as_slice());
        assert_eq!(arrived::<String>(&mut from).unwrap(), None);
        assert_eq!(receive::<String>(&mut from).await.unwrap(), "one");
        assert_eq!(arrived::<String>(&mut from).unwrap().as_deref(), Some("two"));
        assert_eq!(arrived::<String>(&mut from).unwrap(), None);
        assert!(receive::<String>(&mut from).await.is_err());
    }

    proptest::proptest! {
        #[test]
        fn noise_never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = read::<(String, Vec<(u32, String)>)>(&mut bytes.as_slice());
        }
    }
}
