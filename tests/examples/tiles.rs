//! `make bench-vault`: how long it takes from the moment when a page's bytes are there until
//! its tile can be drawn: sealed, forced to the disk, recorded, opened again, made small.
#![expect(clippy::print_stdout, reason = "a report is printed")]

use std::time::{Duration, Instant};

use desk::reception::{self, NewComponent, NewDossier};
use desk::{picture, scan};
use domain::dossier::SubmittedAs;
use support::test_desk::{TestDesk, sample};

/// Pages that are measured of each kind.
const PAGES: usize = 15;
/// As wide as the window asks for a tile.
const TILE_PX: u32 = 240;
/// From the last byte to the tile.
const BAR_MS: f64 = 300.0;

fn middle_and_longest(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let ms = |time: &Duration| time.as_secs_f64() * 1_000.0;
    let longest = times.last().map_or(0.0, ms);
    (times.get(times.len() / 2).map_or(0.0, ms), longest)
}

fn main() {
    let test = TestDesk::new();
    let desk = test.desk();
    let component = NewComponent {
        name: "Giấy tờ khác".to_owned(),
        code: None,
        result_type: None,
        submitted_as: SubmittedAs::Original,
    };
    let new = NewDossier {
        components: vec![component],
        ..NewDossier::default()
    };
    let dossier = reception::receive(desk, new).expect("a dossier");
    let paper = scan::begin(desk, dossier.id, dossier.components[0].id).expect("a paper");
    let page = image::open(sample("1-official-document.jpg")).expect("a sample");
    println!("from the bytes of a page to its tile, a desk that has just been opened included");
    for (name, scale) in [("200 dpi", 2), ("300 dpi", 3), ("400 dpi", 4)] {
        let large = page.resize_exact(
            page.width() * scale / 2,
            page.height() * scale / 2,
            image::imageops::FilterType::Triangle,
        );
        let file = test.folder().join("page.jpg");
        large.save(&file).expect("written");
        let (mut stored, mut drawn) = (Vec::new(), Vec::new());
        for _ in 0..PAGES {
            let begun = Instant::now();
            let mut came = None;
            scan::add_file(desk, paper.id, &file, &mut |page| came = Some(page.id))
                .expect("taken in");
            stored.push(begun.elapsed());
            let begun = Instant::now();
            let id = came.expect("a page came");
            picture::page_picture(desk, id, Some(TILE_PX)).expect("a picture");
            drawn.push(begun.elapsed());
        }
        let whole = stored.iter().zip(&drawn).map(|(one, other)| *one + *other);
        let (middle, longest) = middle_and_longest(whole.collect());
        let bar = if middle <= BAR_MS { "met" } else { "NOT MET" };
        println!(
            "  {name}: stored {:5.0} ms, made small {:5.0} ms, together {middle:5.0} ms, longest {longest:5.0} ms (bar {BAR_MS}: {bar})",
            middle_and_longest(stored).0,
            middle_and_longest(drawn).0,
        );
    }
}
