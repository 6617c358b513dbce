//! The file of variables that a local stack writes: one `NAME=value` a line.

use std::collections::BTreeMap;

/// The variables in it.
pub(super) fn parse(text: &str) -> BTreeMap<String, String> {
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_have_any_sign_but_a_line_end() {
        let variables = parse("A=http://x/?a=b\n\nB=\nno variable\n");
        assert_eq!(variables.get("A").map(String::as_str), Some("http://x/?a=b"));
        assert_eq!((variables.get("B").map(String::as_str), variables.len()), (Some(""), 2));
    }
}
