//! A page of a roster.

#![no_main]

use doorway_lti::nrps::{MAX_ROLES, Page, RoleFilter, Roster};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(page) = Page::parse(body) else { return };
    let filter = RoleFilter::parse("Learner").expect("it is a role");
    for member in &page.members {
        assert!(member.roles().iter().count() <= MAX_ROLES);
        filter.admits(member);
        serde_json::to_value(member).expect("a member can be shown");
    }
    let mut once = Roster::default();
    once.extend(page.clone());
    let mut twice = once.clone();
    twice.extend(page.clone());
    assert!(once.len() <= page.members.len());
    assert_eq!(once.into_members(), twice.into_members(), "a page twice is a page once");
});
