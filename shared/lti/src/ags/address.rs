//! The addresses of a line item's services, and queries on them.
//!
//! Service URLs carry queries of the Platform's own (Moodle's `?type_id=7`): they are never put together as text.

use url::Url;

/// Where scores of this line item are posted: `/scores` goes into the path, before the query.
///
/// Spec: [AGS 2.0, score publish service](https://www.imsglobal.org/spec/lti-ags/v2p0/#score-publish-service). That one slash at
/// the end of the path does not double is practice.
pub fn scores(line_item: &Url) -> Url {
    below(line_item, "scores")
}

/// Where results of this line item are read, by the same rule.
///
/// Spec: [AGS 2.0, result service](https://www.imsglobal.org/spec/lti-ags/v2p0/#result-service).
pub fn results(line_item: &Url) -> Url {
    below(line_item, "results")
}

fn below(line_item: &Url, segment: &str) -> Url {
    let mut url = line_item.clone();
    url.set_fragment(None);
    // What the path has is encoded already and stays so.
    let path = line_item.path();
    url.set_path(&format!("{}/{segment}", path.strip_suffix('/').unwrap_or(path)));
    url
}

/// The URL with those of these parameters that are not in its query yet. What is there stays, byte for byte.
pub fn with_query(url: &Url, parameters: &[(&str, &str)]) -> Url {
    let is_there = |name: &str| url.query_pairs().any(|(known, _)| known == name);
    let missing: Vec<_> = parameters.iter().filter(|(name, _)| !is_there(name)).collect();
    let mut extended = url.clone();
    // Opening the query of a URL without one would add a bare `?`.
    if !missing.is_empty() {
        extended.query_pairs_mut().extend_pairs(missing);
    }
    extended
}
