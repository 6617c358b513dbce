//! The documents speak of what is there: no error code, setting or route is missing, no test is invented.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use doorway_local::tool::FUNCTIONS;

mod digests;
mod obligations;
mod tables;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
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
    let rows = tables::rows_with_tests("docs/conformance.md");
    assert!(rows > 300, "{rows} rows");
}

#[test]
fn every_row_of_the_threat_model_names_tests_that_exist() {
    let rows = tables::rows_with_tests("SECURITY.md");
    assert!(rows > 70, "{rows} rows");
}

#[test]
fn every_row_of_the_tables_of_faults_names_tests_that_exist() {
    let rows = tables::rows_with_tests("docs/faults.md");
    assert!(rows > 25, "{rows} rows");
}
