//! What each code means and what to do: the tables of README.md, read when the binary is built. So there is one text, and
//! a test of the documents sees that it has every code.

use std::sync::LazyLock;

use serde_json::{Value, json};

const README: &str = include_str!("../../../../../README.md");

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The code.
    pub code: String,
    /// The HTTP status.
    pub status: String,
    /// Which part of the Tool says it: the heading above the table.
    pub section: String,
    /// What it means.
    pub means: String,
    /// What to do.
    pub todo: String,
}

static CODES: LazyLock<Vec<Code>> = LazyLock::new(|| read(README));

/// All codes, in the order of README.md.
pub fn codes() -> &'static [Code] {
    &CODES
}

impl Code {
    /// As `--json` shows it.
    pub fn json(&self) -> Value {
        json!({
            "code": self.code, "status": self.status, "section": self.section, "means": self.means, "do": self.todo,
        })
    }
}

/// The rows `| `code` | status | meaning | what to do |` below the heading "Troubleshooting".
fn read(readme: &str) -> Vec<Code> {
    let Some((_, chapter)) = readme.split_once("\n## Troubleshooting\n") else { return Vec::new() };
    let chapter = chapter.split("\n## ").next().unwrap_or_default();
    let mut section = String::new();
    let mut codes = Vec::new();
    for line in chapter.lines() {
        if let Some(heading) = line.strip_prefix("### ") {
            section = heading.to_owned();
        }
        let cells: Vec<&str> =
            line.trim().trim_start_matches('|').trim_end_matches('|').split(" | ").map(str::trim).collect();
        if let (true, [code, status, means, todo]) = (line.starts_with("| `"), cells.as_slice()) {
            codes.push(Code {
                code: code.trim_matches('`').to_owned(),
                status: (*status).to_owned(),
                section: section.clone(),
                means: without_links(means),
                todo: without_links(todo),
            });
        }
    }
    codes
}

/// `[words](address)` becomes `words`.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        match link.split_once("](").and_then(|(words, behind)| Some((words, behind.split_once(')')?.1))) {
            Some((words, behind)) => {
                plain.push_str(before);
                plain.push_str(words);
                rest = behind;
            }
            None => break,
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_readme_is_a_code_with_a_meaning() {
        let rows = README.lines().filter(|line| {
            line.starts_with("| `")
                && line.split(" | ").nth(1).is_some_and(|s| s.len() == 3 && s.parse::<u16>().is_ok())
        });
        assert_eq!(codes().len(), rows.count());
        assert!(codes().len() > 60, "{}", codes().len());
        for code in codes() {
            assert!(!code.means.is_empty() && !code.section.is_empty(), "{code:?}");
            assert!(code.status.parse::<u16>().is_ok(), "{code:?}");
        }
    }

    #[test]
    fn links_are_words_in_a_terminal() {
        assert_eq!(without_links("See [Routes](#routes), or [the App](docs/x.md)."), "See Routes, or the App.");
        assert_eq!(without_links("a [b c"), "a [b c");
    }
}
