//! What the digests of the specifications oblige a Tool to stands in `docs/conformance.md`, all of it.
//!
//! `docs/obligations.txt` has an id and a hash of every obligation. That each of them has a row is checked always; that they are
//! those of the digests, where the digests are at hand. `DOORWAY_UPDATE_OBLIGATIONS=1` writes the file anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use aws_lc_rs::digest;

use super::{digests, read, repository, tables};

const FILE: &str = "docs/obligations.txt";

const HEAD: &str = "\
# What the digests of the specifications oblige a Tool to: one id and the hash of its words on a line. Written by the test
# `the_obligations_are_those_of_the_digests`; docs/conformance.md says where each is met.
";

/// The hash of each obligation by its id, as the file has them.
fn known() -> BTreeMap<String, String> {
    let text = read(FILE);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.map(|line| line.rsplit_once(' ').unwrap_or_else(|| panic!("{FILE}: no id and hash: {line}")));
    pairs.map(|(id, hash)| (id.to_owned(), hash.to_owned())).collect()
}

/// The first four bytes are enough to notice a change.
fn hash(text: &str) -> String {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    hash.as_ref().iter().take(4).fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes everything");
        hex
    })
}

#[test]
fn every_obligation_of_the_digests_has_its_row_or_a_reason() {
    let known: BTreeSet<String> = known().into_keys().collect();
    assert!(known.len() > 400, "{} obligations", known.len());
    let rows = tables::rows("docs/conformance.md");
    let named: BTreeSet<String> = rows.iter().flat_map(|row| row.ids("obligation")).collect();
    let without: Vec<&String> = known.difference(&named).collect();
    assert!(without.is_empty(), "docs/conformance.md has no row for {without:#?}");
    let unknown: Vec<&String> = named.difference(&known).collect();
    assert!(unknown.is_empty(), "{FILE} has no {unknown:#?}");
    for row in rows.iter().filter(|row| row.cell("reason").is_some()) {
        assert!(!row.cell("reason").unwrap_or_default().is_empty(), "no reason: {row}");
    }
}

/// The threats are the sections 1 to 6 of the security digest; what follows are cases and vectors.
#[test]
fn every_threat_of_the_digest_stands_in_the_threat_model() {
    let is_threat =
        |id: &String| id.strip_prefix("security ").is_some_and(|id| id.starts_with(|c| ('1'..='6').contains(&c)));
    let known: BTreeSet<String> = known().into_keys().filter(is_threat).collect();
    assert!(known.len() > 60, "{} threats", known.len());
    let named: BTreeSet<String> = tables::rows("SECURITY.md").iter().flat_map(|row| row.ids("obligation")).collect();
    let differ: Vec<&String> = known.symmetric_difference(&named).collect();
    assert!(differ.is_empty(), "in one of {FILE} and SECURITY.md alone: {differ:#?}");
}

#[test]
fn the_obligations_are_those_of_the_digests() {
    let Some(folder) = digests::folder(&repository()) else {
        eprintln!("skipped: no digests at hand; name their folder in DOORWAY_SPEC, or put it at ../shared/spec");
        return;
    };
    let mut found = BTreeMap::new();
    let mut lines = HEAD.to_owned();
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    for file in &files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        for obligation in digests::obligations(name, &fs::read_to_string(file).unwrap()) {
            let hash = hash(&obligation.text);
            writeln!(lines, "{} {hash}", obligation.id).unwrap();
            let twice = found.insert(obligation.id, hash);
            assert!(twice.is_none(), "two obligations of one id: {}", lines.lines().last().unwrap());
        }
    }
    assert!(files.len() >= 11, "{} has the digests {files:?} alone", folder.display());
    if std::env::var_os("DOORWAY_UPDATE_OBLIGATIONS").is_some_and(|value| value == "1") {
        fs::write(repository().join(FILE), &lines).expect("the file can be written");
    }
    let known = known();
    let changed = found.iter().filter(|(id, hash)| known.get(*id) != Some(hash)).map(|(id, _)| id);
    let gone = known.keys().filter(|id| !found.contains_key(*id));
    let (changed, gone): (Vec<_>, Vec<_>) = (changed.collect(), gone.collect());
    assert!(
        changed.is_empty() && gone.is_empty(),
        "new or changed in the digests: {changed:#?}; gone: {gone:#?}. Read them, see to their rows in \
         docs/conformance.md, and then DOORWAY_UPDATE_OBLIGATIONS=1"
    );
}
