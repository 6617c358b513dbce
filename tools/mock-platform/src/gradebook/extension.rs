//! Members beyond the standard. Spec: AGS 2.0, on extensions: one is named by a full URL.

use url::Url;

/// Whether a member's name is that of an extension.
pub(super) fn is_extension(name: &str) -> bool {
    Url::parse(name).is_ok_and(|url| url.has_host())
}

#[cfg(test)]
mod tests {
    use super::is_extension;

    #[test]
    fn an_extension_is_named_by_a_full_url() {
        assert!(is_extension("https://canvas.instructure.com/lti/submission"));
        for name in ["score_given", "urn:example:member", "canvas.instructure.com/lti", "", "note://"] {
            assert!(!is_extension(name), "{name}");
        }
    }
}
