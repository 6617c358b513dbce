//! `doorway explain`: what a code means, or what happened at a reference.

mod codes;
mod log;
mod queries;

use clap::Args;
use std::path::PathBuf;

use doorway_core::reference::Reference;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Where;
use crate::surroundings::Surroundings;

pub use codes::{Code, codes};

/// What to explain.
#[derive(Debug, Args)]
pub struct Explain {
    /// An error code, such as `key_id_unknown`, or a reference from an error page, such as `419PC-J4SF1`.
    what: String,
    /// Look for the reference in this log: what `cargo run` printed, or what `aws logs` gave. `-` is standard input.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// [`Fault`].
pub fn run(explain: &Explain, place: &Where, surroundings: &Surroundings) -> Result<Answer, Fault> {
    if let Some(code) = codes().iter().find(|code| code.code == explain.what) {
        return Ok(code_answer(code));
    }
    let Some(reference) = Reference::read(&explain.what) else {
        return Err(unknown(&explain.what));
    };
    match &explain.log {
        Some(path) => from_log(&reference, path, surroundings),
        None => Ok(queries::answer(&reference, place)),
    }
}

fn code_answer(code: &Code) -> Answer {
    let text = format!(
        "{} (status {}, {})\n\nIt means: {}\nWhat to do: {}",
        code.code,
        code.status,
        code.section,
        code.means,
        if code.todo.is_empty() { "nothing." } else { &code.todo }
    );
    Answer::done(text, code.json())
}

fn unknown(what: &str) -> Fault {
    let alike: Vec<&str> = codes()
        .iter()
        .map(|code| code.code.as_str())
        .filter(|code| code.contains(what) || what.contains(code))
        .collect();
    let todo = match alike.as_slice() {
        [] => "A code is written like `key_id_unknown`, a reference like `419PC-J4SF1`.".to_owned(),
        alike => format!("Did you mean {}?", alike.join(" or ")),
    };
    Fault::not_found(format!("`{what}` is neither a code nor a reference"), todo)
}

fn from_log(reference: &Reference, path: &std::path::Path, surroundings: &Surroundings) -> Result<Answer, Fault> {
    let lines = log::find(reference, path, surroundings)?;
    if lines.is_empty() {
        let todo =
            "Look in the log of the time at which the page was shown. Without --log the queries for AWS are printed.";
        return Err(Fault::not_found(format!("no line of the log has the reference {reference}"), todo));
    }
    let mut text = String::new();
    for line in &lines {
        for (field, value) in line.as_object().into_iter().flatten().filter(|(field, _)| log::is_telling(field)) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            text.push_str(&format!("{field:<20} {value}\n"));
        }
    }
    let explained: Vec<&Code> =
        codes().iter().filter(|code| lines.iter().any(|line| line["outcome"] == code.code.as_str())).collect();
    for code in &explained {
        text.push_str(&format!("\n{}\n", code_answer(code).text));
    }
    let explained: Vec<Value> = explained.iter().map(|code| code.json()).collect();
    Ok(Answer::done(text, json!({ "reference": reference.to_string(), "lines": lines, "codes": explained })))
}
