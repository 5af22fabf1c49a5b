//! Whether a page image is good enough to stand for the paper.

/// The verdict on one page image, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quality {
    /// Good, doubtful or bad.
    pub verdict: Verdict,
    /// Why it is not good. Empty when it is.
    pub reasons: Vec<QualityReason>,
}

/// Three values, never a score: a person must know what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing to do.
    Good,
    /// Look at it.
    Doubtful,
    /// Scan it again.
    Bad,
}

impl Verdict {
    /// The stable name in stores and measurements.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Doubtful => "doubtful",
            Self::Bad => "bad",
        }
    }

    /// The verdict of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Good, Self::Doubtful, Self::Bad]
            .into_iter()
            .find(|verdict| verdict.name() == name)
    }
}

/// Something that makes a page image hard to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QualityReason {
    /// Below 200 dpi, which Circular 02/2019/TT-BNV asks for.
    LowResolution,
    /// Edges are soft.
    Blurred,
    /// Ink hardly differs from paper.
    Faint,
    /// Large parts are too dark.
    Dark,
    /// Speckled all over.
    Noisy,
    /// Skewed beyond what is straightened with confidence.
    Skewed,
    /// Print touches the edge of the image.
    CutOff,
    /// A corner is folded over.
    FoldedCorner,
    /// Two sheets may have gone through the feeder as one.
    DoubleFeed,
    /// Which way up it lies could not be told.
    WayUp,
    /// In the picture of a camera no sheet was found, and nobody has cut one out of it.
    NoOutline,
}

impl Quality {
    /// The same with one more reason to look at the page.
    #[must_use]
    pub fn doubted(mut self, reason: QualityReason) -> Self {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
        self.verdict = self.verdict.max(Verdict::Doubtful);
        self
    }

    /// The same with a reason for which the image cannot stand for the page before somebody
    /// has decided.
    #[must_use]
    pub fn refused(self, reason: QualityReason) -> Self {
        Self {
            verdict: Verdict::Bad,
            ..self.doubted(reason)
        }
    }
}

impl QualityReason {
    /// All reasons.
    pub const ALL: [Self; 11] = [
        Self::LowResolution,
        Self::Blurred,
        Self::Faint,
        Self::Dark,
        Self::Noisy,
        Self::Skewed,
        Self::CutOff,
        Self::FoldedCorner,
        Self::DoubleFeed,
        Self::WayUp,
        Self::NoOutline,
    ];

    /// The stable name in stores and measurements.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LowResolution => "low_resolution",
            Self::Blurred => "blurred",
            Self::Faint => "faint",
            Self::Dark => "dark",
            Self::Noisy => "noisy",
            Self::Skewed => "skewed",
            Self::CutOff => "cut_off",
            Self::FoldedCorner => "folded_corner",
            Self::DoubleFeed => "double_feed",
            Self::WayUp => "way_up",
            Self::NoOutline => "no_outline",
        }
    }

    /// The reason of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}
