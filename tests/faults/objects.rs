//! Whatever is done to the sealed files of a vault, a check names it.

use std::fs;
use std::path::{Path, PathBuf};

use domain::dossier::Owner;
use support::vault_maker::{Maker, create, office};
use vault::Vault;

use crate::chance::Chance;
use crate::work::{folder_in_memory, times};

/// Mutations in the short form; `SOHOA_OBJECTS` sets the long one.
const MUTATIONS: usize = 60;

fn sealed_files(vault: &Path) -> Vec<PathBuf> {
    let shards = fs::read_dir(vault.join("sealed")).unwrap();
    let files = shards.flat_map(|shard| fs::read_dir(shard.unwrap().path()).unwrap());
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// A vault with some papers of two pages each.
fn filled(dir: &Path, number: u32) -> Vault {
    let vault = create(dir, &office()).unwrap();
    let officer = vault.read(|read| read.accounts()).unwrap()[0].officer.id;
    let mut maker = Maker::new(number, officer);
    for paper in 0..4 {
        let document = maker.begin(&vault, &Owner::default()).unwrap();
        let image = |side: usize| vec![b'a' + paper; 3_000 + 70_000 * side];
        let pages = [0, 1].map(|side| maker.page(&vault, &document, &image(side)).unwrap());
        maker.deposit(&vault, &document, &pages, "giấy tờ").unwrap();
    }
    vault
}

/// Does something to one or two of the files; says what.
fn mutate(files: &[PathBuf], foreign: &[PathBuf], chance: &mut Chance) -> String {
    let any = |files: &[PathBuf], chance: &mut Chance| {
        files[chance.below(files.len() as u64) as usize].clone()
    };
    let file = any(files, chance);
    let bytes = fs::read(&file).unwrap();
    let place = chance.below(bytes.len() as u64) as usize;
    let kind = chance.below(7);
    match kind {
        0 => {
            let mut altered = bytes;
            altered[place] ^= 1 << chance.below(8);
            fs::write(&file, altered).unwrap();
        }
        1 => fs::write(&file, &bytes[..place]).unwrap(),
        2 => fs::write(&file, [bytes.as_slice(), &bytes[..=place]].concat()).unwrap(),
        3 => fs::remove_file(&file).unwrap(),
        4 => {
            let other = files.iter().find(|other| **other != file).unwrap();
            let others = fs::read(other).unwrap();
            fs::write(other, bytes).unwrap();
            fs::write(&file, others).unwrap();
        }
        5 => {
            fs::copy(any(foreign, chance), &file).unwrap();
        }
        _ => fs::rename(&file, file.with_extension("old")).unwrap(),
    }
    format!("kind {kind} at {place} of {}", file.display())
}

#[test]
fn whatever_is_done_to_a_sealed_file_is_found() {
    let mutations = times("SOHOA_OBJECTS", MUTATIONS);
    let mut chance = Chance::new();
    let folder = folder_in_memory();
    let dir = folder.path().join("vault");
    let vault = filled(&dir, 1);
    let other = folder.path().join("other");
    drop(filled(&other, 2));
    let (files, foreign) = (sealed_files(&dir), sealed_files(&other));
    let whole: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    let mut missed = Vec::new();
    for _ in 0..mutations {
        let what = mutate(&files, &foreign, &mut chance);
        if vault.check().unwrap().is_sound() {
            missed.push(what);
        }
        for (file, bytes) in files.iter().zip(&whole) {
            fs::write(file, bytes).unwrap();
            let _not_there = fs::remove_file(file.with_extension("old"));
        }
    }
    assert!(vault.check().unwrap().is_sound(), "the negative control");
    println!("{mutations} mutations of {} sealed files", files.len());
    assert_eq!(missed, Vec::<String>::new());
}
