//! Where a network scanner is, and that it is near.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs as _};
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::error::Error;

/// Ids of network scanners begin so; the rest is the address of their eSCL root.
pub(crate) const PREFIX: &str = "escl:";

/// The root of devices that do not say another.
pub(super) const USUAL_ROOT: &str = "/eSCL";

/// A name that is not resolved by then has no scanner behind it.
const RESOLVING: Duration = Duration::from_secs(5);

/// The root of a device's eSCL interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) secure: bool,
    /// As it stands in the id.
    pub(super) host: String,
    pub(super) port: u16,
    /// Begins with a slash and ends without one.
    pub(super) root: String,
}

impl Address {
    /// Reads `escl:http://HOST:PORT/ROOT`.
    pub(super) fn of_id(id: &str) -> Option<Self> {
        let url = id.strip_prefix(PREFIX)?;
        let (secure, rest) = match url.split_once("://")? {
            ("http", rest) => (false, rest),
            ("https", rest) => (true, rest),
            _ => return None,
        };
        let (place, root) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let is_plain = |letter: char| letter.is_ascii_graphic() && !"?#@\\\"<>".contains(letter);
        if !rest.chars().all(is_plain) {
            return None;
        }
        let usual = if secure { 443 } else { 80 };
        // An IPv6 address stands in brackets, because it is full of colons.
        let host_end = place.find(']').map_or(0, |end| end + 1);
        let (host, port) = match place[host_end..].rfind(':') {
            Some(colon) => {
                let (host, port) = place.split_at(host_end + colon);
                (host, port[1..].parse().ok()?)
            }
            None => (place, usual),
        };
        (!host.is_empty()).then(|| Self {
            secure,
            host: host.to_owned(),
            port,
            // SANE's own driver of that kind names its devices without the root.
            root: match root.trim_end_matches('/') {
                "" => USUAL_ROOT,
                root => root,
            }
            .to_owned(),
        })
    }

    /// The id again.
    pub(super) fn id(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        let Self {
            host, port, root, ..
        } = self;
        format!("{PREFIX}{scheme}://{host}:{port}{root}")
    }

    /// The address in numbers. A device outside of the local network is refused:
    /// papers would travel there in the clear, or under a certificate that anybody
    /// could have made.
    pub(super) fn resolve(&self) -> Result<IpAddr, Error> {
        let (sender, receiver) = channel();
        let place = (self.host.trim_matches(['[', ']']).to_owned(), self.port);
        // Resolving has no time limit of its own.
        std::thread::spawn(move || sender.send(place.to_socket_addrs()));
        let found = receiver.recv_timeout(RESOLVING);
        let addresses: Vec<IpAddr> = match found {
            Ok(Ok(addresses)) => addresses.map(|address| address.ip()).collect(),
            _ => return Err(Error::NoSuchDevice),
        };
        let first = *addresses.first().ok_or(Error::NoSuchDevice)?;
        if addresses.iter().all(|address| is_local(*address)) {
            Ok(first)
        } else {
            Err(Error::AccessDenied)
        }
    }
}

/// Whether an address belongs to this computer or to the network it stands in.
fn is_local(address: IpAddr) -> bool {
    let four = |address: Ipv4Addr| {
        address.is_loopback() || address.is_private() || address.is_link_local()
    };
    let six = |address: Ipv6Addr| {
        address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
    };
    match address {
        IpAddr::V4(address) => four(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => four(mapped),
            None => six(address),
        },
    }
}

/// The path of a `Location`, which may be a whole address: only the path counts,
/// because devices name themselves by names that nobody else can resolve, and no
/// answer may send us to another host.
pub(super) fn path_of(location: &str, root: &str) -> Option<String> {
    let path = match location.split_once("://") {
        Some((_, rest)) => &rest[rest.find('/')?..],
        None => location,
    };
    let path = path.trim_end_matches('/');
    let is_plain = |letter: char| letter.is_ascii_graphic() && !"?#\\\"<>".contains(letter);
    if path.is_empty() || !path.chars().all(is_plain) || path.starts_with("//") {
        return None;
    }
    Some(if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{root}/{path}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_and_written_the_same() {
        let check = |id: &str, again: Option<&str>| {
            assert_eq!(
                Address::of_id(id).map(|address| address.id()).as_deref(),
                again,
                "{id}"
            );
        };
        check(
            "escl:http://10.0.0.7:8080/eSCL",
            Some("escl:http://10.0.0.7:8080/eSCL"),
        );
        check(
            "escl:https://scanner.local/eSCL/",
            Some("escl:https://scanner.local:443/eSCL"),
        );
        check(
            "escl:http://[fe80::1]:80/eSCL",
            Some("escl:http://[fe80::1]:80/eSCL"),
        );
        check("escl:http://[::1]/x", Some("escl:http://[::1]:80/x"));
        check("escl:http://10.0.0.7", Some("escl:http://10.0.0.7:80/eSCL"));
        for wrong in [
            "escl:ftp://10.0.0.7/eSCL",
            "escl:http:///eSCL",
            "escl:http://10.0.0.7:99999/eSCL",
            "escl:http://me:secret@10.0.0.7/eSCL",
            "escl:http://10.0.0.7/e SCL",
            "http://10.0.0.7/eSCL",
            "escl:",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn only_the_network_around_is_local() {
        for (address, local) in [
            ("127.0.0.1", true),
            ("192.168.1.20", true),
            ("10.3.2.1", true),
            ("172.16.0.9", true),
            ("169.254.3.4", true),
            ("::1", true),
            ("fe80::1", true),
            ("fd12::1", true),
            ("::ffff:192.168.1.1", true),
            ("203.0.113.5", false),
            ("172.32.0.1", false),
            ("2001:db8::1", false),
            ("::ffff:203.0.113.5", false),
        ] {
            assert_eq!(is_local(address.parse().unwrap()), local, "{address}");
        }
    }

    #[test]
    fn a_device_far_away_is_refused() {
        let far = Address::of_id("escl:http://203.0.113.5/eSCL").unwrap();
        assert_eq!(far.resolve().unwrap_err().name(), "access_denied");
    }

    #[test]
    fn a_job_is_found_by_its_path_whatever_host_it_names() {
        let check = |location: &str, path: Option<&str>| {
            assert_eq!(path_of(location, "/eSCL").as_deref(), path, "{location}");
        };
        check(
            "http://HP12.local./eSCL/ScanJobs/7",
            Some("/eSCL/ScanJobs/7"),
        );
        check("/eSCL/ScanJobs/7/", Some("/eSCL/ScanJobs/7"));
        check("ScanJobs/7", Some("/eSCL/ScanJobs/7"));
        check(
            "https://elsewhere.example/eSCL/ScanJobs/7",
            Some("/eSCL/ScanJobs/7"),
        );
        check("http://host", None);
        check("//elsewhere.example/x", None);
        check("/eSCL/Scan Jobs", None);
        check("", None);
    }
}
