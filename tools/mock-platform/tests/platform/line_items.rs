//! Line items: found, made, changed and deleted by the rules.

use axum::http::StatusCode;
use doorway_mock_platform::Profile;
use serde_json::{Value, json};

use crate::support::ISSUER;
use crate::tool::{
    Answer, CONTAINER_TYPE, LINE_ITEM, LINE_ITEM_READ_ONLY, LINE_ITEM_TYPE, SCORE, Tool, score_at, with, without,
};

fn container() -> String {
    format!("{ISSUER}/line-items/course-7")
}

async fn list(tool: &Tool, query: &str) -> Answer {
    tool.get(LINE_ITEM_READ_ONLY, &format!("{}{query}", container()), CONTAINER_TYPE).await
}

async fn create(tool: &Tool, item: &Value) -> Answer {
    tool.write("POST", LINE_ITEM, &container(), LINE_ITEM_TYPE, item).await
}

fn labels(answer: &Answer) -> Vec<String> {
    let items = answer.json();
    items.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

fn essay() -> Value {
    json!({"label": "Essay", "scoreMaximum": 60, "resourceId": "essay-1", "tag": "grade"})
}

#[tokio::test]
async fn every_link_with_a_column_has_its_line_item() {
    let answer = list(&Tool::new(), "").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], CONTAINER_TYPE);
    assert_eq!(labels(&answer), ["How light bends", "Quiz: refraction", "Mixing colours", "How the eye sees"]);
    assert_eq!(
        answer.json()[0],
        json!({
            "id": format!("{ISSUER}/line-items/course-7/link-1201"),
            "label": "How light bends", "scoreMaximum": 100, "resourceLinkId": "link-1201",
        })
    );
}

#[tokio::test]
async fn a_line_item_that_is_made_keeps_what_the_tool_says_of_it() {
    let tool = Tool::new();
    let mut item = essay();
    item["startDateTime"] = json!("2026-11-01T08:00:00.000Z");
    item["endDateTime"] = Value::Null;
    item["gradesReleased"] = json!(true);
    item["https://tool.example/extension"] = json!({"any": ["thing"]});
    let made = create(&tool, &item).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.headers["content-type"], LINE_ITEM_TYPE);
    let url = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(made.json(), with(&item, "id", json!(url)));
    let read = tool.get(LINE_ITEM_READ_ONLY, &url, LINE_ITEM_TYPE).await;
    assert_eq!(read.json(), made.json());
}

#[tokio::test]
async fn a_wrong_line_item_is_refused_and_leaves_nothing() {
    let tool = Tool::new();
    let cases = [
        (without(&essay(), "label"), 400),
        (with(&essay(), "label", json!("  ")), 400),
        (without(&essay(), "scoreMaximum"), 400),
        (with(&essay(), "scoreMaximum", json!(0)), 400),
        (with(&essay(), "scoreMaximum", json!("60")), 400),
        (with(&essay(), "tag", json!(7)), 400),
        (with(&essay(), "resourceId", json!("x".repeat(257))), 400),
        (with(&essay(), "score_maximum", json!(60)), 400),
        (with(&essay(), "startDateTime", json!("2026-11-01T08:00:00")), 400),
        (with(&essay(), "gradesReleased", json!("yes")), 400),
        (with(&essay(), "resourceLinkId", json!("link-9999")), 404),
        (json!([essay()]), 400),
    ];
    for (item, status) in cases {
        assert_eq!(create(&tool, &item).await.status, status, "{item}");
    }
    for media_type in ["application/json", "application/vnd.ims.lis.v2.lineitem+json; charset=utf-8"] {
        let answer = tool.write("POST", LINE_ITEM, &container(), media_type, &essay()).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    assert_eq!(labels(&list(&tool, "").await).len(), 4);
}

#[tokio::test]
async fn filters_hold_together() {
    let tool = Tool::new();
    create(&tool, &essay()).await;
    create(&tool, &with(&with(&essay(), "tag", json!("originality")), "label", json!("Originality"))).await;
    assert_eq!(labels(&list(&tool, "?resource_id=essay-1").await), ["Essay", "Originality"]);
    assert_eq!(labels(&list(&tool, "?resource_id=essay-1&tag=originality").await), ["Originality"]);
    assert_eq!(labels(&list(&tool, "?resource_link_id=link-1202").await), ["Quiz: refraction"]);
    assert_eq!(labels(&list(&tool, "?resource_link_id=link-1202&tag=grade").await), [""; 0]);
}

#[tokio::test]
async fn pages_follow_each_other_and_keep_the_filter() {
    let tool = Tool::new();
    for number in 0..5 {
        create(&tool, &with(&essay(), "label", json!(format!("Essay {number}")))).await;
    }
    let (mut url, mut found) = (format!("{}?resource_id=essay-1&limit=2", container()), Vec::new());
    for left in [true, true, false] {
        let page = tool.get(LINE_ITEM, &url, CONTAINER_TYPE).await;
        found.extend(labels(&page));
        assert_eq!(page.link("next").is_some(), left);
        url = page.link("next").unwrap_or_default();
    }
    assert_eq!(found, ["Essay 0", "Essay 1", "Essay 2", "Essay 3", "Essay 4"]);
}

#[tokio::test]
async fn the_url_of_a_page_must_be_used_as_it_is() {
    let tool = Tool::new();
    let next = list(&tool, "?limit=1").await.link("next").unwrap();
    assert_eq!(tool.get(LINE_ITEM, &format!("{next}&limit=1"), CONTAINER_TYPE).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(tool.get(LINE_ITEM, &next, CONTAINER_TYPE).await.status, StatusCode::OK);
    for query in ["?limit=0", "?limit=many", "?tag=a&tag=a", "?cursor=%21"] {
        assert_eq!(list(&tool, query).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn a_put_replaces_all_but_what_cannot_change() {
    let tool = Tool::new();
    let url = create(&tool, &essay()).await.json()["id"].as_str().unwrap().to_owned();
    let change = json!({"id": url, "label": "Essay, second try", "scoreMaximum": 30});
    let answer = tool.write("PUT", LINE_ITEM, &url, LINE_ITEM_TYPE, &change).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json(), change);
    for (name, value) in [("id", json!("https://elsewhere.example")), ("resourceLinkId", json!("link-1201"))] {
        let answer = tool.write("PUT", LINE_ITEM, &url, LINE_ITEM_TYPE, &with(&change, name, value)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
    }
    let linked = format!("{}/link-1201", container());
    let answer = tool.write("PUT", LINE_ITEM, &linked, LINE_ITEM_TYPE, &without(&change, "id")).await;
    assert_eq!(answer.json()["resourceLinkId"], "link-1201", "the link stays");
}

#[tokio::test]
async fn a_new_maximum_rescales_what_is_there() {
    let tool = Tool::new();
    tool.score(&score_at("2027-01-15T08:00:00.000Z")).await;
    assert_eq!(tool.grade().unwrap().result_score, Some(85.0));
    let change = json!({"label": "How light bends", "scoreMaximum": 20});
    tool.write("PUT", LINE_ITEM, &format!("{}/link-1201", container()), LINE_ITEM_TYPE, &change).await;
    let grade = tool.grade().unwrap();
    assert_eq!((grade.result_score, grade.result_maximum), (Some(17.0), 20.0));
}

#[tokio::test]
async fn a_deleted_line_item_is_gone_with_its_grades() {
    let tool = Tool::new();
    tool.score(&score_at("2027-01-15T08:00:00.000Z")).await;
    let url = format!("{}/link-1201", container());
    assert_eq!(tool.write("DELETE", LINE_ITEM, &url, "", &json!(null)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(tool.write("DELETE", LINE_ITEM, &url, "", &json!(null)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(tool.get(LINE_ITEM, &url, LINE_ITEM_TYPE).await.status, StatusCode::NOT_FOUND);
    assert_eq!(tool.score(&score_at("2027-01-15T09:00:00.000Z")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(tool.grade(), None);
}

#[tokio::test]
async fn each_operation_asks_for_its_scope() {
    let tool = Tool::new();
    let url = format!("{}/link-1201", container());
    let cases = [
        ("GET", container(), SCORE),
        ("POST", container(), LINE_ITEM_READ_ONLY),
        ("GET", url.clone(), SCORE),
        ("PUT", url.clone(), LINE_ITEM_READ_ONLY),
        ("DELETE", url.clone(), LINE_ITEM_READ_ONLY),
        ("POST", format!("{url}/scores"), LINE_ITEM),
        ("GET", format!("{url}/results"), LINE_ITEM),
    ];
    for (method, url, scope) in cases {
        let answer = tool.write(method, scope, &url, LINE_ITEM_TYPE, &essay()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {url}");
    }
    let answer = tool.write("PATCH", LINE_ITEM, &url, LINE_ITEM_TYPE, &essay()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn moodles_addresses_have_a_query_that_must_stay() {
    let tool = Tool::at(Profile::Moodle);
    let answer = list(&tool, "?type_id=2").await;
    assert_eq!(answer.json()[0]["id"], format!("{ISSUER}/line-items/course-7/link-1201?type_id=2"));
    assert_eq!(list(&tool, "").await.status, StatusCode::NOT_FOUND);
    let wrongly_joined = format!("{}/link-1201?type_id=2/scores", container());
    let answer = tool.write("POST", SCORE, &wrongly_joined, "", &json!({})).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn moodle_wants_one_media_type_and_says_why_in_the_status_line() {
    let tool = Tool::at(Profile::Moodle);
    for accept in ["application/json", "*/*", "application/vnd.ims.lis.v2.lineitemcontainer+json, */*;q=0.1"] {
        let answer = tool.get(LINE_ITEM, &format!("{}?type_id=2", container()), accept).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{accept}");
        assert_eq!(answer.text, "[]");
        assert_eq!(answer.reason.as_deref(), Some("Unsupported media type"));
    }
}

#[tokio::test]
async fn others_take_a_list_with_the_media_type_in_it() {
    let tool = Tool::new();
    let accept = "application/json;q=0.5, application/vnd.ims.lis.v2.lineitemcontainer+json";
    assert_eq!(tool.get(LINE_ITEM, &container(), accept).await.status, StatusCode::OK);
    assert_eq!(tool.get(LINE_ITEM, &container(), "text/html").await.status, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn moodles_link_header_has_curly_quotes_and_an_escaped_url() {
    let tool = Tool::at(Profile::Moodle);
    let answer = list(&tool, "?type_id=2&limit=3").await;
    let header = String::from_utf8(answer.headers["link"].as_bytes().to_vec()).unwrap();
    assert_eq!(header, format!("<{}?type_id=2&amp;limit=3&amp;from=3>; rel=“next”", container()));
    assert_eq!(labels(&list(&tool, "?type_id=2&limit=3&from=3").await), ["How the eye sees"]);
}

#[tokio::test]
async fn blackboard_refuses_members_that_it_does_not_let_change() {
    let tool = Tool::at(Profile::Blackboard);
    let item = with(&essay(), "resourceLinkId", json!("link-1201"));
    assert_eq!(create(&tool, &item).await.status, StatusCode::BAD_REQUEST);
    let made = create(&tool, &essay()).await.json();
    let url = made["id"].as_str().unwrap();
    assert_eq!(tool.write("PUT", LINE_ITEM, url, LINE_ITEM_TYPE, &made).await.status, StatusCode::BAD_REQUEST);
    let answer = tool.write("PUT", LINE_ITEM, url, LINE_ITEM_TYPE, &without(&made, "id")).await;
    assert_eq!(answer.status, StatusCode::OK);
}
