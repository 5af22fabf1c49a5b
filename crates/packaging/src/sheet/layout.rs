//! Where everything stands on a sheet.

use super::{
    CODE_AT, Cell, Face, Faces, LaidOutSheet, LineManner, MODULE, MOST_PAGES, Placed, Sheet,
    SheetFonts, SheetPaper, SheetPart, Signer,
};
use crate::error::Error;
use crate::slip::wrapped;

/// From the sides to the text: 15 mm.
const MARGIN: f32 = 42.5;

/// From the top of a further page, and to the foot of every page.
const TOP: f32 = 50.0;
const FOOT: f32 = 48.0;

/// Lines stand this far from each other, in sizes of their letters.
const LINE: f32 = 1.35;

/// Thickness of the rules of a table.
const RULE: f32 = 0.6;

/// Text keeps so far from the rules of its cell.
const CELL: f32 = 3.0;

/// Room for a signature by hand.
const HAND: f32 = 52.0;

/// Between the code and what stands beside it.
const BESIDE: f32 = 10.0;

/// Lays a sheet out. Its code is drawn later, since it carries a digest of what stands here.
pub fn lay_out(sheet: &Sheet, fonts: &SheetFonts<'_>) -> Result<LaidOutSheet, Error> {
    let mut page = Layout {
        faces: Faces::open(fonts)?,
        sheet,
        size: sheet.paper.size(),
        letters: match sheet.paper {
            SheetPaper::A5 => 10.0,
            SheetPaper::A4 => 12.0,
        },
        page: 0,
        y: TOP,
        placed: Vec::new(),
    };
    page.head();
    for part in &sheet.parts {
        match part {
            SheetPart::Line(text, manner) => page.line(text, *manner),
            SheetPart::Table { head, rows } => page.table(head, rows),
            SheetPart::Signers(signers) => page.signers(signers),
        }
    }
    let pages = page.page + 1;
    if pages > MOST_PAGES {
        return Err(Error::TooManyPages {
            found: pages,
            most: MOST_PAGES,
        });
    }
    Ok(LaidOutSheet {
        paper: sheet.paper,
        code_modules: sheet.code_modules,
        title: sheet.title.clone(),
        pages,
        placed: page.placed,
    })
}

struct Layout<'a> {
    faces: Faces<'a>,
    sheet: &'a Sheet,
    size: (f32, f32),
    letters: f32,
    page: usize,
    /// Where the next thing may stand.
    y: f32,
    placed: Vec<Placed>,
}

/// A column of the page in which text stands.
#[derive(Clone, Copy)]
struct Column {
    left: f32,
    width: f32,
}

#[derive(Clone, Copy)]
enum Align {
    Left,
    Centre,
    Right,
}

impl Layout<'_> {
    fn whole(&self) -> Column {
        Column {
            left: MARGIN,
            width: self.size.0 - 2.0 * MARGIN,
        }
    }

    /// Draws lines in a column from `y` on, and says where the next would stand.
    fn write(
        &mut self,
        text: &str,
        (face, size): (Face, f32),
        column: Column,
        align: Align,
        mut y: f32,
    ) -> f32 {
        let font = self.faces.of(face);
        for line in wrapped(font, &font.visible(text), size, column.width) {
            let room = column.width - font.width(&line, size);
            let left = match align {
                Align::Left => column.left,
                Align::Centre => column.left + room / 2.0,
                Align::Right => column.left + room,
            };
            self.placed.push(Placed::Text {
                page: self.page,
                at: (left, y + size),
                size,
                face,
                text: line,
            });
            y += size * LINE;
        }
        y
    }

    fn height(&self, text: &str, (face, size): (Face, f32), width: f32) -> f32 {
        let font = self.faces.of(face);
        wrapped(font, &font.visible(text), size, width).len() as f32 * size * LINE
    }

    fn rule(&mut self, x: f32, y: f32, width: f32, height: f32) {
        self.placed.push(Placed::Rule {
            page: self.page,
            area: [x, y, width, height],
        });
    }

    /// Code, motto, agency, number and title.
    fn head(&mut self) {
        let sheet = self.sheet;
        let side = sheet.code_modules as f32 * MODULE;
        let (code_right, code_foot) = (CODE_AT.0 + side, CODE_AT.1 + side);
        let left = code_right + BESIDE;
        let beside = Column {
            left,
            width: self.size.0 - MARGIN / 2.0 - left,
        };
        let small = self.letters - 1.0;
        let mut y = CODE_AT.1 + 10.0;
        for line in &sheet.motto {
            y = self.write(line, (Face::Bold, small), beside, Align::Centre, y);
        }
        if !sheet.motto.is_empty() {
            let width = beside.width.min(150.0);
            let at = beside.left + (beside.width - width) / 2.0;
            self.rule(at, y + 1.0, width, RULE);
            y += 8.0;
        }
        for (number, line) in sheet.agency.iter().enumerate() {
            let last = number + 1 == sheet.agency.len();
            let face = if last { Face::Bold } else { Face::Regular };
            y = self.write(line, (face, small), beside, Align::Centre, y);
        }
        y = self.write(
            &sheet.number,
            (Face::Regular, small),
            beside,
            Align::Centre,
            y + 2.0,
        );
        self.y = y.max(code_foot) + 10.0;
        let title = (Face::Bold, self.letters + 2.0);
        self.y = self.write(&sheet.title, title, self.whole(), Align::Centre, self.y) + 4.0;
    }

    /// Goes on to the next page where this much does not fit any more.
    fn need(&mut self, height: f32) {
        if self.y + height <= self.size.1 - FOOT || self.page >= MOST_PAGES {
            return;
        }
        self.page += 1;
        let sheet = self.sheet;
        let continued = format!("{} – {} {}", sheet.number, sheet.page_word, self.page + 1);
        let small = (Face::Italic, self.letters - 2.0);
        self.y = self.write(&continued, small, self.whole(), Align::Right, TOP - 20.0) + 6.0;
    }

    fn line(&mut self, text: &str, manner: LineManner) {
        let (face, size, align) = match manner {
            LineManner::Plain => (Face::Regular, self.letters, Align::Left),
            LineManner::Centre => (Face::Regular, self.letters, Align::Centre),
            LineManner::Bold => (Face::Bold, self.letters, Align::Left),
            LineManner::Aside => (Face::Italic, self.letters, Align::Right),
            LineManner::Small => (Face::Regular, self.letters - 3.0, Align::Left),
        };
        let whole = self.whole();
        // A text longer than a page goes on, line by line.
        let font = self.faces.of(face);
        for line in wrapped(font, &font.visible(text), size, whole.width) {
            self.need(size * LINE);
            self.y = self.write(&line, (face, size), whole, align, self.y);
        }
        self.y += 1.5;
    }

    fn table(&mut self, head: &[Cell], rows: &[Vec<String>]) {
        let whole = self.whole();
        let shares: u32 = head.iter().map(|cell| cell.share).sum();
        let mut left = whole.left;
        let columns: Vec<Column> = head
            .iter()
            .map(|cell| {
                let width = whole.width * cell.share as f32 / shares.max(1) as f32;
                let column = Column { left, width };
                left += width;
                column
            })
            .collect();
        self.y += 3.0;
        let names: Vec<&str> = head.iter().map(|cell| cell.text.as_str()).collect();
        self.row(&columns, &names, Face::Bold);
        for row in rows {
            let row: Vec<&str> = row.iter().map(String::as_str).collect();
            let page = self.page;
            self.need(self.row_height(&columns, &row, Face::Regular));
            if self.page != page {
                self.row(&columns, &names, Face::Bold);
            }
            self.row(&columns, &row, Face::Regular);
        }
        self.y += 6.0;
    }

    fn row_height(&self, columns: &[Column], row: &[&str], face: Face) -> f32 {
        let size = self.letters - 2.0;
        let heights = columns.iter().zip(row).map(|(column, text)| {
            let width = column.width - 2.0 * CELL;
            self.height(text, (face, size), width)
        });
        heights.fold(size * LINE, f32::max) + 2.0 * CELL
    }

    fn row(&mut self, columns: &[Column], row: &[&str], face: Face) {
        let height = self.row_height(columns, row, face);
        self.need(height);
        let (top, size) = (self.y, self.letters - 2.0);
        let whole = self.whole();
        for (column, text) in columns.iter().zip(row) {
            let inner = Column {
                left: column.left + CELL,
                width: column.width - 2.0 * CELL,
            };
            self.write(text, (face, size), inner, Align::Left, top + CELL - 1.0);
            self.rule(column.left, top, RULE, height);
        }
        self.rule(whole.left + whole.width, top, RULE, height + RULE);
        self.rule(whole.left, top, whole.width, RULE);
        self.rule(whole.left, top + height, whole.width, RULE);
        self.y = top + height;
    }

    fn signers(&mut self, signers: &[Signer]) {
        let whole = self.whole();
        let width = whole.width / signers.len().max(1) as f32;
        self.need(HAND + 4.0 * self.letters * LINE + 10.0);
        let top = self.y + 10.0;
        let mut foot = top;
        for (number, signer) in signers.iter().enumerate() {
            let column = Column {
                left: whole.left + number as f32 * width,
                width,
            };
            let (bold, italic) = ((Face::Bold, self.letters), self.letters - 1.0);
            let y = self.write(&signer.title, bold, column, Align::Centre, top);
            let y = self.write(
                &signer.hint,
                (Face::Italic, italic),
                column,
                Align::Centre,
                y,
            );
            let y = self.write(&signer.name, bold, column, Align::Centre, y + HAND);
            foot = foot.max(y);
        }
        self.y = foot;
    }
}
