//! S4: the next page is on the origin of the first, no page is read twice, and there is an end.

use doorway_tests::Answer;
use serde_json::{Value, json};

use crate::listener::{Heard, Listener, Reply, answer};
use crate::support::{LINE_ITEM, Place, line_item, line_item_id, roster};

/// The services with pages: the call of the App, the path at the Platform, and at most so many pages for one answer.
const PAGED: [(&str, &str, usize); 3] = [
    ("line-items", "/li?", 50),
    ("line-items/{lineItem}/results", "/li/9/lineitem/results?", 50),
    ("memberships", "/roster?", 100),
];

/// One page of the service at this path, with this `Link` header.
fn page(base: &str, heard: &Heard, link: &str) -> Option<Reply> {
    let body: Value = match heard.target() {
        target if target.starts_with("/li?") => json!([line_item(base)]),
        target if target.starts_with("/li/9/lineitem/results?") => json!([{ "userId": "52", "resultScore": 1 }]),
        target if target.starts_with("/roster?") => roster(),
        _ => return None,
    };
    Some(answer(200, &[("link", link)], &body.to_string()))
}

async fn ask(place: &Place, launch: &str, call: &str) -> Answer {
    let id = line_item_id(&format!("{}{LINE_ITEM}", place.lms.base));
    place.ask("GET", launch, &call.replace("{lineItem}", &id)).await
}

/// S4: the token does not go to another origin because a page says so.
#[tokio::test]
async fn a_next_page_on_a_foreign_origin_is_not_read() {
    for (call, path, _) in PAGED {
        let elsewhere = Listener::silent().await;
        let foreign = elsewhere.base.replace("http://", "");
        for next in [
            format!("http://{foreign}/page2"),
            format!("//{foreign}/page2"),
            format!("http://lms.example@{foreign}/page2"),
            format!("http://user:secret@{foreign}/page2"),
        ] {
            let link = format!("<{next}>; rel=\"next\"");
            let place = Place::scripted(|base| {
                let base = base.to_owned();
                move |heard: &Heard| page(&base, heard, &link)
            })
            .await;
            let launch = place.launch().await;
            let answer = ask(&place, &launch, call).await;
            let told = (answer.status.as_u16(), answer.code());
            assert_eq!(told, (409, "service_origin_foreign".to_owned()), "{call} {next}: {}", answer.body);
            assert_eq!(place.lms.heard_at(path).len(), 1, "{call} {next}");
        }
        assert_eq!(elsewhere.connections(), 0, "{call}");
    }
}

/// S4: user information in the next URL is no part of an origin, and is not sent.
#[tokio::test]
async fn a_next_page_with_user_information_is_not_read() {
    for (call, path, _) in PAGED {
        let place = Place::scripted(|base| {
            let base = base.to_owned();
            let link = format!("<{}/page2>; rel=\"next\"", base.replace("//", "//user:secret@"));
            move |heard: &Heard| page(&base, heard, &link)
        })
        .await;
        let launch = place.launch().await;
        assert_eq!(ask(&place, &launch, call).await.status.as_u16(), 409, "{call}");
        assert_eq!(place.lms.heard_at(path).len(), 1, "{call}");
        assert!(place.lms.heard_at("/page2").is_empty(), "{call}");
    }
}

/// S4: not even to an origin that the Registration owns, by another scheme or port.
#[tokio::test]
async fn a_next_page_stays_on_the_very_origin_of_the_first() {
    for (call, _, _) in PAGED {
        let place = Place::scripted(|base| {
            let base = base.to_owned();
            move |heard: &Heard| page(&base, heard, "<https://lms.example/page2>; rel=\"next\"")
        })
        .await;
        let launch = place.launch().await;
        assert_eq!(ask(&place, &launch, call).await.code(), "service_origin_foreign", "{call}");
    }
}

/// S4: pages in a circle, of one or of several, are noticed. They have no end, so what was read is not the whole.
#[tokio::test]
async fn pages_in_a_circle_are_read_once_each() {
    for (call, path, _) in PAGED {
        for (length, pages) in [(1, 1), (3, 3)] {
            let place = Place::scripted(|base| {
                let base = base.to_owned();
                move |heard: &Heard| {
                    let (first, number) = heard.target().split_once("&page=").unwrap_or((heard.target(), "0"));
                    let next = (number.parse::<usize>().ok()? + 1) % length;
                    let next = if next == 0 { first.to_owned() } else { format!("{first}&page={next}") };
                    page(&base, heard, &format!("<{next}>; rel=\"next\""))
                }
            })
            .await;
            let launch = place.launch().await;
            let answer = ask(&place, &launch, call).await;
            let told = (answer.status.as_u16(), answer.code());
            assert_eq!(told, (503, "platform_unavailable".to_owned()), "{call}: {}", answer.body);
            assert_eq!(place.lms.heard_at(path).len(), pages, "{call}: each was read once");
        }
    }
}

/// A Platform whose pages never end.
async fn endless() -> Place {
    Place::scripted(|base| {
        let base = base.to_owned();
        move |heard: &Heard| {
            let (path, rest) = heard.target().split_once('&').unwrap_or((heard.target(), ""));
            let number = rest.strip_prefix("from=").and_then(|number| number.parse().ok()).unwrap_or(0);
            page(&base, heard, &format!("<{base}{path}&from={}>; rel=\"next\"", number + 1))
        }
    })
    .await
}

/// S4: pages without end take a bounded number of requests; the App goes on with a cursor if it wants to.
#[tokio::test]
async fn endless_pages_are_read_up_to_a_bound() {
    for (call, path, most) in PAGED {
        let place = endless().await;
        let launch = place.launch().await;
        let first = ask(&place, &launch, call).await;
        assert_eq!(first.status.as_u16(), 200, "{call}: {}", first.body);
        assert_eq!(place.lms.heard_at(path).len(), most, "{call}");
        let cursor = first.json()["next"].as_str().unwrap_or_else(|| panic!("{call} has no cursor")).to_owned();
        assert!(!cursor.contains("from") && !cursor.contains("127.0.0.1"), "{call}: {cursor}");
        let second = ask(&place, &launch, &format!("{call}?cursor={cursor}")).await;
        assert_eq!(second.status.as_u16(), 200, "{call}: {}", second.body);
        let targets = place.lms.heard_at(path);
        assert_eq!(targets.len(), 2 * most, "{call}: it goes on where it ended");
        assert!(targets[most].target().ends_with(&format!("&from={most}")), "{call}: {}", targets[most].target());
    }
}

/// S4: with a limit one page is one request.
#[tokio::test]
async fn with_a_limit_one_page_is_read() {
    for call in ["line-items?limit=5", "memberships?limit=5"] {
        let place = endless().await;
        let launch = place.launch().await;
        let answer = ask(&place, &launch, call).await;
        assert!(answer.json()["next"].is_string(), "{call}: {}", answer.body);
        assert_eq!(place.lms.heard().len(), 2, "{call}: a token and a page");
    }
}

/// S4: a cursor is good for its launch and its service, and nobody can make one.
#[tokio::test]
async fn a_cursor_of_another_launch_or_service_or_of_nobody_leads_nowhere() {
    let place = endless().await;
    let (launch, other) = (place.launch().await, place.launch().await);
    let cursor = ask(&place, &launch, "memberships?limit=5").await.json()["next"].as_str().unwrap().to_owned();
    let flipped = if cursor.ends_with('A') { "B" } else { "A" };
    let forged = doorway_tests::forge::base64url(format!("{}/roster", place.lms.base));
    place.lms.forget();
    for (launch, call) in [
        (&other, format!("memberships?cursor={cursor}")),
        (&launch, format!("line-items?cursor={cursor}")),
        (&launch, format!("line-items/{{lineItem}}/results?cursor={cursor}")),
        (&launch, format!("memberships?cursor={}{flipped}", &cursor[..cursor.len() - 2])),
        (&launch, format!("memberships?cursor={forged}")),
        (&launch, format!("memberships?cursor={}", "https://evil.example/")),
    ] {
        let answer = ask(&place, launch, &call).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "query_invalid"), "{call}: {}", answer.body);
    }
    assert!(place.lms.heard().is_empty());
}

/// S4: a cursor is no way round an origin that was taken from the Registration since.
#[tokio::test]
async fn the_origin_of_a_cursor_is_judged_when_it_is_used() {
    let grades = Listener::start(|_| {
        |_: &Heard| answer(200, &[("link", "</roster?from=2>; rel=\"next\"")], &roster().to_string())
    })
    .await;
    let mut place = Place::start().await;
    let origin = grades.base.parse().unwrap();
    place.change_registration(|registration| registration.service_origins = vec![origin]).await;
    let url = format!("{}/roster", grades.base);
    let nrps = doorway_lti::claim::NRPS_SERVICE;
    let launch = place.launch_with(|claims| claims[nrps]["context_memberships_url"] = json!(url)).await;
    let first = ask(&place, &launch, "memberships?limit=1").await.json();
    let cursor = first["next"].as_str().unwrap_or_else(|| panic!("{first}"));
    place.change_registration(|registration| registration.service_origins = Vec::new()).await;
    let answer = ask(&place, &launch, &format!("memberships?cursor={cursor}")).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "service_origin_foreign"), "{}", answer.body);
    assert_eq!(grades.connections(), 1);
}

/// S4: the URL for later changes to a roster is not asked now; on a foreign origin it never is.
#[tokio::test]
async fn differences_on_a_foreign_origin_are_never_asked() {
    let elsewhere = Listener::silent().await;
    let link = format!("<{}/changes>; rel=\"differences\"", elsewhere.base);
    let place = Place::scripted(|base| {
        let base = base.to_owned();
        move |heard: &Heard| page(&base, heard, &link)
    })
    .await;
    let launch = place.launch().await;
    let answer = ask(&place, &launch, "memberships").await;
    if answer.status.as_u16() == 200 {
        assert_eq!(answer.json().get("differences"), None, "no cursor leads to a foreign origin: {}", answer.body);
    } else {
        assert_eq!(answer.code(), "service_origin_foreign");
    }
    assert_eq!(elsewhere.connections(), 0);
}
