//! Log lines with a reference, in a file or on standard input.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use doorway_core::reference::Reference;
use serde_json::Value;

use crate::exit::Exit;
use crate::fault::Fault;
use crate::surroundings::Surroundings;

/// The fields that say nothing to whoever asks what happened.
const NOT_TELLING: [&str; 6] = ["_aws", "requests", "refusals", "failures", "level", "message"];

/// Whether a field says something about what happened.
pub(super) fn is_telling(field: &str) -> bool {
    !NOT_TELLING.contains(&field)
}

/// The lines with this reference. A line may have something before its JSON, as `aws logs tail` writes it.
pub(super) fn find(reference: &Reference, path: &Path, surroundings: &Surroundings) -> Result<Vec<Value>, Fault> {
    let unreadable = |error: std::io::Error| {
        let wrong = format!("the log `{}` cannot be read: {error}", path.display());
        Fault::new(
            Exit::Unavailable,
            wrong,
            "Give the file that the output of `cargo run` went to, or - for standard input.",
        )
    };
    let input: Box<dyn BufRead> = if path.as_os_str() == "-" {
        surroundings.console.input()
    } else {
        Box::new(BufReader::new(File::open(path).map_err(unreadable)?))
    };
    let (text, mut found) = (reference.to_string(), Vec::new());
    for line in input.split(b'\n') {
        let line = line.map_err(unreadable)?;
        let line = String::from_utf8_lossy(&line);
        if !line.contains(&text) {
            continue;
        }
        let json = line.find('{').and_then(|start| serde_json::from_str::<Value>(line[start..].trim_end()).ok());
        found.extend(json.filter(|json| json["reference"] == text.as_str()));
    }
    Ok(found)
}
