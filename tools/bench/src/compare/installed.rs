//! How much room something takes on disk.

use std::fs;
use std::path::Path;

use crate::error::BenchError;

/// The bytes of a file, or of all files in a directory; links are not followed. Directories of these names are left out.
pub fn bytes(path: &Path, without: &[&str]) -> Result<u64, BenchError> {
    let look = BenchError::system("looking at what is installed");
    let metadata = fs::symlink_metadata(path).map_err(&look)?;
    if !metadata.is_dir() {
        return Ok(metadata.len());
    }
    let mut total = 0;
    for entry in fs::read_dir(path).map_err(&look)? {
        let entry = entry.map_err(&look)?;
        let name = entry.file_name();
        if !without.iter().any(|left_out| name.to_string_lossy().starts_with(left_out)) {
            total += bytes(&entry.path(), without)?;
        }
    }
    Ok(total)
}
