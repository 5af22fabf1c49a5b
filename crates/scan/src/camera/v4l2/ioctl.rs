//! Ten requests of `Video4Linux` (linux/videodev2.h), and everything that is unsafe
//! about them. Above this module there are only owned values.
#![expect(
    unsafe_code,
    reason = "the kernel is asked by pointers, and frames lie in memory that it shares"
)]

use std::ffi::c_ulong;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::ptr::{self, NonNull};
use std::time::Duration;

/// Frames that the kernel may fill while one is looked at.
const BUFFERS: u32 = 4;

/// Formats, and sizes of one, that are asked for; a driver that never ends is cut off.
const MOST_ANSWERS: u32 = 256;

const VIDEO_CAPTURE: u32 = 0x1;
const STREAMING: u32 = 0x0400_0000;
/// The capabilities of this very device stand in a field of their own.
const DEVICE_CAPS: u32 = 0x8000_0000;
/// The kind of buffers that a camera fills.
const CAPTURE_BUFFERS: u32 = 1;
/// Buffers of the kernel, seen through a mapping.
const MAPPED: u32 = 1;
/// The frame in a buffer was damaged on the way.
const DAMAGED: u32 = 0x40;
/// Sizes are listed one by one.
const DISCRETE: u32 = 1;

/// How a camera sends its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PixelFormat {
    /// Each frame a JPEG.
    Jpeg,
    /// Two pixels in four bytes.
    Yuyv,
}

impl PixelFormat {
    fn of(code: u32) -> Option<Self> {
        match &code.to_le_bytes() {
            b"MJPG" | b"JPEG" => Some(Self::Jpeg),
            b"YUYV" => Some(Self::Yuyv),
            _ => None,
        }
    }
}

/// A kind of picture that a camera sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) pixels_as: PixelFormat,
    pub(super) width: u32,
    pub(super) height: u32,
    /// From one row to the next; known once the camera streams.
    pub(super) row_bytes: u32,
}

impl Format {
    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// Structures of the kernel's interface. Numbers that nobody here needs are padding.
#[repr(C)]
struct Capability {
    driver: [u8; 16],
    card: [u8; 32],
    bus: [u8; 32],
    version: u32,
    capabilities: u32,
    device_caps: u32,
    reserved: [u32; 3],
}

#[repr(C)]
struct FormatDescription {
    index: u32,
    kind: u32,
    flags: u32,
    description: [u8; 32],
    code: u32,
    reserved: [u32; 4],
}

#[repr(C)]
struct FrameSize {
    index: u32,
    code: u32,
    kind: u32,
    /// Width and height; or least width, most width, step, least height, most height, step.
    numbers: [u32; 6],
    reserved: [u32; 2],
}

/// The picture format, in a union of 200 bytes that pointers align.
#[repr(C, align(8))]
struct FormatRequest {
    kind: u32,
    padding: u32,
    width: u32,
    height: u32,
    code: u32,
    field: u32,
    row_bytes: u32,
    frame_bytes: u32,
    rest: [u32; 44],
}

#[repr(C)]
struct BufferRequest {
    count: u32,
    kind: u32,
    memory: u32,
    capabilities: u32,
    flags: u32,
}

#[repr(C, align(8))]
struct Buffer {
    index: u32,
    kind: u32,
    bytes_used: u32,
    flags: u32,
    field: u32,
    padding: u32,
    seconds: i64,
    microseconds: i64,
    timecode: [u32; 4],
    sequence: u32,
    memory: u32,
    /// Of a union with pointers.
    offset: u64,
    length: u32,
    reserved: u32,
    request: u32,
    end: u32,
}

const fn request(direction: c_ulong, number: c_ulong, size: usize) -> c_ulong {
    direction << 30 | (size as c_ulong) << 16 | (b'V' as c_ulong) << 8 | number
}
const WRITES: c_ulong = 1;
const READS: c_ulong = 2;
const BOTH: c_ulong = 3;

const QUERY_CAPABILITY: c_ulong = request(READS, 0, size_of::<Capability>());
const LIST_FORMATS: c_ulong = request(BOTH, 2, size_of::<FormatDescription>());
const SET_FORMAT: c_ulong = request(BOTH, 5, size_of::<FormatRequest>());
const REQUEST_BUFFERS: c_ulong = request(BOTH, 8, size_of::<BufferRequest>());
const QUERY_BUFFER: c_ulong = request(BOTH, 9, size_of::<Buffer>());
const QUEUE: c_ulong = request(BOTH, 15, size_of::<Buffer>());
const DEQUEUE: c_ulong = request(BOTH, 17, size_of::<Buffer>());
const STREAM_ON: c_ulong = request(WRITES, 18, size_of::<u32>());
const STREAM_OFF: c_ulong = request(WRITES, 19, size_of::<u32>());
const LIST_SIZES: c_ulong = request(BOTH, 74, size_of::<FrameSize>());

/// A structure that is passed to the kernel: plain numbers, for which all bits are good.
trait Plain {}
impl Plain for Capability {}
impl Plain for FormatDescription {}
impl Plain for FrameSize {}
impl Plain for FormatRequest {}
impl Plain for BufferRequest {}
impl Plain for Buffer {}
impl Plain for u32 {}

fn zeroed<T: Plain>() -> T {
    // SAFETY: a `Plain` type is made of numbers only, and nought is a number.
    unsafe { std::mem::zeroed() }
}

fn ask<T: Plain>(file: &File, request: c_ulong, value: &mut T) -> io::Result<()> {
    loop {
        // SAFETY: the file is open, the request carries the size of `T`, which the kernel
        // reads and writes at most, and `T` holds numbers only, so that whatever the
        // kernel writes is a value of it.
        let outcome = unsafe { libc::ioctl(file.as_raw_fd(), request as _, ptr::from_mut(value)) };
        if outcome >= 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// Memory of the kernel in which it puts frames.
struct Mapping {
    start: NonNull<u8>,
    length: usize,
}

impl Mapping {
    fn new(file: &File, offset: u64, length: usize) -> io::Result<Self> {
        let offset = libc::off_t::try_from(offset).map_err(|_| io::ErrorKind::InvalidData)?;
        // SAFETY: a new mapping at a place that the kernel chooses; offset and length are
        // those that it gave for this buffer.
        let start = unsafe {
            libc::mmap(
                ptr::null_mut(),
                length,
                libc::PROT_READ,
                libc::MAP_SHARED,
                file.as_raw_fd(),
                offset,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { start, length })
    }

    /// The bytes of the frame in it. Only while the buffer is ours, between taking it out
    /// of the queue and putting it back.
    fn copy(&self, bytes: usize) -> Vec<u8> {
        // SAFETY: the mapping is as long, readable, and lives until it is dropped; the
        // kernel writes into it only while the buffer is queued.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), bytes.min(self.length)) }.to_vec()
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours, and nothing borrowed from it is left.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.length) };
    }
}

/// An open camera; stopped and closed when dropped.
pub(super) struct Camera {
    // Before the file, so that nothing is mapped any more when that is closed.
    buffers: Vec<Mapping>,
    file: File,
    name: String,
}

impl Camera {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(libc::O_NONBLOCK | libc::O_CLOEXEC)
            .open(path)?;
        let mut found: Capability = zeroed();
        ask(&file, QUERY_CAPABILITY, &mut found)?;
        let powers = if found.capabilities & DEVICE_CAPS == 0 {
            found.capabilities
        } else {
            found.device_caps
        };
        let wanted = VIDEO_CAPTURE | STREAMING;
        if powers & wanted != wanted {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let end = found.card.iter().position(|byte| *byte == 0);
        let name = &found.card[..end.unwrap_or(found.card.len())];
        Ok(Self {
            buffers: Vec::new(),
            file,
            name: String::from_utf8_lossy(name).into_owned(),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What it offers, as far as it can be read here: of each kind the sizes.
    pub(super) fn formats(&self) -> Vec<Format> {
        let kinds = (0..MOST_ANSWERS).map_while(|index| {
            let mut found = FormatDescription {
                index,
                kind: CAPTURE_BUFFERS,
                ..zeroed()
            };
            ask(&self.file, LIST_FORMATS, &mut found).ok()?;
            Some(found.code)
        });
        let known = kinds.filter_map(|code| Some((PixelFormat::of(code)?, code)));
        known
            .flat_map(|(pixels_as, code)| {
                let sizes = self.sizes(code).into_iter();
                sizes.map(move |(width, height)| Format {
                    pixels_as,
                    width,
                    height,
                    row_bytes: 0,
                })
            })
            .collect()
    }

    fn sizes(&self, code: u32) -> Vec<(u32, u32)> {
        let mut sizes = Vec::new();
        for index in 0..MOST_ANSWERS {
            let mut found = FrameSize {
                index,
                code,
                ..zeroed()
            };
            if ask(&self.file, LIST_SIZES, &mut found).is_err() {
                break;
            }
            let [first, second, _, _, fifth, _] = found.numbers;
            if found.kind == DISCRETE {
                sizes.push((first, second));
            } else {
                // A range of sizes comes as one answer: its largest is what is wanted.
                sizes.push((second, fifth));
                break;
            }
        }
        sizes
    }

    /// Begins to stream the format, or what the camera makes of it.
    pub(super) fn begin(&mut self, wanted: Format) -> io::Result<Format> {
        let code = match wanted.pixels_as {
            PixelFormat::Jpeg => self.code_of_jpeg(),
            PixelFormat::Yuyv => u32::from_le_bytes(*b"YUYV"),
        };
        let mut given = FormatRequest {
            kind: CAPTURE_BUFFERS,
            width: wanted.width,
            height: wanted.height,
            code,
            ..zeroed()
        };
        ask(&self.file, SET_FORMAT, &mut given)?;
        let pixels_as = PixelFormat::of(given.code).ok_or(io::ErrorKind::InvalidInput)?;
        let mut buffers = BufferRequest {
            count: BUFFERS,
            kind: CAPTURE_BUFFERS,
            memory: MAPPED,
            ..zeroed()
        };
        ask(&self.file, REQUEST_BUFFERS, &mut buffers)?;
        for index in 0..buffers.count.min(2 * BUFFERS) {
            let mut buffer = buffer_at(index);
            ask(&self.file, QUERY_BUFFER, &mut buffer)?;
            // The offset is a number of 32 bits in a union with pointers.
            let offset = buffer.offset & u64::from(u32::MAX);
            self.buffers
                .push(Mapping::new(&self.file, offset, buffer.length as usize)?);
            ask(&self.file, QUEUE, &mut buffer_at(index))?;
        }
        if self.buffers.is_empty() {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        ask(&self.file, STREAM_ON, &mut { CAPTURE_BUFFERS })?;
        Ok(Format {
            pixels_as,
            width: given.width,
            height: given.height,
            row_bytes: given.row_bytes,
        })
    }

    /// Cameras call it one or the other.
    fn code_of_jpeg(&self) -> u32 {
        let [motion, still] = [*b"MJPG", *b"JPEG"].map(u32::from_le_bytes);
        if self.sizes(motion).is_empty() {
            still
        } else {
            motion
        }
    }

    /// The newest whole frame; older ones are left aside. `None` when none came in time.
    pub(super) fn newest(&mut self, patience: Duration) -> io::Result<Option<Vec<u8>>> {
        let mut waits = libc::pollfd {
            fd: self.file.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        let patience_ms = i32::try_from(patience.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: one structure, valid for the call.
        let ready = unsafe { libc::poll(&raw mut waits, 1, patience_ms) };
        if ready < 0 {
            let error = io::Error::last_os_error();
            return match error.kind() {
                io::ErrorKind::Interrupted => Ok(None),
                _ => Err(error),
            };
        }
        let mut newest: Option<Buffer> = None;
        loop {
            let mut buffer = buffer_at(0);
            match ask(&self.file, DEQUEUE, &mut buffer) {
                Ok(()) if buffer.flags & DAMAGED != 0 || buffer.bytes_used == 0 => {
                    self.give_back(&buffer)?;
                }
                Ok(()) => {
                    if let Some(older) = newest.replace(buffer) {
                        self.give_back(&older)?;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        let Some(buffer) = newest else {
            return Ok(None);
        };
        let mapping = self.buffers.get(buffer.index as usize);
        let bytes = mapping.map(|mapping| mapping.copy(buffer.bytes_used as usize));
        self.give_back(&buffer)?;
        Ok(bytes)
    }

    fn give_back(&self, buffer: &Buffer) -> io::Result<()> {
        ask(&self.file, QUEUE, &mut buffer_at(buffer.index))
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        if !self.buffers.is_empty() {
            // A camera that is gone has stopped by itself.
            let _stopped = ask(&self.file, STREAM_OFF, &mut { CAPTURE_BUFFERS });
        }
    }
}

fn buffer_at(index: u32) -> Buffer {
    Buffer {
        index,
        kind: CAPTURE_BUFFERS,
        memory: MAPPED,
        ..zeroed()
    }
}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use super::*;

    /// As the header of the kernel says on machines of 64 bits, compiled by a C compiler.
    #[cfg(target_pointer_width = "64")]
    #[test]
    fn requests_and_structures_are_those_of_the_kernel() {
        assert_eq!(QUERY_CAPABILITY, 0x8068_5600);
        assert_eq!(LIST_FORMATS, 0xC040_5602);
        assert_eq!(SET_FORMAT, 0xC0D0_5605);
        assert_eq!(REQUEST_BUFFERS, 0xC014_5608);
        assert_eq!(QUERY_BUFFER, 0xC058_5609);
        assert_eq!(QUEUE, 0xC058_560F);
        assert_eq!(DEQUEUE, 0xC058_5611);
        assert_eq!(STREAM_ON, 0x4004_5612);
        assert_eq!(STREAM_OFF, 0x4004_5613);
        assert_eq!(LIST_SIZES, 0xC02C_564A);
        assert_eq!(offset_of!(Capability, card), 16);
        assert_eq!(offset_of!(Capability, device_caps), 88);
        assert_eq!(offset_of!(FormatDescription, code), 44);
        assert_eq!(offset_of!(FrameSize, numbers), 12);
        assert_eq!(offset_of!(FormatRequest, width), 8);
        assert_eq!(offset_of!(FormatRequest, code), 16);
        assert_eq!(offset_of!(FormatRequest, row_bytes), 24);
        assert_eq!(offset_of!(Buffer, seconds), 24);
        assert_eq!(offset_of!(Buffer, memory), 60);
        assert_eq!(offset_of!(Buffer, offset), 64);
        assert_eq!(offset_of!(Buffer, length), 72);
    }
}
