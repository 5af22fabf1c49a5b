//! Roles and rights: what each role may do, asked of every verb of the desk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use desk::digitise::{Paper, digitise};
use desk::reception::{self, NewComponent, NewDossier};
use desk::session::{self, Entering};
use desk::watch::Watch;
use desk::{
    CancelToken, ColourMode, Desk, Error, Passphrase, Refusal, Revealed, ScanSettings, ScanSource,
    Settings, Sides, accounting, archive, audit, backup, by_hand, camera, cross_check, deposit,
    effort, export, group, kinds, officers, original, package, picture, portal, profiles, resume,
    reuse, review, scan, search, separate, signatures, slips, stations, sync, trash, trust,
};
use domain::copy::Awaited;
use domain::digest::Digest;
use domain::disagreement::{Place, Settlement};
use domain::dossier::SubmittedAs;
use domain::geometry::{QuarterTurn, Rectangle};
use domain::ids::{DocumentId, DossierComponentId, DossierId, PageId, RulingId};
use domain::local_code::{LocalCode, Station};
use domain::page::{KeepReason, VoidReason};
use domain::retention::EraseReason;
use domain::reuse::Digitising;
use domain::rights::{Right, Role, Roles};
use domain::scan_profile::Blanks;
use domain::work_place::Step;
use support::test_desk::{passphrase, settings};
use zeroize::Zeroizing;

const FIRST: &str = "Tam-thoi-2026";
const OWN: &str = "Rieng-toi-2026";

fn secret(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned())
}

/// Signs a new officer in, who changes the passphrase on the way.
fn enter(settings: &Settings, name: &str) -> Desk {
    let entering = Entering {
        officer: Some(name),
        passphrase: &secret(FIRST),
        new_passphrase: Some(&secret(OWN)),
    };
    session::enter(settings, &entering).unwrap()
}

/// A code that no document has.
fn local_code() -> LocalCode {
    let station = Station {
        number: 0x80_0001,
        epoch: 1,
    };
    LocalCode::new(station, 1_000).unwrap()
}

/// A key on a token that there is not.
fn key() -> signatures::Key {
    signatures::Key {
        module: "/nowhere".into(),
        serial: String::new(),
        certificate: Digest::of(b""),
        pin: Zeroizing::default(),
        use_last_try: false,
    }
}

type Verb = (
    &'static str,
    Right,
    Box<dyn Fn(&Desk, &Path) -> Result<(), Error>>,
);

/// A line for each verb: its name, the right it asks for, and a call. What it is asked
/// about does not exist: who has the right hears that, who has not is refused before.
fn verbs() -> Vec<Verb> {
    macro_rules! verbs {
        ($($module:ident::$verb:ident $right:ident |$desk:ident, $folder:ident| $call:expr;)+) => {
            vec![$((
                concat!(stringify!($module), "::", stringify!($verb)),
                Right::$right,
                Box::new(move |$desk: &Desk, $folder: &Path| { let _ = $folder; $call.map(|_| ()) }),
            )),+]
        };
    }
    fn id<T: std::str::FromStr>() -> T {
        let parsed = "01938d5e-8a40-7000-8000-000000000001".parse();
        parsed.unwrap_or_else(|_| panic!("every id is written so"))
    }
    fn name<T: std::str::FromStr>(text: &str) -> T {
        text.parse().unwrap_or_else(|_| panic!("{text}"))
    }
    fn place() -> Place {
        Place {
            document_id: None,
            field: name("owner_name"),
        }
    }
    fn component() -> NewComponent {
        NewComponent {
            name: String::new(),
            code: None,
            result_type: None,
            submitted_as: SubmittedAs::Original,
        }
    }
    fn scanning() -> ScanSettings {
        ScanSettings {
            source: ScanSource::Feeder,
            sides: Sides::One,
            dpi: 200,
            colour: ColourMode::Colour,
        }
    }
    let area = Rectangle::new(0, 0, 1, 1);
    verbs! {
        reception::receive Receive |desk, folder| reception::receive(desk, NewDossier::default());
        reception::receive_coded Receive |desk, folder| reception::receive_coded(desk, NewDossier::default(), None);
        digitise::digitise Receive |desk, folder| digitise(desk, &Paper { files: vec![folder.join("none")], ..Paper::default() });
        watch::look Receive |desk, folder| Watch::open(folder)?.look(desk, Instant::now(), &mut |_| {});
        reception::dossier SeeOpenPapers |desk, folder| reception::dossier(desk, id());
        reception::find SeeOpenPapers |desk, folder| reception::find(desk, "01938d5e-8a40-7000-8000-000000000001");
        reception::recent SeeOpenPapers |desk, folder| reception::recent(desk, 1);
        scan::pages SeeOpenPapers |desk, folder| scan::pages(desk, id::<DocumentId>());
        scan::voided_pages SeeOpenPapers |desk, folder| scan::voided_pages(desk, id::<DocumentId>());
        review::review SeeOpenPapers |desk, folder| review::review(desk, id::<DocumentId>());
        review::counts SeeOpenPapers |desk, folder| review::counts(desk, id::<DocumentId>());
        review::page_text SeeOpenPapers |desk, folder| review::page_text(desk, id::<PageId>());
        picture::page_picture SeeOpenPapers |desk, folder| picture::page_picture(desk, id::<PageId>(), None);
        picture::close_up SeeOpenPapers |desk, folder| picture::close_up(desk, id::<PageId>(), area, 9);
        cross_check::of_dossier SeeOpenPapers |desk, folder| cross_check::of_dossier(desk, id::<DossierId>());
        cross_check::of_document SeeOpenPapers |desk, folder| cross_check::of_document(desk, id::<DocumentId>());
        group::waiting_values SeeOpenPapers |desk, folder| group::waiting_values(desk);
        scan::devices Scan |desk, folder| if desk.roles()?.may(Right::Scan) { Ok(Vec::new()) } else { scan::devices(desk) };
        scan::begin Scan |desk, folder| scan::begin(desk, id::<DossierId>(), id::<DossierComponentId>());
        scan::begin_another Scan |desk, folder| scan::begin_another(desk, id::<DossierId>(), component());
        scan::scan_pages Scan |desk, folder| scan::scan_pages(desk, id::<DocumentId>(), &scan::Scan::new("folder:none", &scanning()), &CancelToken::default(), &mut |_| {});
        scan::scan_traced Scan |desk, folder| scan::scan_traced(desk, id::<DocumentId>(), &scan::Scan::new("folder:none", &scanning()), &CancelToken::default(), &mut |_| {}, None);
        camera::watch_camera Scan |desk, folder| camera::watch_camera(desk, id::<DocumentId>(), &camera::Watch { device: "camera:none", placement: scan::Placement::End, cancel: &CancelToken::default(), shutter: &camera::Shutter::default() }, &mut |_| {}, &mut |_| {});
        separate::keep_joined Scan |desk, folder| separate::keep_joined(desk, id::<PageId>());
        scan::add_file Scan |desk, folder| scan::add_file(desk, id::<DocumentId>(), &folder.join("none"), &mut |_| {});
        by_hand::turn_page Scan |desk, folder| by_hand::turn_page(desk, id::<PageId>(), QuarterTurn::Right);
        by_hand::crop_page Scan |desk, folder| by_hand::crop_page(desk, id::<PageId>(), area);
        by_hand::uncrop_page Scan |desk, folder| by_hand::uncrop_page(desk, id::<PageId>());
        by_hand::mask_page Scan |desk, folder| by_hand::mask_page(desk, id::<PageId>(), &[area]);
        scan::appraising Scan |desk, folder| scan::appraising(desk, Blanks::Keep, &|_| {}, |_| Ok(()));
        scan::appraise_page Scan |desk, folder| scan::appraise_page(desk, id::<PageId>(), Blanks::Keep);
        scan::put_in_order Scan |desk, folder| scan::put_in_order(desk, id::<DocumentId>(), &[]);
        by_hand::unmask_page Scan |desk, folder| by_hand::unmask_page(desk, id::<PageId>(), 1);
        separate::undo_split Scan |desk, folder| separate::undo_split(desk, id::<DocumentId>());
        reuse::answer_of SeeOpenPapers |desk, folder| reuse::answer_of(desk, id::<DossierComponentId>());
        scan::combine_sides Scan |desk, folder| scan::combine_sides(desk, id::<DocumentId>());
        scan::keep_page Scan |desk, folder| scan::keep_page(desk, id::<PageId>(), KeepReason::PaperIsSo);
        trash::list SeeOpenPapers |desk, folder| trash::list(desk);
        trash::restore Scan |desk, folder| trash::restore(desk, id::<PageId>());
        trash::erase Erase |desk, folder| trash::erase(desk);
        trash::erase_now Erase |desk, folder| trash::erase_now(desk, id::<PageId>(), EraseReason::NoPaper);
        scan::discard_pages Scan |desk, folder| scan::discard_pages(desk, id::<DocumentId>());
        separate::scan_stack Scan |desk, folder| separate::scan_stack(desk, None, "folder:none", &scanning(), &CancelToken::default(), &mut |_| {});
        separate::add_stack Scan |desk, folder| separate::add_stack(desk, None, &[&folder.join("none")], &mut |_| {});
        separate::split_before Scan |desk, folder| separate::split_before(desk, id::<PageId>());
        separate::joins SeeOpenPapers |desk, folder| separate::joins(desk, id::<DocumentId>());
        slips::print SeeOpenPapers |desk, folder| slips::print(desk, id::<DossierId>(), &[]);
        slips::issue Receive |desk, folder| slips::issue(desk, "receipt", id::<DossierId>(), &slips::Answers::new());
        slips::day_sheet SeeOpenPapers |desk, folder| slips::day_sheet(desk, "day_sheet", &slips::Answers::new());
        stations::write_own SeeOpenPapers |desk, folder| stations::write_own(desk, &folder.join("station.json"));
        profiles::profiles Scan |desk, folder| profiles::profiles(desk);
        profiles::set_profiles Scan |desk, folder| profiles::set_profiles(desk, &[]);
        accounting::of_document SeeOpenPapers |desk, folder| accounting::of_document(desk, id::<DocumentId>());
        accounting::declare_pages Scan |desk, folder| accounting::declare_pages(desk, id::<DocumentId>(), None);
        accounting::vouch Decide |desk, folder| accounting::vouch(desk, id::<DocumentId>());
        resume::unfinished SeeOpenPapers |desk, folder| resume::unfinished(desk, 1);
        resume::keep_place SeeOpenPapers |desk, folder| resume::keep_place(desk, id::<DocumentId>(), Step::Scan, None);
        scan::move_page Scan |desk, folder| scan::move_page(desk, id::<PageId>(), 0);
        scan::void_page Scan |desk, folder| scan::void_page(desk, id::<PageId>(), VoidReason::Blank);
        scan::restore_page Scan |desk, folder| scan::restore_page(desk, id::<PageId>());
        review::extract_document Extract |desk, folder| review::extract_document(desk, id::<DocumentId>(), None, &|_| {});
        review::confirm_field Decide |desk, folder| review::confirm_field(desk, id::<DocumentId>(), &name("number"), "1");
        review::undo_field Decide |desk, folder| review::undo_field(desk, id::<DocumentId>(), &name("number"));
        review::confirm_all Decide |desk, folder| review::confirm_all(desk, id::<DocumentId>());
        review::change_type Decide |desk, folder| review::change_type(desk, id::<DocumentId>(), &name("other"));
        cross_check::rule Decide |desk, folder| cross_check::rule(desk, id::<DossierId>(), &place(), &place(), Settlement::TwoPeople);
        cross_check::take_back Decide |desk, folder| cross_check::take_back(desk, id::<RulingId>());
        deposit::deposit Deposit |desk, folder| deposit::deposit(desk, id::<DocumentId>());
        effort::count Deposit |desk, folder| effort::count(desk, id::<DocumentId>(), 1, 1);
        deposit::correct Correct |desk, folder| deposit::correct(desk, id::<DocumentId>(), &name("number"), "1");
        reuse::of_dossier Find |desk, folder| reuse::of_dossier(desk, id::<DossierId>());
        reuse::link Decide |desk, folder| reuse::link(desk, id::<DossierId>(), id::<DossierComponentId>(), id::<DocumentId>());
        reuse::take_back Decide |desk, folder| reuse::take_back(desk, id::<DossierId>(), id::<DossierComponentId>());
        reuse::decide Receive |desk, folder| reuse::decide(desk, id::<DossierId>(), id::<DossierComponentId>(), Digitising::Digitise);
        reuse::total SeeFigures |desk, folder| reuse::total(desk);
        search::search Find |desk, folder| search::search(desk, "x", 1);
        search::show Find |desk, folder| search::show(desk, "x");
        export::copy_of Find |desk, folder| export::copy_of(desk, id::<DocumentId>());
        search::reveal Reveal |desk, folder| search::reveal(desk, "x", &Revealed::Pictures);
        search::reveal_all Find |desk, folder| search::reveal_all(desk, "x");
        original::of_document SeeOpenPapers |desk, folder| original::of_document(desk, id::<DocumentId>());
        signatures::waiting Sign |desk, folder| signatures::waiting(desk, Awaited::Signature);
        signatures::count_waiting Sign |desk, folder| signatures::count_waiting(desk, Awaited::Signature);
        signatures::history Sign |desk, folder| signatures::history(desk, &local_code());
        signatures::tokens Sign |desk, folder| signatures::tokens(desk);
        signatures::sign Sign |desk, folder| signatures::sign(desk, &key(), &[], &CancelToken::new(), &mut |_| {});
        signatures::timestamp Sign |desk, folder| signatures::timestamp(desk, &CancelToken::new());
        export::export Export |desk, folder| export::export(desk, "x", folder);
        package::export Export |desk, folder| package::export(desk, "x", folder);
        archive::export Export |desk, folder| archive::export(desk, "x", folder, None);
        portal::export Export |desk, folder| portal::export(desk, "x", folder);
        effort::by_dossier SeeFigures |desk, folder| effort::by_dossier(desk, 1);
        kinds::report SeeFigures |desk, folder| kinds::report(desk);
        kinds::taught SeeFigures |desk, folder| kinds::taught(desk);
        trust::report SeeFigures |desk, folder| trust::report(desk);
        kinds::learn Teach |desk, folder| kinds::learn(desk);
        kinds::forget Teach |desk, folder| kinds::forget(desk);
        audit::export ReadAudit |desk, folder| audit::export(desk, &folder.join("trail.jsonl"));
        audit::verify CheckVault |desk, folder| audit::verify(desk);
        reuse::ask_centre Find |desk, folder| reuse::ask_centre(desk, id());
        reuse::copy_of_answer Export |desk, folder| reuse::copy_of_answer(desk, id());
        sync::enrol Enrol |desk, folder| sync::enrol(desk, "");
        sync::send Send |desk, folder| sync::send(desk, &CancelToken::new());
        sync::write_bundle Send |desk, folder| sync::write_bundle(desk, &folder.join("bundle"), 1);
        sync::take_answer Send |desk, folder| sync::take_answer(desk, folder);
        sync::try_parked_again Enrol |desk, folder| sync::try_parked_again(desk);
        sync::state Send |desk, folder| sync::state(desk);
        sync::outbox Send |desk, folder| sync::outbox(desk, 1);
        backup::back_up BackUp |desk, folder| backup::back_up(desk, &folder.join("medium"));
        backup::state BackUp |desk, folder| backup::state(desk);
        backup::try_out BackUp |desk, folder| backup::try_out(desk, &secret(FIRST));
        officers::list ManageOfficers |desk, folder| officers::list(desk);
        officers::add ManageOfficers |desk, folder| officers::add(desk, "", Roles::NONE, &secret(FIRST));
        officers::set_roles ManageOfficers |desk, folder| officers::set_roles(desk, "nobody", Roles::NONE);
        officers::reset ManageOfficers |desk, folder| officers::reset(desk, "nobody", &secret(FIRST));
    }
}

/// Verbs that ask for no right, and why.
const OPEN_TO_ALL: &[(&str, &str)] = &[
    (
        "doubtful_letters::doubtful_letters",
        "works on a review that was given out before",
    ),
    (
        "export::latest_copy",
        "digest and size, nothing that stands on the copy",
    ),
    (
        "officers::change_passphrase",
        "everybody changes the own one",
    ),
    ("sync::step", "each pass asks"),
    ("sync::keep_sending", "each pass asks"),
    ("sync::code_of", "of a record that was shown"),
];

#[test]
fn every_role_may_do_what_the_table_says_at_every_verb_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("vault"));
    let office = "H55.242".parse().unwrap();
    let (desk, _) = session::create(&settings, office, "Trần Thị Thử", &passphrase()).unwrap();
    for role in Role::ALL {
        officers::add(&desk, role.name(), Roles::of(&[role]), &secret(FIRST)).unwrap();
    }
    drop(desk);
    let verbs = verbs();
    for role in Role::ALL {
        let desk = enter(&settings, role.name());
        for (name, right, call) in &verbs {
            let answer = call(&desk, folder.path());
            let refused = match &answer {
                Err(Error::Refused(Refusal::NotYourRight(refused))) => {
                    assert_eq!(refused, right, "{name} as {role:?}");
                    true
                }
                _ => false,
            };
            let may = right.roles().contains(&role);
            assert_eq!(!refused, may, "{name} as {role:?}: {answer:?}");
        }
    }
    let asked: BTreeSet<Right> = verbs.iter().map(|(_, right, _)| *right).collect();
    let missing: Vec<Right> = Right::ALL
        .into_iter()
        .filter(|right| !asked.contains(right))
        .collect();
    assert_eq!(
        missing,
        [],
        "a right for which no verb asks protects nothing"
    );
}

/// Every public function of the desk that is given one stands in the table, or in the
/// list of those that need no right. A new verb without a right fails here.
#[test]
fn no_verb_is_missing_from_the_table() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/desk/src");
    let mut found = BTreeSet::new();
    // What stands in the folder of a module is a part of it.
    let mut files: Vec<(PathBuf, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(source).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let parts = std::fs::read_dir(&path).unwrap();
            files.extend(parts.map(|part| (path.clone(), part.unwrap().path())));
        } else {
            files.push((path.clone(), path));
        }
    }
    for (module, path) in files {
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let module = module.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        for part in text.split("pub fn ").skip(1) {
            let (verb, rest) = part.split_once('(').unwrap();
            let arguments = rest.trim_start().trim_start_matches("&mut self,");
            if arguments.trim_start().starts_with("desk: &Desk") {
                found.insert(format!("{module}::{verb}"));
            }
        }
    }
    let verbs = verbs();
    let known = verbs.iter().map(|(name, ..)| *name);
    let known = known.chain(OPEN_TO_ALL.iter().map(|(name, _)| *name));
    let known: BTreeSet<String> = known.map(str::to_owned).collect();
    assert_eq!(found, known);
}

#[test]
fn roles_that_were_taken_away_hold_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("vault"));
    let office = "H55.242".parse().unwrap();
    let (desk, _) = session::create(&settings, office, "Trần Thị Thử", &passphrase()).unwrap();
    // Nobody gives himself a right; everybody may give one away, the last administrator not that.
    let own = "Trần Thị Thử";
    let more: Roles = "administrator,postal".parse().unwrap();
    assert!(matches!(
        officers::set_roles(&desk, own, more),
        Err(Error::Refused(Refusal::OwnRoles))
    ));
    assert!(matches!(
        officers::set_roles(&desk, own, Roles::of(&[Role::Digitiser])),
        Err(Error::Refused(Refusal::LastAdministrator))
    ));
    search::search(&desk, "x", 1).unwrap();
    officers::set_roles(&desk, own, Roles::of(&[Role::Administrator])).unwrap();
    assert!(matches!(
        search::search(&desk, "x", 1),
        Err(Error::Refused(Refusal::NotYourRight(Right::Find)))
    ));
    // Who has no role may not even come.
    officers::add(
        &desk,
        "Lê Văn Mẫu",
        Roles::of(&[Role::Digitiser]),
        &secret(FIRST),
    )
    .unwrap();
    officers::set_roles(&desk, "Lê Văn Mẫu", Roles::NONE).unwrap();
    drop(desk);
    let entering = Entering {
        officer: Some("Lê Văn Mẫu"),
        passphrase: &secret(FIRST),
        new_passphrase: None,
    };
    assert!(matches!(
        session::enter(&settings, &entering),
        Err(Error::Vault(desk::VaultError::WrongPassphrase))
    ));
}
