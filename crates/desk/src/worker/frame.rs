//! Frames on the pipe: a JSON head and a payload of bytes.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest head: the recognised text of a dense A3 page, with room.
const HEAD_BYTES: u32 = 64 << 20;
/// The longest payload: the raw pixels of the largest page that is let in.
const PAYLOAD_BYTES: u64 = 1 << 30;

/// Writes one frame.
pub(super) fn write<T: Serialize>(
    pipe: &mut impl Write,
    head: &T,
    payload: &[u8],
) -> io::Result<()> {
    let head = serde_json::to_vec(head)?;
    pipe.write_all(&(head.len() as u32).to_le_bytes())?;
    pipe.write_all(&(payload.len() as u64).to_le_bytes())?;
    pipe.write_all(&head)?;
    pipe.write_all(payload)?;
    pipe.flush()
}

/// Reads one frame; `UnexpectedEof` when the other side is gone.
pub(super) fn read<T: DeserializeOwned>(pipe: &mut impl Read) -> io::Result<(T, Vec<u8>)> {
    let (mut head_length, mut payload_length) = ([0; 4], [0; 8]);
    pipe.read_exact(&mut head_length)?;
    pipe.read_exact(&mut payload_length)?;
    let head_length = u32::from_le_bytes(head_length);
    let payload_length = u64::from_le_bytes(payload_length);
    // A worker that was taken over by hostile bytes must not make the desk allocate without end.
    if head_length > HEAD_BYTES || payload_length > PAYLOAD_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a frame is longer than any page",
        ));
    }
    let mut head = vec![0; head_length as usize];
    pipe.read_exact(&mut head)?;
    let mut payload = vec![0; payload_length as usize];
    pipe.read_exact(&mut payload)?;
    Ok((serde_json::from_slice(&head)?, payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_as_it_was_written() {
        let mut pipe = Vec::new();
        write(&mut pipe, &vec![1, 2, 3], b"pixels").unwrap();
        let (head, payload): (Vec<u8>, Vec<u8>) = read(&mut pipe.as_slice()).unwrap();
        assert_eq!((head, payload), (vec![1, 2, 3], b"pixels".to_vec()));
    }

    #[test]
    fn a_frame_longer_than_any_page_is_refused_before_it_is_allocated() {
        let mut pipe = Vec::new();
        pipe.extend(4u32.to_le_bytes());
        pipe.extend(u64::MAX.to_le_bytes());
        let refused = read::<u8>(&mut pipe.as_slice()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
    }
}
