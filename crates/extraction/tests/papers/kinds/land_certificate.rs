//! Land-use right certificate.

use domain::field::Grade;

use super::{check, signed};
use crate::support::{Page, field, fields, shown};

fn front() -> Page {
    let page = Page::new()
        .centred(827, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(827, 192, "Độc lập - Tự do - Hạnh phúc")
        .centred(827, 480, "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT,")
        .centred(827, 530, "QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT")
        .line(
            200,
            660,
            "I. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất",
        )
        .line(200, 710, "Bà: TRẦN THỊ MAI    CCCD số: 025198001234")
        .line(
            200,
            760,
            "Địa chỉ thường trú: Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ",
        )
        .line(200, 800, "II. Thông tin thửa đất")
        .line(200, 850, "a) Thửa đất số: 783    Tờ bản đồ số: 31")
        .line(200, 900, "b) Diện tích: 1.892,5 m²")
        .line(200, 950, "c) Loại đất: Đất ở tại nông thôn")
        .line(200, 1000, "d) Thời hạn sử dụng đất: Lâu dài")
        .line(200, 1050, "đ) Hình thức sử dụng đất: Sử dụng riêng")
        .line(
            200,
            1100,
            "e) Địa chỉ: Xóm Gò Cao, xã Thanh Sơn, tỉnh Phú Thọ",
        )
        .line(200, 1150, "3. Thông tin tài sản gắn liền với đất: -/-")
        .centred(1150, 1260, "Phú Thọ, ngày 01 tháng 9 năm 2025");
    let titles = ["VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI TỈNH PHÚ THỌ", "GIÁM ĐỐC"];
    signed(page, 1310, &titles)
        .line(200, 2170, "Số vào sổ cấp Giấy chứng nhận: CS 01518")
        .line(1250, 2170, "AB 07032435")
}

/// The heading runs over two lines and is one that the form knows, whatever mark two
/// engines lost alike.
#[test]
fn a_heading_of_two_lines_is_the_form_s_own() {
    let page = front().change("LIỀN", |word| {
        "LIÊN".clone_into(&mut word.text);
        for reading in &mut word.readings {
            "LIÊN".clone_into(&mut reading.text);
        }
    });
    let title = field(&fields("land_certificate", &[page]), "title");
    assert_eq!(
        title.value,
        "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT"
    );
    assert_eq!(title.grade, Grade::Check, "not read with all its marks");
}

#[test]
fn parcel_holder_and_serial_are_read() {
    let back = Page::new()
        .line(200, 200, "4. Sơ đồ thửa đất, tài sản gắn liền với đất:")
        .line(200, 1000, "5. Ghi chú: -/-");
    check(
        "land_certificate",
        &[front(), back],
        &[
            ("number", "CS 01518"),
            ("issued_on", "2025-09-01"),
            ("issuer", "VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI TỈNH PHÚ THỌ"),
            (
                "title",
                "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT",
            ),
            ("signer", "Phạm Đức Long"),
            ("serial", "AB 07032435"),
            ("owner_name", "TRẦN THỊ MAI"),
            ("owner_id", "025198001234"),
            ("residence", "Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ"),
            ("parcel_number", "783"),
            ("map_sheet", "31"),
            ("area_m2", "1892.5"),
            ("land_purpose", "Đất ở tại nông thôn"),
            ("land_term", "Lâu dài"),
            ("land_form", "Sử dụng riêng"),
            ("land_address", "Xóm Gò Cao, xã Thanh Sơn, tỉnh Phú Thọ"),
        ],
    );
}

#[test]
fn two_serials_contradict_each_other() {
    let page = front().line(1250, 2100, "AC 07032435");
    let serial = field(&fields("land_certificate", &[page]), "serial");
    assert_eq!(serial.grade, Grade::Check, "{}", shown(&serial));
}

#[test]
fn a_register_number_left_open_stays_empty() {
    let page = front().change("CS", |word| "......".clone_into(&mut word.text));
    let page = page.change("01518", |word| "......".clone_into(&mut word.text));
    let number = field(&fields("land_certificate", &[page]), "number");
    assert_eq!(number.grade, Grade::Empty, "{}", shown(&number));
}
