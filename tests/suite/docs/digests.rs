//! Reads the digests of the specifications sentence by sentence and finds what they oblige a Tool to, by their wording.
//!
//! The digests lie beside the clone and not in it. What is kept of them here is an id and a hash of each obligation, in
//! `docs/obligations.txt`. An id names the digest, its section and the statement: by the statement's own number or letter
//! (`launch 4:C`, `security 1:V1`), by what stands first in its row of a table (`launch 5:roles`), or else by its place in the
//! section (`launch 2:p7`).

use std::path::{Path, PathBuf};

/// The words by which a statement obliges somebody, in any case.
const WORDS: &str =
    "must shall required never reject rejects refuse refused forbidden don't always illegal invalid mandatory";

/// The same, of two words.
const TWO_WORDS: (&str, &str) = ("do", "not");

/// Sections in which every statement obliges, however it is worded: they are lists of rules or of threats.
const RULES: [(&str, &[&str]); 9] = [
    ("ags", &["6"]),
    ("cookieless", &["9"]),
    ("deep-linking", &["2.2"]),
    ("dynamic-registration", &["3"]),
    ("launch", &["2", "5.2", "9", "10"]),
    ("nrps", &["2", "4"]),
    ("platforms", &["10"]),
    ("security", &["1", "2", "3", "4", "5", "6"]),
    ("services-auth", &["1.1", "4", "5", "6"]),
];

/// The cells by which a table says that a member is required.
const REQUIRED_CELLS: [&str; 3] = ["yes", "R", "R*"];

/// One obligation of a digest.
#[derive(Debug, PartialEq)]
pub struct Obligation {
    pub id: String,
    pub text: String,
}

/// The folder of the digests: that of `DOORWAY_SPEC`, or else `../shared/spec` beside the clone if it is there.
///
/// # Panics
///
/// If `DOORWAY_SPEC` names no folder.
pub fn folder(repository: &Path) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("DOORWAY_SPEC") {
        let named = PathBuf::from(named);
        assert!(named.is_dir(), "DOORWAY_SPEC names no folder: `{}`", named.display());
        return Some(named);
    }
    Some(repository.join("../shared/spec")).filter(|beside| beside.is_dir())
}

/// The obligations of one digest, in its order.
pub fn obligations(name: &str, text: &str) -> Vec<Obligation> {
    let rules = RULES.iter().find(|(digest, _)| *digest == name).map_or(&[][..], |(_, sections)| sections);
    statements(text)
        .into_iter()
        .filter(|statement| statement.obliges() || rules.contains(&statement.section.as_str()))
        .map(|statement| Obligation {
            id: format!("{name} {}:{}", statement.section, statement.label),
            text: statement.text,
        })
        .collect()
}

struct Statement {
    section: String,
    label: String,
    text: String,
    /// With a number or letter of its own: such a list is one of steps or rules.
    is_listed: bool,
}

impl Statement {
    fn obliges(&self) -> bool {
        let text = self.text.to_lowercase();
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| !word.is_empty());
        let words: Vec<&str> = words.collect();
        let cells = cells(&self.text).skip(1).any(|cell| REQUIRED_CELLS.contains(&cell) || cell.starts_with("yes "));
        self.is_listed
            || words.iter().any(|word| WORDS.split(' ').any(|other| other == *word))
            || words.windows(2).any(|pair| (pair[0], pair[1]) == TWO_WORDS)
            || (self.text.starts_with('|') && cells)
    }
}

/// All that a digest says: paragraphs, items of lists and rows of tables, without headings and examples of code.
fn statements(text: &str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let (mut top, mut section, mut places) = (String::new(), "preamble".to_owned(), 0);
    // Whether the line before belongs to a statement that this one may go on with.
    let (mut open, mut is_code) = (false, false);
    let lines: Vec<&str> = text.lines().collect();
    for (number, line) in lines.iter().copied().enumerate() {
        if line.starts_with("```") {
            is_code = !is_code;
            continue;
        }
        if is_code {
            continue;
        }
        if let Some(heading) = line.strip_prefix("##") {
            (open, places) = (false, 0);
            let title = heading.trim_start_matches('#').trim();
            let first = title.split_whitespace().next().unwrap_or_default();
            let is_numbered = first.starts_with(|c: char| c.is_ascii_digit());
            section = match (is_numbered, heading.starts_with('#')) {
                (true, _) => first.trim_end_matches('.').to_owned(),
                (false, true) => format!("{top} {first}"),
                (false, false) => first.to_owned(),
            };
            if is_numbered || !heading.starts_with('#') {
                top.clone_from(&section);
            }
        } else if line.trim().is_empty() || line.starts_with("# ") || line.starts_with("---") {
            open = false;
        } else if line.starts_with('|') {
            open = false;
            let is_rule = |line: &&str| line.starts_with('|') && line.chars().all(|c| "|- ".contains(c));
            if !is_rule(&line) && !lines.get(number + 1).is_some_and(is_rule) {
                let first = cells(line).next().unwrap_or_default();
                let is_listed = is_name(first);
                statements.push(Statement {
                    section: section.clone(),
                    label: slug(first),
                    text: line.to_owned(),
                    is_listed,
                });
            }
        } else if let Some((name, rest)) = line.split_once(". ").filter(|(name, _)| is_number_or_letter(name)) {
            open = true;
            statements.push(Statement {
                section: section.clone(),
                label: name.to_owned(),
                text: rest.to_owned(),
                is_listed: true,
            });
        } else if let (true, false, Some(last)) = (open, is_bullet(line), statements.last_mut()) {
            last.text.push(' ');
            last.text.push_str(line.trim());
        } else {
            (open, places) = (true, places + 1);
            statements.push(Statement {
                section: section.clone(),
                label: format!("p{places}"),
                text: line.trim_start_matches(['*', '-']).trim().to_owned(),
                is_listed: false,
            });
        }
        if let Some(last) = statements.last_mut().filter(|last| last.is_listed && !last.text.starts_with('|')) {
            // Several numbers on one line.
            let (section, mut label) = (last.section.clone(), last.label.clone());
            let mut further = Vec::new();
            while let Some(next) = label.parse::<u32>().ok().map(|number| (number + 1).to_string()) {
                let from = further.last_mut().unwrap_or(&mut *last);
                let Some((before, behind)) =
                    from.text.split_once(&format!(". {next}. ")).map(|(a, b)| (a.to_owned(), b.to_owned()))
                else {
                    break;
                };
                from.text = before;
                label.clone_from(&next);
                further.push(Statement { section: section.clone(), label: next, text: behind, is_listed: true });
            }
            statements.extend(further);
        }
    }
    statements
}

fn is_bullet(line: &str) -> bool {
    line.starts_with("* ") || line.starts_with("- ")
}

fn is_number_or_letter(name: &str) -> bool {
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    is_number || (name.len() == 1 && name.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// Whether a row begins with a name like `V1`.
fn is_name(cell: &str) -> bool {
    let number = cell.trim_start_matches(|c: char| c.is_ascii_uppercase());
    cell.len() == number.len() + 1 && is_number_or_letter(number)
}

/// The cells of a row of a table. A `|` behind a backslash divides none.
pub fn cells(row: &str) -> impl Iterator<Item = &str> {
    let row = row.trim().trim_start_matches('|').trim_end_matches('|');
    let mut from = 0;
    let mut is_escaped = false;
    let mut ends: Vec<usize> = Vec::new();
    for (at, c) in row.char_indices() {
        if c == '|' && !is_escaped {
            ends.push(at);
        }
        is_escaped = c == '\\';
    }
    ends.push(row.len());
    ends.into_iter().map(move |end| {
        let cell = row[from..end].trim();
        from = (end + 1).min(row.len());
        cell
    })
}

/// The first three words of a cell, without marks, and of addresses their last part.
fn slug(cell: &str) -> String {
    let words =
        cell.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).take(3).map(|word| {
            let word = word.trim_matches(['`', '*']);
            let last = word.trim_end_matches('/').rsplit(['/', '+']).next().unwrap_or_default();
            last.chars().filter(|c| c.is_ascii_alphanumeric() || "_.-".contains(*c)).collect::<String>()
        });
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

const DIGEST: &str = "\
# A digest
Preamble. Nobody must do anything.

## 1. Rules (Core 5)
A tool MUST accept this,
in two lines.

It may do that.

| Name | Status | Rule |
|---|---|---|
| `iss` | REQUIRED | look up |
| `L/roles` | R | a \\| b |
| `hint` | optional | ignore |
| V1 | threat | defence |

A. **First** of a list
   - with a part
B. second. 3. is no next number

### 1.1 Below
* a bullet
* a bullet that never ends

1. one. 2. two, on the same line. 3. three
```
must is an example here
```
### Canvas [C]
Do not ask.

## Moodle 5
It is so.
";

#[test]
fn a_digest_is_read_statement_by_statement() {
    let found = obligations("example", DIGEST);
    let ids: Vec<&str> = found.iter().map(|obligation| obligation.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "example preamble:p1",
            "example 1:p1",
            "example 1:iss",
            "example 1:roles",
            "example 1:V1",
            "example 1:A",
            "example 1:B",
            "example 1.1:p2",
            "example 1.1:1",
            "example 1.1:2",
            "example 1.1:3",
            "example 1.1 Canvas:p1",
        ]
    );
    assert_eq!(found[1].text, "A tool MUST accept this, in two lines.");
    assert_eq!(found[5].text, "**First** of a list - with a part");
    assert_eq!(found[9].text, "two, on the same line");
}

#[test]
fn a_section_of_rules_obliges_with_every_statement() {
    let found = obligations("launch", "## 10. Headers\n`no-store`.\n\n## 11. More\nNothing.\n");
    assert_eq!(found, [Obligation { id: "launch 10:p1".to_owned(), text: "`no-store`.".to_owned() }]);
}
