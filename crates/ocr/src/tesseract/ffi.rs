//! The C functions of Tesseract 5, found in a library that is loaded at run time.
//!
//! Nothing is linked: the program starts on a machine without Tesseract, and the
//! library may be newer than the program. Every unsafe call of this crate stands
//! in this file.
#![expect(
    unsafe_code,
    reason = "calls the C interface of libtesseract; each call says why it is sound"
)]

use std::ffi::{CStr, c_char, c_float, c_int, c_void};
use std::fmt;
use std::ptr;

use image::GrayImage;

use crate::error::Error;

/// The names under which the library is known, best first. A bare name lets the
/// loader look beside the program and in the system's folders.
#[cfg(target_os = "linux")]
pub(super) const CANDIDATES: &[&str] = &["libtesseract.so.5"];
#[cfg(target_os = "macos")]
pub(super) const CANDIDATES: &[&str] = &[
    "libtesseract.5.dylib",
    "/opt/homebrew/lib/libtesseract.5.dylib",
    "/usr/local/lib/libtesseract.5.dylib",
];
#[cfg(windows)]
pub(super) const CANDIDATES: &[&str] = &[
    "libtesseract-5.dll",
    "tesseract55.dll",
    "tesseract54.dll",
    "tesseract53.dll",
];
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
pub(super) const CANDIDATES: &[&str] = &[];

/// Where what the library has to say goes: nowhere, it names no page.
#[cfg(windows)]
const NOWHERE: &CStr = c"NUL";
#[cfg(not(windows))]
const NOWHERE: &CStr = c"/dev/null";

/// `OEM_LSTM_ONLY` of `capi.h`.
const LSTM_ONLY: c_int = 1;
/// `PSM_AUTO` of `capi.h`.
const WHOLE_PAGE: c_int = 3;
/// `PSM_SINGLE_LINE` of `capi.h`.
const SINGLE_LINE: c_int = 7;
/// `RIL_WORD` of `capi.h`.
const WORD: c_int = 3;
/// What Tesseract is told of the resolution, so that it does not guess and
/// complain; lines come to it at about the height they have at 300 dpi.
const DPI: c_int = 300;

type Api = *mut c_void;
type Iterator = *mut c_void;
type Pages = *mut c_void;
type Texts = *mut *mut c_char;

macro_rules! functions {
    ($($field:ident = $symbol:literal: fn($($argument:ty),*) $(-> $result:ty)?;)+) => {
        /// The functions in use, each found once.
        struct Functions {
            $($field: unsafe extern "C" fn($($argument),*) $(-> $result)?,)+
        }

        impl Functions {
            fn find(library: &libloading::Library) -> Result<Self, Error> {
                Ok(Self {
                    $(
                        // SAFETY: the type is that of the function of this name in
                        // Tesseract 5's `capi.h`; `Library` keeps the library loaded
                        // for as long as the pointer lives.
                        $field: *unsafe { library.get::<unsafe extern "C" fn($($argument),*) $(-> $result)?>($symbol) }
                            .map_err(|_| Error::TesseractForeign { reason: $symbol })?,
                    )+
                })
            }
        }
    };
}

functions! {
    version = "TessVersion": fn() -> *const c_char;
    create = "TessBaseAPICreate": fn() -> Api;
    delete = "TessBaseAPIDelete": fn(Api);
    init = "TessBaseAPIInit5": fn(Api, *const c_char, c_int, *const c_char, c_int, Texts, c_int, Texts, Texts, usize, c_int) -> c_int;
    set_variable = "TessBaseAPISetVariable": fn(Api, *const c_char, *const c_char) -> c_int;
    set_mode = "TessBaseAPISetPageSegMode": fn(Api, c_int);
    set_image = "TessBaseAPISetImage": fn(Api, *const u8, c_int, c_int, c_int, c_int);
    set_resolution = "TessBaseAPISetSourceResolution": fn(Api, c_int);
    recognise = "TessBaseAPIRecognize": fn(Api, *mut c_void) -> c_int;
    clear = "TessBaseAPIClear": fn(Api);
    iterator = "TessBaseAPIGetIterator": fn(Api) -> Iterator;
    iterator_delete = "TessResultIteratorDelete": fn(Iterator);
    iterator_next = "TessResultIteratorNext": fn(Iterator, c_int) -> c_int;
    iterator_text = "TessResultIteratorGetUTF8Text": fn(Iterator, c_int) -> *mut c_char;
    iterator_confidence = "TessResultIteratorConfidence": fn(Iterator, c_int) -> c_float;
    iterator_pages = "TessResultIteratorGetPageIterator": fn(Iterator) -> Pages;
    pages_box = "TessPageIteratorBoundingBox": fn(Pages, c_int, *mut c_int, *mut c_int, *mut c_int, *mut c_int) -> c_int;
    delete_text = "TessDeleteText": fn(*const c_char);
}

/// The loaded library and its functions.
pub(super) struct Library {
    functions: Functions,
    /// Held so that the functions stay where they are. Last, so that it goes last.
    _library: libloading::Library,
}

impl Library {
    /// Loads the first candidate that exists; `None` when none does.
    pub(super) fn load(candidates: &[&str]) -> Result<Option<Self>, Error> {
        for candidate in candidates {
            // SAFETY: loading runs the library's initialisers. They are those of
            // Tesseract and what it links (Leptonica, OpenMP), which only set up
            // their own tables.
            let Ok(library) = (unsafe { libloading::Library::new(*candidate) }) else {
                continue;
            };
            let functions = Functions::find(&library)?;
            // SAFETY: takes nothing, gives a static string that ends in zero.
            let version = unsafe { CStr::from_ptr((functions.version)()) };
            if !version.to_bytes().starts_with(b"5.") {
                return Err(Error::TesseractForeign {
                    reason: "version 5 is needed",
                });
            }
            return Ok(Some(Self {
                functions,
                _library: library,
            }));
        }
        Ok(None)
    }
}

/// A word as the library gives it: box as left, top, right, bottom in pixels of
/// the image, confidence 0 to 100.
pub(super) struct RawWord {
    pub(super) text: String,
    pub(super) confidence: f32,
    pub(super) outline: (i32, i32, i32, i32),
}

/// A started engine.
pub(super) struct Handle {
    api: Api,
    library: Library,
}

// SAFETY: the engine keeps its state in the object behind the pointer and binds
// nothing to the thread that made it; `&mut self` lets one thread in at a time.
unsafe impl Send for Handle {}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

impl Handle {
    /// Starts the engine with the bytes of a language model. From bytes and not
    /// from a folder, because the library opens files by narrow names and would
    /// not find a folder with Vietnamese letters on Windows.
    pub(super) fn start(library: Library, model: &[u8]) -> Result<Self, Error> {
        let functions = &library.functions;
        let size = c_int::try_from(model.len()).map_err(|_| Error::LanguageRefused)?;
        // SAFETY: takes nothing; the object is deleted in `drop`.
        let api = unsafe { (functions.create)() };
        if api.is_null() {
            return Err(Error::LanguageRefused);
        }
        let handle = Self { api, library };
        let functions = &handle.library.functions;
        handle.set(c"debug_file", NOWHERE);
        // SAFETY: `model` holds `size` bytes and is only read during the call; the
        // language is a string that ends in zero; there are no configuration files
        // or variables, so their lists are null with length 0.
        let refused = unsafe {
            (functions.init)(
                handle.api,
                model.as_ptr().cast(),
                size,
                c"vie".as_ptr(),
                LSTM_ONLY,
                ptr::null_mut(),
                0,
                ptr::null_mut(),
                ptr::null_mut(),
                0,
                0,
            )
        };
        if refused != 0 {
            return Err(Error::LanguageRefused);
        }
        handle.set(c"debug_file", NOWHERE);
        // Pieces with light print on dark ground are rare and the neural engine
        // has read them; trying every line a second time inverted is not.
        handle.set(c"tessedit_do_invert", c"0");
        // SAFETY: the handle is initialised.
        unsafe { (functions.set_mode)(handle.api, SINGLE_LINE) };
        Ok(handle)
    }

    /// The version of the library.
    pub(super) fn version(&self) -> String {
        // SAFETY: takes nothing, gives a static string that ends in zero.
        let version = unsafe { CStr::from_ptr((self.library.functions.version)()) };
        version.to_string_lossy().into_owned()
    }

    fn set(&self, name: &CStr, value: &CStr) {
        // SAFETY: both strings end in zero and are copied by the library. An
        // unknown name is refused by the return value and changes nothing.
        unsafe { (self.library.functions.set_variable)(self.api, name.as_ptr(), value.as_ptr()) };
    }

    /// Reads an image that shows one line.
    pub(super) fn read_line(&mut self, image: &GrayImage) -> Result<Vec<RawWord>, Error> {
        let functions = &self.library.functions;
        let (Ok(width), Ok(height)) = (
            c_int::try_from(image.width()),
            c_int::try_from(image.height()),
        ) else {
            return Err(Error::TesseractFailed);
        };
        if width == 0 || height == 0 {
            return Ok(Vec::new());
        }
        // SAFETY: the image holds height rows of width bytes without padding, and
        // the library copies them during the call; the handle is initialised.
        let failed = unsafe {
            (functions.set_image)(self.api, image.as_raw().as_ptr(), width, height, 1, width);
            (functions.set_resolution)(self.api, DPI);
            (functions.recognise)(self.api, ptr::null_mut())
        };
        let words = if failed == 0 {
            Ok(self.words())
        } else {
            Err(Error::TesseractFailed)
        };
        // SAFETY: the handle is initialised; no iterator over its results is left.
        unsafe { (functions.clear)(self.api) };
        words
    }

    /// Reads an image that shows a whole page.
    pub(super) fn read_page(&mut self, image: &GrayImage) -> Result<Vec<RawWord>, Error> {
        // SAFETY: the handle is initialised.
        unsafe { (self.library.functions.set_mode)(self.api, WHOLE_PAGE) };
        let words = self.read_line(image);
        // SAFETY: as above. Every other image shows one line.
        unsafe { (self.library.functions.set_mode)(self.api, SINGLE_LINE) };
        words
    }

    /// The words of what was recognised last.
    fn words(&self) -> Vec<RawWord> {
        let functions = &self.library.functions;
        let mut words = Vec::new();
        // SAFETY: recognition has run. The iterator is null when there are no
        // results, else it is deleted below, before the results are cleared.
        let iterator = unsafe { (functions.iterator)(self.api) };
        if iterator.is_null() {
            return words;
        }
        loop {
            // SAFETY: the iterator is valid and stands on a word or at the end,
            // where the text is null. The text ends in zero and belongs to us.
            let text = unsafe { (functions.iterator_text)(iterator, WORD) };
            if !text.is_null() {
                // SAFETY: as above; it is copied before it is given back.
                let copy = unsafe { CStr::from_ptr(text) }
                    .to_string_lossy()
                    .into_owned();
                // SAFETY: it came from `TessResultIteratorGetUTF8Text`.
                unsafe { (functions.delete_text)(text) };
                let (mut left, mut top, mut right, mut bottom) = (0, 0, 0, 0);
                // SAFETY: the page iterator is a view of the same object and is
                // not deleted; the four places outlive the call.
                let (confidence, placed) = unsafe {
                    (
                        (functions.iterator_confidence)(iterator, WORD),
                        (functions.pages_box)(
                            (functions.iterator_pages)(iterator),
                            WORD,
                            &raw mut left,
                            &raw mut top,
                            &raw mut right,
                            &raw mut bottom,
                        ),
                    )
                };
                if placed != 0 {
                    words.push(RawWord {
                        text: copy,
                        confidence,
                        outline: (left, top, right, bottom),
                    });
                }
            }
            // SAFETY: the iterator is valid; zero means that it was the last word.
            if unsafe { (functions.iterator_next)(iterator, WORD) } == 0 {
                break;
            }
        }
        // SAFETY: it came from `TessBaseAPIGetIterator` and is not used again.
        unsafe { (functions.iterator_delete)(iterator) };
        words
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the handle came from `TessBaseAPICreate` and is not used again;
        // the library is still loaded, since its field is dropped after this.
        unsafe { (self.library.functions.delete)(self.api) };
    }
}
