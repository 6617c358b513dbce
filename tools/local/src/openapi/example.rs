//! The examples of `docs/app-api.md`: they stand there once, and the description takes them from there.

use serde_json::Value;

const DOCUMENT: &str = include_str!("../../../../docs/app-api.md");

/// The JSON of the block with this number, from 0, under this heading: an answer, or the body of a request.
///
/// # Panics
/// When there is none, or it is no JSON: then the document was changed and the call that asks for it was not. A test makes all of them.
pub(super) fn under(heading: &str, number: usize) -> Value {
    let text = blocks(heading).into_iter().nth(number);
    let text = text.unwrap_or_else(|| panic!("docs/app-api.md has no example {number} under {heading}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("docs/app-api.md, {heading}, example {number}: {error}"))
}

/// The JSON under a heading, block by block; requests without a body are passed over.
fn blocks(heading: &str) -> Vec<String> {
    let is_heading = |line: &&str| line.starts_with("## ");
    let wanted = format!("## {heading}");
    let section = DOCUMENT.lines().skip_while(|line| *line != wanted).skip(1).take_while(|line| !is_heading(line));
    let mut blocks = Vec::new();
    let mut open: Option<(bool, Vec<&str>)> = None;
    for line in section.map(str::trim) {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language == "http", Vec::new())),
            (Some((is_request, lines)), Some(_)) => {
                // In a request the body is what is behind the empty line.
                let behind = if *is_request { lines.iter().position(|line| line.is_empty()) } else { Some(0) };
                let body = behind.map(|start| lines[start..].join("\n"));
                blocks.extend(body.filter(|body| body.trim_start().starts_with('{')));
                open = None;
            }
            (Some((_, lines)), None) => lines.push(line),
            (None, None) => {}
        }
    }
    blocks
}
