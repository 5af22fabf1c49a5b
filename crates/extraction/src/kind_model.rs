//! The kinds of paper that an office taught by its corrections.
//!
//! The rules of `forms/` know papers by their headings. An office also meets papers
//! of its own making; where its officers say often enough what kind such a paper is,
//! this model proposes it. It never makes a kind certain, and it speaks only where
//! the rules are unsure.
//!
//! **What is learned.** The words of the first page and their neighbours, folded and
//! hashed ([`Lesson`]): what a form prints comes back on each of its papers, what
//! people fill in does not. **How it decides.** Multinomial naive Bayes over presence
//! with Laplace smoothing ranks the kinds. It alone would always name one, so the
//! winner must also be *met*: most of its own features, those that nearly all of its
//! papers share and few others have, stand on this one. A new kind of paper thus
//! stays unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::document::DocumentType;
use domain::fold::fold;
use domain::recognised_text::RecognisedText;

/// The way in which lessons are drawn. Lessons of another version are drawn anew.
pub const LESSON_VERSION: u32 = 1;

/// Features are hashed to so many bits; two of a page's thousand then hardly ever meet.
const FEATURE_BITS: u32 = 20;
/// More than any first page has.
const MOST_FEATURES: usize = 2_000;
/// Fewer papers than this are no kind yet: what two have in common may be chance.
const FEWEST_PAPERS: usize = 3;
/// A feature is a kind's own when so many of its papers have it.
const STEADY: f64 = 0.8;
/// A feature that more of the other kinds' papers have is nobody's own.
const COMMON: f64 = 0.5;
/// A kind with fewer features of its own prints too little to be known by.
const FEWEST_OWN: usize = 20;
/// So many of a kind's own features must stand on a paper of that kind: a worn page
/// loses some of them, a paper of another kind has few.
const MET: f64 = 0.6;
/// What stands on nearly every paper, and so is no kind's own even before others were
/// taught.
// Decree 30/2020/NĐ-CP, Appendix I: the national title and motto.
const NATIONAL: &str = "cong hoa xa hoi chu nghia viet nam\ndoc lap tu do hanh phuc";

/// What one paper teaches: the hashed features of its first page.
#[derive(Clone, PartialEq, Eq)]
pub struct Lesson(BTreeSet<u32>);

// Hashes of names are still traces of persons.
impl fmt::Debug for Lesson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lesson({} features)", self.0.len())
    }
}

impl Lesson {
    /// The lesson of a paper's first page.
    pub fn of(first_page: &RecognisedText) -> Self {
        Self::of_text(&first_page.text())
    }

    fn of_text(text: &str) -> Self {
        let mut features = BTreeSet::new();
        for line in text.lines() {
            let words = words(line);
            for word in &words {
                features.insert(hash(&[word]));
            }
            for pair in words.windows(2) {
                features.insert(hash(&[&pair[0], &pair[1]]));
            }
        }
        Self(features.into_iter().take(MOST_FEATURES).collect())
    }

    /// As bytes: each feature in four, big end first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let bytes = self.0.iter().flat_map(|feature| feature.to_be_bytes());
        bytes.collect()
    }

    /// From [`Lesson::to_bytes`]; bytes beyond the last whole feature are passed over.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let features = bytes.chunks_exact(4).map(|chunk| {
            let mut four = [0; 4];
            four.copy_from_slice(chunk);
            u32::from_be_bytes(four)
        });
        Self(features.take(MOST_FEATURES).collect())
    }
}

/// Folded words with a letter; digits are what people fill in.
fn words(line: &str) -> Vec<String> {
    fold(line)
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.len() > 1 && word.chars().all(char::is_alphabetic))
        .map(str::to_owned)
        .collect()
}

/// FNV-1a (Fowler, Noll, Vo), the same on every machine and in every version.
fn hash(words: &[&str]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for word in words {
        for byte in word.bytes().chain([b' ']) {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    (hash >> FEATURE_BITS) ^ (hash & ((1 << FEATURE_BITS) - 1))
}

/// What some papers of one kind have in common.
#[derive(Clone, Debug, Default)]
struct Kind {
    papers: usize,
    /// In how many of them each feature stands.
    counts: BTreeMap<u32, usize>,
}

impl Kind {
    fn count(&self, feature: u32) -> usize {
        self.counts.get(&feature).copied().unwrap_or(0)
    }

    /// The features that nearly all of its papers have.
    fn steady(&self) -> impl Iterator<Item = u32> {
        let from = (self.papers as f64 * STEADY).ceil() as usize;
        let counts = self.counts.iter();
        counts
            .filter(move |(_, count)| **count >= from)
            .map(|(feature, _)| *feature)
    }
}

/// What an office taught.
#[derive(Clone, Debug, Default)]
pub struct KindModel {
    kinds: BTreeMap<DocumentType, Kind>,
    features: BTreeSet<u32>,
}

impl KindModel {
    /// Learns from confirmed papers. The order in which they come changes nothing.
    pub fn learn<'a>(lessons: impl IntoIterator<Item = (&'a DocumentType, &'a Lesson)>) -> Self {
        let mut model = Self::default();
        for (document_type, lesson) in lessons {
            let kind = model.kinds.entry(document_type.clone()).or_default();
            kind.papers += 1;
            for feature in &lesson.0 {
                *kind.counts.entry(*feature).or_default() += 1;
                model.features.insert(*feature);
            }
        }
        model
    }

    /// The kind that this paper most likely is; `None` where it is like nothing that
    /// was taught.
    pub fn propose(&self, paper: &Lesson) -> Option<&DocumentType> {
        let kinds = self.kinds.iter();
        let ranked = kinds.map(|(name, kind)| (name, kind, self.score(kind, paper)));
        let (name, kind, _) = ranked.max_by(|one, other| one.2.total_cmp(&other.2))?;
        self.is_met(kind, paper).then_some(name)
    }

    /// Whether the kind is well enough known, and the paper has what its papers have.
    fn is_met(&self, kind: &Kind, paper: &Lesson) -> bool {
        let others: usize =
            self.kinds.values().map(|other| other.papers).sum::<usize>() - kind.papers;
        let national = Lesson::of_text(NATIONAL);
        let is_own = |feature: &u32| {
            let everywhere: usize = self.kinds.values().map(|other| other.count(*feature)).sum();
            let elsewhere = everywhere - kind.count(*feature);
            !national.0.contains(feature) && elsewhere as f64 <= others as f64 * COMMON
        };
        let own: Vec<u32> = kind.steady().filter(is_own).collect();
        let met = own
            .iter()
            .filter(|feature| paper.0.contains(feature))
            .count();
        kind.papers >= FEWEST_PAPERS
            && own.len() >= FEWEST_OWN
            && met as f64 >= own.len() as f64 * MET
    }

    /// The logarithm of the chance of this paper among those of the kind. Features
    /// that were never taught say the same of every kind and are left out. All kinds
    /// are as likely beforehand: what an office had most of is not what comes next.
    fn score(&self, kind: &Kind, paper: &Lesson) -> f64 {
        let all: usize = kind.counts.values().sum();
        let whole = ((all + self.features.len()) as f64).ln();
        paper
            .0
            .intersection(&self.features)
            .map(|feature| ((kind.count(*feature) + 1) as f64).ln() - whole)
            .sum()
    }

    /// How many papers of each kind taught it.
    pub fn papers(&self) -> impl Iterator<Item = (&DocumentType, usize)> {
        self.kinds.iter().map(|(name, kind)| (name, kind.papers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n";

    const PEOPLE: [(&str, &str); 6] = [
        ("Nguyễn Văn Mẫu", "thôn Đồi Thông"),
        ("Trần Thị Thử", "tổ dân phố Bến Nước"),
        ("Lê Hữu Ví", "khu phố Cây Gạo"),
        ("Phạm Thu Dụ", "ấp Gò Me"),
        ("Đỗ Quang Nháp", "bản Suối Đá"),
        ("Võ Minh Tạm", "xóm Lò Gốm"),
    ];

    /// An office's own form, which no rule knows.
    fn own_form(person: usize) -> String {
        let (name, place) = PEOPLE[person];
        format!(
            "{HEAD}PHIẾU CUNG CẤP THÔNG TIN HỘ KHÓ KHĂN\nDùng riêng trong địa bàn phường\n\
             Họ tên chủ hộ: {name}\nChỗ ở hiện nay: {place}\nNghề nghiệp chính của chủ hộ\n\
             Tình trạng nhà ở và nguồn nước sinh hoạt\nĐề nghị xem xét hỗ trợ theo quy định\n\
             Người khai ký và ghi rõ họ tên"
        )
    }

    fn petition(person: usize) -> String {
        let (name, place) = PEOPLE[person];
        format!(
            "{HEAD}ĐƠN XIN XÁC NHẬN TẠM TRÚ\nKính gửi công an phường\nTôi tên là {name}\n\
             hiện tạm trú tại {place}\nNay tôi làm đơn này kính mong quý cơ quan xác nhận\n\
             Tôi xin chân thành cảm ơn\nNgười làm đơn"
        )
    }

    fn minutes(person: usize) -> String {
        let (name, place) = PEOPLE[person];
        format!(
            "{HEAD}BIÊN BẢN HỌP TỔ\nHôm nay chúng tôi gồm có\nÔng bà {name} chủ trì\n\
             Địa điểm {place}\nNội dung cuộc họp thống nhất như sau\nBiên bản kết thúc cùng ngày\n\
             Thư ký ghi biên bản và chủ tọa cùng ký tên"
        )
    }

    fn kind(name: &str) -> DocumentType {
        name.parse().unwrap()
    }

    fn model(papers: &[(&str, String)]) -> KindModel {
        let lessons: Vec<(DocumentType, Lesson)> = papers
            .iter()
            .map(|(name, text)| (kind(name), Lesson::of_text(text)))
            .collect();
        KindModel::learn(lessons.iter().map(|(name, lesson)| (name, lesson)))
    }

    fn check(model: &KindModel, text: &str, expected: Option<&str>) {
        let found = model.propose(&Lesson::of_text(text));
        assert_eq!(found.map(DocumentType::as_str), expected);
    }

    fn taught(corrections: usize) -> KindModel {
        let own = (0..corrections).map(|person| ("local_form", own_form(person)));
        let petitions = (0..4).map(|person| ("petition", petition(person)));
        model(&own.chain(petitions).collect::<Vec<_>>())
    }

    #[test]
    fn an_office_s_own_form_is_known_after_three_corrections() {
        for corrections in 0..3 {
            check(&taught(corrections), &own_form(5), None);
        }
        for corrections in 3..5 {
            check(&taught(corrections), &own_form(5), Some("local_form"));
        }
    }

    #[test]
    fn papers_of_other_kinds_are_not_disturbed() {
        let model = taught(5);
        check(&model, &petition(5), Some("petition"));
        check(&model, &minutes(5), None);
        check(&model, HEAD, None);
        check(&model, "", None);
    }

    #[test]
    fn a_paper_that_was_read_badly_is_still_known() {
        // Every tenth word is lost, as on a worn page.
        let worn: Vec<String> = own_form(5)
            .lines()
            .map(|line| {
                let words = line.split(' ').enumerate();
                let kept = words.filter(|(index, _)| index % 10 != 4);
                kept.map(|(_, word)| word).collect::<Vec<_>>().join(" ")
            })
            .collect();
        check(&taught(4), &worn.join("\n"), Some("local_form"));
    }

    #[test]
    fn nothing_taught_proposes_nothing() {
        check(&KindModel::default(), &own_form(0), None);
    }

    #[test]
    fn marks_and_capitals_do_not_matter() {
        let plain = domain::fold::fold(&own_form(5));
        check(&taught(4), &plain, Some("local_form"));
    }

    proptest! {
        #[test]
        fn a_lesson_comes_back_from_its_bytes(text in "[a-z ]{0,200}") {
            let lesson = Lesson::of_text(&text);
            prop_assert_eq!(Lesson::from_bytes(&lesson.to_bytes()), lesson);
        }

        #[test]
        fn the_order_of_lessons_changes_nothing(shift in 0usize..8) {
            let mut papers: Vec<(&str, String)> = (0..4)
                .flat_map(|person| [("local_form", own_form(person)), ("petition", petition(person))])
                .collect();
            papers.rotate_left(shift);
            check(&model(&papers), &own_form(5), Some("local_form"));
        }

        #[test]
        fn no_text_brings_it_down(text in ".{0,300}") {
            let model = taught(4);
            let _ = model.propose(&Lesson::of_text(&text));
            prop_assert!(model.papers().count() == 2);
        }
    }
}
