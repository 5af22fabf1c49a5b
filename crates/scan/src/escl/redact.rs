//! What a recording must not tell: which device it was, whose, and where.

/// Elements whose text names one device, a place or a person.
const PERSONAL: [&str; 9] = [
    "SerialNumber",
    "UUID",
    "JobUuid",
    "AdminURI",
    "IconURI",
    "DeviceName",
    "FriendlyName",
    "Location",
    "Certification",
];

/// The same XML with the text of those elements blanked. It works on the text, so
/// that what a parser would stumble over is recorded as it came.
pub(super) fn redacted(xml: &str) -> String {
    let mut written = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else {
            break;
        };
        let end = start + length + 1;
        // A stray bracket before it opens nothing.
        let opening = rest[..end].rfind('<').unwrap_or(start);
        let tag = &rest[opening + 1..end - 1];
        written.push_str(&rest[..end]);
        rest = &rest[end..];
        let name = tag.split([' ', '/', '\t', '\n']).next().unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or_default();
        if PERSONAL.contains(&local) && !tag.ends_with('/') {
            let text = rest.find('<').unwrap_or(rest.len());
            rest = &rest[text..];
        }
    }
    written.push_str(rest);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_device_is_blanked_and_the_rest_kept() {
        let check = |xml: &str, expected: &str| assert_eq!(redacted(xml), expected);
        check(
            "<a><pwg:SerialNumber>CN123</pwg:SerialNumber><b>x</b></a>",
            "<a><pwg:SerialNumber></pwg:SerialNumber><b>x</b></a>",
        );
        check("<s:UUID x='1'>f-1</s:UUID>", "<s:UUID x='1'></s:UUID>");
        check("<AdminURI/>kept", "<AdminURI/>kept");
        check("<UUID>cut off", "<UUID>");
        check("no elements", "no elements");
        check("< broken <UUID>x</UUID>", "< broken <UUID></UUID>");
    }
}
