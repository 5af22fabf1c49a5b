use domain::geometry::Rectangle;
use proptest::prelude::*;

use super::*;

fn document(number: usize) -> DocumentId {
    format!("01900000-0000-7000-8000-{number:012}")
        .parse()
        .unwrap()
}

/// A paper from lines like `owner_name=Trần Văn Bình`.
fn paper(number: usize, lines: &[(&str, &str)]) -> PaperSays {
    let fields = lines
        .iter()
        .enumerate()
        .map(|(at, (name, value))| FieldSays {
            name: name.parse().unwrap(),
            value: (*value).to_owned(),
            evidence: Some(Evidence {
                page: 0,
                outline: Rectangle::new(100, 100 * at as u32, 300, 30),
            }),
        });
    PaperSays {
        document_id: Some(document(number)),
        fields: fields.collect(),
    }
}

fn check(papers: &[PaperSays]) -> String {
    let mut lines = Vec::new();
    for person in cross_check(papers) {
        let who: Vec<String> = person
            .mentions
            .iter()
            .map(|mention| {
                let at = papers
                    .iter()
                    .position(|paper| paper.document_id == mention.document_id)
                    .unwrap();
                format!("{at}:{}", mention.role)
            })
            .collect();
        let cells: Vec<String> = person
            .cells
            .iter()
            .map(|cell| {
                let sign = if cell.agrees { '=' } else { '≠' };
                format!(
                    "{:?} {}{sign}{}",
                    cell.part, cell.mentions.0, cell.mentions.1
                )
            })
            .collect();
        lines.push(format!("{} | {}", who.join(" "), cells.join(", ")));
    }
    lines.join("\n")
}

const CARD: [(&str, &str); 3] = [
    ("owner_name", "TRẦN VĂN BÌNH"),
    ("owner_id", "001093047064"),
    ("owner_birth_date", "1993-01-05"),
];

#[test]
fn papers_of_one_person_are_compared_part_by_part() {
    let application = paper(
        1,
        &[
            ("owner_name", "Trần Văn Bình"),
            ("owner_birth_date", "1993"),
        ],
    );
    let birth = paper(
        2,
        &[
            ("owner_name", "Trần Hải Nam"),
            ("father_name", "Trần Văn Bình"),
            ("owner_id", ""),
        ],
    );
    insta::assert_snapshot!(
        check(&[paper(0, &CARD), application, birth]),
        @"0:owner 1:owner 2:father | Name 0=1, Name 0=2, Name 1=2, BirthDate 0=1"
    );
}

#[test]
fn a_slip_in_one_part_is_found_with_both_sides() {
    for (what, name, id, birth, expected) in [
        (
            "a mark",
            "TRẦN VĂN BÍNH",
            CARD[1].1,
            CARD[2].1,
            "Name 0≠1, Id 0=1, BirthDate 0=1",
        ),
        (
            "a digit of the number",
            CARD[0].1,
            "001093047065",
            CARD[2].1,
            "Name 0=1, Id 0≠1, BirthDate 0=1",
        ),
        (
            "the day of birth",
            CARD[0].1,
            CARD[1].1,
            "1993-01-15",
            "Name 0=1, Id 0=1, BirthDate 0≠1",
        ),
        (
            "another name, same number",
            "LÊ THỊ HOA",
            CARD[1].1,
            "",
            "Name 0≠1, Id 0=1",
        ),
        (
            "a namesake",
            CARD[0].1,
            "025183009999",
            "1983-02-02",
            "Name 0=1, Id 0≠1, BirthDate 0≠1",
        ),
        (
            "number and mark",
            "TRẦN VĂN BÍNH",
            "001093047065",
            CARD[2].1,
            "Name 0≠1, Id 0≠1, BirthDate 0=1",
        ),
    ] {
        let other = paper(
            1,
            &[
                ("owner_name", name),
                ("owner_id", id),
                ("owner_birth_date", birth),
            ],
        );
        let papers = [paper(0, &CARD), other];
        assert_eq!(
            check(&papers),
            format!("0:owner 1:owner | {expected}"),
            "{what}"
        );
        let found = cross_check(&papers);
        for (part, one, two) in found[0].differing() {
            let (one, two) = (one.says(part).unwrap(), two.says(part).unwrap());
            assert_ne!(one.value, two.value);
            assert!(
                one.evidence.is_some() && two.evidence.is_some(),
                "both crops can be shown"
            );
        }
    }
}

#[test]
fn other_people_are_not_put_together() {
    for (what, lines) in [
        (
            "another name",
            vec![("owner_name", "LÊ THỊ HOA"), ("owner_id", "025193009999")],
        ),
        (
            "another name of the same day",
            vec![
                ("owner_name", "LÊ THỊ HOA"),
                ("owner_birth_date", "1993-01-05"),
            ],
        ),
        (
            "the same year only",
            vec![
                ("owner_name", "TRẦN VĂN BÍNH"),
                ("owner_birth_date", "1993"),
            ],
        ),
        (
            "a namesake in another role",
            vec![
                ("father_name", "TRẦN VĂN BÌNH"),
                ("father_id", "025183009999"),
                ("father_birth_date", "1983-02-02"),
            ],
        ),
        ("nobody", vec![("owner_name", "")]),
        (
            "no person",
            vec![("title", "QUYẾT ĐỊNH"), ("number", "001093047064")],
        ),
    ] {
        assert_eq!(check(&[paper(0, &CARD), paper(1, &lines)]), "", "{what}");
    }
}

#[test]
fn people_of_one_paper_stay_apart() {
    let both = [
        ("wife_name", "LÊ THỊ HOA"),
        ("husband_name", "TRẦN VĂN BÌNH"),
        ("owner_name", "TRẦN VĂN BÌNH"),
    ];
    assert_eq!(check(&[paper(0, &both)]), "");
    let shown = check(&[paper(0, &CARD), paper(1, &both)]);
    assert_eq!(shown, "0:owner 1:husband | Name 0=1");
}

#[test]
fn what_papers_say_does_not_reach_a_log() {
    let shown = format!("{:?}", cross_check(&[paper(0, &CARD), paper(1, &CARD)]));
    assert!(
        !shown.contains("BÌNH") && !shown.contains("001093"),
        "{shown}"
    );
}

const FAMILY: [&str; 8] = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi"];
const GIVEN: [&str; 10] = [
    "Văn An",
    "Thị Bích",
    "Hữu Cường",
    "Minh Đức",
    "Thu Hà",
    "Quốc Khánh",
    "Ngọc Lan",
    "Đức Long",
    "Thanh Mai",
    "Hải Nam",
];

#[derive(Clone, Debug)]
struct Invented {
    name: String,
    id: String,
    birth: String,
}

fn invented() -> impl Strategy<Value = Invented> {
    (
        0..FAMILY.len(),
        0..GIVEN.len(),
        "0[0-9]{2}[01]",
        1940u32..2000,
        1u32..13,
        1u32..29,
        "[0-9]{6}",
    )
        .prop_map(|(family, given, head, year, month, day, tail)| Invented {
            name: format!("{} {}", FAMILY[family], GIVEN[given]),
            id: format!("{head}{:02}{tail}", year % 100),
            birth: format!("{year}-{month:02}-{day:02}"),
        })
}

/// What somebody may get wrong.
fn slip(person: &Invented, part: PersonPart, at: usize) -> Invented {
    let mut slipped = person.clone();
    match part {
        PersonPart::Id => {
            let place = 6 + at % 6;
            let digit = (slipped.id.as_bytes()[place] - b'0' + 1 + (at % 8) as u8) % 10;
            slipped.id.replace_range(place..=place, &digit.to_string());
        }
        PersonPart::BirthDate => {
            let day: u32 = slipped.birth[8..].parse().unwrap();
            slipped
                .birth
                .replace_range(8.., &format!("{:02}", day % 28 + 1));
        }
        PersonPart::Name => {
            // A letter of the given name is another.
            let last = slipped.name.pop().unwrap();
            slipped.name.push(if last == 'x' { 'y' } else { 'x' });
        }
    }
    slipped
}

fn says(number: usize, people: &[(&str, &Invented)]) -> PaperSays {
    let mut paper = paper(number, &[]);
    for (role, person) in people {
        for (ending, value) in [
            ("name", &person.name),
            ("id", &person.id),
            ("birth_date", &person.birth),
        ] {
            paper.fields.push(FieldSays {
                name: format!("{role}_{ending}").parse().unwrap(),
                value: value.clone(),
                evidence: None,
            });
        }
    }
    paper
}

fn differing(papers: &[PaperSays]) -> Vec<PersonPart> {
    let found = cross_check(papers);
    let mut parts: Vec<PersonPart> = found
        .iter()
        .flat_map(|person| {
            person
                .differing()
                .map(|(part, _, _)| part)
                .collect::<Vec<_>>()
        })
        .collect();
    parts.sort();
    parts.dedup();
    parts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    // A dossier of four papers that name three people in several roles.
    #[test]
    fn every_seeded_slip_is_found_and_a_true_dossier_draws_no_alarm(
        owner in invented(), father in invented(), other in invented(),
        which in 0usize..4, part in prop::sample::select(PersonPart::ALL.to_vec()), at in 0usize..100
    ) {
        prop_assume!(owner.id != father.id && owner.id != other.id && father.id != other.id);
        prop_assume!(owner.name != father.name && owner.name != other.name && father.name != other.name);
        prop_assume!(owner.birth != father.birth && owner.birth != other.birth && father.birth != other.birth);
        let dossier = |wrong: Option<usize>| {
            let slipped = slip(&owner, part, at);
            let owner_on = |number: usize| if wrong == Some(number) { slipped.clone() } else { owner.clone() };
            vec![
                says(0, &[("owner", &owner_on(0))]),
                says(1, &[("owner", &owner_on(1)), ("father", &father)]),
                says(2, &[("owner", &father), ("child", &owner_on(2))]),
                says(3, &[("wife", &other), ("husband", &owner_on(3))]),
            ]
        };
        prop_assert_eq!(differing(&dossier(None)), Vec::new());
        prop_assert_eq!(differing(&dossier(Some(which))), vec![part]);
    }
}

#[test]
fn the_same_name_in_another_spelling_or_order_is_no_difference() {
    for (one, other, same) in [
        ("Trần Văn Hoà", "TRẦN VĂN HÒA", true),
        ("Trần Thị Thuý", "Trần thị Thúy", true),
        ("Trần Văn Bình", "Bình Trần Văn", true),
        ("Trần Văn Bình", "Văn Bình, Trần", true),
        ("Trần Văn Bình", "Trần Bình Văn", false),
        ("Trần Văn Bình", "Trần Văn Bính", false),
        ("Trần Văn Bình", "Trần Bình", false),
    ] {
        assert_eq!(PersonPart::Name.same(one, other), same, "{one} | {other}");
        assert_eq!(PersonPart::Name.same(other, one), same, "{other} | {one}");
    }
}

#[test]
fn a_field_tells_whose_it_is_and_what_it_says() {
    let of = |name: &str| {
        let name = name.parse().unwrap();
        PersonPart::of_field(&name).map(|(role, part)| (role.to_owned(), part))
    };
    assert_eq!(
        of("owner_birth_date"),
        Some(("owner".to_owned(), PersonPart::BirthDate))
    );
    assert_eq!(
        of("mother_name"),
        Some(("mother".to_owned(), PersonPart::Name))
    );
    assert_eq!(of("summary"), None);
}
