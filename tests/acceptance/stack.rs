//! A stack of papers with separator sheets between them.

use std::fs;
use std::path::PathBuf;

use desk::reception::{self, NewComponent, NewDossier};
use desk::{scan, separate};
use domain::accounting::Gap;
use domain::code::ComponentCode;
use domain::dossier::{Dossier, SubmittedAs};
use domain::ids::{DocumentId, PageId};
use domain::page::VoidReason;
use image::RgbImage;
use serde_json::Value;
use support::paper_maker::{Kind, Paper, PaperMaker, Wear, fonts_folder};
use support::separator_sheet::patch_t;
use support::test_desk::{TestDesk, sample};

use crate::command_line::sohoa;

/// A desk with a dossier of three components, and the images of its slips.
struct Table {
    test: TestDesk,
    dossier: Dossier,
    slips: Vec<RgbImage>,
    sheets: usize,
}

impl Table {
    fn new() -> Self {
        let test = TestDesk::new();
        let dossier = reception::receive(test.desk(), three_components()).unwrap();
        let out = test.folder().join("slips.pdf");
        let pdf = desk::slips::print(test.desk(), dossier.id, &[]).unwrap();
        fs::write(&out, &pdf).unwrap();
        Self {
            slips: pages_of(&pdf),
            test,
            dossier,
            sheets: 0,
        }
    }

    /// A sheet as a scanned file.
    fn sheet(&mut self, image: &RgbImage, wear: &Wear) -> PathBuf {
        let seed = self.sheets as u64;
        let paper = Paper::of_image(image.clone(), 200, seed).scanned(wear);
        let bytes = paper.jpegs(85).remove(0);
        self.file(&bytes)
    }

    fn page(&mut self, name: &str) -> PathBuf {
        self.file(&fs::read(sample(name)).unwrap())
    }

    fn file(&mut self, bytes: &[u8]) -> PathBuf {
        self.sheets += 1;
        let path = self.test.folder().join(format!("{:03}.jpg", self.sheets));
        fs::write(&path, bytes).unwrap();
        path
    }

    /// What `sohoa stack` says of these sheets, in the dossier.
    fn stack(&mut self, files: &[PathBuf], more: &[&str]) -> (Option<i32>, Value) {
        self.test.close();
        let vault = self.test.vault().to_owned();
        let dossier = self.dossier.id.to_string();
        let mut arguments = vec!["stack", "--json", "--dossier", &dossier];
        arguments.extend_from_slice(more);
        let names: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
        arguments.extend_from_slice(&["--vault", vault.to_str().unwrap()]);
        arguments.extend_from_slice(&names);
        let output = sohoa(&arguments);
        let lines = String::from_utf8(output.stdout).unwrap();
        let last = lines
            .lines()
            .last()
            .unwrap_or_else(|| panic!("no line: {}", String::from_utf8_lossy(&output.stderr)));
        self.test.reopen();
        (output.status.code(), serde_json::from_str(last).unwrap())
    }

    fn voided(&self, document: &Value) -> Vec<VoidReason> {
        let id: DocumentId = document.as_str().unwrap().parse().unwrap();
        let voided = scan::voided_pages(self.test.desk(), id).unwrap();
        voided
            .iter()
            .filter_map(|page| page.voided.as_ref())
            .map(|voided| voided.reason)
            .collect()
    }
}

pub(crate) fn three_components() -> NewDossier {
    let component = |name: &str, code: &str| NewComponent {
        name: name.to_owned(),
        code: Some(code.parse::<ComponentCode>().unwrap()),
        result_type: None,
        submitted_as: SubmittedAs::Original,
    };
    NewDossier {
        components: vec![
            component("Quyết định", "TP-H05.000001"),
            component("Giấy khai sinh", "TP-H05.000002"),
            component("Tờ khai", "TP-H05.000003"),
        ],
        ..NewDossier::default()
    }
}

pub(crate) fn pages_of(pdf: &[u8]) -> Vec<RgbImage> {
    let limits = ::scan::Limits::default();
    let mut pages = Vec::new();
    ::scan::pages_of_file(pdf, &limits, &mut |page| {
        let image = ::scan::decode(&page.bytes, page.format, &limits).unwrap();
        let a4 = image::imageops::resize(
            &image.to_rgb8(),
            1654,
            2339,
            image::imageops::FilterType::Triangle,
        );
        pages.push(a4);
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    pages
}

fn turned(image: &RgbImage, quarters: u32) -> RgbImage {
    match quarters {
        1 => image::imageops::rotate90(image),
        2 => image::imageops::rotate180(image),
        3 => image::imageops::rotate270(image),
        _ => image.clone(),
    }
}

const DECISION: &str = "1-official-document.jpg";
const BIRTH: &str = "2-birth-certificate.jpg";
const APPLICATION: [&str; 2] = ["3-application-page-1.jpg", "3-application-page-2.jpg"];

/// Code, pages and opener of each paper.
fn papers(stack: &Value) -> Vec<(&str, u64, &str)> {
    let papers = stack["papers"].as_array().unwrap().iter();
    papers
        .map(|paper| {
            (
                paper["component_code"].as_str().unwrap_or("-"),
                paper["pages"].as_u64().unwrap(),
                paper["opened_by"].as_str().unwrap_or("-"),
            )
        })
        .collect()
}

// Circular 01/2023/TT-VPCP, art. 8(1): each paper is scanned on its own.
#[test]
fn slips_part_a_stack_into_the_papers_of_a_dossier_however_worn_and_turned() {
    let levels = [
        ("office", Wear::OFFICE, 0),
        ("worn", Wear::WORN, 1),
        ("tired, upside down", Wear::TIRED, 2),
        ("faded", Wear::FADED, 3),
    ];
    for (name, wear, quarters) in levels {
        let mut table = Table::new();
        let slips: Vec<PathBuf> = (0..3)
            .map(|at| {
                let slip = turned(&table.slips[at], quarters);
                table.sheet(&slip, &wear)
            })
            .collect();
        let files = [
            slips[2].clone(),
            table.page(APPLICATION[0]),
            table.page(APPLICATION[1]),
            slips[0].clone(),
            table.page(DECISION),
            slips[1].clone(),
            table.page(BIRTH),
        ];
        let (code, stack) = table.stack(&files, &[]);
        assert_eq!(code, Some(0), "{name}: {stack}");
        assert_eq!(
            papers(&stack),
            [
                ("TP-H05.000003", 2, "slip"),
                ("TP-H05.000001", 1, "slip"),
                ("TP-H05.000002", 1, "slip")
            ],
            "{name}"
        );
        assert_eq!(stack["separators"], 3, "{name}");
        for paper in stack["papers"].as_array().unwrap() {
            assert_eq!(
                table.voided(&paper["document"]),
                [VoidReason::Separator],
                "{name}: a separator stays beside the paper that it opened"
            );
        }
        let again = reception::dossier(table.test.desk(), table.dossier.id).unwrap();
        assert_eq!(again.components.len(), 3, "{name}: no component was added");
    }
}

#[test]
fn patch_t_parts_papers_wherever_it_lies() {
    let mut table = Table::new();
    let patch: Vec<PathBuf> = (0..4)
        .map(|quarters| table.sheet(&turned(&patch_t(), quarters), &Wear::WORN))
        .collect();
    let files = [
        patch[0].clone(),
        table.page(DECISION),
        patch[1].clone(),
        patch[2].clone(),
        table.page(BIRTH),
        patch[3].clone(),
    ];
    let (code, stack) = table.stack(&files, &[]);
    assert_eq!(
        code,
        Some(0),
        "a plain separator announces nothing: {stack}"
    );
    assert_eq!(papers(&stack), [("-", 1, "plain"), ("-", 1, "plain")]);
    assert_eq!(stack["separators"], 4);
}

#[test]
fn a_stack_without_separators_is_one_paper() {
    let mut table = Table::new();
    let files = [table.page(APPLICATION[0]), table.page(APPLICATION[1])];
    let (code, stack) = table.stack(&files, &[]);
    assert_eq!(code, Some(0));
    assert_eq!(papers(&stack), [("-", 2, "-")]);
}

#[test]
fn a_slip_behind_which_no_page_came_is_asked_about() {
    let mut table = Table::new();
    let slips: Vec<PathBuf> = (0..3)
        .map(|at| {
            let slip = table.slips[at].clone();
            table.sheet(&slip, &Wear::OFFICE)
        })
        .collect();
    let files = [
        slips[0].clone(),
        slips[1].clone(),
        table.page(BIRTH),
        slips[2].clone(),
    ];
    let (code, stack) = table.stack(&files, &[]);
    assert_eq!(code, Some(3), "a person is needed");
    assert_eq!(papers(&stack), [("TP-H05.000002", 1, "slip")]);
    let missing: Vec<String> = [0, 2]
        .map(|at: usize| table.dossier.components[at].id.to_string())
        .into();
    assert_eq!(stack["without_pages"], serde_json::json!(missing));
}

#[test]
fn a_slip_of_another_vault_parts_papers_and_says_that_it_is_unknown() {
    let mut table = Table::new();
    let stranger = Table::new();
    let slip = stranger.slips[0].clone();
    let files = [
        table.page(DECISION),
        table.sheet(&slip, &Wear::OFFICE),
        table.page(BIRTH),
    ];
    let (code, stack) = table.stack(&files, &[]);
    assert_eq!(code, Some(3), "a person is needed");
    assert_eq!(papers(&stack), [("-", 1, "-"), ("-", 1, "slip")]);
    assert_eq!(stack["papers"][1]["unknown_slip"], true);
}

#[test]
fn a_lost_separator_is_asked_about_and_the_answer_splits_the_paper() {
    let mut table = Table::new();
    let files = [
        table.page(DECISION),
        table.page(BIRTH),
        table.page(APPLICATION[0]),
        table.page(APPLICATION[1]),
    ];
    let (code, stack) = table.stack(&files, &["--read"]);
    assert_eq!(code, Some(3), "a person is needed");
    assert_eq!(papers(&stack), [("-", 4, "-")], "nothing is split silently");
    let joins = stack["papers"][0]["joins"].as_array().unwrap();
    let asked: Vec<u64> = joins
        .iter()
        .map(|join| join["page"].as_u64().unwrap())
        .collect();
    assert_eq!(asked, [2, 3], "{joins:?}");
    let page_of = |join: &Value| -> PageId { join["page_id"].as_str().unwrap().parse().unwrap() };
    let (one_paper, page) = (page_of(&joins[0]), page_of(&joins[1]));
    let first: DocumentId = stack["papers"][0]["document"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    // Who said that it is one paper is not asked again, after a restart neither.
    separate::keep_joined(table.test.desk(), one_paper).unwrap();
    table.test.reopen();
    let desk = table.test.desk();
    let left = separate::joins(desk, first).unwrap();
    assert_eq!(
        left.iter().map(|join| join.page_id).collect::<Vec<_>>(),
        [page]
    );
    let another = separate::split_before(desk, page).unwrap();
    assert_eq!(scan::pages(desk, another.id).unwrap().len(), 2);
    assert_eq!(scan::pages(desk, first).unwrap().len(), 2);
    assert_eq!(
        scan::voided_pages(desk, first).unwrap().len(),
        2,
        "what was moved can be put back"
    );
}

#[test]
fn a_slip_whose_codes_are_spoilt_never_glues_two_papers_silently() {
    let mut table = Table::new();
    // Both codes and all bars under coffee and a hole puncher, the words still there.
    let mut slip = table.slips[1].clone();
    for (x, y, pixel) in slip.enumerate_pixels_mut() {
        let title = (880..1500).contains(&y);
        if !title && (x / 7 + y / 5) % 2 == 0 {
            *pixel = image::Rgb([250; 3]);
        }
    }
    let files = [
        table.page(APPLICATION[0]),
        table.page(APPLICATION[1]),
        table.sheet(&slip, &Wear::OFFICE),
        table.page(BIRTH),
    ];
    let (code, stack) = table.stack(&files, &["--read"]);
    assert_eq!(code, Some(3), "a person is needed: {stack}");
    let joins = stack["papers"][0]["joins"].as_array().unwrap();
    assert!(
        joins
            .iter()
            .any(|join| join["page"] == 3 && join["reason"] == "slip"),
        "{joins:?}"
    );
}

#[test]
fn the_pages_of_one_paper_raise_no_question() {
    let maker = PaperMaker::open(&fonts_folder()).unwrap();
    let mut table = Table::new();
    let mut files = Vec::new();
    for jpeg in maker
        .draw(Kind::Application, 5)
        .scanned(&Wear::OFFICE)
        .jpegs(85)
    {
        files.push(table.file(&jpeg));
    }
    let (code, stack) = table.stack(&files, &["--read"]);
    assert_eq!(code, Some(0), "{stack}");
    assert_eq!(stack["papers"][0]["joins"], serde_json::json!([]));
}

#[test]
fn slips_are_written_by_the_command_line() {
    let mut table = Table::new();
    table.test.close();
    let out = table.test.folder().join("printed.pdf");
    let arguments = [
        "slips",
        "--json",
        "--dossier",
        &table.dossier.id.to_string(),
        "--out",
        out.to_str().unwrap(),
        "--vault",
        table.test.vault().to_str().unwrap(),
    ];
    let output = sohoa(&arguments);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(pages_of(&fs::read(&out).unwrap()).len(), 3);
}

/// Measured, and held: one paper of every kind behind one of another kind, no separator
/// between any two.
#[test]
fn papers_of_every_kind_that_lie_joined_are_asked_about() {
    let maker = PaperMaker::open(&fonts_folder()).unwrap();
    let mut table = Table::new();
    let (mut files, mut first_pages) = (Vec::new(), Vec::new());
    for (seed, kind) in (70..).zip(Kind::ALL) {
        first_pages.push(files.len() as u64 + 1);
        for jpeg in maker.draw(kind, seed).scanned(&Wear::OFFICE).jpegs(85) {
            files.push(table.file(&jpeg));
        }
    }
    let (code, stack) = table.stack(&files, &["--read"]);
    assert_eq!(code, Some(3), "a person is needed");
    let joins = stack["papers"][0]["joins"].as_array().unwrap();
    let asked: Vec<u64> = joins
        .iter()
        .map(|join| join["page"].as_u64().unwrap())
        .collect();
    let right = first_pages[1..]
        .iter()
        .filter(|page| asked.contains(page))
        .count();
    let needless = asked
        .iter()
        .filter(|page| !first_pages.contains(page))
        .count();
    println!(
        "{right} of {} joins asked about, {needless} questions needless: {joins:?}",
        first_pages.len() - 1
    );
    assert_eq!(right, first_pages.len() - 1, "{joins:?}");
    assert_eq!(needless, 0, "{joins:?}");
}

#[test]
fn a_stack_that_is_broken_off_leaves_only_its_last_paper_open() {
    let mut table = Table::new();
    let first = table.page("1-official-document.jpg");
    let slip = table.slips[1].clone();
    let slip = table.sheet(&slip, &Wear::CLEAN);
    let second = table.page("2-birth-certificate.jpg");
    let damaged = table.file(b"\xff\xd8\xff\xe0 no picture at all");
    let files = [&first, &slip, &second, &damaged].map(PathBuf::as_path);
    let mut pages = Vec::new();
    let mut each = |page: &domain::page::Page| pages.push(page.document_id);
    separate::add_stack(table.test.desk(), Some(table.dossier.id), &files, &mut each).unwrap_err();
    let gaps = |document: DocumentId| {
        let counted = desk::accounting::of_document(table.test.desk(), document).unwrap();
        (counted.kept, counted.removed, counted.gaps)
    };
    assert_eq!(pages.len(), 2);
    assert_eq!(gaps(pages[0]), (1, 0, vec![]));
    // The slip is a sheet of the feed too, set aside with its reason.
    assert_eq!(gaps(pages[1]), (1, 1, vec![Gap::BrokenOff { stored: 2 }]));
}

#[test]
fn a_split_is_taken_back_as_if_it_had_not_been() {
    let mut table = Table::new();
    let files = [
        table.page(APPLICATION[0]),
        table.page(APPLICATION[1]),
        table.page(BIRTH),
    ];
    let (_, stack) = table.stack(&files, &[]);
    let paper: DocumentId = stack["papers"][0]["document"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let desk = table.test.desk();
    let order = || -> Vec<PageId> {
        let pages = scan::pages(desk, paper).unwrap();
        pages.iter().map(|page| page.id).collect()
    };
    let components = || {
        let dossier = reception::dossier(desk, table.dossier.id).unwrap();
        dossier.components.len()
    };
    let (before, had) = (order(), components());
    let another = separate::split_before(desk, before[1]).unwrap();
    assert_eq!((order().len(), components()), (1, had + 1));
    let back = separate::undo_split(desk, another.id).unwrap();
    assert_eq!(back.id, paper);
    assert_eq!(order(), before, "the same pages in the same order");
    assert_eq!(components(), had, "and no empty paper waits to be scanned");
    let unfinished = desk::resume::unfinished(desk, 10).unwrap();
    assert!(unfinished.iter().all(|one| one.document.id != another.id));
    assert!(separate::undo_split(desk, another.id).is_err(), "only once");
    // A further component goes behind the one that was withdrawn.
    let once_more = separate::split_before(desk, before[2]).unwrap();
    assert_eq!(components(), had + 1);
    // What was begun by a split and has been worked on stays.
    let file = sample(BIRTH);
    scan::add_file(desk, once_more.id, &file, &mut |_| {}).unwrap();
    assert!(separate::undo_split(desk, once_more.id).is_err());
}
