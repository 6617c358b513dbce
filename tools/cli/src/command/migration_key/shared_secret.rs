//! A shared secret from a file or standard input: never from the command line, which shells and process lists keep.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use crate::exit::Exit;
use crate::fault::Fault;
use crate::place::Site;

/// The longest secret that is read, in bytes: far longer than any LMS takes.
const MAX_BYTES: u64 = 1024;

/// The secret: the one line of the file, or of standard input. A line end behind it is none of it.
pub(super) fn read(path: Option<&Path>, site: &Site) -> Result<String, Fault> {
    let name = path.map_or_else(|| "standard input".to_owned(), |path| format!("`{}`", path.display()));
    let unreadable = |error: std::io::Error| {
        let todo = "Give a file that can be read, or the secret on standard input.";
        Fault::new(Exit::Usage, format!("the secret cannot be read from {name}: {error}"), todo)
    };
    let input: Box<dyn BufRead> = match path {
        Some(path) => Box::new(BufReader::new(File::open(path).map_err(unreadable)?)),
        None => site.console.input(),
    };
    let mut text = String::new();
    input.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let secret = line.strip_suffix('\r').unwrap_or(line);
    let is_secret = !secret.is_empty() && secret.len() as u64 <= MAX_BYTES && !secret.contains(['\n', '\r']);
    if is_secret {
        return Ok(secret.to_owned());
    }
    Err(Fault::usage(
        format!("{name} holds no secret: it must be one line of 1 to {MAX_BYTES} bytes"),
        "For example: `doorway migration-key add KEY --issuer URL < secret.txt`. Nothing was stored.",
    ))
}
