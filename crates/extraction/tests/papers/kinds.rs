//! The kinds of paper beside official documents and birth certificates: each told
//! from all others, and read whole.

use domain::field::Grade;
use extraction::recognise_type;

use crate::support::{Page, catalogue, field, fields, shown};

mod business;
mod civil_status;
mod construction_permit;
mod id_card;
mod land_certificate;

/// The paper is of this kind for certain, and its fields read so: `value`, or
/// `value ?` where a person must look.
fn check(kind: &str, pages: &[Page], expected: &[(&str, &str)]) {
    let texts: Vec<_> = pages.iter().map(Page::as_text).collect();
    let seen = recognise_type(catalogue(), &texts);
    assert_eq!(
        (seen.document_type.as_str(), seen.grade),
        (kind, Grade::Certain)
    );
    let candidates = fields(kind, pages);
    for (name, value) in expected {
        let found = field(&candidates, name);
        let read = match found.grade {
            Grade::Certain => found.value.clone(),
            Grade::Check => format!("{} ?", found.value),
            Grade::Empty => String::new(),
        };
        assert_eq!(read, *value, "{}", shown(&found));
    }
}

const LEFT: u32 = 470;
const RIGHT: u32 = 1130;

/// Agency left, state and motto right, number and day under them.
fn office_head(number: &str, day: &str) -> Page {
    Page::new()
        .centred(LEFT, 180, "ỦY BAN NHÂN DÂN")
        .centred(RIGHT, 180, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(LEFT, 222, "XÃ THANH SƠN")
        .centred(RIGHT, 222, "Độc lập - Tự do - Hạnh phúc")
        .line(330, 290, number)
        .centred(RIGHT, 292, day)
}

/// Who signs for the commune, far down on the right.
fn signed(page: Page, y: u32, titles: &[&str]) -> Page {
    let page = titles.iter().zip(0..).fold(page, |page, (title, row)| {
        page.centred(1150, y + row * 44, title)
    });
    page.centred(1150, y + 300, "Phạm Đức Long")
}
