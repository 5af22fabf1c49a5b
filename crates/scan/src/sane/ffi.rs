//! The eleven functions of `libsane.so.1`, and everything that is unsafe about
//! them. Above this module there are only owned values.
#![expect(
    unsafe_code,
    reason = "SANE is a C library; this is the one module that calls it"
)]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use libloading::Library;

use super::descriptor::{Constraint, OptionDescriptor, Value, ValueKind};
use super::frames::{FrameKind, Parameters};
use super::status::{Status, said};
use crate::error::Error;
use crate::scanner::Device;
use crate::trace::Trace;

#[cfg(target_os = "macos")]
const LIBRARY: &str = "libsane.1.dylib";
#[cfg(not(target_os = "macos"))]
const LIBRARY: &str = "libsane.so.1";

/// The version of the interface that these declarations follow.
const MAJOR_VERSION: c_int = 1;

/// An opened device; closed when dropped. Not `Send`, because of the pointer: a
/// device stays in the thread that opened it.
#[derive(Debug)]
pub(super) struct Handle {
    raw: *mut c_void,
    trace: Trace,
}

#[repr(C)]
struct RawDevice {
    name: *const c_char,
    vendor: *const c_char,
    model: *const c_char,
    kind: *const c_char,
}

#[repr(C)]
struct RawDescriptor {
    name: *const c_char,
    title: *const c_char,
    description: *const c_char,
    kind: c_int,
    unit: c_int,
    size: c_int,
    capabilities: c_int,
    constraint_kind: c_int,
    /// A union of three pointers in C.
    constraint: *const c_void,
}

#[repr(C)]
#[derive(Default)]
struct RawParameters {
    format: c_int,
    last_frame: c_int,
    bytes_per_line: c_int,
    pixels_per_line: c_int,
    lines: c_int,
    depth: c_int,
}

/// The functions, copied out of the library, which is never unloaded.
struct Sane {
    get_devices: unsafe extern "C" fn(*mut *const *const RawDevice, c_int) -> c_int,
    open: unsafe extern "C" fn(*const c_char, *mut *mut c_void) -> c_int,
    close: unsafe extern "C" fn(*mut c_void),
    get_option_descriptor: unsafe extern "C" fn(*mut c_void, c_int) -> *const RawDescriptor,
    control_option:
        unsafe extern "C" fn(*mut c_void, c_int, c_int, *mut c_void, *mut c_int) -> c_int,
    get_parameters: unsafe extern "C" fn(*mut c_void, *mut RawParameters) -> c_int,
    start: unsafe extern "C" fn(*mut c_void) -> c_int,
    read: unsafe extern "C" fn(*mut c_void, *mut u8, c_int, *mut c_int) -> c_int,
    cancel: unsafe extern "C" fn(*mut c_void),
}

/// Loaded and initialised once a process. It is never finished with `sane_exit`:
/// that must come after every handle is closed, and the end of a worker process
/// frees more surely what it would free.
static SANE: Mutex<Option<Sane>> = Mutex::new(None);

/// The library, to this thread alone until the guard is dropped.
fn lock() -> MutexGuard<'static, Option<Sane>> {
    // A panic between two calls leaves nothing half done in here.
    SANE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn with<T>(call: impl FnOnce(&Sane) -> T) -> Result<T, Error> {
    let mut guard = lock();
    if guard.is_none() {
        *guard = Some(Sane::load(LIBRARY)?);
    }
    let sane = guard.as_ref().expect("it was loaded a line ago");
    Ok(call(sane))
}

impl Sane {
    fn load(library: &str) -> Result<Self, Error> {
        // SAFETY: loading runs the initialisers of libsane, which the system
        // installed; they have no preconditions.
        let library = unsafe { Library::new(library) }.map_err(|_| Error::SaneAbsent)?;
        // Leaked on purpose: the function pointers below live as long as the process.
        let library: &'static Library = Box::leak(Box::new(library));
        let mut version = 0;
        // SAFETY: each name has the type that sane.h declares for it since version
        // 1.0, which `sane_init` confirms before any other function is called. The
        // pointer to `version` is valid for the call, and a null call-back is allowed.
        unsafe {
            let init = symbol::<
                unsafe extern "C" fn(
                    *mut c_int,
                    Option<unsafe extern "C" fn(*const c_char, *mut c_char, *mut c_char)>,
                ) -> c_int,
            >(library, "sane_init")?;
            let sane = Self {
                get_devices: symbol(library, "sane_get_devices")?,
                open: symbol(library, "sane_open")?,
                close: symbol(library, "sane_close")?,
                get_option_descriptor: symbol(library, "sane_get_option_descriptor")?,
                control_option: symbol(library, "sane_control_option")?,
                get_parameters: symbol(library, "sane_get_parameters")?,
                start: symbol(library, "sane_start")?,
                read: symbol(library, "sane_read")?,
                cancel: symbol(library, "sane_cancel")?,
            };
            Status::check(init(&raw mut version, None)).map_err(|_| Error::SaneAbsent)?;
            if version >> 24 == MAJOR_VERSION {
                Ok(sane)
            } else {
                Err(Error::SaneAbsent)
            }
        }
    }
}

/// # Safety
/// `T` must be the function type that the library has under this name.
unsafe fn symbol<T: Copy>(library: &'static Library, name: &str) -> Result<T, Error> {
    // SAFETY: the caller names the right type; the library is never unloaded, so a
    // copy of the pointer stays valid.
    unsafe { library.get::<T>(name.as_bytes()) }
        .map(|symbol| *symbol)
        .map_err(|_| Error::SaneAbsent)
}

/// Every device that any back end reports.
pub(super) fn devices() -> Result<Vec<Device>, Error> {
    with(|sane| {
        let mut list = ptr::null();
        // SAFETY: `list` is valid for the call; 0 asks for network devices too.
        Status::check(unsafe { (sane.get_devices)(&raw mut list, 0) })
            .map_err(Status::during_a_scan)?;
        // SAFETY: on success the list is a null-terminated array of pointers to
        // devices, valid until the next call, which the lock keeps off.
        Ok(unsafe { null_terminated(list) }
            .into_iter()
            .map(|device| {
                // SAFETY: see above; its four strings live as long as it does.
                let device = unsafe { &*device };
                // SAFETY: as before.
                let [id, vendor, model] = [device.name, device.vendor, device.model]
                    .map(|string| unsafe { text(string) });
                Device {
                    id,
                    name: format!("{vendor} {model}").trim().to_owned(),
                    sources: Vec::new(),
                    both_sides: false,
                    resolutions_dpi: Vec::new(),
                }
            })
            .collect())
    })?
}

impl Handle {
    pub(super) fn open(id: &str, trace: Trace) -> Result<Self, Error> {
        let id = CString::new(id).map_err(|_| Error::NoSuchDevice)?;
        let opened = with(|sane| {
            let mut handle = ptr::null_mut();
            // SAFETY: both pointers are valid for the call.
            Status::check(unsafe { (sane.open)(id.as_ptr(), &raw mut handle) })
                .map_err(Status::at_opening)?;
            Ok(handle)
        });
        let raw = opened
            .and_then(|opened| opened)
            .inspect_err(|error: &Error| {
                trace.note(|| format!("sane open {}", error.name()));
            })?;
        let opened = Self { raw, trace };
        opened.note_options();
        Ok(opened)
    }

    /// Writes down what the device offers. Values are left out: some name a place.
    fn note_options(&self) {
        self.trace.note(|| "sane open good");
        for option in self.options() {
            self.trace.note(|| format!("sane option {option}"));
        }
    }

    /// All options as they are now. Setting one may change others.
    pub(super) fn options(&self) -> Vec<OptionDescriptor> {
        let all = with(|sane| {
            (1..)
                .map_while(|index| {
                    // SAFETY: the handle is open; an index beyond the last gives null.
                    let raw = unsafe { (sane.get_option_descriptor)(self.raw, index).as_ref() }?;
                    // SAFETY: a descriptor stays valid until an option is set or the
                    // device closed; the lock keeps both off while it is copied.
                    Some(unsafe { descriptor(index, raw) })
                })
                .collect()
        });
        all.unwrap_or_default()
    }

    pub(super) fn get(&self, option: &OptionDescriptor) -> Option<Value> {
        // At least one word, so that a device that reports size 0 cannot write past it.
        let mut buffer = vec![0u8; option.size.max(size_of::<c_int>())];
        self.control(option, 0, &mut buffer).ok()?;
        match option.kind {
            ValueKind::Text => {
                let text = CStr::from_bytes_until_nul(&buffer).ok()?;
                Some(Value::Text(text.to_string_lossy().into_owned()))
            }
            ValueKind::NoValue => None,
            _ => Some(Value::Word(i32::from_ne_bytes(
                buffer[..4].try_into().expect("the buffer holds a word"),
            ))),
        }
    }

    /// Sets an option. A value of the wrong kind or size is refused here.
    pub(super) fn set(&self, option: &OptionDescriptor, value: &Value) -> Result<(), Status> {
        let mut buffer = vec![0u8; option.size.max(size_of::<c_int>())];
        match (value, option.kind) {
            (Value::Text(text), ValueKind::Text) if text.len() < option.size => {
                buffer[..text.len()].copy_from_slice(text.as_bytes());
            }
            (Value::Word(word), ValueKind::Bool | ValueKind::Int | ValueKind::Fixed)
                if option.size == size_of::<c_int>() =>
            {
                buffer.copy_from_slice(&word.to_ne_bytes());
            }
            _ => return Err(Status::Invalid),
        }
        let outcome = self.control(option, 1, &mut buffer);
        self.trace
            .note(|| format!("sane set {} {value} {}", option.name, said(&outcome)));
        outcome
    }

    fn control(
        &self,
        option: &OptionDescriptor,
        action: c_int,
        buffer: &mut [u8],
    ) -> Result<(), Status> {
        let number = with(|sane| {
            let mut info = 0;
            let value = buffer.as_mut_ptr().cast();
            // SAFETY: the handle is open, the index came from its descriptors, and
            // the buffer is as large as the descriptor asks for and starts with a
            // terminated string where the option is text. SANE words need no more
            // alignment than the allocator gives.
            unsafe { (sane.control_option)(self.raw, option.index, action, value, &raw mut info) }
        });
        Status::check(number.map_err(|_| Status::Other)?)
    }

    pub(super) fn parameters(&self) -> Result<Parameters, Status> {
        let mut raw = RawParameters::default();
        let number = with(|sane| {
            // SAFETY: the handle is open and `raw` valid for the call.
            unsafe { (sane.get_parameters)(self.raw, &raw mut raw) }
        });
        Status::check(number.map_err(|_| Status::Other)?)?;
        let positive = |number: c_int| usize::try_from(number).map_err(|_| Status::Other);
        Ok(Parameters {
            kind: match raw.format {
                0 => FrameKind::Grey,
                1 => FrameKind::Rgb,
                2 => FrameKind::Red,
                3 => FrameKind::Green,
                4 => FrameKind::Blue,
                _ => return Err(Status::Other),
            },
            last_frame: raw.last_frame != 0,
            bytes_per_line: positive(raw.bytes_per_line)?,
            pixels_per_line: positive(raw.pixels_per_line)?,
            // -1 where the device does not know yet.
            lines: usize::try_from(raw.lines).ok(),
            depth: raw.depth,
        })
    }

    pub(super) fn start(&self) -> Result<(), Status> {
        // SAFETY: the handle is open.
        let number = with(|sane| unsafe { (sane.start)(self.raw) });
        let outcome = number.map_or(Err(Status::Other), Status::check);
        self.trace.note(|| format!("sane start {}", said(&outcome)));
        outcome
    }

    /// Writes down how reading a frame ended.
    pub(super) fn note_frame(&self, parameters: &Parameters, bytes: usize, end: Status) {
        self.trace
            .note(|| format!("sane frame {parameters:?} {bytes} bytes {}", end.name()));
    }

    pub(super) fn read(&self, buffer: &mut [u8]) -> Result<usize, Status> {
        let mut length = 0;
        let number = with(|sane| {
            let room = c_int::try_from(buffer.len()).unwrap_or(c_int::MAX);
            // SAFETY: the handle is open, and the buffer has room for as many bytes.
            unsafe { (sane.read)(self.raw, buffer.as_mut_ptr(), room, &raw mut length) }
        });
        Status::check(number.map_err(|_| Status::Other)?)?;
        usize::try_from(length)
            .ok()
            .filter(|length| *length <= buffer.len())
            .ok_or(Status::Other)
    }

    pub(super) fn cancel(&self) {
        // SAFETY: the handle is open; cancelling is allowed at any time.
        let _loaded = with(|sane| unsafe { (sane.cancel)(self.raw) });
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the handle is open and not used afterwards.
        let _loaded = with(|sane| unsafe { (sane.close)(self.raw) });
    }
}

/// A program may set the option.
const SOFT_SELECT: c_int = 1;
/// The option does not apply now.
const INACTIVE: c_int = 32;
/// The option's unit.
const UNIT_MILLIMETRE: c_int = 3;

/// # Safety
/// The descriptor must come from the library and still be valid.
unsafe fn descriptor(index: c_int, raw: &RawDescriptor) -> OptionDescriptor {
    let kind = match raw.kind {
        0 => ValueKind::Bool,
        1 => ValueKind::Int,
        2 => ValueKind::Fixed,
        3 => ValueKind::Text,
        _ => ValueKind::NoValue,
    };
    // SAFETY: the kind of the constraint says what its pointer points to; a null
    // pointer is no constraint.
    let constraint = unsafe {
        match raw.constraint_kind {
            1 => raw.constraint.cast::<[i32; 3]>().as_ref().map_or(
                Constraint::None,
                |[min, max, _step]| Constraint::Range {
                    min: *min,
                    max: *max,
                },
            ),
            2 => Constraint::Words(counted(raw.constraint.cast())),
            3 => Constraint::Texts(
                null_terminated(raw.constraint.cast::<*const c_char>())
                    .into_iter()
                    .map(|string| text(string))
                    .collect(),
            ),
            _ => Constraint::None,
        }
    };
    OptionDescriptor {
        index,
        // SAFETY: names are terminated strings or null.
        name: unsafe { text(raw.name) },
        kind,
        size: usize::try_from(raw.size).unwrap_or(0),
        settable: raw.capabilities & SOFT_SELECT != 0 && raw.capabilities & INACTIVE == 0,
        is_millimetres: raw.unit == UNIT_MILLIMETRE,
        constraint,
    }
}

/// # Safety
/// Null, or a terminated string.
unsafe fn text(string: *const c_char) -> String {
    if string.is_null() {
        return String::new();
    }
    // SAFETY: by the function's own condition.
    unsafe { CStr::from_ptr(string) }
        .to_string_lossy()
        .into_owned()
}

/// # Safety
/// Null, or an array of pointers that ends with a null pointer.
unsafe fn null_terminated<T>(array: *const *const T) -> Vec<*const T> {
    if array.is_null() {
        return Vec::new();
    }
    let mut items = Vec::new();
    loop {
        // SAFETY: by the function's own condition every place up to the null may be read.
        let item = unsafe { *array.add(items.len()) };
        if item.is_null() {
            return items;
        }
        items.push(item);
    }
}

/// # Safety
/// Null, or an array whose first word says how many words follow.
unsafe fn counted(array: *const i32) -> Vec<i32> {
    // SAFETY: by the function's own condition.
    let Some(count) = (unsafe { array.as_ref() }) else {
        return Vec::new();
    };
    (1..=usize::try_from(*count).unwrap_or(0))
        // SAFETY: as before.
        .map(|index| unsafe { *array.add(index) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_the_library_says_so() {
        let absent = Sane::load("libsane-that-nobody-has.so.1").err().unwrap();
        assert_eq!(absent.name(), "sane_absent");
    }

    #[test]
    fn a_library_that_is_not_sane_is_no_sane() {
        // Loads everywhere on Linux and has none of the functions.
        if cfg!(target_os = "linux") {
            let other = Sane::load("libc.so.6").err().unwrap();
            assert_eq!(other.name(), "sane_absent");
        }
    }
}
