//! S10: no token, assertion, key, comment, name or e-mail is in a log, in a problem document, or in a table in clear.

use doorway_local::database::SCORES_TABLE;
use doorway_mock_platform::{Profile, users};
use doorway_tests::{APP_KEY, Answer, AttributeValue, Item, School, TestTool, log_lines};
use serde_json::{Value, json};

use crate::listener::{Heard, answer};
use crate::support::{LINE_ITEM, Place, STUDENT, TOKEN, grade, line_item_id, token};

const COMMENT: &str = "Zebrafinch work on prisms";
const LEARNER: &str = "learner-5e0c2b7a-zebra";
const EXTENSION: &str = "essay-zebra-6610";

/// A score with everything that is nobody's business.
fn private_score() -> Value {
    let mut score = grade();
    score["userId"] = json!(LEARNER);
    score["comment"] = json!(COMMENT);
    score["scoringUserId"] = json!("grader-zebra-17");
    score["https://app.example/essay"] = json!(EXTENSION);
    score
}

/// What must not be read where it does not belong: texts of scores, tokens, and whatever was signed.
fn secrets(place: &Place) -> Vec<String> {
    let mut secrets: Vec<String> = [
        COMMENT,
        "Zebrafinch",
        LEARNER,
        EXTENSION,
        "grader-zebra-17",
        TOKEN,
        &TOKEN[3..],
        APP_KEY,
        "eyJ",
        "client_assertion",
    ]
    .map(str::to_owned)
    .into();
    let assertions = place.lms.heard().into_iter().filter_map(|heard| heard.field("client_assertion"));
    secrets.extend(assertions.filter_map(|jwt| jwt.rsplit('.').next().map(str::to_owned)));
    let file = std::fs::read_to_string(&place.tool.parts.signing_keys).expect("the keys are in a file");
    let keys: Value = serde_json::from_str(&file).expect("the file is JSON");
    secrets.extend(
        keys.as_object().into_iter().flatten().filter_map(|(_, key)| Some(key.as_str()?.get(..60)?.to_owned())),
    );
    secrets
}

/// Every attribute of an item as text, bytes included.
fn text_of(item: &Item) -> String {
    let one = |value: &AttributeValue| match value {
        AttributeValue::B(bytes) => String::from_utf8_lossy(bytes.as_ref()).into_owned(),
        other => format!("{other:?}"),
    };
    item.iter().map(|(name, value)| format!("{name}={} ", one(value))).collect()
}

fn assert_none(what: &str, text: &str, secrets: &[String]) {
    for secret in secrets {
        assert!(!text.contains(secret.as_str()), "`{secret}` in {what}: {text}");
    }
}

fn assert_logs_hold_none(secrets: &[String]) {
    let lines = log_lines();
    assert!(!lines.is_empty());
    for line in lines {
        assert_none("a log line", &line.to_string(), secrets);
    }
}

async fn everything(place: &Place, launch: &str) -> Vec<Answer> {
    let id = line_item_id(&format!("{}{LINE_ITEM}", place.lms.base));
    let below = |rest: &str| format!("/v1/launches/{launch}/{rest}");
    let line_item = json!({ "label": "Quiz", "scoreMaximum": 10, "tag": "grade" });
    let queued = [("prefer", "respond-async")];
    vec![
        place.score(launch, &private_score()).await,
        place.tool.api_json("POST", &below("scores"), &private_score(), &queued).await,
        place.ask("GET", launch, "line-items").await,
        place.tool.api_json("POST", &below("line-items"), &line_item, &[]).await,
        place.tool.api_json("PUT", &below(&format!("line-items/{id}")), &line_item, &[]).await,
        place.ask("GET", launch, &format!("line-items/{id}/results?userId={LEARNER}")).await,
        place.ask("GET", launch, "memberships").await,
    ]
}

/// S10: after a run through everything there is nothing of it in the log, nor in the table of scores and tokens.
#[tokio::test]
async fn a_run_through_everything_leaves_nothing_in_log_or_table() {
    let place = Place::start().await;
    let launch = place.launch().await;
    for answer in everything(&place, &launch).await {
        assert!(answer.status.is_success(), "{} {}", answer.status, answer.body);
    }
    place.tool.clock.advance(60);
    assert_eq!(place.tool.poller().poll().await, 1);
    let teacher = place.deep_linking(|_| {}).await;
    let uri = format!("/v1/launches/{teacher}/deep-link");
    let chosen = json!({ "contentItems": [{ "type": "ltiResourceLink", "title": COMMENT }], "msg": COMMENT });
    let jwt = place.tool.api_json("POST", &uri, &chosen, &[]).await.json()["jwt"].as_str().unwrap().to_owned();
    let mut secrets = secrets(&place);
    secrets.push(jwt.rsplit('.').next().unwrap().to_owned());
    assert!(secrets.len() >= 13, "assertions and keys are among them: {}", secrets.len());
    assert_logs_hold_none(&secrets);
    let items = place.tool.items(SCORES_TABLE).await;
    assert!(items.len() >= 4, "two scores, a lane, tokens: {}", items.len());
    for item in items {
        assert_none("the scores table", &text_of(&item), &secrets);
    }
}

/// S10: a delivered score's record keeps where it went and when, and nobody's data.
#[tokio::test]
async fn the_record_of_a_delivered_score_has_no_payload_and_no_user() {
    let place = Place::start().await;
    let launch = place.launch().await;
    let at_once = place.score(&launch, &private_score()).await.json();
    place.tool.clock.advance(5);
    let later = place.queue_score(&launch, &private_score()).await;
    let record = |items: Vec<Item>, id: String| {
        let is_it = |item: &Item| item.get("id").and_then(|value| value.as_s().ok()) == Some(&id);
        items.into_iter().find(is_it).unwrap_or_else(|| panic!("no record {id}"))
    };
    let waiting = record(place.tool.items(SCORES_TABLE).await, later.clone());
    assert!(waiting.contains_key("payload"), "while it waits, it is kept");
    assert_none("a waiting record", &text_of(&waiting), &[COMMENT.to_owned(), LEARNER.to_owned()]);
    assert_eq!(place.tool.poller().poll().await, 1);
    for id in [at_once["id"].as_str().unwrap().to_owned(), later] {
        let shown = place.tool.api("GET", &format!("/v1/scores/{id}")).await;
        assert_eq!(shown.json()["state"], "delivered", "{}", shown.body);
        assert_none("what the App is shown", &shown.body, &[COMMENT.to_owned(), LEARNER.to_owned()]);
        let item = record(place.tool.items(SCORES_TABLE).await, id);
        assert!(!item.contains_key("payload"), "{item:?}");
        assert_none("a delivered record", &text_of(&item), &secrets(&place));
        assert!(!text_of(&item).contains("7.5"), "nor the points: {item:?}");
    }
}

/// S10: a Platform that repeats what it was sent in its refusal puts no secret into a problem document.
#[tokio::test]
async fn a_platform_that_echoes_its_request_gives_no_secret_away_to_the_app() {
    let place = echoing().await;
    let launch = place.launch().await;
    for answer in everything(&place, &launch).await {
        let body = &answer.body;
        for secret in [TOKEN, "eyJ", APP_KEY, "ada@maple.example"] {
            assert!(!body.contains(secret), "`{secret}` in {body}");
        }
    }
}

/// S10: nor into the log, where the learner, the comment and names do not belong either.
#[tokio::test]
async fn a_platform_that_echoes_its_request_leaves_nothing_in_the_log() {
    let place = echoing().await;
    let launch = place.launch().await;
    everything(&place, &launch).await;
    place.tool.clock.advance(60);
    place.tool.poller().poll().await;
    let mut secrets = secrets(&place);
    secrets.extend(["ada@maple.example", "Morgan"].map(str::to_owned));
    assert_logs_hold_none(&secrets);
}

/// A Platform whose services refuse and say what they were sent, with the name of somebody.
async fn echoing() -> Place {
    Place::scripted(|_| {
        |heard: &Heard| {
            if heard.target() == "/token" {
                return Some(token());
            }
            let authorization = heard.header("authorization").unwrap_or_default();
            let words = format!("Ada Morgan (ada@maple.example) sent {authorization} {}", heard.body());
            Some(answer(
                400,
                &[],
                &json!({ "error": "invalid", "error_description": words, "message": words }).to_string(),
            ))
        }
    })
    .await
}

/// S10: a token endpoint that repeats the assertion in its refusal.
#[tokio::test]
async fn a_token_endpoint_that_echoes_the_assertion_gives_nothing_away() {
    let place = Place::scripted(|_| {
        |heard: &Heard| {
            let words = format!("bad: {} {}", heard.body(), heard.field("client_assertion")?);
            Some(answer(400, &[], &json!({ "error": "invalid_client", "error_description": words }).to_string()))
        }
    })
    .await;
    let launch = place.launch().await;
    let answers = everything(&place, &launch).await;
    let secrets = secrets(&place);
    for answer in answers {
        assert_none("an answer", &answer.body, &secrets[5..]);
    }
    assert_logs_hold_none(&secrets);
}

/// S10: a token answer that cannot be used is not quoted.
#[tokio::test]
async fn a_token_answer_that_is_none_is_not_quoted() {
    let token = TOKEN.to_owned();
    for body in [
        json!({ "access_token": token, "token_type": "mac" }).to_string(),
        json!({ "access_token": [token] }).to_string(),
        json!({ "access_token": format!("{token} {token}") }).to_string(),
        format!("{{\"access_token\":\"{token}\""),
        token.clone(),
    ] {
        let place =
            Place::scripted(|_| move |heard: &Heard| (heard.target() == "/token").then(|| answer(200, &[], &body)))
                .await;
        let launch = place.launch().await;
        let answer = place.ask("GET", &launch, "line-items").await;
        assert_eq!(answer.status.as_u16(), 503, "{}", answer.body);
        assert_none("an answer", &answer.body, &[TOKEN.to_owned()]);
        assert_logs_hold_none(&[TOKEN.to_owned()]);
    }
}

/// S10: a roster of real people passes through and stays nowhere.
#[tokio::test]
async fn names_of_a_roster_are_in_no_log_and_no_table() {
    let tool = TestTool::start(&[]).await;
    let school = School::start(&tool, Profile::Plain).await;
    let launch = school.launch(&tool, STUDENT).await;
    let roster = tool.api("GET", &format!("/v1/launches/{launch}/memberships")).await;
    assert!(roster.body.contains("ada@maple.example") && roster.body.contains("Morgan"), "the App is told");
    let words: Vec<String> = users()
        .into_iter()
        .flat_map(|user| [user.email, user.family_name])
        .chain(["maple.example".to_owned()])
        .collect();
    for line in log_lines() {
        assert_none("a log line", &line.to_string(), &words);
    }
    for item in tool.items(SCORES_TABLE).await {
        assert_none("the scores table", &text_of(&item), &words);
    }
}

/// S10: what carries a secret prints none.
#[test]
fn what_holds_a_token_prints_none() {
    let token = doorway_lti::access_token::AccessToken::new(TOKEN.to_owned()).unwrap();
    assert_eq!(format!("{token:?}"), "[redacted]");
    let body = json!({ "access_token": TOKEN, "token_type": "Bearer" }).to_string();
    let grant = doorway_lti::access_token::Grant::parse(body.as_bytes()).unwrap();
    assert!(!format!("{grant:?}").contains(TOKEN));
}
