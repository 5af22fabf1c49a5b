//! Fields that stand in a code of the paper: a QR code, a machine-readable zone.

use domain::field::{Doubt, Evidence, FieldCandidate, Source};
use domain::geometry::Rectangle;

use crate::catalogue::form::FieldDefinition;
use crate::catalogue::rule::{IdentityPart, MrzPart};
use crate::extract::Paper;
use crate::grade::{doubts_of_paper, settle};
use crate::identity::on_paper::zone_on_paper;
use crate::identity::qr::IdentityQr;
use crate::normal::from_elsewhere;

impl Paper<'_, '_> {
    pub(super) fn on_identity_card(
        &self,
        field: &FieldDefinition,
        part: IdentityPart,
    ) -> Option<FieldCandidate> {
        let cards: Vec<(usize, Rectangle, IdentityQr)> = self
            .layout
            .pages
            .iter()
            .enumerate()
            .flat_map(|(page, text)| text.barcodes.iter().map(move |code| (page, code)))
            .filter_map(|(page, code)| Some((page, code.outline, IdentityQr::of(code)?)))
            .collect();
        let (page, outline, card) = cards.first()?;
        let mut candidate = FieldCandidate::empty(field.name.clone());
        candidate.value = from_elsewhere(field, card.part(part)?)?;
        candidate.source = Source::Qr;
        candidate.evidence = Some(Evidence {
            page: *page,
            outline: *outline,
        });
        // Two cards on one paper: which of them is the owner's is not for us to say.
        if cards.iter().any(|(_, _, other)| other != card) {
            candidate.doubts.push(Doubt::Contradicts);
        }
        doubts_of_paper(self.kind, self.layout.pages, None, &mut candidate.doubts);
        candidate.grade = settle(&mut candidate.doubts);
        Some(candidate)
    }

    /// A zone proves itself by its check digits, as a code does; where a sign had to
    /// be mended to make them hold, a person looks.
    pub(super) fn in_zone(&self, field: &FieldDefinition, part: MrzPart) -> Option<FieldCandidate> {
        let zone = zone_on_paper(&self.layout)?;
        let mut said = zone.mrz.part(part)?;
        if part == MrzPart::Sex {
            let word = field.lists.sexes().word_for(&said)?.to_owned();
            said = word;
        }
        let sound = zone.mrz.is_sound();
        let mut candidate = FieldCandidate::empty(field.name.clone());
        candidate.value = if sound {
            from_elsewhere(field, &said)?
        } else {
            said
        };
        candidate.source = Source::Mrz;
        candidate.evidence = zone.evidence;
        if !sound {
            candidate.doubts.push(Doubt::RuleFails);
        }
        // Sex has no check digit of its own.
        if zone.mrz.repaired || part == MrzPart::Sex {
            candidate.doubts.push(Doubt::Unsure);
        }
        let page = zone.evidence.map(|evidence| evidence.page);
        doubts_of_paper(self.kind, self.layout.pages, page, &mut candidate.doubts);
        candidate.grade = settle(&mut candidate.doubts);
        Some(candidate)
    }
}
