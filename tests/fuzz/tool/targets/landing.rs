//! Where a launch leads: the `target_link_uri` of a claim.

#![no_main]

use doorway_core::app_target::AppTargets;
use doorway_fuzz_tool::{launch_id, url};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (default, other) = (url("https://app.example/start?lang=en"), url("https://second.example"));
    let targets =
        AppTargets::new(default.clone(), &[other.clone(), url("https://tool.example")], &url("https://tool.example"));
    let id = launch_id();
    let landing = targets.landing(Some(text), &id);
    let origins = [default.origin(), other.origin(), url("https://tool.example").origin()];
    assert!(origins.contains(&landing.origin()), "{landing}");
    assert!(landing.username().is_empty() && landing.password().is_none() && landing.fragment().is_none());
    let is_own = ["/lti/", "/v1/", "/.well-known/"].iter().any(|own| landing.path().starts_with(own));
    assert!(landing.origin() != origins[2] || !is_own, "{landing}");
    let codes: Vec<_> = landing.query_pairs().filter(|(name, _)| name == "launch").collect();
    assert_eq!(codes, [("launch".into(), id.as_str().into())]);
});
