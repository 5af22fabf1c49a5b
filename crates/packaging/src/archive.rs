//! The form that archives take: folders after E-ARK CSIP, described by METS, PREMIS and
//! EAD, every file with its length and SHA-256.
// Circular 05/2025/TT-BNV: METS + PREMIS + EAD.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::digest::Digest;

use crate::xml::Element;

const METS: &str = "METS.xml";
const EAD: &str = "metadata/descriptive/ead.xml";
const PREMIS: &str = "metadata/preservation/premis.xml";

/// The profile that root and representations keep to.
const PROFILE: &str = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml";

/// What archives get of one record.
#[derive(Clone, PartialEq, Eq)]
pub struct Archived {
    /// What names it: its local code.
    pub object_id: String,
    /// When the package was made.
    pub made_at: DateTime<Utc>,
    /// The office that hands it over.
    pub office: String,
    /// Title, number, dates and whatever else is known: name and value.
    pub title: String,
    /// The number and symbol that stands on the paper.
    pub number: String,
    /// The day that stands on the paper, `YYYY-MM-DD`.
    pub issued_on: String,
    /// Who issued it.
    pub issuer: String,
    /// How long it is kept, by the code of the circular.
    pub retention: Option<String>,
    /// How it came to be: `02` says that it was digitised.
    pub trust_level: String,
    /// Whatever else is known, by its label.
    pub facts: Vec<(String, String)>,
    /// What was done to it.
    pub events: Vec<ArchivedEvent>,
    /// The representations: first the electronic copy, then what it was made from.
    pub representations: Vec<Vec<ArchivedFile>>,
    /// What stands beside them: record, trail.
    pub documentation: Vec<ArchivedFile>,
}

// It is all about a person.
impl std::fmt::Debug for Archived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archived")
            .field("object_id", &self.object_id)
            .finish_non_exhaustive()
    }
}

/// A file of the package.
#[derive(Clone, PartialEq, Eq)]
pub struct ArchivedFile {
    /// Its plain name.
    pub name: String,
    /// What it is, as the internet names it.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for ArchivedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ArchivedFile")
            .field("name", &self.name)
            .field("size_bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// Something that was done, in the words of PREMIS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedEvent {
    /// Its id.
    pub id: String,
    /// What was done: `capture`, `ingestion`.
    pub kind: &'static str,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it, by an id.
    pub agent: String,
}

/// A file in its place, as the lists name it.
struct Placed<'a> {
    id: String,
    path: String,
    media_type: &'a str,
    size: usize,
    digest: Digest,
}

impl<'a> Placed<'a> {
    fn new(id: String, path: String, media_type: &'a str, bytes: &[u8]) -> Self {
        Self {
            id,
            path,
            media_type,
            size: bytes.len(),
            digest: Digest::of(bytes),
        }
    }

    /// The attributes that every reference to a file has.
    fn on(&self, element: Element, at: &str) -> Element {
        element
            .with("MIMETYPE", self.media_type)
            .with("SIZE", self.size)
            .with("CREATED", at)
            .with("CHECKSUM", self.digest)
            .with("CHECKSUMTYPE", "SHA-256")
    }

    fn file(&self, at: &str) -> Element {
        let file = Element::new("mets:file").with("ID", &self.id);
        self.on(file, at).holding(
            Element::new("mets:FLocat")
                .with("xlink:type", "simple")
                .with("xlink:href", &self.path)
                .with("LOCTYPE", "URL"),
        )
    }

    fn reference(&self, kind: &str, at: &str) -> Element {
        let reference = Element::new("mets:mdRef")
            .with("ID", format!("ref-{}", self.id))
            .with("LOCTYPE", "URL")
            .with("xlink:type", "simple")
            .with("xlink:href", &self.path)
            .with("MDTYPE", kind);
        self.on(reference, at)
    }
}

/// Every file of the package with its path, in an order in which it can be written.
pub fn archive(archived: &Archived) -> Vec<(String, Vec<u8>)> {
    let at = instant(archived.made_at);
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut described: Vec<Placed<'_>> = Vec::new();
    let mut lists: Vec<Placed<'_>> = Vec::new();
    for (number, representation) in (1..).zip(&archived.representations) {
        let folder = format!("representations/rep{number}");
        let placed: Vec<Placed<'_>> = (1..)
            .zip(representation)
            .map(|(file_number, file)| {
                let path = format!("data/{}", file.name);
                let id = format!("rep{number}-file{file_number}");
                Placed::new(id, path, file.media_type, &file.bytes)
            })
            .collect();
        let id = format!("{}-rep{number}", archived.object_id);
        let mets = representation_mets(archived, &id, &placed, &at);
        lists.push(Placed::new(
            format!("mets-rep{number}"),
            format!("{folder}/{METS}"),
            "application/xml",
            &mets,
        ));
        files.push((format!("{folder}/{METS}"), mets));
        for (file, placed) in representation.iter().zip(placed) {
            let path = format!("{folder}/{}", placed.path);
            files.push((path.clone(), file.bytes.clone()));
            described.push(Placed { path, ..placed });
        }
    }
    let mut documentation: Vec<Placed<'_>> = Vec::new();
    for (number, file) in (1..).zip(&archived.documentation) {
        let path = format!("documentation/{}", file.name);
        let id = format!("doc-file{number}");
        documentation.push(Placed::new(id, path.clone(), file.media_type, &file.bytes));
        files.push((path, file.bytes.clone()));
    }
    let ead = ead(archived).document();
    let premis = premis(archived, &described).document();
    let ead_placed = Placed::new("ead".into(), EAD.into(), "application/xml", &ead);
    let premis_placed = Placed::new("premis".into(), PREMIS.into(), "application/xml", &premis);
    files.push((EAD.to_owned(), ead));
    files.push((PREMIS.to_owned(), premis));
    let root = root_mets(
        archived,
        (&ead_placed, &premis_placed),
        &documentation,
        &lists,
        &at,
    );
    // Last, since it names all others: a package without it is not finished.
    files.push((METS.to_owned(), root));
    files
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What root and representations begin with.
fn mets(archived: &Archived, id: &str, at: &str) -> Element {
    let agent = |role: &str, kind: &str| {
        Element::new("mets:agent")
            .with("ROLE", role)
            .with("TYPE", kind)
    };
    let software = agent("CREATOR", "OTHER")
        .with("OTHERTYPE", "SOFTWARE")
        .holding(Element::new("mets:name").saying("Số hóa Một cửa"))
        .holding(
            Element::new("mets:note")
                .with("csip:NOTETYPE", "SOFTWARE VERSION")
                .saying(env!("CARGO_PKG_VERSION")),
        );
    let office = agent("CREATOR", "ORGANIZATION")
        .holding(Element::new("mets:name").saying(&archived.office))
        .holding(
            Element::new("mets:note")
                .with("csip:NOTETYPE", "IDENTIFICATIONCODE")
                .saying(&archived.office),
        );
    Element::new("mets:mets")
        .with("xmlns:mets", "http://www.loc.gov/METS/")
        .with("xmlns:xlink", "http://www.w3.org/1999/xlink")
        .with("xmlns:csip", "https://DILCIS.eu/XML/METS/CSIPExtensionMETS")
        .with("OBJID", id)
        .with("TYPE", "Textual works - Digital")
        .with("csip:CONTENTINFORMATIONTYPE", "MIXED")
        .with("PROFILE", PROFILE)
        .holding(
            Element::new("mets:metsHdr")
                .with("CREATEDATE", at)
                .with("LASTMODDATE", at)
                .with("RECORDSTATUS", "NEW")
                .with("csip:OAISPACKAGETYPE", "SIP")
                .holding(software)
                .holding(office),
        )
}

fn group(id: &str, used_for: &str) -> Element {
    Element::new("mets:fileGrp")
        .with("ID", id)
        .with("USE", used_for)
}

fn div(id: &str, label: &str) -> Element {
    Element::new("mets:div").with("ID", id).with("LABEL", label)
}

fn structure(id: &str, divs: Vec<Element>) -> Element {
    Element::new("mets:structMap")
        .with("ID", "structure")
        .with("TYPE", "PHYSICAL")
        .with("LABEL", "CSIP")
        .holding(div("structure-top", id).holding_all(divs))
}

fn pointers(files: &[Placed<'_>]) -> impl Iterator<Item = Element> {
    let pointer = |file: &Placed<'_>| Element::new("mets:fptr").with("FILEID", &file.id);
    files.iter().map(pointer).collect::<Vec<_>>().into_iter()
}

fn representation_mets(archived: &Archived, id: &str, files: &[Placed<'_>], at: &str) -> Vec<u8> {
    let held = group("group-data", "Data").holding_all(files.iter().map(|file| file.file(at)));
    mets(archived, id, at)
        .holding(
            Element::new("mets:fileSec")
                .with("ID", "files")
                .holding(held),
        )
        .holding(structure(
            id,
            vec![div("div-data", "Data").holding_all(pointers(files))],
        ))
        .document()
}

fn root_mets(
    archived: &Archived,
    (ead, premis): (&Placed<'_>, &Placed<'_>),
    documentation: &[Placed<'_>],
    lists: &[Placed<'_>],
    at: &str,
) -> Vec<u8> {
    let described = Element::new("mets:dmdSec")
        .with("ID", "dmd-ead")
        .with("CREATED", at)
        .holding(ead.reference("EAD", at));
    let kept = Element::new("mets:amdSec").with("ID", "amd").holding(
        Element::new("mets:digiprovMD")
            .with("ID", "amd-premis")
            .with("CREATED", at)
            .holding(premis.reference("PREMIS", at)),
    );
    let mut groups = vec![
        group("group-documentation", "Documentation")
            .holding_all(documentation.iter().map(|file| file.file(at))),
    ];
    let mut divs = vec![
        div("div-metadata", "Metadata")
            .with("DMDID", "dmd-ead")
            .with("ADMID", "amd-premis"),
        div("div-documentation", "Documentation").holding_all(pointers(documentation)),
    ];
    for (number, list) in (1..).zip(lists) {
        let name = format!("Representations/rep{number}");
        let id = format!("group-rep{number}");
        groups.push(group(&id, &name).holding(list.file(at)));
        divs.push(
            div(&format!("div-rep{number}"), &name).holding(
                Element::new("mets:mptr")
                    .with("LOCTYPE", "URL")
                    .with("xlink:type", "simple")
                    .with("xlink:href", &list.path)
                    .with("xlink:title", id),
            ),
        );
    }
    mets(archived, &archived.object_id, at)
        .holding(described)
        .holding(kept)
        .holding(
            Element::new("mets:fileSec")
                .with("ID", "files")
                .holding_all(groups),
        )
        .holding(structure(&archived.object_id, divs))
        .document()
}

fn ead(archived: &Archived) -> Element {
    let text = |name: &'static str, text: &str| Element::new(name).saying(text);
    let identified = text("eadid", &archived.object_id);
    let titled = Element::new("filedesc")
        .holding(Element::new("titlestmt").holding(text("titleproper", &archived.title)));
    let mut did = Element::new("did").holding(text("unitid", &archived.object_id));
    if !archived.number.is_empty() {
        did = did.holding(text("unitid", &archived.number).with("type", "number"));
    }
    did = did.holding(text("unittitle", &archived.title));
    if !archived.issued_on.is_empty() {
        let day = text("unitdate", &archived.issued_on);
        did = did.holding(day.with("normal", &archived.issued_on));
    }
    if !archived.issuer.is_empty() {
        did = did.holding(Element::new("origination").holding(text("corpname", &archived.issuer)));
    }
    did = did.holding(Element::new("repository").holding(text("corpname", &archived.office)));
    let odd = |kind: &str, said: &str| {
        Element::new("odd")
            .with("type", kind)
            .holding(text("p", said))
    };
    let mut described = Element::new("archdesc").with("level", "item").holding(did);
    if let Some(retention) = &archived.retention {
        described = described.holding(odd("retention", retention));
    }
    described = described.holding(odd("trust_level", &archived.trust_level));
    for (label, value) in &archived.facts {
        described = described.holding(
            Element::new("odd")
                .with("type", "field")
                .holding(text("head", label))
                .holding(text("p", value)),
        );
    }
    Element::new("ead")
        .with("xmlns", "urn:isbn:1-931666-22-9")
        .holding(
            Element::new("eadheader")
                .holding(identified)
                .holding(titled),
        )
        .holding(described)
}

fn premis(archived: &Archived, files: &[Placed<'_>]) -> Element {
    let text = |name: &'static str, text: &str| Element::new(name).saying(text);
    let identifier = |whole: &'static str, kind: (&'static str, &str), id: (&'static str, &str)| {
        Element::new(whole)
            .holding(text(kind.0, kind.1))
            .holding(text(id.0, id.1))
    };
    let object_id = |id: &str| {
        identifier(
            "premis:objectIdentifier",
            ("premis:objectIdentifierType", "local"),
            ("premis:objectIdentifierValue", id),
        )
    };
    let object = |kind: &str, id: &str| {
        Element::new("premis:object")
            .with("xsi:type", format!("premis:{kind}"))
            .holding(object_id(id))
    };
    let mut all = Element::new("premis:premis")
        .with("xmlns:premis", "http://www.loc.gov/premis/v3")
        .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .with("version", "3.0")
        .holding(object("intellectualEntity", &archived.object_id));
    for file in files {
        let fixity = Element::new("premis:fixity")
            .holding(text("premis:messageDigestAlgorithm", "SHA-256"))
            .holding(text("premis:messageDigest", &file.digest.to_string()));
        let format = Element::new("premis:format").holding(
            Element::new("premis:formatDesignation")
                .holding(text("premis:formatName", file.media_type)),
        );
        let about = Element::new("premis:objectCharacteristics")
            .holding(fixity)
            .holding(text("premis:size", &file.size.to_string()))
            .holding(format);
        all = all.holding(
            object("file", &file.path)
                .holding(about)
                .holding(text("premis:originalName", &file.path)),
        );
    }
    let agent_id = |whole: &'static str, id: &str| {
        let (kind, value) = if whole == "premis:agentIdentifier" {
            ("premis:agentIdentifierType", "premis:agentIdentifierValue")
        } else {
            (
                "premis:linkingAgentIdentifierType",
                "premis:linkingAgentIdentifierValue",
            )
        };
        identifier(whole, (kind, "local"), (value, id))
    };
    for event in &archived.events {
        let linked = identifier(
            "premis:linkingObjectIdentifier",
            ("premis:linkingObjectIdentifierType", "local"),
            ("premis:linkingObjectIdentifierValue", &archived.object_id),
        );
        all = all.holding(
            Element::new("premis:event")
                .holding(identifier(
                    "premis:eventIdentifier",
                    ("premis:eventIdentifierType", "local"),
                    ("premis:eventIdentifierValue", &event.id),
                ))
                .holding(text("premis:eventType", event.kind))
                .holding(text("premis:eventDateTime", &instant(event.at)))
                .holding(agent_id("premis:linkingAgentIdentifier", &event.agent))
                .holding(linked),
        );
    }
    let mut agents: Vec<&String> = archived.events.iter().map(|event| &event.agent).collect();
    agents.sort();
    agents.dedup();
    for agent in agents {
        all = all.holding(
            Element::new("premis:agent")
                .holding(agent_id("premis:agentIdentifier", agent))
                .holding(text("premis:agentType", "person")),
        );
    }
    all
}
