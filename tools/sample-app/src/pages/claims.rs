//! The verified claims, for a developer's eyes.

use maud::{Markup, html};
use serde_json::{Map, Value};

/// The claims as a table, and as JSON. Folded: few people read them.
pub(super) fn claims(claims: &Map<String, Value>) -> Markup {
    html! {
        details {
            summary { "Every claim of this launch, for developers" }
            @if claims.is_empty() { p { "There are none." } } @else { (table(claims)) }
        }
    }
}

fn table(claims: &Map<String, Value>) -> Markup {
    html! {
        div.wide.claims role="region" aria-label="Table of claims" tabindex="0" {
            table {
                thead { tr { th scope="col" { "Claim" } th scope="col" { "Value" } } }
                tbody {
                    @for (name, value) in claims {
                        tr { th scope="row" { (short(name)) } td { (text(value)) } }
                    }
                }
            }
        }
        details {
            summary { "As JSON" }
            pre { code { (pretty(claims)) } }
        }
    }
}

/// The part of a claim's name that tells it from others.
fn short(name: &str) -> &str {
    name.rsplit('/').next().filter(|last| !last.is_empty()).unwrap_or(name)
}

/// Texts as they are, everything else as JSON on one line, with spaces to break it at.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(members) => pretty(members).lines().map(str::trim).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn pretty(members: &Map<String, Value>) -> String {
    serde_json::to_string_pretty(members).expect("a map with text keys is always JSON")
}

#[cfg(test)]
mod tests {
    use super::{short, text};
    use serde_json::json;

    #[test]
    fn a_claim_is_called_by_the_end_of_its_name() {
        assert_eq!(short("https://purl.imsglobal.org/spec/lti/claim/roles"), "roles");
        assert_eq!(short("sub"), "sub");
        assert_eq!(short("https://vendor.example/"), "https://vendor.example/");
    }

    #[test]
    fn a_list_of_texts_reads_without_brackets() {
        assert_eq!(text(&json!(["a", "b"])), "a, b");
        assert_eq!(text(&json!({"id": 1, "type": []})), r#"{ "id": 1, "type": [] }"#);
        assert_eq!(text(&json!(null)), "null");
    }
}
