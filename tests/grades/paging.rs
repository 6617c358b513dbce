//! Lists of line items: filters, pages, cursors.

use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use doorway_tests::{Answer, refused};
use serde_json::{Value, json};

use crate::support::{BEN, CHLOE, Class, PROFILES, QUIZ, VIDEO};

const LINKS: [&str; 4] = [VIDEO, QUIZ, "link-1203", "link-1204"];

async fn list(class: &Class, query: &str) -> Answer {
    class.line_items("GET", query, &Value::Null).await
}

/// The URLs of the line items of an answer.
#[track_caller]
fn urls(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let answer = answer.json();
    let items = answer["lineItems"].as_array().expect("line items are listed").clone();
    items.iter().map(|item| item["id"].as_str().expect("a line item has a URL").to_owned()).collect()
}

fn expected(class: &Class, ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| class.line_item_url(id)).collect()
}

async fn create(class: &Class, resource_id: &str, tag: &str) {
    let column = json!({ "label": resource_id, "scoreMaximum": 1, "resourceId": resource_id, "tag": tag });
    assert_eq!(class.line_items("POST", "", &column).await.status.as_u16(), 201);
}

#[tokio::test]
async fn all_line_items_are_listed() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        let all = list(&class, "").await;
        assert_eq!((urls(&all), all.json().get("next")), (expected(&class, &LINKS), None), "{profile:?}");
        let first = &all.json()["lineItems"][0];
        let id = class.line_item_id(VIDEO);
        let item = json!({
            "id": class.line_item_url(VIDEO), "lineItemId": id, "label": "How light bends", "scoreMaximum": 100,
            "resourceLinkId": VIDEO,
        });
        assert_eq!(first, &item, "{profile:?}");
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{id}");
        let accept = Some("application/vnd.ims.lis.v2.lineitemcontainer+json");
        assert_eq!(class.requests("GET", "/course-7")[0].header("accept"), accept);
    }
}

#[tokio::test]
async fn filters_hold_together() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        for (resource_id, tag) in [("lesson-7", "grade"), ("lesson-7", "originality"), ("a b&c=ü", "grade")] {
            create(&class, resource_id, tag).await;
        }
        let cases = [
            ("?resourceLinkId=link-1202", vec![QUIZ]),
            ("?resourceId=lesson-7", vec!["column-1", "column-2"]),
            ("?tag=grade", vec!["column-1", "column-3"]),
            ("?resourceId=lesson-7&tag=originality", vec!["column-2"]),
            ("?resourceId=a%20b%26c%3D%C3%BC", vec!["column-3"]),
            ("?resourceLinkId=link-1202&tag=grade", vec![]),
            ("?resourceId=nothing", vec![]),
        ];
        for (query, ids) in cases {
            assert_eq!(urls(&list(&class, query).await), expected(&class, &ids), "{profile:?} {query}");
        }
    }
}

/// Moodle's `Link` has curly quotes and an escaped URL; others have a cursor (AGS digest §2.2).
#[tokio::test]
async fn pages_are_followed_by_cursors() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        create(&class, "lesson-7", "grade").await;
        let mut query = "?limit=2".to_owned();
        let mut pages = Vec::new();
        for _ in 0..5 {
            let page = list(&class, &query).await;
            pages.push(urls(&page));
            let Some(next) = page.json()["next"].as_str().map(str::to_owned) else { break };
            assert!(!next.contains("line-items") && !next.contains('%'), "{next}");
            query = format!("?limit=2&cursor={next}");
        }
        let all = [&LINKS[..2], &LINKS[2..], &["column-1"]];
        assert_eq!(pages, all.map(|ids| expected(&class, ids)), "{profile:?}");
    }
}

#[tokio::test]
async fn filters_hold_on_later_pages() {
    for profile in [Profile::Plain, Profile::Moodle, Profile::Canvas] {
        let class = Class::of(profile).await;
        for n in 0..5 {
            create(&class, "lesson-7", &format!("{n}")).await;
        }
        let first = list(&class, "?resourceId=lesson-7&limit=3").await;
        assert_eq!(urls(&first), expected(&class, &["column-1", "column-2", "column-3"]), "{profile:?}");
        let next = first.json()["next"].as_str().unwrap().to_owned();
        let second = list(&class, &format!("?resourceId=lesson-7&limit=3&cursor={next}")).await;
        assert_eq!((urls(&second), second.json().get("next")), (expected(&class, &["column-4", "column-5"]), None));
    }
}

#[tokio::test]
async fn without_a_limit_all_pages_are_read() {
    for profile in [Profile::Plain, Profile::Moodle, Profile::Canvas] {
        let class = Class::of(profile).await;
        for n in 0..60 {
            create(&class, &format!("lesson-{n}"), "grade").await;
        }
        let all = list(&class, "").await;
        assert_eq!((urls(&all).len(), all.json().get("next")), (64, None), "{profile:?}");
        let pages = class.requests("GET", "/course-7").len();
        assert_eq!(pages, if profile == Profile::Moodle { 1 } else { 2 }, "{profile:?}");
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_launch_and_list_alone() {
    let class = Class::of(Profile::Plain).await;
    let next = list(&class, "?limit=2").await.json()["next"].as_str().unwrap().to_owned();
    let mut changed = next.clone().into_bytes();
    let middle = changed.len() / 2;
    changed[middle] = if changed[middle] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    for cursor in [changed.as_str(), &next[1..], "x", "aHR0cHM6Ly9ldmlsLmV4YW1wbGUv"] {
        let answer = list(&class, &format!("?cursor={cursor}")).await;
        refused(cursor, &answer, 400, "query_invalid");
        assert_eq!(answer.json()["parameter"], "cursor");
    }
    let results = format!("/{}/results?cursor={next}", class.line_item_id(VIDEO));
    refused("results", &class.line_items("GET", &results, &Value::Null).await, 400, "query_invalid");
    for user in [CHLOE, BEN] {
        let launch = class.school.launch(&class.tool, user).await;
        let other = class.tool.api("GET", &format!("/v1/launches/{launch}/line-items?cursor={next}")).await;
        refused("another launch", &other, 400, "query_invalid");
    }
    assert_eq!(urls(&list(&class, &format!("?cursor={next}")).await).len(), 2, "it is good itself");
}

#[tokio::test]
async fn another_instance_takes_a_cursor() {
    let class = Class::of(Profile::Plain).await;
    let next = list(&class, "?limit=2").await.json()["next"].as_str().unwrap().to_owned();
    let path = format!("/v1/launches/{}/line-items?cursor={next}", class.launch);
    assert_eq!(class.tool.twin().api("GET", &path).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_limit_is_a_number_from_one_on() {
    let class = Class::of(Profile::Plain).await;
    for limit in ["0", "-1", "two", "1.5", "99999999999"] {
        let answer = list(&class, &format!("?limit={limit}")).await;
        refused(limit, &answer, 400, "query_invalid");
        assert_eq!(answer.json()["parameter"], "limit");
    }
    assert!(class.school.platform.requests().is_empty());
}

/// The token does not go where a page leads (services digest §4).
#[tokio::test]
async fn a_page_that_leads_to_a_stranger_is_not_followed() {
    let stranger = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/line-items", stranger.local_addr().unwrap());
    for query in ["", "?limit=2"] {
        let class = Class::of(Profile::Plain).await;
        class.fail(Endpoint::LineItems, ServiceFault::ForeignNext { url: url.clone() }, Times::Next(1));
        refused("stranger", &list(&class, query).await, 409, "service_origin_foreign");
    }
    let nobody = tokio::time::timeout(std::time::Duration::from_millis(200), stranger.accept()).await;
    assert!(nobody.is_err(), "the stranger was asked");
}

#[tokio::test]
async fn a_platform_that_fails_is_told_as_unavailable() {
    let faults = [
        ServiceFault::InternalServerError,
        ServiceFault::ServiceUnavailable,
        ServiceFault::TooManyRequests { retry_after_seconds: 5 },
        ServiceFault::InvalidJson,
        ServiceFault::CutInBody,
        ServiceFault::AppliedButLost,
        ServiceFault::EndlessBody,
    ];
    for fault in faults {
        let class = Class::of(Profile::Plain).await;
        class.fail(Endpoint::LineItems, fault.clone(), Times::Next(1));
        let answer = list(&class, "").await;
        refused(&format!("{fault:?}"), &answer, 503, "platform_unavailable");
        assert!(!answer.header("retry-after").is_empty());
        assert_eq!(urls(&list(&class, "").await).len(), LINKS.len(), "{fault:?}");
    }
}
