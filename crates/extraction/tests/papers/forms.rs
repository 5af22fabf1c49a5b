//! The catalogue files themselves.

use std::fs;
use std::path::{Path, PathBuf};

use domain::code_template::{CodeKind, CodeParts};
use extraction::{Catalogue, Error, check_form};
use serde_json::Value;

fn forms() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms")
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_catalogue_file_follows_its_schema() {
    let mut files: Vec<PathBuf> = fs::read_dir(forms().join("types"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.push(forms().join("procedures.json"));
    files.push(forms().join("code_templates.json"));
    files.push(forms().join("units.json"));
    files.push(forms().join("ethnicities.json"));
    files.push(forms().join("nationalities.json"));
    files.push(forms().join("sexes.json"));
    files.push(forms().join("trust.json"));
    files.push(forms().join("letterhead.json"));
    files.push(forms().join("package.json"));
    files.push(forms().join("portal.json"));
    files.push(forms().join("sharing.json"));
    let slips = fs::read_dir(forms().join("slips")).unwrap();
    files.extend(slips.map(|entry| entry.unwrap().path()));
    assert!(files.len() >= 9);
    for file in files {
        let content = json(&file);
        let schema = content["$schema"].as_str().unwrap();
        let schema = json(&file.parent().unwrap().join(schema));
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap();
        let faults: Vec<String> = validator
            .iter_errors(&content)
            .map(|fault| format!("{} {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", file.display());
    }
}

#[test]
fn the_schema_refuses_what_is_no_form() {
    let schema = json(&forms().join("schema/form.schema.json"));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mut form = json(&forms().join("types/other.json"));
    form["fields"][0]["value_type"] = "number".into();
    assert!(!validator.is_valid(&form));
}

#[test]
fn the_builtin_catalogue_is_the_folder() {
    let folder = Catalogue::load(&forms()).unwrap();
    let builtin = Catalogue::builtin();
    let types = |catalogue: &Catalogue| -> Vec<String> {
        catalogue
            .forms()
            .iter()
            .map(|form| form.document_type.to_string())
            .collect()
    };
    assert_eq!(types(&folder), types(&builtin));
    assert_eq!(folder.procedures().len(), builtin.procedures().len());
    assert_eq!(builtin.fallback().document_type.as_str(), "other");
}

// Circular 01/2023/TT-VPCP, art. 9.
#[test]
fn a_form_without_a_basic_field_is_refused_and_every_form_of_ours_has_them() {
    for entry in fs::read_dir(forms().join("types")).unwrap() {
        let file = entry.unwrap().path();
        let mut form = json(&file);
        check_form("a form", &form.to_string()).unwrap();
        let fields = form["fields"].as_array_mut().unwrap();
        fields.retain(|field| field["name"] != "scope");
        let fault = check_form("a form", &form.to_string()).unwrap_err();
        assert_eq!(fault.place, "/fields", "{}: {fault}", file.display());
    }
}

#[test]
fn procedures_name_document_types_that_exist() {
    let catalogue = Catalogue::builtin();
    assert!(catalogue.is_demonstration());
    for component in catalogue
        .procedures()
        .iter()
        .flat_map(|procedure| &procedure.components)
    {
        if let Some(document_type) = &component.document_type {
            assert!(catalogue.form(document_type).is_some(), "{document_type}");
        }
    }
}

// Circular 01/2023/TT-VPCP, art. 10.
#[test]
fn codes_are_composed_by_the_templates_of_the_catalogue() {
    let parts = CodeParts {
        owner_id: "025226000123".into(),
        result_type: "KQ.G15.000031".into(),
        number: "12/2026".into(),
        procedure: "2.000635".into(),
        component: "TP-G15.900011".into(),
    };
    let catalogue = Catalogue::builtin();
    let compose = |kind| catalogue.code_template(kind).compose(&parts);
    assert_eq!(
        compose(CodeKind::ProcedureResult),
        "025226000123.KQ.G15.000031.12/2026"
    );
    assert_eq!(
        compose(CodeKind::OtherPaper),
        "025226000123.2.000635.TP-G15.900011"
    );
}

/// A copy of the catalogue with one file changed.
fn broken(file: &str, change: impl Fn(&mut Value)) -> Result<Catalogue, Error> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("types")).unwrap();
    let types = fs::read_dir(forms().join("types")).unwrap();
    let types = types.map(|entry| format!("types/{}", entry.unwrap().file_name().display()));
    let others = ["procedures.json", "code_templates.json"].map(str::to_owned);
    for name in types.chain(others) {
        let mut content = json(&forms().join(&name));
        if name == file {
            change(&mut content);
        }
        fs::write(folder.path().join(name), content.to_string()).unwrap();
    }
    Catalogue::load(folder.path())
}

#[test]
fn a_catalogue_with_a_fault_is_refused_with_its_reason() {
    assert!(broken("none", |_| ()).is_ok());
    let other = "types/other.json";
    assert!(matches!(
        broken(other, |form| form["version"] = 2.into()),
        Err(Error::OtherVersion { .. })
    ));
    assert!(matches!(
        broken(other, |form| form["colour"] = 2.into()),
        Err(Error::Malformed { .. })
    ));
    assert!(matches!(
        broken(other, |form| form["fallback"] = false.into()),
        Err(Error::Fallbacks(0))
    ));
    assert!(matches!(
        broken(other, |form| form["fields"][0]["pattern"] = "(".into()),
        Err(Error::Malformed { .. })
    ));
    assert!(matches!(
        broken(
            other,
            |form| form["fields"][0]["find"][0]["zone"]["above"] = "nowhere".into()
        ),
        Err(Error::UnknownName { .. })
    ));
    assert!(matches!(
        broken(other, |form| form["fields"][1]["name"] = "number".into()),
        Err(Error::Twice { .. })
    ));
    assert!(matches!(
        broken(other, |form| form["document_type"] =
            "birth_certificate".into()),
        Err(Error::Twice { .. })
    ));
    assert!(matches!(
        broken(
            "code_templates.json",
            |file| file["templates"]["other_paper"] = "{person}".into()
        ),
        Err(Error::BadTemplate { .. })
    ));
    assert!(matches!(
        Catalogue::load(&forms().join("nowhere")),
        Err(Error::Unreadable { .. })
    ));
}

#[test]
fn a_new_kind_of_paper_needs_no_code() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("types")).unwrap();
    for name in ["types/other.json", "procedures.json", "code_templates.json"] {
        fs::copy(forms().join(name), folder.path().join(name)).unwrap();
    }
    let mut form = json(&forms().join("types/birth_certificate.json"));
    form["document_type"] = "library_card".into();
    form["titles"] = serde_json::json!([{ "text": "THẺ THƯ VIỆN" }]);
    form["recognise"] = serde_json::json!({
        "certain_from": 1, "possible_from": 1, "evidence": [{ "titles": true, "weight": 1 }]
    });
    fs::write(
        folder.path().join("types/library_card.json"),
        form.to_string(),
    )
    .unwrap();
    fs::write(
        folder.path().join("procedures.json"),
        r#"{"version":1,"demonstration":false,"note":"","procedures":[]}"#,
    )
    .unwrap();
    let catalogue = Catalogue::load(folder.path()).unwrap();
    let page = crate::support::Page::new().centred(827, 300, "THẺ THƯ VIỆN");
    let kind = extraction::recognise_type(&catalogue, &[page.as_text()]);
    assert_eq!(kind.document_type.as_str(), "library_card");
}
