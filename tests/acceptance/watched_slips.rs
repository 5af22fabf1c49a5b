//! Cover slips between the pages of a file in a watched folder.

use desk::slips;
use desk::watch::{TakenPaper, What};
use desk::{accounting, reception, scan};
use domain::dossier::Dossier;
use domain::ids::DocumentId;
use domain::page::VoidReason;
use image::RgbImage;
use support::paper_maker::{Paper, Wear};
use support::test_desk::sample;

use crate::reuse::deposited;
use crate::stack::{pages_of, three_components};
use crate::watch::Folder;

/// A folder, a dossier of three components, and the images of its slips.
struct Share {
    folder: Folder,
    dossier: Dossier,
    slips: Vec<RgbImage>,
}

impl Share {
    fn new() -> Self {
        let folder = Folder::new();
        let dossier = reception::receive(folder.desk(), three_components()).unwrap();
        let pdf = slips::print(folder.desk(), dossier.id, &[]).unwrap();
        Self {
            slips: pages_of(&pdf),
            folder,
            dossier,
        }
    }

    fn slip(&self, at: usize) -> RgbImage {
        let paper = Paper::of_image(self.slips[at].clone(), 200, at as u64);
        paper.scanned(&Wear::OFFICE).page().clone()
    }

    /// Puts a file of these pages into the folder and lets it be taken.
    fn take(&mut self, name: &str, pages: &[RgbImage]) -> Vec<TakenPaper> {
        self.folder.put(name, &tiff(pages));
        let mut outcomes = self.folder.take();
        assert_eq!(outcomes.len(), 1, "{outcomes:?}");
        match outcomes.remove(0).what {
            What::Taken { papers } => papers,
            other => panic!("{other:?}"),
        }
    }

    /// Which component of the dossier each paper answers, with its pages, and that every
    /// sheet of it is accounted for.
    fn answered(&self, papers: &[TakenPaper]) -> Vec<(Option<usize>, usize)> {
        let desk = self.folder.desk();
        let dossier = reception::dossier(desk, self.dossier.id).unwrap();
        let of_paper = |paper: &TakenPaper| {
            let id = paper.document.id;
            let kept = scan::pages(desk, id).unwrap().len();
            let voided = scan::voided_pages(desk, id).unwrap();
            assert_eq!((kept, voided.len()), (paper.pages, paper.set_aside));
            for page in &voided {
                let reason = page.voided.as_ref().map(|voided| voided.reason);
                assert_eq!(reason, Some(VoidReason::Separator));
            }
            assert_eq!(accounting::of_document(desk, id).unwrap().gaps, []);
            let mut components = dossier.components.iter();
            let component = components.position(|one| one.document_id == Some(id));
            (component, kept)
        };
        papers.iter().map(of_paper).collect()
    }
}

/// A file of several pages, as a copier writes it.
fn tiff(pages: &[RgbImage]) -> Vec<u8> {
    use tiff::encoder::{Compression, Rational, TiffEncoder, colortype};
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes)
        .unwrap()
        .with_compression(Compression::Lzw);
    for page in pages {
        let mut image = encoder
            .new_image::<colortype::RGB8>(page.width(), page.height())
            .unwrap();
        image.resolution(tiff::tags::ResolutionUnit::Inch, Rational { n: 200, d: 1 });
        image.write_data(page.as_raw()).unwrap();
    }
    bytes.into_inner()
}

fn page(name: &str) -> RgbImage {
    image::open(sample(name)).unwrap().to_rgb8()
}

/// The empty back of a sheet.
fn empty() -> RgbImage {
    RgbImage::from_pixel(1654, 2339, image::Rgb([252; 3]))
}

const DECISION: &str = "1-official-document.jpg";
const BIRTH: &str = "2-birth-certificate.jpg";

// Circular 01/2023/TT-VPCP, art. 8(1) and 8(2): each paper on its own, and as many images
// as physical pages.
#[test]
fn a_file_behind_a_slip_goes_to_the_component_that_the_slip_names() {
    let mut share = Share::new();
    // What the name says is weaker than what lies on the paper.
    let name = "H38.12-260412-0007_TP-H05.000026.tif";
    let papers = share.take(name, &[share.slip(1), page(BIRTH)]);
    assert_eq!(share.answered(&papers), [(Some(1), 1)]);
    assert_eq!(papers[0].set_aside, 1);
    // A further file for the same component joins its paper.
    let more = share.take("more.tif", &[share.slip(1), page(DECISION)]);
    assert_eq!(more[0].document.id, papers[0].document.id);
    assert_eq!(more[0].pages, 1);
    assert_eq!(
        share.folder.dossiers().len(),
        1,
        "no waiting dossier was begun"
    );
}

#[test]
fn a_file_of_several_papers_is_parted_at_its_slips() {
    let mut share = Share::new();
    let pages = [
        share.slip(2),
        empty(),
        page("3-application-page-1.jpg"),
        page("3-application-page-2.jpg"),
        share.slip(0),
        empty(),
        page(DECISION),
    ];
    let papers = share.take("stack.tif", &pages);
    assert_eq!(share.answered(&papers), [(Some(2), 2), (Some(0), 1)]);
    assert_eq!(
        papers.iter().map(|paper| paper.set_aside).sum::<usize>(),
        4,
        "both slips with their empty backs"
    );
    // The same bytes are known again, each paper of them.
    share.folder.put("again.tif", &tiff(&pages));
    let outcomes = share.folder.take();
    assert!(
        matches!(outcomes[0].what, What::TakenBefore { .. }),
        "{outcomes:?}"
    );
    assert_eq!(share.answered(&papers), [(Some(2), 2), (Some(0), 1)]);
}

#[test]
fn one_component_may_come_in_two_pieces_of_one_file() {
    let mut share = Share::new();
    let pages = [
        share.slip(0),
        page(DECISION),
        share.slip(1),
        page(BIRTH),
        share.slip(0),
        page("3-application-page-1.jpg"),
    ];
    let papers = share.take("pieces.tif", &pages);
    assert_eq!(papers.len(), 3);
    assert_eq!(papers[0].document.id, papers[2].document.id);
    let kept = scan::pages(share.folder.desk(), papers[0].document.id).unwrap();
    assert_eq!(kept.len(), 2, "no page of the second piece is lost");
}

#[test]
fn a_slip_of_another_vault_is_set_aside_and_its_paper_waits() {
    let mut share = Share::new();
    let stranger = Share::new();
    let papers = share.take("strange.tif", &[stranger.slip(0), page(BIRTH)]);
    assert_eq!(share.answered(&papers), [(None, 1)]);
    assert_eq!(
        share.folder.dossiers().len(),
        2,
        "it waits in the dossier of its day"
    );
}

/// The dossier in which that document is, and the image of its only slip.
fn slip_of(folder: &Folder, id: DocumentId) -> (Dossier, RgbImage) {
    let mut dossiers = folder.dossiers().into_iter();
    let has = |dossier: &Dossier| {
        let mut components = dossier.components.iter();
        components.any(|one| one.document_id == Some(id))
    };
    let dossier = dossiers.find(has).unwrap();
    let pdf = slips::print(folder.desk(), dossier.id, &[]).unwrap();
    (dossier, pages_of(&pdf).remove(0))
}

#[test]
fn behind_a_slip_of_a_stored_paper_one_more_of_its_kind_begins() {
    let folder = Folder::new();
    let stored = deposited(folder.desk()).document_id;
    let (dossier, slip) = slip_of(&folder, stored);
    let mut share = Share {
        folder,
        slips: vec![slip],
        dossier,
    };
    let again = share.take("second.tif", &[share.slip(0), page(BIRTH)]);
    assert_ne!(
        again[0].document.id, stored,
        "what is stored stays as it is"
    );
    assert_eq!(share.answered(&again), [(Some(1), 1)]);
}
