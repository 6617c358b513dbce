//! The key in the redirect: it opens its own visit once, and at once.

use axum::http::StatusCode;

use crate::doorway::{Answer, launch};
use crate::support::Visitor;

async fn visitor() -> Visitor {
    Visitor::when(Answer::Launch(launch())).await
}

/// What a browser without cookies gets at this URL.
async fn status_at(visitor: &Visitor, uri: &str) -> StatusCode {
    let page = visitor.get(uri, None).await;
    match page.status {
        StatusCode::OK => page.assert_says("How light bends</h2>"),
        _ => page.assert_says("<h1>This visit is not open here</h1>"),
    }
    page.status
}

#[tokio::test]
async fn a_key_opens_the_visit_once() {
    let visitor = visitor().await;
    let arrival = visitor.arrive_without_cookie().await;
    assert_eq!(status_at(&visitor, &arrival).await, StatusCode::OK);
    assert_eq!(status_at(&visitor, &arrival).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_key_is_good_for_half_a_minute() {
    let visitor = visitor().await;
    let (soon, late) = (visitor.arrive_without_cookie().await, visitor.arrive_without_cookie().await);
    visitor.wait_seconds(29);
    assert_eq!(status_at(&visitor, &soon).await, StatusCode::OK);
    visitor.wait_seconds(1);
    assert_eq!(status_at(&visitor, &late).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_key_opens_no_other_visit() {
    let visitor = visitor().await;
    let (mine, theirs) = (visitor.arrive_without_cookie().await, visitor.arrive_without_cookie().await);
    let ((my_path, _), (_, their_key)) = (mine.split_once('?').unwrap(), theirs.split_once('?').unwrap());
    assert_eq!(status_at(&visitor, &format!("{my_path}?{their_key}")).await, StatusCode::FORBIDDEN);
    for arrival in [mine, theirs] {
        assert_eq!(status_at(&visitor, &arrival).await, StatusCode::OK, "nobody used this one");
    }
}

#[tokio::test]
async fn without_a_key_the_id_opens_nothing() {
    let visitor = visitor().await;
    let arrival = visitor.arrive_without_cookie().await;
    let (path, _) = arrival.split_once('?').unwrap();
    for uri in [path.to_owned(), format!("{path}?key="), format!("{path}?key=guess"), format!("{path}/class?key=")] {
        assert_eq!(status_at(&visitor, &uri).await, StatusCode::FORBIDDEN, "{uri}");
    }
}

#[tokio::test]
async fn the_cookie_is_preferred_and_ends_the_key() {
    let visitor = visitor().await;
    let page = visitor.get("/app?launch=code-1", None).await;
    let cookie = page.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let arrival = page.headers["location"].to_str().unwrap();
    let (path, _) = arrival.split_once('?').unwrap();
    for _ in 0..2 {
        let page = visitor.get(arrival, Some(&cookie)).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "the key leaves the address");
        assert_eq!(page.headers["location"], path);
        let page = visitor.get(path, Some(&cookie)).await;
        assert_eq!(page.status, StatusCode::OK, "reloading works with the cookie");
        page.assert_does_not_say("name=\"secret\"");
    }
    assert_eq!(status_at(&visitor, arrival).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_cookie_ends_the_key_also_where_the_key_is_not_shown() {
    let visitor = visitor().await;
    let page = visitor.get("/app?launch=code-1", None).await;
    let cookie = page.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let arrival = page.headers["location"].to_str().unwrap();
    let (path, _) = arrival.split_once('?').unwrap();
    assert_eq!(visitor.get(path, Some(&cookie)).await.status, StatusCode::OK);
    assert_eq!(status_at(&visitor, arrival).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_stale_cookie_does_not_keep_the_key_from_opening() {
    let visitor = visitor().await;
    let arrival = visitor.arrive_without_cookie().await;
    let page = visitor.get(&arrival, Some("lumen_visit=stale")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("name=\"secret\"");
}

#[tokio::test]
async fn a_key_is_nothing_to_post_with() {
    let visitor = visitor().await;
    let arrival = visitor.arrive_without_cookie().await;
    let (_, key) = arrival.split_once("?key=").unwrap();
    let page = visitor.post(&arrival, None, &[("key", key), ("secret", key), ("token", key)]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(status_at(&visitor, &arrival).await, StatusCode::OK);
}
