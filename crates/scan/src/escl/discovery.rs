//! Network scanners that announce themselves (DNS-SD over multicast DNS).

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use mdns_sd::{IfKind, ResolvedService, ServiceDaemon, ServiceEvent};

use super::address::{Address, USUAL_ROOT};
use crate::scanner::{Device, ScanSource};

/// eSCL over TLS and in the clear.
const SERVICES: [(&str, bool); 2] = [("_uscans._tcp.local.", true), ("_uscan._tcp.local.", false)];

/// How long is listened. Devices answer within a second, unless they sleep deeply.
const LISTENING: Duration = Duration::from_millis(1500);

/// Announcements kept; an office has a handful, and anybody may announce anything.
const MAX_DEVICES: usize = 64;

/// Says where scanners are looked for: nowhere with `off`, on this computer alone with
/// `loopback`. Networks that forbid multicast set the one, tests the other.
const WHERE: &str = "SOHOA_DISCOVERY";

/// All devices that announce themselves, without opening them. Nothing is found where
/// the network carries no multicast; such devices can be opened by their address.
pub fn list() -> Vec<Device> {
    let place = std::env::var(WHERE).unwrap_or_default();
    if place == "off" {
        return Vec::new();
    }
    found(place == "loopback")
}

/// The same on this computer alone. For tests.
#[doc(hidden)]
pub fn list_on_loopback() -> Vec<Device> {
    found(true)
}

fn found(loopback_only: bool) -> Vec<Device> {
    let announced = listen(loopback_only).unwrap_or_else(|error| {
        tracing::info!(%error, "no network scanner can be looked for");
        Vec::new()
    });
    once_each(announced)
}

fn listen(loopback_only: bool) -> Result<Vec<Announced>, mdns_sd::Error> {
    let daemon = ServiceDaemon::new()?;
    if loopback_only {
        daemon.disable_interface(IfKind::All)?;
        daemon.enable_interface(IfKind::LoopbackV4)?;
    }
    let mut answers = Vec::new();
    for (service, secure) in SERVICES {
        answers.push((daemon.browse(service)?, secure));
    }
    let deadline = Instant::now() + LISTENING;
    let mut found = Vec::new();
    for (events, secure) in answers {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // Once the time is up, what has come is still taken.
            let event = if left.is_zero() {
                events.try_recv().ok()
            } else {
                events.recv_timeout(left).ok()
            };
            match event {
                Some(ServiceEvent::ServiceResolved(service)) if found.len() < MAX_DEVICES => {
                    found.extend(Announced::read(&service, secure));
                }
                Some(_) => {}
                None => break,
            }
        }
    }
    let _told = daemon.shutdown();
    Ok(found)
}

/// What one announcement says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Announced {
    address: Address,
    name: String,
    /// Sources, in the announcement's words.
    sources: String,
    both_sides: bool,
    /// By which a device is known that announces itself twice.
    unique: String,
}

impl Announced {
    fn read(service: &ResolvedService, secure: bool) -> Option<Self> {
        let addresses = service.addresses.iter().map(|address| address.to_ip_addr());
        let text = |key: &str| service.txt_properties.get_property_val_str(key);
        Self::of(
            addresses.collect(),
            service.port,
            secure,
            &service.fullname,
            text,
        )
    }

    fn of<'a>(
        mut addresses: Vec<IpAddr>,
        port: u16,
        secure: bool,
        full_name: &str,
        text: impl Fn(&str) -> Option<&'a str>,
    ) -> Option<Self> {
        // The number of an IPv6 address of the link means nothing without its link.
        addresses.retain(|address| match address {
            IpAddr::V4(_) => true,
            IpAddr::V6(six) => !six.is_unicast_link_local(),
        });
        addresses.sort();
        let host = match addresses.first()? {
            IpAddr::V4(four) => four.to_string(),
            IpAddr::V6(six) => format!("[{six}]"),
        };
        let root = text("rs").unwrap_or(USUAL_ROOT).trim_matches('/');
        let instance = full_name.split("._usc").next().unwrap_or(full_name);
        let id = format!(
            "{}{}://{host}:{port}/{root}",
            super::PREFIX,
            if secure { "https" } else { "http" }
        );
        Some(Self {
            address: Address::of_id(&id)?,
            name: text("ty").unwrap_or(instance).to_owned(),
            sources: text("is").unwrap_or_default().to_lowercase(),
            both_sides: text("duplex").is_some_and(|value| value.eq_ignore_ascii_case("t")),
            unique: text("UUID").unwrap_or(instance).to_lowercase(),
        })
    }

    fn device(self) -> Device {
        let sources = [(ScanSource::Feeder, "adf"), (ScanSource::Flatbed, "platen")];
        let offered = |(_, word): &(ScanSource, &str)| self.sources.contains(word);
        Device {
            id: self.address.id(),
            sources: sources
                .into_iter()
                .filter(offered)
                .map(|(source, _)| source)
                .collect(),
            name: self.name,
            both_sides: self.both_sides,
            resolutions_dpi: Vec::new(),
        }
    }
}

/// Each device once, over TLS where it offers that: papers carry people's data.
fn once_each(announced: Vec<Announced>) -> Vec<Device> {
    let mut by_device: BTreeMap<String, Announced> = BTreeMap::new();
    for one in announced {
        let known = by_device.get(&one.unique);
        if known.is_none_or(|known| one.address.secure && !known.address.secure) {
            by_device.insert(one.unique.clone(), one);
        }
    }
    by_device.into_values().map(Announced::device).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(addresses: &[&str], secure: bool, texts: &[(&str, &str)]) -> Option<Announced> {
        let text = |key: &str| {
            let found = texts.iter().find(|(name, _)| *name == key);
            found.map(|(_, value)| *value)
        };
        let addresses = addresses.iter().map(|one| one.parse().unwrap()).collect();
        let port = if secure { 443 } else { 80 };
        Announced::of(
            addresses,
            port,
            secure,
            "Máy quét tầng 2._uscan._tcp.local.",
            text,
        )
    }

    #[test]
    fn an_announcement_becomes_a_device_that_can_be_opened() {
        let texts = [
            ("rs", "eSCL"),
            ("ty", "Acme 3000"),
            ("is", "platen,adf"),
            ("duplex", "T"),
        ];
        let device = announced(&["fe80::1", "192.168.1.9"], false, &texts)
            .unwrap()
            .device();
        assert_eq!(device.id, "escl:http://192.168.1.9:80/eSCL");
        assert_eq!(device.name, "Acme 3000");
        assert_eq!(device.sources, ScanSource::ALL);
        assert!(device.both_sides);
        let plain = announced(&["192.168.1.9"], false, &[]).unwrap().device();
        assert_eq!(plain.name, "Máy quét tầng 2");
        assert_eq!(plain.id, "escl:http://192.168.1.9:80/eSCL");
        assert!(plain.sources.is_empty() && !plain.both_sides);
        assert_eq!(
            announced(&["fe80::1"], false, &[]),
            None,
            "no number to call"
        );
        let hostile = announced(&["192.168.1.9"], false, &[("rs", "x y?<")]);
        assert_eq!(hostile, None, "a path that is none");
    }

    #[test]
    fn a_device_that_announces_itself_twice_is_one_and_taken_over_tls() {
        let texts = [("UUID", "AB-1"), ("rs", "eSCL")];
        let both = [true, false].map(|secure| announced(&["10.0.0.4"], secure, &texts).unwrap());
        for order in [both.clone().to_vec(), both.iter().rev().cloned().collect()] {
            let devices = once_each(order);
            assert_eq!(devices.len(), 1);
            assert_eq!(devices[0].id, "escl:https://10.0.0.4:443/eSCL");
        }
    }
}
