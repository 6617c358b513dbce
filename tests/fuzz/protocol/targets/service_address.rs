//! The address of a line item, as claims and Platforms name it, and the addresses that are made of it.

#![no_main]

use doorway_lti::ags::address::{results, scores, with_query};
use doorway_lti::nrps::request_url;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|text: &str| {
    let Some(line_item) = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else { return };
    for (segment, made) in [("scores", scores(&line_item)), ("results", results(&line_item))] {
        let path = line_item.path();
        assert_eq!(made.path(), format!("{}/{segment}", path.strip_suffix('/').unwrap_or(path)));
        assert_eq!((made.query(), made.fragment()), (line_item.query(), None));
        assert_eq!((made.origin(), made.username()), (line_item.origin(), line_item.username()));
        assert_eq!(Url::parse(made.as_str()).as_ref(), Ok(&made));
    }
    let asked = [with_query(&line_item, &[("limit", "10")]), request_url(&line_item, None, Some(10), None)];
    for asked in asked {
        let limits = asked.query_pairs().filter(|(name, _)| name == "limit").count();
        let before = line_item.query_pairs().filter(|(name, _)| name == "limit").count();
        assert_eq!(limits, before.max(1));
        assert!(asked.query().unwrap_or_default().starts_with(line_item.query().unwrap_or_default()));
        assert_eq!((asked.path(), asked.origin()), (line_item.path(), line_item.origin()));
    }
});
