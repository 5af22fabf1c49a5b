//! Scan profiles: how a desk scans at the press of one key.

/// One way to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanProfile {
    /// As officers call it.
    pub name: String,
    /// The device; `None` is the one chosen at the desk.
    pub device: Option<String>,
    /// Where the paper lies.
    pub source: Source,
    /// Which sides.
    pub sides: Sides,
    /// Dots per inch.
    // Circular 02/2019/TT-BNV, as applied: at least 200 dpi.
    pub dpi: u32,
    /// In colour or not.
    pub colour: Colour,
    /// What becomes of empty sides.
    pub blanks: Blanks,
}

macro_rules! named {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// The stable name in stores and over the boundary.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The one of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    )+};
}

named! {
    /// Where the paper lies.
    Source {
        /// In the feeder.
        Feeder = "feeder",
        /// On the glass.
        Flatbed = "flatbed",
    }

    /// Which sides of a sheet.
    Sides {
        /// The front.
        One = "one",
        /// Both, by the device itself.
        Both = "both",
        /// Both, by an officer who turns the stack over in between.
        ByHand = "by_hand",
    }

    /// In colour or not.
    Colour {
        /// Red seals and blue signatures stay what they are.
        Colour = "colour",
        /// A third of the bytes.
        Grey = "grey",
    }

    /// What becomes of empty sides.
    Blanks {
        /// They are marked, and stay where they are.
        Keep = "keep",
        /// They are taken out as empty; nothing is deleted.
        SetAside = "set_aside",
    }
}

/// A list of profiles that no desk can work with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("1 to 11 profiles, each with a name of 1 to 60 characters and 200 to 600 dpi")]
pub struct ProfilesError;

/// As many as there are keys for them, F2 to F12.
pub const MOST_PROFILES: usize = 11;

/// Whether a desk can work with these profiles.
pub fn check_profiles(profiles: &[ScanProfile]) -> Result<(), ProfilesError> {
    let fits = |profile: &ScanProfile| {
        let name = profile.name.trim();
        (1..=60).contains(&name.chars().count()) && (200..=600).contains(&profile.dpi)
    };
    if (1..=MOST_PROFILES).contains(&profiles.len()) && profiles.iter().all(fits) {
        Ok(())
    } else {
        Err(ProfilesError)
    }
}
