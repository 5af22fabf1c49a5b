//! From recognised text and codes on paper to proposed field values.
//!
//! **Words.** A [`Form`] (biểu mẫu) describes a document type: how it is
//! recognised, which fields it has, where they stand. The [`Catalogue`] holds all
//! forms, the procedures and the templates of digitisation codes; all of it is
//! data in `forms/`, and adding a kind of paper needs no code. [`recognise_type`]
//! says which form a paper follows, [`lines_to_read_again`] which of its lines the
//! second engine must read, [`extract`] proposes a value for every field, and
//! [`normal_form`] brings what a person typed to the form in which it is kept.
//!
//! **Lists.** What values are looked up in (units, ethnic groups, countries, sexes)
//! is data too. A list says which of the engines' readings can be meant and which
//! code a value has ([`Catalogue::address`]); it never makes a value that nobody
//! read.
//!
//! **Witnesses.** An identity card says everything up to three times: in its QR
//! code, in its machine-readable zone ([`Mrz`]) and in print; [`extract`] compares
//! them field by field. [`cross_check`] compares what all papers of a dossier say
//! of one person, and [`undo_typing`] reads a code that a USB reader typed like a
//! keyboard.
//!
//! **Counts.** [`page_mark`] reads what a page says of its place ("Trang 2/5"), and
//! [`joins`] says where the pages of one paper look like two.
//!
//! **What the fields of an official document mean.** `title` is the name of the
//! document's type as Decree 30/2020 gives it ("QUYẾT ĐỊNH"); a letter has none
//! printed and gets "CÔNG VĂN" by rule, because its "V/v" says so. `summary` is
//! the block under the title, or what follows "V/v". `issuer` is the agency over
//! the number, its parent agency before it where one is printed, joined by a space.
//!
//! **Normal forms.** Days are `YYYY-MM-DD`; a partial date may be `YYYY-MM` or
//! `YYYY`. `valid_until` is a day, or `unlimited`, or empty where the paper says
//! nothing. Numbers carry no spaces. Names, addresses, groups, countries and texts
//! stay as written, in NFC. A zone is its lines with one space between them.
//!
//! **Invariants.** Pure: the same input gives the same output (only
//! [`Catalogue::load`] reads files). Nothing is invented: a number or a day left
//! blank is `empty`. `certain` has the conditions listed in the module on grades;
//! whatever is missing is named by its doubt.
//!
//! ```
//! use extraction::{Catalogue, normal_form};
//! let catalogue = Catalogue::builtin();
//! let form = catalogue.form(&"official_document".parse().unwrap()).unwrap();
//! let day = form.field(&"issued_on".parse().unwrap()).unwrap();
//! assert_eq!(normal_form(day, "5/1/2026").unwrap(), "2026-01-05");
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        reason = "a test that cannot go on should stop loudly"
    )
)]

mod address;
mod calibrate;
mod catalogue;
mod checks;
mod choose;
mod cross_check;
mod error;
mod extract;
mod find;
mod grade;
mod heading;
mod identity;
mod kind_model;
mod label;
mod layout;
mod normal;
mod page_mark;
mod passage;
mod pattern;
mod read;
mod read_again;
mod recognise;
mod separation;

pub use address::{Address, Resolved};
pub use calibrate::{Calibration, FieldTrust};
pub use catalogue::Catalogue;
pub use catalogue::check::{FormFault, check_form};
pub use catalogue::form::{FieldDefinition, Form, ValueType};
pub use catalogue::procedure::{Procedure, ProcedureComponent};
pub use catalogue::slip::{
    AskShape, Letterhead, LineStyle, PackageWords, PortalColumn, PortalNames, SlipAsk,
    SlipCodeLine, SlipColumn, SlipLine, SlipPaper, SlipPart, SlipSigner, SlipSigners, SlipSubject,
    SlipTable, SlipTemplate,
};
pub use cross_check::{FieldSays, Mention, PaperSays, PersonCheck, PersonPart, cross_check};
pub use error::{Error, RuleFailure};
pub use extract::{Context, WordRef, extract, words_left_open};
pub use identity::mrz::{Mrz, MrzCheck, MrzKind};
pub use identity::qr::IdentityQr;
pub use identity::typed::{Mangling, TypedQr, UnprovenPart, undo_typing};
pub use kind_model::{KindModel, LESSON_VERSION, Lesson};
pub use layout::PageText;
pub use normal::{is_normal_form, normal_form};
pub use page_mark::{page_mark, page_mark_of_line};
pub use read_again::{LineRef, lines_to_read_again};
pub use recognise::recognise_type;
pub use separation::{Join, JoinReason, Separation, SlipWords, joins};
