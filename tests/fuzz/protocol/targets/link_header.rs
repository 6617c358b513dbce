//! `Link` headers of a roster and of line items: one header value a line.

#![no_main]

use doorway_fuzz_protocol::{is_web, url};
use doorway_lti::link_header::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let base = url("https://lms.example/members?page=1");
    let links = parse(text.lines(), &base);
    for (relation, found) in [("next", &links.next), ("differences", &links.differences)] {
        let Some(found) = found else { continue };
        assert!(is_web(found), "{found}");
        // The same link in the plainest words is the same link, unless its URL could not be written into a header.
        if !found.as_str().contains(['<', '>']) && !found.as_str().contains("&amp;") && found.as_str().len() < 8000 {
            let again = parse([format!("<{found}>; rel=\"{relation}\"").as_str()], &base);
            let again = if relation == "next" { again.next } else { again.differences };
            assert_eq!(again.as_ref(), Some(found));
        }
    }
});
