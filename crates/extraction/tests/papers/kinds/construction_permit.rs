//! Construction permit.

use super::{check, office_head, signed};

#[test]
fn a_permit_says_who_may_build_what_where_and_until_when() {
    let page = office_head("Số: 131/GPXD", "Thanh Sơn, ngày 08 tháng 8 năm 2025")
        .centred(827, 420, "GIẤY PHÉP XÂY DỰNG")
        .centred(827, 462, "(Sử dụng cho nhà ở riêng lẻ)")
        .line(200, 540, "1. Cấp cho: Ông NGUYỄN VĂN BÌNH")
        .line(200, 590, "Số định danh cá nhân: 025096001234")
        .line(
            200,
            640,
            "Địa chỉ thường trú: Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ",
        )
        .line(200, 690, "2. Được phép xây dựng công trình: Nhà ở riêng lẻ")
        .line(200, 740, "- Theo thiết kế có ký hiệu: KT-01, KC-02")
        .line(
            200,
            790,
            "- Xây dựng trên thửa đất số: 643    Tờ bản đồ số: 21",
        )
        .line(200, 840, "Diện tích: 81,8 m²")
        .line(
            200,
            890,
            "- Vị trí xây dựng: Xóm Gò Cao, xã Thanh Sơn, tỉnh Phú Thọ",
        )
        .line(
            200,
            940,
            "- Cốt nền xây dựng công trình: +0,45 m so với mặt đường",
        )
        .line(200, 990, "- Số tầng: 3")
        .line(200, 1040, "- Tổng diện tích sàn: 217,3 m²")
        .line(
            200,
            1090,
            "3. Giấy tờ về quyền sử dụng đất: Giấy chứng nhận quyền sử dụng đất đã cấp.",
        )
        .line(
            200,
            1140,
            "4. Giấy phép này có hiệu lực khởi công xây dựng trong thời hạn 12 tháng",
        )
        .line(
            200,
            1180,
            "kể từ ngày cấp; quá thời hạn trên thì phải đề nghị gia hạn.",
        );
    check(
        "construction_permit",
        &[signed(page, 1300, &["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"])],
        &[
            ("number", "131/GPXD"),
            ("issued_on", "2025-08-08"),
            ("valid_until", "2026-08-08"),
            ("issuer", "ỦY BAN NHÂN DÂN XÃ THANH SƠN"),
            ("title", "GIẤY PHÉP XÂY DỰNG"),
            ("signer", "Phạm Đức Long"),
            ("owner_name", "NGUYỄN VĂN BÌNH"),
            ("owner_id", "025096001234"),
            ("residence", "Thôn Đồng Giữa, xã Thanh Sơn, tỉnh Phú Thọ"),
            ("construction_work", "Nhà ở riêng lẻ"),
            (
                "construction_place",
                "Xóm Gò Cao, xã Thanh Sơn, tỉnh Phú Thọ",
            ),
            ("parcel_number", "643"),
            ("map_sheet", "21"),
            ("area_m2", "81.8"),
            ("floors", "3"),
            ("floor_area_m2", "217.3"),
        ],
    );
}
