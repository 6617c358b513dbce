//! The claims of a verified token: what is read leniently, and what an LTI 1.1 account is.

#![no_main]

use doorway_fuzz_protocol::{issuer, launch, url};
use doorway_lti::json::parse_object;
use doorway_lti::migration::MigrationClaim;
use doorway_lti::platform_family::PlatformFamily;
use doorway_lti::role::Role;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let Ok(claims) = parse_object(bytes) else { return };
    let Some(launch) = launch(&claims) else { return };
    for role in launch.roles.iter() {
        assert_eq!(&Role::parse(&role.uri()), role);
    }
    assert!(launch.ignored_claims.iter().all(|name| claims.contains_key(*name)));
    assert!(launch.role_scope_mentor.is_empty() || launch.roles.is_mentor());
    if let Some(ags) = &launch.ags {
        // Its own line item is always granted, and nothing of another origin unless it is that.
        let own = ags.line_item.as_deref().and_then(|text| Url::parse(text).ok());
        assert!(own.as_ref().is_none_or(|own| ags.covers(own)));
        let elsewhere = url("https://elsewhere.example/line-items/1");
        let names_it = ags.line_items.iter().chain(&ags.line_item).any(|text| text.contains("elsewhere"));
        assert!(names_it || !ags.covers(&elsewhere));
    }
    let code = launch.platform.as_ref().and_then(|platform| platform.product_family_code.as_deref());
    let family = PlatformFamily::of(code, &issuer(), &url("https://lms.example/token"));
    assert_eq!(PlatformFamily::from_name(family.name()), family);
    let Some(migration) = MigrationClaim::read(&launch, &claims) else { return };
    if let Some(proof) = migration.proof() {
        assert_eq!(migration.unverified_consumer_key(), Some(proof.consumer_key()));
        // Six values, and no doubt about where one ends.
        if let Some((text, _)) = proof.signed() {
            assert_eq!(text.iter().filter(|byte| **byte == b'&').count(), 5);
        }
    }
    serde_json::to_string(migration.unverified_ids()).expect("ids can be shown");
});
