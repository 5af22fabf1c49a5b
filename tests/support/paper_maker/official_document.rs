//! An official document (văn bản) of a commune.
// Decree 30/2020/NĐ-CP, annex I: places, sizes and cuts of the parts of a document.

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};

use super::Paper;
use super::chance::Chance;
use super::manner::Manner;
use super::marks::SealText;
use super::paragraph::{Column, Fit, run};
use super::people::{Family, in_a_sentence};
use super::printed_form::{Facts, Piece, day_pieces, number_pieces};
use super::sheet::{Anchor, Face, Faces, Sheet, Style};

const LEFT: f32 = 30.0;
const RIGHT: f32 = 193.0;
const AGENCY_AT: f32 = 58.0;
const MOTTO_AT: f32 = 142.5;
const SIGNER_AT: f32 = 148.0;

const BODY: Style = Style::new(Face::Regular, 13.5);
const BOLD: Style = Style::new(Face::Bold, 13.5);
const PARAGRAPH: Column = Column {
    left: LEFT,
    right: RIGHT,
    indent: 12.0,
    leading: 6.3,
    fit: Fit::Justified,
};

/// What a document says.
struct Wording {
    title: &'static str,
    symbol: &'static str,
    summary: String,
    /// Grounds in italics; empty for a notice.
    grounds: Vec<String>,
    /// Articles with their headings in bold; no headings for a notice.
    articles: Vec<(String, String)>,
    /// The person it is about, by name and number.
    about: bool,
    recipients: Vec<String>,
}

pub(super) fn draw(faces: &Faces, seed: u64, dpi: u32, manner: Manner) -> Paper {
    let family = Family::new(seed);
    let mut chance = Chance::new(seed, "official document");
    let number = chance.between(12, 480);
    let issued_on = family.registered_on + Days::new(u64::from(chance.between(60, 240)));
    let wording = wording(&family, &mut chance, issued_on);
    let figures = number.to_string();
    let symbol = format!("/{}-UBND", wording.symbol);
    let deputy = chance.between(0, 1) == 1;
    let signer = if deputy {
        &family.deputy
    } else {
        &family.chair
    };

    let mut sheet = Sheet::new(faces, dpi);
    let plain = Style::new(Face::Regular, 13.0);
    let italic = Style::new(Face::Italic, 13.5);
    let place = format!("{}, ngày", family.commune_name);
    let number = number_pieces(manner.filling, "Số:", &figures, &symbol, plain);
    let day = day_pieces(manner.filling, &place, issued_on, italic);
    head(&mut sheet, &family, &number, &day);
    let mut y = title(&mut sheet, &wording);
    y = body(&mut sheet, &wording, &family, y);
    foot(&mut sheet, &mut chance, &wording, &family, deputy, y + 4.0);

    let agency = format!("ỦY BAN NHÂN DÂN {}", family.commune.to_uppercase());
    let mut facts = Facts::default();
    facts.filled(manner.filling, "number", format!("{figures}{symbol}"));
    facts.filled(manner.filling, "issued_on", issued_on.to_string());
    facts.know("issuer", agency);
    facts.know("title", wording.title);
    facts.know("summary", wording.summary);
    facts.know("signer", signer);
    if wording.about {
        facts.know("owner_name", &family.mother.name);
        facts.know("owner_id", &family.mother.id);
    }
    if manner.stamped {
        sheet.certified_copy(&mut chance);
    }
    Paper::new("official_document", facts, vec![sheet.finish()], dpi, seed)
}

fn head(sheet: &mut Sheet<'_>, family: &Family, number: &[Piece], day: &[Piece]) {
    let agency = Style::new(Face::Bold, 13.0);
    sheet.line("ỦY BAN NHÂN DÂN", agency, Anchor::Centre, AGENCY_AT, 24.0);
    let commune = family.commune.to_uppercase();
    let width = sheet.line(&commune, agency, Anchor::Centre, AGENCY_AT, 29.6);
    underline(sheet, AGENCY_AT, width * 0.42, 31.2);

    let motto = Style::new(Face::Bold, 12.5);
    sheet.line(
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        motto,
        Anchor::Centre,
        MOTTO_AT,
        24.0,
    );
    let freedom = Style::new(Face::Bold, 13.5);
    let width = sheet.line(
        "Độc lập - Tự do - Hạnh phúc",
        freedom,
        Anchor::Centre,
        MOTTO_AT,
        29.6,
    );
    underline(sheet, MOTTO_AT, width, 31.4);

    sheet.pieces_centred(number, AGENCY_AT, 38.6);
    sheet.pieces_centred(day, MOTTO_AT, 38.6);
}

fn underline(sheet: &mut Sheet<'_>, centre: f32, width: f32, y: f32) {
    let ink = super::sheet::BLACK;
    sheet.rule(centre - width / 2.0, centre + width / 2.0, y, 0.22, ink);
}

fn title(sheet: &mut Sheet<'_>, wording: &Wording) -> f32 {
    let middle = f32::midpoint(LEFT, RIGHT);
    let bold = Style::new(Face::Bold, 14.0);
    sheet.line(wording.title, bold, Anchor::Centre, middle, 52.0);
    let column = Column {
        left: LEFT + 12.0,
        right: RIGHT - 12.0,
        indent: 0.0,
        leading: 6.0,
        fit: Fit::Centre,
    };
    let y = sheet.paragraph(&[run(&wording.summary, bold)], column, 58.4);
    underline(sheet, middle, 42.0, y - 3.5);
    y
}

fn body(sheet: &mut Sheet<'_>, wording: &Wording, family: &Family, mut y: f32) -> f32 {
    if wording.grounds.is_empty() {
        y += 5.0;
    } else {
        let office = format!("CHỦ TỊCH ỦY BAN NHÂN DÂN {}", family.commune.to_uppercase());
        y += 4.2;
        sheet.line(&office, BOLD, Anchor::Centre, f32::midpoint(LEFT, RIGHT), y);
        y += 8.0;
        let italic = Style::new(Face::Italic, 13.5);
        for ground in &wording.grounds {
            y = sheet.paragraph(&[run(ground, italic)], PARAGRAPH, y) + 1.4;
        }
        y += 3.0;
        sheet.line(
            "QUYẾT ĐỊNH:",
            BOLD,
            Anchor::Centre,
            f32::midpoint(LEFT, RIGHT),
            y,
        );
        y += 8.0;
    }
    for (heading, text) in &wording.articles {
        y = sheet.paragraph(&[run(heading, BOLD), run(text, BODY)], PARAGRAPH, y) + 1.6;
    }
    y
}

fn foot(
    sheet: &mut Sheet<'_>,
    chance: &mut Chance,
    wording: &Wording,
    family: &Family,
    deputy: bool,
    y: f32,
) {
    sheet.line(
        "Nơi nhận:",
        Style::new(Face::BoldItalic, 12.0),
        Anchor::Left,
        LEFT,
        y,
    );
    for (index, recipient) in wording.recipients.iter().enumerate() {
        let style = Style::new(Face::Regular, 11.0);
        sheet.line(
            recipient,
            style,
            Anchor::Left,
            LEFT,
            y + 5.0 + 4.7 * index as f32,
        );
    }
    let notice = wording.grounds.is_empty();
    let mut titles = Vec::new();
    if notice {
        titles.push("TM. ỦY BAN NHÂN DÂN");
    }
    titles.extend(if deputy {
        &["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"][..]
    } else {
        &["CHỦ TỊCH"]
    });
    for (index, title) in titles.iter().enumerate() {
        sheet.line(
            title,
            BOLD,
            Anchor::Centre,
            SIGNER_AT,
            y + 5.8 * index as f32,
        );
    }
    let name = if deputy {
        &family.deputy
    } else {
        &family.chair
    };
    let under = y + 5.8 * titles.len() as f32;
    sheet.line(name, BOLD, Anchor::Centre, SIGNER_AT, under + 33.5);
    let pen = SIGNER_AT - 20.0 + chance.within(-2.0, 3.0);
    sheet.signature(chance, pen, under + 14.0, 44.0);
    // Decree 30/2020/NĐ-CP, art. 33(1)(c): the seal covers about a third of the signature, on its left.
    let (above, below) = family.seal_words();
    let text = SealText {
        above: &above,
        below: &below,
    };
    let x = pen - 2.0 + chance.within(-1.5, 1.5);
    let middle = under + 13.5 + chance.within(-1.5, 1.5);
    sheet.seal(chance, text, x, middle);
}

fn wording(family: &Family, chance: &mut Chance, issued_on: NaiveDate) -> Wording {
    match chance.between(0, 2) {
        0 => near_poor(family, chance, issued_on),
        1 => benefit(family, chance, issued_on),
        _ => notice(family, chance, issued_on),
    }
}

fn grounds(chance: &mut Chance, issued_on: NaiveDate, special: &str, office: &str) -> Vec<String> {
    let asked_on = issued_on - Days::new(u64::from(chance.between(2, 9)));
    let mut request = String::new();
    let _ = write!(
        request,
        "Xét đề nghị của Trưởng phòng {office} tại Tờ trình số {}/TTr-VHXH {}.",
        chance.between(8, 96),
        in_a_sentence(asked_on)
    );
    vec![
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;".to_owned(),
        special.to_owned(),
        request,
    ]
}

fn near_poor(family: &Family, chance: &mut Chance, issued_on: NaiveDate) -> Wording {
    let year = issued_on.format("%Y");
    let special = "Căn cứ Nghị định số 07/2021/NĐ-CP ngày 27 tháng 01 năm 2021 của Chính phủ quy định chuẩn nghèo đa chiều;";
    Wording {
        title: "QUYẾT ĐỊNH",
        symbol: "QĐ",
        summary: format!("Về việc công nhận hộ cận nghèo phát sinh năm {year} trên địa bàn {}", family.commune),
        grounds: grounds(chance, issued_on, special, "Văn hóa - Xã hội"),
        articles: vec![
            ("Điều 1.".to_owned(), format!(
                " Công nhận hộ bà {}, số định danh cá nhân {}, cư trú tại {}, là hộ cận nghèo phát sinh năm {year}.",
                family.mother.name, family.mother.id, family.address())),
            ("Điều 2.".to_owned(), format!(
                " Hộ gia đình có tên tại Điều 1 được hưởng các chính sách hỗ trợ theo quy định của pháp luật kể từ {}.",
                in_a_sentence(issued_on))),
            ("Điều 3.".to_owned(), " Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân, Trưởng phòng Văn hóa - Xã hội, các cơ quan, đơn vị có liên quan và hộ gia đình có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./.".to_owned()),
        ],
        about: true,
        recipients: vec!["- Như Điều 3;".to_owned(), "- UBND tỉnh (để báo cáo);".to_owned(), format!("- {};", family.head_of_hamlet()), "- Lưu: VT, VHXH.".to_owned()],
    }
}

fn benefit(family: &Family, chance: &mut Chance, issued_on: NaiveDate) -> Wording {
    let special = "Căn cứ Nghị định số 20/2021/NĐ-CP ngày 15 tháng 3 năm 2021 của Chính phủ quy định chính sách trợ giúp xã hội đối với đối tượng bảo trợ xã hội;";
    Wording {
        title: "QUYẾT ĐỊNH",
        symbol: "QĐ",
        summary: "Về việc trợ cấp xã hội hằng tháng và cấp thẻ bảo hiểm y tế".to_owned(),
        grounds: grounds(chance, issued_on, special, "Văn hóa - Xã hội"),
        articles: vec![
            ("Điều 1.".to_owned(), format!(
                " Trợ cấp xã hội hằng tháng đối với bà {}, số định danh cá nhân {}, cư trú tại {}.",
                family.mother.name, family.mother.id, family.address())),
            ("Điều 2.".to_owned(), format!(
                " Mức trợ cấp là {}.000 đồng một tháng; thời gian hưởng tính từ {}.",
                chance.between(5, 9) * 100, in_a_sentence(issued_on))),
            ("Điều 3.".to_owned(), " Chánh Văn phòng, Trưởng phòng Văn hóa - Xã hội, Trưởng phòng Kinh tế và bà có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./.".to_owned()),
        ],
        about: true,
        recipients: ["- Như Điều 3;", "- Kho bạc Nhà nước khu vực;", "- Lưu: VT, VHXH."].map(str::to_owned).to_vec(),
    }
}

fn notice(family: &Family, chance: &mut Chance, issued_on: NaiveDate) -> Wording {
    let begins_on = issued_on + Days::new(u64::from(chance.between(7, 20)));
    Wording {
        title: "THÔNG BÁO",
        symbol: "TB",
        summary: format!("Về việc tiếp nhận hồ sơ và trả kết quả vào ngày thứ Bảy tại {}", family.commune),
        grounds: Vec::new(),
        articles: vec![
            (String::new(), format!("Thực hiện kế hoạch cải cách hành chính năm {}, Ủy ban nhân dân {} thông báo đến các cơ quan, tổ chức và nhân dân trên địa bàn như sau:", issued_on.format("%Y"), family.commune)),
            (String::new(), format!("1. Từ {}, Trung tâm Phục vụ hành chính công {} tiếp nhận hồ sơ và trả kết quả giải quyết thủ tục hành chính vào buổi sáng thứ Bảy hằng tuần, từ 7 giờ 30 phút đến 11 giờ 30 phút.", in_a_sentence(begins_on), family.commune)),
            (String::new(), "2. Người dân mang theo bản chính giấy tờ để cán bộ số hóa tại quầy; không phải nộp bản sao đối với giấy tờ đã có trong kho dữ liệu điện tử.".to_owned()),
            (String::new(), "3. Giao Văn phòng bố trí người trực, niêm yết Thông báo này tại trụ sở và phát trên hệ thống loa truyền thanh. Ủy ban nhân dân trân trọng thông báo để nhân dân biết và thực hiện./.".to_owned()),
        ],
        about: false,
        recipients: ["- Đảng ủy, HĐND (để báo cáo);", "- Các thôn, tổ dân phố;", "- Đài truyền thanh;", "- Lưu: VT."].map(str::to_owned).to_vec(),
    }
}
