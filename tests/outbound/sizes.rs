//! S5: no answer is too large or too slow for the Tool: it reads so much, waits so long, and gives up.

use std::time::{Duration, Instant};

use doorway_tests::Answer;
use serde_json::{Value, json};

use crate::listener::{Heard, Reply, answer, open_head};
use crate::support::{LINE_ITEM, Place, TOKEN, grade, line_item_id, roster};

/// The longest token answer that is read, in bytes.
const TOKEN_BYTES: usize = 64 * 1024;
/// The longest page of a service that is read, in bytes.
const PAGE_BYTES: usize = 10 * 1024 * 1024;
/// The longest page of which an answer to the App is made, in bytes.
const ANSWER_BYTES: usize = 5 * 1024 * 1024;
/// The longest answer that Lambda lets through, in bytes.
const LAMBDA_BYTES: usize = 6_000_000;
/// What may lie in the buffers of two sockets when the Tool has given up, in bytes: systems make them as large as
/// they like, but a body without end is larger.
const IN_FLIGHT: usize = 100 * 1024 * 1024;
/// How long a call of the App may take: afterwards the function itself would give up.
const PATIENCE: Duration = Duration::from_secs(27);

/// A Platform that answers at this path with what `reply` makes.
async fn answering(path: &'static str, reply: impl Fn() -> Reply + Send + Sync + 'static) -> (Place, String) {
    let place = Place::scripted(|_| move |heard: &Heard| heard.target().starts_with(path).then(&reply)).await;
    let launch = place.launch().await;
    (place, launch)
}

/// What the App asks of a service.
async fn ask(place: &Place, launch: &str, call: &str) -> Answer {
    let id = line_item_id(&format!("{}{LINE_ITEM}", place.lms.base));
    match call {
        "score" => place.score(launch, &grade()).await,
        call => place.ask("GET", launch, &call.replace("{lineItem}", &id)).await,
    }
}

fn unavailable(case: &str, answer: &Answer) {
    let told = (answer.status.as_u16(), answer.code());
    assert_eq!(told, (503, "platform_unavailable".to_owned()), "{case}: {}", answer.body);
    assert!(!answer.header("retry-after").is_empty(), "{case}");
}

/// The calls, the path of each at the Platform, and how much of an answer is read.
const CALLS: [(&str, &str, usize); 5] = [
    ("line-items", "/token", TOKEN_BYTES),
    ("line-items", "/li?", PAGE_BYTES),
    ("line-items/{lineItem}", "/li/9/lineitem?", PAGE_BYTES),
    ("line-items/{lineItem}/results", "/li/9/lineitem/results", PAGE_BYTES),
    ("memberships", "/roster", PAGE_BYTES),
];

/// S5: an answer without end is read up to its limit.
#[tokio::test]
async fn a_body_without_end_is_read_up_to_its_limit() {
    for (call, path, limit) in CALLS {
        let (place, launch) = answering(path, || Reply::Endless(open_head(200, &[]))).await;
        let answer = ask(&place, &launch, call).await;
        unavailable(path, &answer);
        let reason = answer.log_line()["rejection.reason"].to_string();
        assert!(reason.contains(&format!("longer than {limit} bytes")), "{path}: {reason}");
        let sent = place.lms.sent();
        assert!(sent <= limit + IN_FLIGHT, "{path}: {sent} bytes");
        assert_eq!(place.lms.heard_at(path).len(), 1, "{path}");
    }
}

/// S5: a score whose answer has no end may have arrived: it is not lost, but queued.
#[tokio::test]
async fn a_score_whose_answer_has_no_end_is_queued() {
    for path in ["/token", "/li/9/lineitem/scores"] {
        let (place, launch) = answering(path, || Reply::Endless(open_head(200, &[]))).await;
        let answer = ask(&place, &launch, "score").await;
        assert_eq!((answer.status.as_u16(), &answer.json()["state"]), (202, &json!("queued")), "{path}");
        assert!(place.lms.sent() <= 1024 * 1024 + IN_FLIGHT, "{path}");
    }
}

/// S5: a length that is announced is not believed more than one that comes.
#[tokio::test]
async fn an_announced_length_beyond_the_limit_is_not_waited_for() {
    for (call, path, _) in CALLS {
        let head = || open_head(200, &[("content-length", "1000000000000")]);
        let (place, launch) = answering(path, move || Reply::Endless(head())).await;
        unavailable(path, &ask(&place, &launch, call).await);
    }
}

/// S5: a Platform that begins to answer and stops, and one that drips, are given up in time. (Real seconds: the time in
/// which a request is given up is the client's.)
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_is_given_up() {
    let stalled = || Reply::Stalled(open_head(200, &[("content-length", "100")]));
    let headless = || Reply::Stalled(b"HTTP/1.1 200 OK\r\n".to_vec());
    let dripping = || Reply::Dripping(open_head(200, &[]));
    let mute = || Reply::Stalled(Vec::new());
    tokio::join!(
        slow("line-items", "/token", stalled),
        slow("line-items", "/token", dripping),
        slow("line-items", "/li?", headless),
        slow("line-items/{lineItem}/results", "/li/9/lineitem/results", dripping),
        slow("memberships", "/roster", dripping),
        slow("memberships", "/roster", mute),
        slow_score("/token", mute),
        slow_score("/li/9/lineitem/scores", dripping),
    );
}

async fn slow(call: &'static str, path: &'static str, reply: impl Fn() -> Reply + Send + Sync + 'static) {
    let (place, launch) = answering(path, reply).await;
    let began = Instant::now();
    unavailable(path, &ask(&place, &launch, call).await);
    assert!(began.elapsed() < PATIENCE, "{path}: {:?}", began.elapsed());
    assert_eq!(place.lms.heard_at(path).len(), 1, "{path}: a slow Platform is not asked again");
}

/// Nobody knows whether such a score arrived: it is queued.
async fn slow_score(path: &'static str, reply: impl Fn() -> Reply + Send + Sync + 'static) {
    let (place, launch) = answering(path, reply).await;
    let answer = ask(&place, &launch, "score").await;
    assert_eq!((answer.status.as_u16(), &answer.json()["state"]), (202, &json!("queued")), "{path}");
}

fn token_of_length(bytes: usize) -> String {
    let token = json!({ "access_token": TOKEN, "token_type": "Bearer" }).to_string();
    format!("{token}{}", " ".repeat(bytes - token.len()))
}

/// S5: a token answer has 64 KiB at most.
#[tokio::test]
async fn a_token_answer_is_read_up_to_sixty_four_kibibytes() {
    let (place, launch) = answering("/token", || answer(200, &[], &token_of_length(TOKEN_BYTES))).await;
    assert_eq!(ask(&place, &launch, "line-items").await.status.as_u16(), 200);
    let (place, launch) = answering("/token", || answer(200, &[], &token_of_length(TOKEN_BYTES + 1))).await;
    unavailable("a byte more", &ask(&place, &launch, "line-items").await);
    assert_eq!(place.lms.heard().len(), 1, "without a token nothing is asked");
}

fn roster_of_length(bytes: usize) -> String {
    let page = roster().to_string();
    format!("{page}{}", " ".repeat(bytes - page.len()))
}

/// S5: a page of the roster has ten mebibytes at most, and one that is too large for an answer to the App is told of
/// with what to do; a part of it is no roster.
#[tokio::test]
async fn a_roster_page_is_read_up_to_a_limit() {
    for (bytes, status, code) in [
        (ANSWER_BYTES, 200, ""),
        (ANSWER_BYTES + 1, 400, "query_invalid"),
        (PAGE_BYTES, 400, "query_invalid"),
        (PAGE_BYTES + 1, 503, "platform_unavailable"),
    ] {
        let (place, launch) = answering("/roster", move || answer(200, &[], &roster_of_length(bytes))).await;
        let answer = ask(&place, &launch, "memberships").await;
        assert_eq!(answer.status.as_u16(), status, "{bytes}: {}", answer.body);
        match status {
            200 => assert_eq!(answer.json()["complete"], json!(true), "{bytes}"),
            400 => assert_eq!(answer.json()["parameter"], json!("limit"), "{bytes}: {code}"),
            _ => unavailable("beyond what is read", &answer),
        }
    }
}

/// S5: nor do several pages together make an answer that Lambda would refuse.
#[tokio::test]
async fn a_later_page_does_not_make_an_answer_too_large() {
    let member = |n: usize| json!({ "user_id": n.to_string(), "roles": ["Learner"], "name": "x".repeat(2_000) });
    let large = json!({ "members": (0..4_000).map(member).collect::<Vec<Value>>() }).to_string();
    let place = Place::scripted(|_| {
        move |heard: &Heard| match heard.target() {
            "/roster?groups=true" => {
                Some(answer(200, &[("link", "</roster?page=2>; rel=\"next\"")], &roster().to_string()))
            }
            "/roster?page=2" => Some(answer(200, &[], &large)),
            _ => None,
        }
    })
    .await;
    let launch = place.launch().await;
    let answer = ask(&place, &launch, "memberships").await;
    assert!(answer.body.len() < LAMBDA_BYTES, "{} bytes with status {}", answer.body.len(), answer.status);
    if answer.status.as_u16() == 200 {
        let json = answer.json();
        assert_eq!((json["complete"].clone(), json["next"].is_string()), (json!(false), true), "it is not the whole");
    }
}

/// S5: a roster of many small members ends where an answer to the App is full.
#[tokio::test]
async fn a_huge_roster_is_handed_out_in_parts() {
    let (place, launch) = answering("/roster", || {
        let members: Vec<Value> =
            (0..6_000).map(|n| json!({ "user_id": n.to_string(), "roles": ["Learner"] })).collect();
        let body = json!({ "id": "x", "context": { "id": "c" }, "members": members });
        answer(200, &[("link", "</roster?from=1>; rel=\"next\"")], &body.to_string())
    })
    .await;
    let part = ask(&place, &launch, "memberships").await;
    assert_eq!(part.status.as_u16(), 200, "{}", part.body.get(..200).unwrap_or_default());
    let part = part.json();
    assert_eq!((part["complete"].clone(), part["next"].is_string()), (json!(false), true));
    assert_eq!(place.lms.heard_at("/roster").len(), 1, "the page in which it is full is the last");
}

/// S5: JSON that is deep or has countless values costs no stack and no memory to speak of.
#[tokio::test]
async fn json_that_is_a_bomb_is_refused() {
    let deep = || format!("{{\"members\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    let wide = || format!("{{\"members\":[{}0]}}", "0,".repeat(2_000_000));
    let twice = || r#"{"members":[],"members":[{"user_id":"1"}]}"#.to_owned();
    for (case, body) in [("deep", deep()), ("wide", wide()), ("twice", twice())] {
        let (place, launch) = answering("/roster", move || answer(200, &[], &body)).await;
        unavailable(case, &ask(&place, &launch, "memberships").await);
    }
    for path in ["/li?", "/li/9/lineitem/results"] {
        let call = if path == "/li?" { "line-items" } else { "line-items/{lineItem}/results" };
        let body = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        let (place, launch) = answering(path, move || answer(200, &[], &body)).await;
        let answer = ask(&place, &launch, call).await;
        assert!([200, 503].contains(&answer.status.as_u16()), "{path}: {}", answer.body);
        assert!(!answer.body.contains("[["), "{path}");
    }
}

/// S5: compression is not offered, and what is compressed all the same is not unpacked: no bomb can go off.
#[tokio::test]
async fn what_is_compressed_is_not_unpacked() {
    for encoding in ["gzip", "deflate", "br", "zstd"] {
        for (call, path) in [("memberships", "/roster"), ("line-items", "/token")] {
            let plain = if path == "/token" { token_of_length(100) } else { roster().to_string() };
            let body = if encoding == "gzip" { gzip(plain.as_bytes()) } else { vec![0x78, 0x9c, 1, 2, 3] };
            let (place, launch) = answering(path, move || {
                let length = body.len().to_string();
                let mut bytes = open_head(200, &[("content-encoding", encoding), ("content-length", &length)]);
                bytes.extend_from_slice(&body);
                Reply::Bytes(bytes)
            })
            .await;
            unavailable(encoding, &ask(&place, &launch, call).await);
            for heard in place.lms.heard() {
                assert_eq!(heard.header("accept-encoding"), None, "{}", heard.target());
                assert_eq!(heard.header("te"), None, "{}", heard.target());
            }
        }
    }
}

/// These bytes as gzip, stored as they are: valid for whoever unpacks it (RFC 1951 §3.2.4, RFC 1952).
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("one block is enough");
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1];
    packed.extend_from_slice(&length.to_le_bytes());
    packed.extend_from_slice(&(!length).to_le_bytes());
    packed.extend_from_slice(bytes);
    packed.extend_from_slice(&crc32(bytes).to_le_bytes());
    packed.extend_from_slice(&u32::from(length).to_le_bytes());
    packed
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// The checksum of RFC 1952 as its catalogues give it, so that the test above tests what it says.
#[test]
fn the_checksum_is_the_one_of_gzip() {
    assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
}
