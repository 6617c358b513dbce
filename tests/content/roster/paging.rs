//! All pages: in one answer, or in a walk.

use serde_json::json;

use super::*;
use crate::support::assert_problem;
use crate::support::scripted::{RosterService, launch_to, learners, page, read_from};

#[tokio::test]
async fn the_whole_roster_comes_in_one_answer_from_every_platform() {
    for (profile, pages) in [
        (Profile::Plain, 4),
        (Profile::Moodle, 1),
        (Profile::Canvas, 7),
        (Profile::Blackboard, 4),
        (Profile::Brightspace, 4),
        (Profile::Sakai, 4),
    ] {
        let (tool, school, launch) = in_class(profile).await;
        let roster = read(&tool, &launch, "").await;
        let everybody = shown(&school, profile);
        assert!(everybody.len() >= 306, "{profile:?}");
        assert_eq!(ids(&roster), everybody, "{profile:?}");
        assert_eq!((&roster["complete"], roster.get("next")), (&json!(true), None), "{profile:?}");
        let context = json!({ "id": "course-7", "label": "PHY-2", "title": "Physics: light and colour" });
        assert_eq!(roster["context"], context, "{profile:?}");
        assert_eq!((roster.get("changes"), roster.get("resourceLinkIgnored")), (None, None), "{profile:?}");
        assert_eq!(membership_requests(&school).len(), pages, "{profile:?}");
    }
}

/// Follows `next` to the end; every page.
async fn walk(tool: &TestTool, launch: &str, query: &str) -> Vec<Value> {
    let mut pages = vec![read(tool, launch, &format!("?{query}")).await];
    for _ in 0..50 {
        let Some(next) = pages.last().and_then(|page| page["next"].as_str()) else { return pages };
        assert_eq!(pages.last().map(|page| &page["complete"]), Some(&json!(false)), "there is more");
        let query = format!("?{query}&cursor={next}");
        pages.push(read(tool, launch, &query).await);
    }
    panic!("fifty pages and no end");
}

#[tokio::test]
async fn a_walk_meets_everybody_once_and_is_complete_at_its_end_alone() {
    for profile in Profile::ALL {
        let (tool, school, launch) = in_class(profile).await;
        let pages = walk(&tool, &launch, "limit=45").await;
        assert_eq!(pages.len(), 7, "{profile:?}");
        let met: Vec<String> = pages.iter().flat_map(ids).collect();
        let distinct: BTreeSet<String> = met.iter().cloned().collect();
        assert_eq!((met.len(), distinct), (distinct_len(&met), shown(&school, profile)), "{profile:?}");
        assert_eq!(pages.last().map(|page| &page["complete"]), Some(&json!(true)), "{profile:?}");
        assert_eq!(membership_requests(&school).len(), 7, "{profile:?}: one page of the Platform for each answer");
    }
}

fn distinct_len(ids: &[String]) -> usize {
    ids.iter().collect::<BTreeSet<_>>().len()
}

#[tokio::test]
async fn a_walk_may_end_in_one_go() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    let first = read(&tool, &launch, "?limit=50").await;
    let next = first["next"].as_str().expect("there is more");
    let rest = read(&tool, &launch, &format!("?cursor={next}")).await;
    assert_eq!(rest["complete"], true);
    let both: BTreeSet<String> = ids(&first).union(&ids(&rest)).cloned().collect();
    assert_eq!((both, ids(&first).len() + ids(&rest).len()), (shown(&school, Profile::Plain), 307));
}

#[tokio::test]
async fn a_walk_goes_on_at_another_instance() {
    let (tool, _school, launch) = in_class(Profile::Plain).await;
    let first = read(&tool, &launch, "?limit=300").await;
    let next = first["next"].as_str().expect("there is more");
    assert_eq!(ids(&read(&tool.twin(), &launch, &format!("?limit=300&cursor={next}")).await).len(), 7);
}

#[tokio::test]
async fn a_cursor_is_good_for_its_launch_and_its_service_alone() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    let next = read(&tool, &launch, "?limit=10").await["next"].as_str().expect("there is more").to_owned();
    let other = school.launch(&tool, TEACHER).await;
    school.platform.forget_requests();
    assert_problem(&ask(&tool, &other, &format!("?cursor={next}")).await, 400, "query_invalid");
    let line_items = tool.api("GET", &format!("/v1/launches/{launch}/line-items?cursor={next}")).await;
    assert_problem(&line_items, 400, "query_invalid");
    assert_eq!(school.platform.requests(), [], "nothing was sent");
    read(&tool, &launch, &format!("?cursor={next}")).await;
}

#[tokio::test]
async fn a_cursor_that_was_made_up_or_changed_is_refused() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    let next = read(&tool, &launch, "?limit=10").await["next"].as_str().expect("there is more").to_owned();
    let changed = format!("{}{}", &next[..next.len() - 2], if next.ends_with("AA") { "BA" } else { "AA" });
    let url = "aHR0cHM6Ly9ldmlsLmV4YW1wbGUv";
    school.platform.forget_requests();
    for cursor in ["x", url, "https://evil.example/", &next[1..], &changed] {
        let answer = ask(&tool, &launch, &format!("?cursor={cursor}")).await;
        assert_problem(&answer, 400, "query_invalid");
        assert_eq!(answer.json()["parameter"], "cursor");
    }
    assert_eq!(school.platform.requests(), [], "nothing was sent");
}

#[tokio::test]
async fn a_cursor_tells_nothing_of_the_platforms_url() {
    let (tool, school, launch) = in_class(Profile::Moodle).await;
    let next = read(&tool, &launch, "?limit=10").await["next"].as_str().expect("there is more").to_owned();
    let plain = String::from_utf8_lossy(&doorway_tests::forge::unbase64url(&next)).into_owned();
    assert!(!plain.contains("http") && !plain.contains(&school.issuer), "{plain}");
}

#[tokio::test]
async fn six_thousand_members_on_one_page_are_one_answer() {
    let (service, answer) = read_from("", |_, _| page(&learners(0..6_000), &[])).await;
    assert_eq!(answer.status.as_u16(), 200);
    let roster = answer.json();
    assert_eq!((ids(&roster).len(), &roster["complete"]), (6_000, &json!(true)));
    assert_eq!(service.asked().len(), 1);
}

/// A course of 12,000 on pages of a hundred.
fn twelve_thousand(target: &str, base: &str) -> axum::response::Response {
    let (_, from) = target.split_once("from=").unwrap_or((target, "0"));
    let from: u32 = from.parse().expect("the page is a number");
    let next = format!("{base}/members?from={}", from + 100);
    let next = (from + 100 < 12_000).then_some(("next", next));
    page(&learners(from..from + 100), next.as_slice())
}

#[tokio::test]
async fn a_roster_that_is_too_large_for_one_answer_says_so_and_goes_on() {
    let service = RosterService::start(twelve_thousand).await;
    let (tool, launch) = launch_to(&service).await;
    let (mut met, mut query) = (BTreeSet::new(), String::new());
    for answers in 1..=10 {
        let roster = read(&tool, &launch, &query).await;
        assert!(ids(&roster).is_disjoint(&met), "nobody is met twice");
        met.extend(ids(&roster));
        let Some(next) = roster["next"].as_str() else {
            assert_eq!((&roster["complete"], met.len()), (&json!(true), 12_000));
            assert!(answers > 1, "one answer would not fit into a function's");
            return;
        };
        assert_eq!(roster["complete"], false);
        query = format!("?cursor={next}");
    }
    panic!("ten answers and no end");
}

/// Members with names so long that a thousand of them are two megabytes.
fn long_names(ids: std::ops::Range<u32>) -> Value {
    let name = "n".repeat(2_000);
    ids.map(|id| json!({ "user_id": id.to_string(), "roles": [], "name": name })).collect()
}

/// A function answers with six megabytes at most, however few members they are.
#[tokio::test]
async fn a_roster_of_large_pages_ends_where_an_answer_is_full_and_loses_nobody() {
    let service = RosterService::start(|target, base| {
        let from = target.split_once("from=").map_or(0, |(_, from)| from.parse().expect("the page is a number"));
        let next = (from < 4_000).then(|| ("next", format!("{base}/members?from={}", from + 1_000)));
        page(&long_names(from..from + 1_000), next.as_slice())
    })
    .await;
    let (tool, launch) = launch_to(&service).await;
    let (mut met, mut query) = (BTreeSet::new(), String::new());
    for _ in 0..10 {
        let answer = ask(&tool, &launch, &query).await;
        assert!(answer.body.len() < 6_000_000, "{}", answer.body.len());
        let roster = answer.json();
        assert!(ids(&roster).is_disjoint(&met), "nobody is met twice");
        met.extend(ids(&roster));
        let Some(next) = roster["next"].as_str() else { break };
        query = format!("?cursor={next}");
    }
    assert_eq!(met.len(), 5_000);
}

#[tokio::test]
async fn a_page_that_fits_into_no_answer_is_asked_to_be_smaller() {
    let (_, answer) = read_from("", |_, _| page(&long_names(0..3_000), &[])).await;
    assert_problem(&answer, 400, "query_invalid");
    assert_eq!((&answer.json()["parameter"], answer.json().get("members")), (&json!("limit"), None));
}
