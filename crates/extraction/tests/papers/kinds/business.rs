//! The papers of the business registry.

use super::{check, signed};
use crate::support::Page;

/// A code with a right check figure that begins with 99, which no tax office gives.
const CODE: &str = "9987250473";

fn registry_head(agency: &str, office: &str, title: &str) -> Page {
    Page::new()
        .centred(470, 180, agency)
        .centred(1180, 180, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(470, 222, office)
        .centred(1180, 222, "Độc lập - Tự do - Hạnh phúc")
        .centred(827, 400, title)
}

#[test]
fn an_enterprise_is_read_with_its_changes_and_its_representative() {
    let page = registry_head(
        "SỞ TÀI CHÍNH TỈNH PHÚ THỌ",
        "PHÒNG ĐĂNG KÝ KINH DOANH",
        "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP",
    )
    .centred(827, 450, "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN")
    .centred(827, 510, &format!("Mã số doanh nghiệp: {CODE}"))
    .centred(827, 560, "Đăng ký lần đầu, ngày 02 tháng 8 năm 2022")
    .centred(
        827,
        610,
        "Đăng ký thay đổi lần thứ 2, ngày 22 tháng 02 năm 2025",
    )
    .line(200, 700, "1. Tên công ty")
    .line(
        200,
        750,
        "Tên công ty viết bằng tiếng Việt: CÔNG TY TNHH MTV VẬN TẢI SÔNG QUÊ",
    )
    .line(200, 800, "Tên công ty viết bằng tiếng nước ngoài:")
    .line(200, 850, "2. Địa chỉ trụ sở chính")
    .line(
        200,
        900,
        "Thôn Cầu Mới, xã Thanh Sơn, tỉnh Phú Thọ, Việt Nam",
    )
    .line(
        200,
        950,
        "Điện thoại: 0990 000 000    Email: lienhe@vidu.vn",
    )
    .line(200, 1000, "3. Vốn điều lệ: 1.600.000.000 đồng")
    .line(200, 1050, "4. Người đại diện theo pháp luật của công ty")
    .line(
        200,
        1100,
        "* Họ và tên: NGUYỄN VĂN BÌNH      Giới tính: Nam",
    )
    .line(200, 1150, "Chức danh: Giám đốc")
    .line(200, 1200, "Số giấy tờ pháp lý của cá nhân: 025096001234");
    check(
        "enterprise_registration",
        &[signed(page, 1350, &["TRƯỞNG PHÒNG"])],
        &[
            ("number", CODE),
            ("owner_id", CODE),
            ("issued_on", "2025-02-22"),
            ("first_registered_on", "2022-08-02"),
            ("change_number", "2"),
            (
                "issuer",
                "SỞ TÀI CHÍNH TỈNH PHÚ THỌ PHÒNG ĐĂNG KÝ KINH DOANH",
            ),
            ("title", "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP"),
            ("enterprise_name", "CÔNG TY TNHH MTV VẬN TẢI SÔNG QUÊ"),
            ("owner_name", "CÔNG TY TNHH MTV VẬN TẢI SÔNG QUÊ"),
            (
                "head_office",
                "Thôn Cầu Mới, xã Thanh Sơn, tỉnh Phú Thọ, Việt Nam",
            ),
            ("capital", "1600000000"),
            ("representative", "NGUYỄN VĂN BÌNH"),
            ("representative_id", "025096001234"),
            ("signer", "Phạm Đức Long"),
        ],
    );
}

#[test]
fn a_household_business_is_read_with_its_head() {
    let page = registry_head(
        "UBND XÃ THANH SƠN",
        "PHÒNG KINH TẾ",
        "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH",
    )
    .centred(827, 460, &format!("Mã số hộ kinh doanh: {CODE}"))
    .centred(827, 510, "Đăng ký lần đầu, ngày 19 tháng 8 năm 2023")
    .line(200, 600, "1. Tên hộ kinh doanh: MAY MẶC MAI")
    .line(
        200,
        650,
        "2. Trụ sở hộ kinh doanh: Thôn Cầu Mới, xã Thanh Sơn, tỉnh Phú Thọ",
    )
    .line(200, 700, "3. Ngành, nghề kinh doanh: May trang phục")
    .line(200, 750, "4. Vốn kinh doanh: 440.000.000 đồng")
    .line(200, 800, "5. Thông tin về chủ hộ kinh doanh:")
    .line(200, 850, "Họ và tên: TRẦN THỊ MAI      Giới tính: Nữ")
    .line(
        200,
        900,
        "Sinh ngày: 05/01/1998      Dân tộc: Kinh      Quốc tịch: Việt Nam",
    )
    .line(200, 950, "Số định danh cá nhân: 025198001234")
    .line(
        200,
        1000,
        "Nơi thường trú: Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ",
    );
    check(
        "household_business",
        &[signed(page, 1150, &["TRƯỞNG PHÒNG"])],
        &[
            ("number", CODE),
            ("issued_on", "2023-08-19"),
            ("issuer", "UBND XÃ THANH SƠN PHÒNG KINH TẾ"),
            ("title", "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH"),
            ("business_name", "MAY MẶC MAI"),
            ("head_office", "Thôn Cầu Mới, xã Thanh Sơn, tỉnh Phú Thọ"),
            ("trade", "May trang phục"),
            ("capital", "440000000"),
            ("owner_name", "TRẦN THỊ MAI"),
            ("owner_birth_date", "1998-01-05"),
            ("owner_id", "025198001234"),
            ("sex", "Nữ"),
            ("residence", "Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ"),
            ("change_number", ""),
        ],
    );
}
