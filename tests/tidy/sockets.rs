//! Nothing leaves the machine by a way that nobody sees.

use super::tree::{TreeFile, files};

/// The standard library's ways out, and tokio's.
const SOCKETS: &[&str] = &[
    "std::net",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "tokio::net",
];

/// Network scanners, and the centre, which listens.
const MAY_OPEN: &[&str] = &["crates/scan/src/", "crates/central/src/"];

fn sockets_opened(files: &[TreeFile]) -> Vec<String> {
    let rust = files
        .iter()
        .filter(|file| file.has_extension(&["rs"]) && !file.is_test());
    rust.filter(|file| !MAY_OPEN.iter().any(|folder| file.path.starts_with(folder)))
        .flat_map(|file| {
            let shipped = file.shipped_rust();
            SOCKETS
                .iter()
                .filter(move |word| shipped.contains(**word))
                .map(|word| format!("{}: {word}", file.path))
        })
        .collect()
}

#[test]
fn only_network_scanners_open_sockets() {
    let complaints = sockets_opened(&files());
    assert!(
        complaints.is_empty(),
        "nothing leaves the desk unseen: {complaints:#?}"
    );
}

#[test]
fn a_socket_in_the_vault_is_found() {
    let sample = [
        TreeFile::new("crates/vault/src/a.rs", "use std::net::IpAddr;"),
        TreeFile::new("crates/scan/src/a.rs", "TcpStream"),
    ];
    assert_eq!(sockets_opened(&sample), ["crates/vault/src/a.rs: std::net"]);
}
