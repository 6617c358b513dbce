//! A line item of the App: to create one, and to change one.

#![no_main]

use doorway_lti::ags::line_item::LineItem;
use doorway_lti::json::{Object, parse_object};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(body) = parse_object(bytes) else { return };
    if let Ok(item) = LineItem::parse(body.clone()) {
        let sent = item.to_json();
        assert!(!sent.contains_key("id") && sent.values().all(|value| !value.is_null()));
        assert!(sent["scoreMaximum"].as_f64().is_some_and(|maximum| maximum > 0.0));
        assert_eq!(LineItem::parse(sent), Ok(item), "what is sent is that line item");
    }
    if let Ok(change) = LineItem::parse_change(body.clone()) {
        // All that the change does not name stays.
        let mut current = body;
        current.insert("https://vendor.example/kept".to_owned(), "kept".into());
        let changed = change.applied_to(current.clone());
        assert!(!changed.contains_key("id"));
        assert!(change.to_json().iter().all(|(name, value)| changed.get(name) == Some(value)));
        assert_eq!(change.applied_to(changed.clone()), changed);
        assert_eq!(change.applied_to(Object::new()), change.to_json());
    }
});
