//! What holds whatever an App sends.

use doorway_lti::deep_linking::{MAX_FINDINGS, Selection};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::support::*;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn leaf() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        "[a-z]{1,5}://[a-z@.:/\\\\ ]{0,12}",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:.Z+]{0,12}",
        "[a-z*]{0,5}/[a-z*;]{0,5}",
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
        Just(json!({})),
        Just(json!([])),
    ]
}

/// The names of members at all depths of the good items.
fn pointer() -> impl Strategy<Value = String> {
    let names = "type title text url icon icon/url window iframe iframe/src custom custom/quiz_id lineItem \
                 lineItem/scoreMaximum lineItem/resourceId available available/endDateTime html mediaType x";
    select(names.split_whitespace().map(|name| format!("/{name}")).collect::<Vec<_>>())
}

fn item() -> impl Strategy<Value = Value> {
    let good = select(vec![resource_link(), link(), file(), html(), image()]);
    (good, prop::collection::vec((pointer(), leaf()), 0..4)).prop_map(|(item, changes)| {
        changes.into_iter().fold(item, |mut item, (pointer, value)| {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            if let Some(Value::Object(parent)) = item.pointer_mut(parent) {
                parent.insert(name.to_owned(), value);
            }
            item
        })
    })
}

proptest! {
    #![proptest_config(cases(512))]

    /// What is accepted once is accepted again, and stays the same: checking is not changing.
    #[test]
    fn what_was_sent_is_accepted_as_it_is(items in prop::collection::vec(item(), 0..4)) {
        if let Ok(response) = respond(&items, &settings()) {
            let sent_items = sent(&response);
            prop_assert_eq!(sent_items.len(), items.len());
            let again = respond(&sent_items, &settings()).unwrap();
            prop_assert_eq!(sent(&again), sent_items);
        }
    }

    /// Whatever is refused is refused for something that has a name, and not for everything.
    #[test]
    fn faults_are_some_and_bounded(body in prop::collection::hash_map(any::<String>(), leaf(), 0..6)) {
        let body: serde_json::Map<String, Value> = body.into_iter().collect();
        if let Err(faults) = Selection::parse(body) {
            prop_assert!((1..=MAX_FINDINGS).contains(&faults.iter().len()));
            prop_assert!(faults.iter().all(|fault| !fault.expected.is_empty() && !fault.field.contains('\n')));
        }
    }

    /// No script gets through as an address, wherever the standard has one.
    #[test]
    fn no_address_is_anything_but_http(items in prop::collection::vec(item(), 1..3)) {
        if let Ok(response) = respond(&items, &settings()) {
            for item in sent(&response) {
                let pointers: &[&str] = match item["type"].as_str().unwrap() {
                    "html" => &[],
                    "link" => &["/url", "/icon/url", "/iframe/src"],
                    _ => &["/url", "/icon/url"],
                };
                let is_http = |url: &Value| url.as_str().is_some_and(|url| url.to_lowercase().starts_with("http"));
                prop_assert!(pointers.iter().all(|pointer| item.pointer(pointer).is_none_or(is_http)), "{}", item);
            }
        }
    }
}
