//! The documents speak of what is there: no error code, setting or route is missing, no test is invented.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use doorway_local::tool::FUNCTIONS;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All Rust sources of the repository below these folders, and the Python tests of `infra`.
fn sources() -> Vec<String> {
    let mut folders: Vec<PathBuf> =
        ["functions", "shared", "tools", "tests", "infra"].map(|folder| repository().join(folder)).to_vec();
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("the folder can be read").path())
        {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs" || extension == "py") {
                sources.push(fs::read_to_string(entry).expect("a source is text"));
            }
        }
    }
    sources
}

/// The texts between quotation marks behind `before`.
pub(crate) fn quoted_behind(source: &str, before: &str) -> BTreeSet<String> {
    let rest = source.split(before).skip(1);
    rest.filter_map(|rest| Some(rest.strip_prefix('"')?.split('"').next()?.to_owned())).collect()
}

#[test]
fn the_readme_explains_every_error_code() {
    let readme = read("README.md");
    let mut codes = BTreeSet::new();
    for file in [
        "shared/core/src/error.rs",
        "shared/lti/src/rejection.rs",
        "shared/web/src/failure.rs",
        "shared/core/src/use_case/register/error.rs",
    ] {
        let source = read(file);
        let (_, behind) = source.split_once("fn code(").expect("errors have codes");
        codes.extend(quoted_behind(behind, "=> "));
    }
    assert!(codes.len() > 40, "{codes:?}");
    for code in codes {
        assert!(readme.contains(&format!("| `{code}` |")), "README.md does not explain `{code}`");
    }
}

#[test]
fn the_readme_lists_every_setting() {
    let readme = read("README.md");
    let mut settings = BTreeSet::new();
    for file in [
        "shared/core/src/settings.rs",
        "shared/core/src/config.rs",
        "shared/web/src/log.rs",
        "shared/web/src/log/metrics.rs",
    ] {
        let source = read(file);
        let names = source.split("DOORWAY_").skip(1).map(|rest| {
            rest.chars().take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_').collect::<String>()
        });
        settings.extend(names);
    }
    for function in FUNCTIONS {
        let source = read(&format!("functions/{function}/src/lib.rs"));
        settings.extend(
            quoted_behind(&source, "secret(")
                .iter()
                .filter_map(|name| name.strip_prefix("DOORWAY_"))
                .map(str::to_owned),
        );
    }
    assert!(settings.len() >= 9, "{settings:?}");
    for setting in settings {
        assert!(readme.contains(&format!("`DOORWAY_{setting}`")), "README.md does not list DOORWAY_{setting}");
    }
}

#[test]
fn the_readme_lists_every_route_of_the_template() {
    let readme = read("README.md");
    let template = read("infra/template.yaml");
    for key in template.lines().filter_map(|line| line.trim().strip_prefix("RouteKey: ")) {
        let (method, path) = key.split_once(' ').unwrap();
        let listed = readme.lines().any(|line| line.starts_with('|') && line.contains(method) && line.contains(path));
        assert!(listed, "README.md does not list {key}");
    }
}

#[test]
fn every_row_of_the_conformance_table_names_code_and_tests_that_exist() {
    let sources = sources();
    let table = read("docs/conformance.md");
    let mut rows = 0;
    for row in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, code, tests] = cells[..] else { panic!("not three cells: {row}") };
        if code == "code" || code.starts_with("waits") {
            continue;
        }
        for item in backticked(code) {
            let (file, name) = item.split_once("::").unwrap_or((item, ""));
            let source = read(file);
            assert!(name.split("::").all(|part| source.contains(part)), "{file} has no {name}: {row}");
        }
        for test in backticked(tests) {
            let function = [format!("fn {test}("), format!("def {test}(self)")];
            let is_there = |source: &String| function.iter().any(|function| source.contains(function));
            assert!(sources.iter().any(is_there), "no test `{test}`: {row}");
        }
        assert!(!backticked(tests).is_empty(), "no test: {row}");
        rows += 1;
    }
    assert!(rows > 60, "{rows} rows");
}

fn backticked(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}
