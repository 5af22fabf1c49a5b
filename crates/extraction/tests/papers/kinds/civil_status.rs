//! Marriage certificate, confirmation of marital status, extracts.

use domain::dossier::Owner;
use domain::field::Grade;
use extraction::recognise_type;

use super::{check, office_head, signed};
use crate::support::{Page, catalogue, field, fields, fields_of, shown};

fn marriage(number: &str) -> Page {
    let page = Page::new()
        .centred(827, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(827, 192, "Độc lập - Tự do - Hạnh phúc")
        .centred(827, 480, "GIẤY CHỨNG NHẬN KẾT HÔN")
        .centred(827, 540, number)
        .line(200, 680, "Họ, chữ đệm, tên vợ: TRẦN THỊ MAI")
        .line(860, 680, "Họ, chữ đệm, tên chồng: NGUYỄN VĂN BÌNH");
    // What stands in both columns may be read as one line.
    [
        (
            730,
            "Ngày, tháng, năm sinh: 05/01/1998",
            "Ngày, tháng, năm sinh: 07/02/1996",
        ),
        (780, "Dân tộc: Kinh", "Dân tộc: Tày"),
        (830, "Quốc tịch: Việt Nam", "Quốc tịch: Việt Nam"),
        (
            880,
            "Nơi cư trú: Thôn Đồng Giữa, xã Thanh Sơn,",
            "Nơi cư trú: Xóm Gò Cao, xã Thanh Sơn,",
        ),
        (920, "tỉnh Phú Thọ", "tỉnh Phú Thọ"),
        (
            970,
            "Giấy tờ tùy thân: Căn cước số",
            "Giấy tờ tùy thân: Căn cước số",
        ),
        (1010, "025198001234", "025096001234"),
    ]
    .into_iter()
    .fold(page, |page, (y, wife, husband)| {
        let room = (660 / 13_usize).saturating_sub(wife.chars().count());
        page.line(200, y, &format!("{wife}{:room$}{husband}", ""))
    })
    .line(
        200,
        1110,
        "Nơi đăng ký kết hôn: Ủy ban nhân dân xã Thanh Sơn, tỉnh Phú Thọ",
    )
    .line(200, 1160, "Ngày, tháng, năm đăng ký: 15/01/2024")
}

fn whole_marriage() -> Page {
    signed(
        marriage("Số: 119/2024"),
        1300,
        &["NGƯỜI KÝ GIẤY CHỨNG NHẬN", "CHỦ TỊCH"],
    )
}

#[test]
fn wife_and_husband_are_read_from_their_own_columns() {
    check(
        "marriage_certificate",
        &[whole_marriage()],
        &[
            ("number", "119/2024"),
            ("issued_on", "2024-01-15"),
            ("issuer", "Ủy ban nhân dân xã Thanh Sơn, tỉnh Phú Thọ"),
            ("title", "GIẤY CHỨNG NHẬN KẾT HÔN"),
            ("summary", "Kết hôn của NGUYỄN VĂN BÌNH và TRẦN THỊ MAI"),
            ("signer", "Phạm Đức Long"),
            ("valid_until", "unlimited"),
            ("wife_name", "TRẦN THỊ MAI"),
            ("wife_birth_date", "1998-01-05"),
            ("wife_ethnicity", "Kinh"),
            (
                "wife_residence",
                "Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ",
            ),
            ("wife_id", "025198001234"),
            ("husband_name", "NGUYỄN VĂN BÌNH"),
            ("husband_birth_date", "1996-02-07"),
            ("husband_ethnicity", "Tày"),
            (
                "husband_residence",
                "Xóm Gò Cao, xã Thanh Sơn, tỉnh Phú Thọ",
            ),
            ("husband_id", "025096001234"),
        ],
    );
}

#[test]
fn a_marriage_certificate_belongs_to_whom_the_dossier_and_the_paper_name() {
    let owner = |name: &str| Owner {
        id: Some("025198001234".parse().unwrap()),
        name: Some(name.to_owned()),
        ..Owner::default()
    };
    let wife = owner("Trần Thị Mai");
    let named = fields_of("marriage_certificate", &[whole_marriage()], Some(&wife));
    assert_eq!(field(&named, "owner_name").grade, Grade::Certain);
    let nobody = Owner {
        id: Some("025199001111".parse().unwrap()),
        name: Some("Lê Thị Lan".to_owned()),
        ..Owner::default()
    };
    let other = fields_of("marriage_certificate", &[whole_marriage()], Some(&nobody));
    assert_eq!(field(&other, "owner_name").grade, Grade::Check);
}

#[test]
fn a_number_left_open_stays_empty() {
    for number in ["Số: ........", "Số:", "Số: ......../2024"] {
        let found = field(
            &fields("marriage_certificate", &[marriage(number)]),
            "number",
        );
        assert_eq!(found.grade, Grade::Empty, "{}", shown(&found));
    }
}

fn confirmation(day: &str, term: &str) -> Page {
    let page = office_head("Số: 52/UBND-XNTTHN", day)
        .centred(827, 440, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")
        .centred(827, 500, "ỦY BAN NHÂN DÂN XÃ THANH SƠN")
        .line(
            200,
            580,
            "Xét đề nghị của ông/bà: Trần Thị Mai, về việc cấp Giấy xác nhận",
        )
        .centred(827, 640, "XÁC NHẬN:")
        .line(200, 700, "Họ, chữ đệm, tên: TRẦN THỊ MAI")
        .line(200, 750, "Ngày, tháng, năm sinh: 05/01/1998")
        .line(
            200,
            800,
            "Giới tính: Nữ      Dân tộc: Kinh      Quốc tịch: Việt Nam",
        )
        .line(200, 850, "Số định danh cá nhân: 025198001234")
        .line(
            200,
            900,
            "Nơi cư trú: Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ",
        )
        .line(
            200,
            950,
            "Trong thời gian cư trú tại: xã Thanh Sơn từ ngày 01 tháng 8 năm 2015 đến nay",
        )
        .line(
            200,
            1000,
            "Tình trạng hôn nhân: Hiện tại chưa đăng ký kết hôn với ai",
        )
        .line(
            200,
            1050,
            "Giấy này được cấp để: Làm thủ tục đăng ký kết hôn",
        )
        .line(200, 1100, term);
    signed(page, 1200, &["NGƯỜI KÝ GIẤY XÁC NHẬN", "CHỦ TỊCH"])
}

const TERM: &str = "Giấy này có giá trị trong thời hạn 06 tháng, kể từ ngày cấp.";

// Decree 123/2015/NĐ-CP, art. 23: the confirmation holds for six months.
#[test]
fn a_confirmation_holds_for_the_months_that_it_says() {
    check(
        "marital_status_confirmation",
        &[confirmation("Thanh Sơn, ngày 31 tháng 8 năm 2025", TERM)],
        &[
            ("number", "52/UBND-XNTTHN"),
            ("issued_on", "2025-08-31"),
            ("issuer", "ỦY BAN NHÂN DÂN XÃ THANH SƠN"),
            ("title", "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN"),
            ("summary", "Tình trạng hôn nhân của TRẦN THỊ MAI"),
            ("signer", "Phạm Đức Long"),
            ("valid_until", "2026-02-28"),
            ("owner_id", "025198001234"),
            ("owner_name", "TRẦN THỊ MAI"),
            ("owner_birth_date", "1998-01-05"),
            ("sex", "Nữ"),
            ("ethnicity", "Kinh"),
            ("nationality", "Việt Nam"),
            ("residence", "Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ"),
            ("marital_status", "Hiện tại chưa đăng ký kết hôn với ai"),
            ("purpose", "Làm thủ tục đăng ký kết hôn"),
        ],
    );
}

#[test]
fn without_its_day_or_its_term_no_end_is_made_up() {
    for page in [
        confirmation("Thanh Sơn, ngày ..... tháng ..... năm 2025", TERM),
        confirmation(
            "Thanh Sơn, ngày 31 tháng 8 năm 2025",
            "Giấy này có giá trị kể từ ngày cấp.",
        ),
    ] {
        let end = field(
            &fields("marital_status_confirmation", &[page]),
            "valid_until",
        );
        assert_eq!(end.grade, Grade::Empty, "{}", shown(&end));
    }
}

#[test]
fn an_end_is_as_doubtful_as_the_day_it_is_counted_from() {
    let page = confirmation("Thanh Sơn, ngày 31 tháng 8 năm 2025", TERM).handwritten("31");
    let end = field(
        &fields("marital_status_confirmation", &[page]),
        "valid_until",
    );
    assert_eq!(
        shown(&end),
        r#"valid_until = "2026-02-28" check rule because handwritten"#
    );
}

fn person(page: Page) -> Page {
    page.line(200, 560, "Họ, chữ đệm, tên: NGUYỄN VĂN BÌNH")
        .line(200, 610, "Ngày, tháng, năm sinh: 07/02/1946")
        .line(
            200,
            660,
            "Giới tính: Nam      Dân tộc: Kinh      Quốc tịch: Việt Nam",
        )
        .line(200, 710, "Số định danh cá nhân: 025046001234")
}

#[test]
fn the_extract_of_a_death_says_when_and_where() {
    let page = person(
        office_head("Số: 20/2025-TLKT", "Thanh Sơn, ngày 09 tháng 5 năm 2025")
            .centred(827, 440, "TRÍCH LỤC KHAI TỬ")
            .centred(827, 480, "(BẢN SAO)"),
    )
    .line(
        200,
        760,
        "Nơi cư trú cuối cùng: Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ",
    )
    .line(
        200,
        810,
        "Đã chết vào lúc: 02 giờ 21 phút, ngày 04 tháng 5 năm 2025",
    )
    .line(200, 860, "Nơi chết: Bệnh viện Đa khoa Phú Thọ")
    .line(200, 910, "Nguyên nhân chết: Tuổi cao, sức yếu")
    .line(
        200,
        960,
        "Nơi đăng ký khai tử: Ủy ban nhân dân xã Thanh Sơn, tỉnh Phú Thọ",
    );
    check(
        "civil_status_extract",
        &[signed(page, 1100, &["NGƯỜI KÝ TRÍCH LỤC", "CHỦ TỊCH"])],
        &[
            ("number", "20/2025-TLKT"),
            ("issued_on", "2025-05-09"),
            ("issuer", "ỦY BAN NHÂN DÂN XÃ THANH SƠN"),
            ("title", "TRÍCH LỤC KHAI TỬ"),
            ("summary", "TRÍCH LỤC KHAI TỬ của NGUYỄN VĂN BÌNH"),
            ("signer", "Phạm Đức Long"),
            ("owner_id", "025046001234"),
            ("owner_name", "NGUYỄN VĂN BÌNH"),
            ("residence", "Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ"),
            ("event", "death"),
            ("event_on", "2025-05-04"),
            ("event_place", "Bệnh viện Đa khoa Phú Thọ"),
            (
                "registered_at",
                "Ủy ban nhân dân xã Thanh Sơn, tỉnh Phú Thọ",
            ),
        ],
    );
}

#[test]
fn the_extract_of_a_correction_says_what_was_changed() {
    let page = person(
        office_head("Số: 7/2025-TLCCHT", "Thanh Sơn, ngày 09 tháng 5 năm 2025").centred(
            827,
            440,
            "TRÍCH LỤC CẢI CHÍNH HỘ TỊCH",
        ),
    )
    .line(
        200,
        760,
        "Đã được cải chính thông tin hộ tịch trong Sổ đăng ký khai sinh.",
    )
    .line(
        200,
        810,
        "Nội dung cải chính: Ngày sinh từ 09/02/1946 thành 07/02/1946",
    )
    .line(200, 860, "Ngày, tháng, năm đăng ký cải chính: 05/05/2025");
    check(
        "civil_status_extract",
        &[signed(page, 1000, &["NGƯỜI KÝ TRÍCH LỤC", "CHỦ TỊCH"])],
        &[
            ("title", "TRÍCH LỤC CẢI CHÍNH HỘ TỊCH"),
            ("owner_birth_date", "1946-02-07"),
            ("event", "correction"),
            ("event_on", "2025-05-05"),
            ("change", "Ngày sinh từ 09/02/1946 thành 07/02/1946"),
        ],
    );
}

#[test]
fn an_application_for_an_extract_is_none() {
    let page = Page::new()
        .centred(827, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(827, 300, "TỜ KHAI CẤP BẢN SAO TRÍCH LỤC HỘ TỊCH")
        .line(200, 450, "Họ, chữ đệm, tên người yêu cầu: NGUYỄN VĂN BÌNH")
        .line(
            200,
            500,
            "Đề nghị cấp bản sao trích lục kết hôn cho người có tên dưới đây",
        );
    let kind = recognise_type(catalogue(), &[page.as_text()]);
    assert_eq!(kind.document_type.as_str(), "other");
}
