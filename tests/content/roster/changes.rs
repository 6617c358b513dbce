//! What changed since an earlier answer (NRPS 2.0, membership differences).

use serde_json::json;

use doorway_mock_platform::{Member, find_user};

use super::*;
use crate::support::assert_problem;
use crate::support::scripted::{RosterService, launch_to, learners, page};

/// The cursor for what changes from now on.
fn since(roster: &Value) -> &str {
    roster["differences"].as_str().unwrap_or_else(|| panic!("no differences: {roster}"))
}

#[tokio::test]
async fn who_left_is_deleted_and_who_came_is_there() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    let roster = read(&tool, &launch, "").await;
    let mut newcomer = find_user("52").expect("Ben");
    newcomer.id = "7001".to_owned();
    assert!(school.platform.roster().remove("1001"));
    school.platform.roster().put(Member { user: newcomer, status: Status::Active });
    school.platform.roster().put(Member { user: find_user("53").expect("Chloé"), status: Status::Inactive });

    let changes = read(&tool, &launch, &format!("?cursor={}", since(&roster))).await;
    assert_eq!((&changes["changes"], &changes["complete"]), (&json!(true), &json!(true)));
    assert_eq!(ids(&changes), BTreeSet::from(["1001", "53", "7001"].map(str::to_owned)));
    let status = |id: &str| member(&changes, id)["status"].clone();
    assert_eq!((status("1001"), status("53"), status("7001")), (json!("Deleted"), json!("Inactive"), json!("Active")));

    let later = read(&tool, &launch, &format!("?cursor={}", since(&changes))).await;
    assert_eq!((&later["members"], &later["changes"]), (&json!([]), &json!(true)));
    school.platform.roster().remove("7001");
    let later = read(&tool, &launch, &format!("?cursor={}", since(&later))).await;
    assert_eq!(member(&later, "7001")["status"], "Deleted");
}

#[tokio::test]
async fn a_whole_roster_knows_nobody_who_left() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    school.platform.roster().remove("1001");
    let roster = read(&tool, &launch, "").await;
    assert_eq!((ids(&roster).len(), roster.get("changes")), (306, None));
    assert!(roster["members"].as_array().unwrap().iter().all(|member| member["status"] != "Deleted"));
}

#[tokio::test]
async fn a_platform_without_differences_has_no_cursor_for_them() {
    for profile in [Profile::Moodle, Profile::Canvas, Profile::Blackboard, Profile::Brightspace, Profile::Sakai] {
        let (tool, _school, launch) = in_class(profile).await;
        assert_eq!(read(&tool, &launch, "").await.get("differences"), None, "{profile:?}");
    }
}

/// The URL may stand on any page; it counts with the last (digest, section 4).
#[tokio::test]
async fn differences_are_told_with_the_end_of_a_walk_alone() {
    let service = RosterService::start(|target, base| {
        let differences = ("differences", format!("{base}/members?since=1"));
        let next = ("next", format!("{base}/members?page=2"));
        if target.contains("page=2") {
            page(&learners([2]), &[differences])
        } else {
            page(&learners([1]), &[next, differences])
        }
    })
    .await;
    let (tool, launch) = launch_to(&service).await;
    let first = read(&tool, &launch, "?limit=1").await;
    assert_eq!(first.get("differences"), None, "what comes later would be missed");
    let next = first["next"].as_str().expect("there is more");
    since(&read(&tool, &launch, &format!("?limit=1&cursor={next}")).await);
    since(&read(&tool, &launch, "").await);
}

/// Changes come on several pages, too: none of them is a roster, or everybody who did not change would be gone.
#[tokio::test]
async fn every_page_of_changes_says_that_it_has_changes() {
    let service = RosterService::start(|target, base| {
        let next = |n: usize| ("next", format!("{base}/members?since=1&page={n}"));
        match target {
            "/members?since=1" => page(&learners([1]), &[next(2)]),
            "/members?since=1&page=2" => page(&learners([2]), &[next(3)]),
            "/members?since=1&page=3" => page(&learners([3]), &[]),
            _ => page(&learners(1..100), &[("differences", format!("{base}/members?since=1"))]),
        }
    })
    .await;
    let (tool, launch) = launch_to(&service).await;
    let whole = read(&tool, &launch, "").await;
    let mut query = format!("?limit=1&cursor={}", since(&whole));
    let mut met = BTreeSet::new();
    for number in 1..=3 {
        let changes = read(&tool, &launch, &query).await;
        assert_eq!(changes["changes"], true, "page {number}");
        met.extend(ids(&changes));
        query = format!("?limit=1&cursor={}", changes["next"].as_str().unwrap_or_default());
    }
    assert_eq!(met.len(), 3);
}

#[tokio::test]
async fn all_pages_of_changes_come_in_one_answer_where_no_limit_is_set() {
    let service = RosterService::start(|target, base| match target {
        "/members?since=1" => page(&learners([1]), &[("next", format!("{base}/members?since=1&page=2"))]),
        "/members?since=1&page=2" => page(
            &json!([{ "user_id": "2", "status": "Deleted" }]),
            &[("differences", format!("{base}/members?since=2"))],
        ),
        _ => page(&learners(1..100), &[("differences", format!("{base}/members?since=1"))]),
    })
    .await;
    let (tool, launch) = launch_to(&service).await;
    let whole = read(&tool, &launch, "").await;
    let changes = read(&tool, &launch, &format!("?cursor={}", since(&whole))).await;
    assert_eq!((ids(&changes).len(), &changes["changes"], &changes["complete"]), (2, &json!(true), &json!(true)));
    since(&changes);
}

#[tokio::test]
async fn differences_elsewhere_are_not_asked_for() {
    let stranger = RosterService::start(|_, _| page(&learners([9]), &[])).await;
    let elsewhere = format!("{}/members?since=1", stranger.base);
    let service = RosterService::start(move |_, _| page(&learners([1]), &[("differences", elsewhere.clone())])).await;
    let (tool, launch) = launch_to(&service).await;
    let answer = ask(&tool, &launch, "").await;
    match answer.status.as_u16() {
        200 => {
            let roster = answer.json();
            if let Some(cursor) = roster["differences"].as_str() {
                assert_problem(&ask(&tool, &launch, &format!("?cursor={cursor}")).await, 409, "service_origin_foreign");
            }
        }
        _ => assert_problem(&answer, 409, "service_origin_foreign"),
    }
    assert_eq!(stranger.asked(), []);
}
