//! Tables of a document that name code and tests, and whether these exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::digests::cells;
use super::{read, repository};

/// A row of a table, with the headings of its cells.
pub struct Row {
    headings: Vec<String>,
    cells: Vec<String>,
}

impl Row {
    /// The cell below this heading. Cells at the end of a row may be left out.
    pub fn cell(&self, heading: &str) -> Option<&str> {
        let place = self.headings.iter().position(|other| other == heading)?;
        Some(self.cells.get(place).map_or("", String::as_str))
    }

    /// The ids in the cell below this heading: `launch 4:C, 4:D; security 1:V1`.
    pub fn ids(&self, heading: &str) -> Vec<String> {
        let digests = self.cell(heading).unwrap_or_default().split(';').map(str::trim).filter(|part| !part.is_empty());
        let ids = digests.flat_map(|part| {
            let (digest, places) = part.split_once(' ').unwrap_or_else(|| panic!("`{part}` is no id: {self}"));
            places.split(',').map(move |place| format!("{digest} {}", place.trim()))
        });
        ids.collect()
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.cells.join(" | "))
    }
}

/// The rows of all tables of a document.
pub fn rows(document: &str) -> Vec<Row> {
    let text = read(document);
    let mut rows = Vec::new();
    let mut headings: Vec<String> = Vec::new();
    for line in text.lines() {
        if !line.starts_with('|') {
            headings.clear();
        } else if headings.is_empty() {
            headings = cells(line).map(str::to_owned).collect();
        } else if !line.starts_with("| ---") && !line.starts_with("|---") {
            let cells: Vec<String> = cells(line).map(str::to_owned).collect();
            assert!(cells.len() <= headings.len(), "{document}: more cells than headings: {line}");
            rows.push(Row { headings: headings.clone(), cells });
        }
    }
    rows
}

/// How many rows of a document name tests, once all code and all tests that they name are found.
///
/// # Panics
///
/// If a row has a cell for tests and names none, or names one, or an item of code, that does not exist.
pub fn rows_with_tests(document: &str) -> usize {
    let functions = functions();
    let mut found = 0;
    for row in rows(document) {
        for item in backticked(row.cell("code").unwrap_or_default()) {
            let (file, name) = item.split_once("::").unwrap_or((item, ""));
            let source = read(file);
            assert!(name.split("::").all(|part| source.contains(part)), "{document}: {file} has no {name}: {row}");
        }
        let Some(tests) = row.cell("test") else { continue };
        assert!(!backticked(tests).is_empty(), "{document}: no test: {row}");
        for test in backticked(tests) {
            assert!(functions.contains(test), "{document}: no test `{test}`: {row}");
        }
        found += 1;
    }
    found
}

fn backticked(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The names of all functions of the Rust sources below these folders, and of the Python tests of `infra` and `tests/peers`.
fn functions() -> BTreeSet<String> {
    let mut folders: Vec<PathBuf> =
        ["functions", "shared", "tools", "tests", "infra"].map(|folder| repository().join(folder)).to_vec();
    let mut functions = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("the folder can be read").path())
        {
            let (begin, end) = match entry.extension().and_then(|extension| extension.to_str()) {
                _ if entry.is_dir() => {
                    folders.push(entry);
                    continue;
                }
                Some("rs") => ("fn ", "("),
                Some("py") => ("def ", "(self)"),
                _ => continue,
            };
            let source = fs::read_to_string(entry).expect("a source is text");
            let names = source.split(begin).skip(1).filter_map(|rest| rest.split_once(end));
            functions.extend(names.map(|(name, _)| name.to_owned()));
        }
    }
    functions
}
