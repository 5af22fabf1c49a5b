//! The sample dossier: three papers of one family, as files.

use serde_json::{Map, Value, json};

use super::{Kind, Paper, PaperMaker, Wear};

/// The seed of the sample dossier: its official document is the decision that its
/// application names.
pub const SAMPLE_SEED: u64 = 1;

/// The version of `samples.json`.
const VERSION: u32 = 1;

/// One paper of the sample dossier.
#[derive(Clone, Debug)]
pub struct Sample {
    /// File names, one per page.
    pub files: &'static [&'static str],
    /// The dossier component that it answers.
    pub component: &'static str,
    /// The paper as scanned.
    pub paper: Paper,
}

/// Draws the sample dossier.
pub fn samples(maker: &PaperMaker) -> Vec<Sample> {
    // Seals are red, so the first two are in colour.
    [
        (
            Kind::OfficialDocument,
            &["1-official-document.jpg"][..],
            "Quyết định công nhận hộ cận nghèo",
            Wear::OFFICE,
        ),
        (
            Kind::BirthCertificate,
            &["2-birth-certificate.jpg"],
            "Giấy khai sinh của trẻ",
            Wear::OFFICE,
        ),
        (
            Kind::Application,
            &["3-application-page-1.jpg", "3-application-page-2.jpg"],
            "Tờ khai đề nghị trợ giúp xã hội",
            Wear::OFFICE.greyscale(),
        ),
    ]
    .into_iter()
    .map(|(kind, files, component, wear)| Sample {
        files,
        component,
        paper: maker.draw(kind, SAMPLE_SEED).scanned(&wear),
    })
    .collect()
}

/// What `samples.json` says of the dossier.
pub fn samples_json(samples: &[Sample]) -> Value {
    let papers: Vec<Value> = samples
        .iter()
        .map(|sample| {
            let truth = &sample.paper.truth;
            let fields: Map<String, Value> = truth
                .fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(value)))
                .collect();
            json!({
                "files": sample.files,
                "component": sample.component,
                "document_type": truth.document_type,
                "dpi": sample.paper.dpi,
                "fields": fields,
                "page_texts": truth.page_texts,
            })
        })
        .collect();
    json!({
        "version": VERSION,
        "seed": SAMPLE_SEED,
        "procedure": {
            "code": "1.001776",
            "name": "Thực hiện trợ cấp xã hội hằng tháng",
        },
        "papers": papers,
    })
}
