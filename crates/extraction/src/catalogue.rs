//! The catalogue: forms, procedures and code templates, all of them data.

pub(crate) mod access;
pub(crate) mod check;
pub(crate) mod form;
pub(crate) mod lists;
pub(crate) mod procedure;
pub(crate) mod retention;
pub(crate) mod rule;
pub(crate) mod slip;
pub(crate) mod trust;
pub(crate) mod units;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use domain::access::AccessRules;
use domain::code_template::{CodeKind, CodeTemplate};
use domain::document::DocumentType;
use domain::retention::RetentionRules;
use domain::second_person::SecondPersonFor;
use domain::trust::TrustRules;

use crate::address::{Address, resolve};
use crate::catalogue::access::Masked;
use crate::catalogue::form::{FieldDefinition, Form};
use crate::catalogue::lists::{ETHNICITIES, Lists, NATIONALITIES, SEXES, UNITS};
use crate::catalogue::procedure::{CodeTemplatesFile, Procedure, ProceduresFile};
use crate::catalogue::slip::{Letterhead, PackageWords, PortalNames, SlipTemplate};
use crate::error::Error;

/// The version of the catalogue files this program reads.
const VERSION: u32 = 1;

/// The files of `forms/types/`, by name.
const FORM_FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/form_files.rs"));
const PROCEDURES: &str = include_str!("../../../forms/procedures.json");
const CODE_TEMPLATES: &str = include_str!("../../../forms/code_templates.json");

/// Forms, procedures and code templates.
#[derive(Clone, Debug)]
pub struct Catalogue {
    forms: Vec<Form>,
    procedures: Vec<Procedure>,
    demonstration: bool,
    procedure_result: CodeTemplate,
    other_paper: CodeTemplate,
    lists: Lists,
    trust: TrustRules,
    access: AccessRules,
    masked: Masked,
    retention: RetentionRules,
    slips: Vec<SlipTemplate>,
    letterhead: Letterhead,
    package_words: PackageWords,
    portal_names: PortalNames,
}

impl Catalogue {
    /// The catalogue that came with the program.
    pub fn builtin() -> Self {
        let lists = Lists::default();
        Self::parse(
            FORM_FILES.iter().copied(),
            PROCEDURES,
            CODE_TEMPLATES,
            lists,
            trust::BUILTIN_TRUST,
            access::BUILTIN_ACCESS,
            retention::BUILTIN_RETENTION,
        )
        .and_then(|catalogue| {
            catalogue.with_slips(
                slip::BUILTIN_SLIPS.iter().copied(),
                slip::BUILTIN_LETTERHEAD,
                slip::BUILTIN_PACKAGE,
                slip::BUILTIN_PORTAL,
            )
        })
        .expect("a test loads the catalogue of forms/")
    }

    /// A catalogue from a folder laid out like `forms/`. A list that the folder
    /// leaves out (units, ethnic groups, nationalities), and the rules of trust, of
    /// access and of keeping, are those that came with the program.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let files = json_files(&folder.join("types"))?;
        let slips = folder.join("slips");
        let slips = if slips.is_dir() {
            json_files(&slips)?
        } else {
            own_files(slip::BUILTIN_SLIPS)
        };
        let read = |path: &Path| {
            fs::read_to_string(path).map_err(|source| Error::Unreadable {
                path: path.to_path_buf(),
                source,
            })
        };
        let catalogue = Self::parse(
            borrowed(&files),
            &read(&folder.join("procedures.json"))?,
            &read(&folder.join("code_templates.json"))?,
            lists_of(folder)?,
            &own_or_builtin(folder, trust::TRUST, trust::BUILTIN_TRUST)?,
            &own_or_builtin(folder, access::ACCESS, access::BUILTIN_ACCESS)?,
            &own_or_builtin(folder, retention::RETENTION, retention::BUILTIN_RETENTION)?,
        )?;
        catalogue.with_slips(
            borrowed(&slips),
            &own_or_builtin(folder, slip::LETTERHEAD, slip::BUILTIN_LETTERHEAD)?,
            &own_or_builtin(folder, slip::PACKAGE, slip::BUILTIN_PACKAGE)?,
            &own_or_builtin(folder, slip::PORTAL, slip::BUILTIN_PORTAL)?,
        )
    }

    fn with_slips<'a>(
        self,
        slips: impl Iterator<Item = (&'a str, &'a str)>,
        letterhead: &str,
        package_words: &str,
        portal_names: &str,
    ) -> Result<Self, Error> {
        Ok(Self {
            slips: slip::parse(slips)?,
            letterhead: slip::parse_letterhead(letterhead)?,
            package_words: slip::parse_package_words(package_words)?,
            portal_names: slip::parse_portal_names(portal_names)?,
            ..self
        })
    }

    fn parse<'a>(
        files: impl Iterator<Item = (&'a str, &'a str)>,
        procedures: &str,
        code_templates: &str,
        lists: Lists,
        trust: &str,
        access: &str,
        retention: &str,
    ) -> Result<Self, Error> {
        let mut forms: Vec<Form> = Vec::new();
        for (file, text) in files {
            let form = Form::parse(file, text, &lists)?;
            if forms
                .iter()
                .any(|other| other.document_type == form.document_type)
            {
                return Err(Error::Twice {
                    file: file.to_owned(),
                    name: form.document_type.as_str().to_owned(),
                });
            }
            forms.push(form);
        }
        let fallbacks = forms.iter().filter(|form| form.fallback).count();
        if fallbacks != 1 {
            return Err(Error::Fallbacks(fallbacks));
        }
        let list: ProceduresFile = parse_file("procedures.json", procedures)?;
        check_version("procedures.json", list.version)?;
        let templates: CodeTemplatesFile = parse_file("code_templates.json", code_templates)?;
        check_version("code_templates.json", templates.version)?;
        let template = |text: &str| {
            text.parse().map_err(|source| Error::BadTemplate {
                file: "code_templates.json".to_owned(),
                source,
            })
        };
        let (access, masked) = access::parse(access)?;
        Ok(Self {
            forms,
            access,
            masked,
            procedures: list.procedures,
            demonstration: list.demonstration,
            procedure_result: template(&templates.templates.procedure_result)?,
            other_paper: template(&templates.templates.other_paper)?,
            lists,
            trust: trust::parse(trust)?,
            retention: retention::parse(retention)?,
            slips: Vec::new(),
            letterhead: slip::parse_letterhead(slip::BUILTIN_LETTERHEAD)?,
            package_words: slip::parse_package_words(slip::BUILTIN_PACKAGE)?,
            portal_names: slip::parse_portal_names(slip::BUILTIN_PORTAL)?,
        })
    }

    /// All forms.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// The form of a document type.
    pub fn form(&self, document_type: &DocumentType) -> Option<&Form> {
        self.forms
            .iter()
            .find(|form| form.document_type == *document_type)
    }

    /// The form for papers of no known type.
    pub fn fallback(&self) -> &Form {
        self.forms
            .iter()
            .find(|form| form.fallback)
            .expect("checked when the catalogue was made")
    }

    /// The procedures in the order of their list.
    pub fn procedures(&self) -> &[Procedure] {
        &self.procedures
    }

    /// Whether the list of procedures is only for trying the program out.
    pub fn is_demonstration(&self) -> bool {
        self.demonstration
    }

    /// What the last parts of an address name.
    pub fn address(&self, text: &str) -> Address {
        resolve(self.lists.units(), text)
    }

    /// When a desk's own record changes a grade.
    pub fn trust(&self) -> &TrustRules {
        &self.trust
    }

    /// Who gets in, and for how long.
    pub fn access(&self) -> &AccessRules {
        &self.access
    }

    /// How long things are kept.
    pub fn retention(&self) -> &RetentionRules {
        &self.retention
    }

    /// The kinds of slips, by their file names.
    pub fn slips(&self) -> &[SlipTemplate] {
        &self.slips
    }

    /// The kind of slip of that name.
    pub fn slip(&self, name: &str) -> Option<&SlipTemplate> {
        self.slips.iter().find(|slip| slip.name == name)
    }

    /// What people read in a package.
    pub fn package_words(&self) -> &PackageWords {
        &self.package_words
    }

    /// What portals call the data of a record.
    pub fn portal_names(&self) -> &PortalNames {
        &self.portal_names
    }

    /// The head of the office's papers.
    pub fn letterhead(&self) -> &Letterhead {
        &self.letterhead
    }

    /// Whether values of this field are masked in deposited records.
    // Law 91/2025 and Decree 356/2025: sensitive personal data.
    pub fn masks(&self, field: &FieldDefinition) -> bool {
        self.masked.value_types.contains(&field.value_type)
    }

    /// Whether pictures of deposited papers of this type are masked.
    pub fn masks_pictures_of(&self, document_type: &DocumentType) -> bool {
        self.masked.pictures_of.contains(document_type)
    }

    /// Whether a field takes two officers: because its form says so, or the office.
    pub fn takes_two(&self, field: &FieldDefinition) -> bool {
        field.second_person
            || field.decisive && self.trust.second_person_for == SecondPersonFor::Decisive
    }

    /// The template of a kind of digitisation code.
    // Circular 01/2023/TT-VPCP, art. 10.
    pub fn code_template(&self, kind: CodeKind) -> &CodeTemplate {
        match kind {
            CodeKind::ProcedureResult => &self.procedure_result,
            CodeKind::OtherPaper => &self.other_paper,
        }
    }
}

/// The lists of a folder, each of them the program's own where the folder has none.
fn lists_of(folder: &Path) -> Result<Lists, Error> {
    let read = |name, builtin| own_or_builtin(folder, name, builtin);
    Lists::parse(
        &read(UNITS, lists::BUILTIN_UNITS)?,
        &read(ETHNICITIES, lists::BUILTIN_ETHNICITIES)?,
        &read(NATIONALITIES, lists::BUILTIN_NATIONALITIES)?,
        &read(SEXES, lists::BUILTIN_SEXES)?,
    )
}

/// The JSON files of a folder, in the order of their names.
fn json_files(folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let unreadable = |path: &Path| {
        let path = path.to_path_buf();
        move |source| Error::Unreadable { path, source }
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    let files = paths.iter().map(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(path).map_err(unreadable(path))?;
        Ok((name.into_owned(), text))
    });
    files.collect()
}

fn own_files(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    files.iter().map(own).collect()
}

fn borrowed(files: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
}

/// A file of the folder, or the program's own where the folder has none.
fn own_or_builtin(folder: &Path, name: &str, builtin: &str) -> Result<String, Error> {
    let path = folder.join(name);
    match fs::read_to_string(&path) {
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(builtin.to_owned()),
        Err(source) => Err(Error::Unreadable { path, source }),
        Ok(text) => Ok(text),
    }
}

pub(crate) fn parse_file<'a, T: serde::Deserialize<'a>>(
    file: &str,
    text: &'a str,
) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|source| Error::Malformed {
        file: file.to_owned(),
        source,
    })
}

pub(crate) fn check_version(file: &str, found: u32) -> Result<(), Error> {
    if found == VERSION {
        Ok(())
    } else {
        Err(Error::OtherVersion {
            file: file.to_owned(),
            found,
            known: VERSION,
        })
    }
}
