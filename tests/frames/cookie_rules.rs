//! The browser keeps what its rule says, and nothing else.

use doorway_tests::{Chromium, CookieRule};

use crate::framed_site::{FramedSite, Report};

const PARTITIONED: [&str; 2] = ["__Host-x", "script-partitioned"];
const THIRD_PARTY: [&str; 4] = ["__Host-x", "plain", "script-partitioned", "script-plain"];
const FIRST_PARTY: [&str; 5] = ["__Host-x", "lax", "plain", "script-partitioned", "script-plain"];

/// These cookies came with a request, and those of them that scripts may read were read.
#[track_caller]
fn assert_cookies(report: &Report, names: &[&str]) {
    assert_eq!(report.sent, names.iter().map(|&name| name.to_owned()).collect(), "{report:?}");
    let readable = names.iter().filter(|name| !name.starts_with("__Host-"));
    assert_eq!(report.readable, readable.map(|&name| name.to_owned()).collect(), "{report:?}");
}

/// All kinds of storage can be used, and this was in them.
#[track_caller]
fn assert_storage(report: &Report, found: &str) {
    assert_eq!((report.local_storage.as_str(), report.session_storage.as_str()), (found, found), "{report:?}");
    assert_eq!(report.indexed_db, "opened", "{report:?}");
}

/// A page of its own may keep everything, whatever the rule.
async fn assert_keeps_all_as_first_party(site: &FramedSite, chromium: &Chromium) {
    let report = site.visit(chromium).await;
    assert_cookies(&report, &FIRST_PARTY);
    assert_storage(&report, "empty");
    assert_storage(&site.visit(chromium).await, "kept");
    assert!(report.has_storage_access, "{report:?}");
}

#[tokio::test]
async fn where_cookies_are_allowed_a_frame_keeps_everything_but_lax_cookies() {
    let site = FramedSite::start().await;
    let chromium = Chromium::start(CookieRule::Allowed).await;
    for found in ["empty", "kept"] {
        let report = site.visit_framed(&chromium).await;
        assert_cookies(&report, &THIRD_PARTY);
        assert_storage(&report, found);
        assert!(report.has_storage_access, "{report:?}");
    }
    assert_keeps_all_as_first_party(&site, &chromium).await;
    chromium.assert_console_is_clean().await;
}

#[tokio::test]
async fn where_third_parties_are_blocked_a_frame_keeps_partitioned_cookies_and_storage() {
    let site = FramedSite::start().await;
    let chromium = Chromium::start(CookieRule::ThirdPartyBlocked).await;
    for found in ["empty", "kept"] {
        let report = site.visit_framed(&chromium).await;
        assert_cookies(&report, &PARTITIONED);
        assert_storage(&report, found);
        assert!(!report.has_storage_access, "{report:?}");
    }
    assert_keeps_all_as_first_party(&site, &chromium).await;
    assert_cookies(&site.visit_framed(&chromium).await, &PARTITIONED);
}

/// What the first party has kept is not to be had in the frame either.
#[tokio::test]
async fn where_frames_are_blocked_a_frame_keeps_nothing() {
    let site = FramedSite::start().await;
    let (tool_origin, top_level_origin) = (site.framed.clone(), site.top.clone());
    let chromium = Chromium::start(CookieRule::BlockedInFrames { tool_origin, top_level_origin }).await;
    assert_keeps_nothing(&site.visit_framed(&chromium).await);
    assert_keeps_all_as_first_party(&site, &chromium).await;
    assert_keeps_nothing(&site.visit_framed(&chromium).await);
}

#[track_caller]
fn assert_keeps_nothing(report: &Report) {
    assert_cookies(report, &[]);
    let storage = (report.local_storage.as_str(), report.session_storage.as_str(), report.indexed_db.as_str());
    assert_eq!(storage, ("SecurityError", "SecurityError", "UnknownError"), "{report:?}");
    assert!(!report.has_storage_access, "{report:?}");
    assert!(report.cookies_enabled, "the browser claims to have cookies all the same: {report:?}");
}
