//! Line items and results, as a Platform answers them.

#![no_main]

use doorway_fuzz_protocol::{is_web, url};
use doorway_lti::ags::line_item::{Finder, FoundLineItem};
use doorway_lti::ags::result::LineItemResult;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let base = url("https://lms.example/context/1/line-items?type_id=2");
    let found = FoundLineItem::parse_all(body, &base);
    for item in found.iter().flatten().chain(&FoundLineItem::parse(body, &base).ok()) {
        assert!(is_web(&item.id) && !item.members.contains_key("id"));
        assert!(Finder::default().admits(item));
    }
    let results = LineItemResult::parse_all(body);
    assert_eq!(results.is_ok(), found.is_ok(), "both are lists, or neither is");
    for result in results.iter().flatten() {
        serde_json::to_value(result).expect("a result can be shown");
        result.equals(1.0, 2.0);
    }
});
