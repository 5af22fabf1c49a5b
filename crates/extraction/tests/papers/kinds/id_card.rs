//! Identity card, both sides on one sheet.

use super::check;
use crate::support::{Page, field, fields, shown};

fn card_2021() -> Page {
    Page::new()
        .centred(900, 350, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(900, 390, "Độc lập - Tự do - Hạnh phúc")
        .centred(900, 440, "CĂN CƯỚC CÔNG DÂN")
        .centred(900, 480, "Citizen Identity Card")
        .line(700, 530, "Số / No.: 025096001234")
        .line(700, 570, "Họ và tên / Full name:")
        .line(700, 610, "NGUYỄN VĂN BÌNH")
        .line(700, 650, "Ngày sinh / Date of birth: 07/02/1996")
        .line(
            700,
            690,
            "Giới tính / Sex: Nam    Quốc tịch / Nationality: Việt Nam",
        )
        .line(700, 730, "Quê quán / Place of origin:")
        .line(700, 770, "Xã Thanh Sơn, tỉnh Phú Thọ")
        .line(480, 810, "Có giá trị đến: 07/02/2036")
        .line(980, 810, "Nơi thường trú / Place of residence:")
        .line(480, 850, "Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ")
        .line(500, 1000, "Đặc điểm nhận dạng / Personal identification:")
        .line(500, 1040, "Nốt ruồi cách 1 cm trên đuôi mắt trái")
        .line(
            500,
            1080,
            "Ngày, tháng, năm / Date, month, year: 30/08/2022",
        )
        .line(500, 1120, "CỤC TRƯỞNG CỤC CẢNH SÁT")
        .line(500, 1260, "IDVNM0960012345025096001234<<6")
        .line(500, 1310, "9602074M3602075VNM<<<<<<<<<<<2")
        .line(500, 1360, "NGUYEN<<VAN<BINH<<<<<<<<<<<<<<")
}

const EXPECTED: [(&str, &str); 9] = [
    ("number", "025096001234"),
    ("owner_id", "025096001234"),
    ("owner_name", "NGUYỄN VĂN BÌNH"),
    ("owner_birth_date", "1996-02-07"),
    ("sex", "Nam"),
    ("nationality", "Việt Nam"),
    ("title", "CĂN CƯỚC CÔNG DÂN"),
    ("issued_on", "2022-08-30"),
    ("valid_until", "2036-02-07"),
];

#[test]
fn a_card_of_2021_is_read_from_its_face() {
    check("id_card", &[card_2021()], &EXPECTED);
    check(
        "id_card",
        &[card_2021()],
        &[(
            "issuer",
            "CỤC CẢNH SÁT QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI",
        )],
    );
}

#[test]
fn a_card_of_2024_has_its_values_under_its_labels() {
    let page = Page::new()
        .centred(900, 350, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(900, 390, "Độc lập - Tự do - Hạnh phúc")
        .centred(900, 440, "CĂN CƯỚC")
        .centred(900, 480, "IDENTITY CARD")
        .line(
            700,
            530,
            "Số định danh cá nhân / Personal identification number:",
        )
        .line(700, 570, "025096001234")
        .line(700, 610, "Họ, chữ đệm và tên khai sinh / Full name:")
        .line(700, 650, "NGUYỄN VĂN BÌNH")
        .line(
            700,
            690,
            "Ngày, tháng, năm sinh / Date of birth:      Giới tính / Sex:",
        )
        .line(700, 730, "07/02/1996")
        .line(1272, 730, "Nam")
        .line(700, 770, "Quốc tịch / Nationality:")
        .line(700, 810, "Việt Nam")
        .line(500, 1000, "Nơi cư trú / Place of residence:")
        .line(500, 1040, "Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ")
        .line(500, 1080, "Nơi đăng ký khai sinh / Place of birth:")
        .line(500, 1120, "Xã Thanh Sơn, tỉnh Phú Thọ")
        .line(500, 1160, "Ngày, tháng, năm cấp / Date of issue:")
        .line(500, 1200, "12/08/2024")
        .line(500, 1240, "Ngày, tháng, năm hết hạn / Date of expiry:")
        .line(500, 1280, "07/02/2036")
        .line(1100, 1280, "BỘ CÔNG AN")
        .line(500, 1380, "IDVNM0960012345025096001234<<6");
    check(
        "id_card",
        &[page],
        &[
            ("number", "025096001234"),
            ("owner_name", "NGUYỄN VĂN BÌNH"),
            ("owner_birth_date", "1996-02-07"),
            ("sex", "Nam"),
            ("nationality", "Việt Nam"),
            ("title", "CĂN CƯỚC"),
            ("issued_on", "2024-08-12"),
            ("valid_until", "2036-02-07"),
            ("issuer", "BỘ CÔNG AN"),
            ("residence", "Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ"),
        ],
    );
}

#[test]
fn the_code_and_the_face_of_a_card_must_agree() {
    let code =
        |year: u32| format!("025096001234||Nguyễn Văn Bình|0702{year}|Nam|Xã Thanh Sơn|30082022");
    let birth = |year| {
        let page = card_2021().qr(&code(year));
        shown(&field(&fields("id_card", &[page]), "owner_birth_date"))
    };
    assert_eq!(birth(1996), r#"owner_birth_date = "1996-02-07" certain qr"#);
    assert_eq!(
        birth(1997),
        r#"owner_birth_date = "1997-02-07" check qr because contradicts"#
    );
}
