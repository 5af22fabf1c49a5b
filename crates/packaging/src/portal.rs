//! The flat form that portals take: the same names and values as JSON and as a table.

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};
use serde::{Serialize, Serializer};

use crate::error::Error;

/// Names and values as JSON, in their order.
pub fn portal_json(values: &[(String, String)]) -> Vec<u8> {
    let mut bytes =
        serde_json::to_vec_pretty(&Named(values)).expect("names and texts always make JSON");
    bytes.push(b'\n');
    bytes
}

struct Named<'a>(&'a [(String, String)]);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Names and values as a table of two rows. Every value is a text: a number of twelve
/// digits must not lose its last ones, and a day must not become another.
pub fn portal_table(values: &[(String, String)], made_at: DateTime<Utc>) -> Result<Vec<u8>, Error> {
    let mut book = Workbook::new();
    let unwritable = |_| Error::TableUnwritable;
    let small = |value: u32| u8::try_from(value).expect("no part of a date passes 59");
    let made = ExcelDateTime::from_ymd(
        u16::try_from(made_at.year()).unwrap_or(1900),
        small(made_at.month()),
        small(made_at.day()),
    )
    .and_then(|day| {
        day.and_hms(
            u16::try_from(made_at.hour()).expect("an hour is small"),
            small(made_at.minute()),
            small(made_at.second()),
        )
    })
    .map_err(unwritable)?;
    // Same input, same bytes: the writer would ask the clock.
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let text = Format::new().set_num_format("@");
    let sheet = book.add_worksheet();
    for (column, (name, value)) in (0..).zip(values) {
        sheet
            .write_string(0, column, name)
            .and_then(|sheet| sheet.write_string_with_format(1, column, value, &text))
            .map_err(unwritable)?;
    }
    book.save_to_buffer().map_err(unwritable)
}
