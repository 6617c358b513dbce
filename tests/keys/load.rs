//! Rotation and revocation under a running load of launches, deep links and scores: not one fails.
//!
//! Several instances of every function, each with what it read, and when; and two kinds of Platforms: one that asks for
//! the Tool's keys at every signature, and one that asks once a day and heeds nothing.

use axum::body::Body;
use doorway_core::app_keys::AppKeyRing;
use doorway_core::key_life::{KeyKind, LEAST_PERIOD_SECONDS};
use doorway_core::key_ring::{Done, Step};
use doorway_core::random::SystemRandom;
use doorway_core::secret::{SECRET_CACHE_SECONDS, SECRET_REREAD_SECONDS, SecretSource};
use doorway_core::secret_store::{SecretStore, VersionId};
use doorway_mock_platform::Profile;
use doorway_tests::forge::unbase64url;
use doorway_tests::{Begun, School, TestTool, begun};
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::Url;

use crate::world::token;

const BEN: &str = "52";
/// The mock Platform's tokens are good for an hour.
const TOKEN_SECONDS: u64 = 3600;
/// How many instances of each function there are.
const INSTANCES: usize = 3;

/// When a Platform asks for the Tool's keys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    AtEverySignature,
    OnceADay,
}

struct Customer {
    school: School,
    asks: Asks,
    asked_at: u64,
}

/// A Tool with several instances, its customers, and a count of what was done.
struct Load {
    instances: Vec<TestTool>,
    customers: Vec<Customer>,
    rounds: usize,
    done: usize,
    rotations: usize,
}

impl Load {
    async fn start() -> Self {
        let tool = TestTool::start(&[]).await;
        tool.parts.tool_keys().publish(&tool.public_keys()).await.expect("the table takes items");
        let mut customers = Vec::new();
        for asks in [Asks::AtEverySignature, Asks::OnceADay] {
            let school = School::start(&tool, Profile::Plain).await;
            customers.push(Customer { school, asks, asked_at: 0 });
        }
        let twins: Vec<TestTool> = (1..INSTANCES).map(|_| tool.twin()).collect();
        let instances = std::iter::once(tool).chain(twins).collect();
        let mut load = Self { instances, customers, rounds: 0, done: 0, rotations: 0 };
        // Somebody must note since when the next keys have been in use: a rotation that comes too soon does.
        load.rotate().await;
        load
    }

    fn tool(&self) -> &TestTool {
        &self.instances[0]
    }

    fn pass(&self, seconds: u64) {
        self.tool().clock.advance(seconds);
    }

    /// A Platform is about to verify a signature.
    async fn platform_looks(&mut self, customer: usize) {
        let now = self.tool().now();
        let known = &self.customers[customer];
        if known.asks == Asks::AtEverySignature || now >= known.asked_at + LEAST_PERIOD_SECONDS {
            let published = self.tool().get("/.well-known/jwks.json").await;
            assert_eq!(published.status.as_u16(), 200, "{}", published.body);
            self.customers[customer].school.platform.set_tool_jwks(published.json());
            self.customers[customer].asked_at = now;
        }
    }

    /// A launch, by one instance and another; a line item; a deep link that the Platform takes; a score that it takes.
    async fn round(&mut self) {
        for customer in 0..self.customers.len() {
            self.launch_and_score(customer).await;
            self.deep_link(customer).await;
        }
        self.rounds += 1;
    }

    async fn launch(&mut self, customer: usize, link: &str, user: &str) -> String {
        let (login, launch) = (self.rounds % INSTANCES, (self.rounds + 1) % INSTANCES);
        let school = &self.customers[customer].school;
        let begun = login_at(&self.instances[login], school).await;
        self.done += 1;
        finish_at(&self.instances[launch], school, &begun, link, user).await
    }

    async fn launch_and_score(&mut self, customer: usize) {
        let launch = self.launch(customer, "video", BEN).await;
        self.platform_looks(customer).await;
        let instance = &self.instances[(self.rounds + 2) % INSTANCES];
        let columns = instance.api("GET", &format!("/v1/launches/{launch}/line-items")).await;
        assert_eq!(columns.status.as_u16(), 200, "{}", columns.body);
        self.platform_looks(customer).await;
        self.score(customer, &launch, (self.rounds + 2) % INSTANCES).await;
    }

    async fn score(&mut self, customer: usize, launch: &str, instance: usize) {
        self.platform_looks(customer).await;
        // Two scores of one learner at the very same instant would wait for each other.
        self.tool().clock.advance_millis(10);
        let score = json!({ "scoreGiven": 7, "scoreMaximum": 10, "activityProgress": "Completed",
                            "gradingProgress": "FullyGraded", "userId": BEN });
        let url = format!("/v1/launches/{launch}/scores");
        let answer = self.instances[instance].api_json("POST", &url, &score, &[]).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
        assert_eq!(answer.json()["state"], "delivered", "{}", answer.body);
        self.done += 1;
    }

    async fn deep_link(&mut self, customer: usize) {
        for instance in 0..INSTANCES {
            self.deep_link_at(customer, instance).await;
        }
    }

    /// The id of the key that signed.
    async fn deep_link_at(&mut self, customer: usize, instance: usize) -> String {
        let launch = self.launch(customer, "choose-content", "41").await;
        let choice = json!({ "contentItems": [{ "type": "ltiResourceLink", "url": "https://app.example/lessons/9" }] });
        let url = format!("/v1/launches/{launch}/deep-link");
        let answer = self.instances[instance].api_json("POST", &url, &choice, &[]).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
        self.platform_looks(customer).await;
        hand_over(&self.customers[customer].school, &answer.json()).await;
        self.done += 1;
        let answer = answer.json();
        let header = answer["jwt"].as_str().and_then(|jwt| jwt.split('.').next()).expect("a JWT has a header");
        let header: Value = serde_json::from_slice(&unbase64url(header)).expect("the header is JSON");
        header["kid"].as_str().expect("the header has a key id").to_owned()
    }

    async fn step(&self, kind: KeyKind, step: Step) -> Done {
        let version = VersionId::try_from(token(self.rotations).as_str()).expect("that is an id");
        let done = self.tool().parts.key_ring(kind).step(step, &version).await;
        done.unwrap_or_else(|error| panic!("{kind} {step:?}: {error}"))
    }

    /// A whole rotation of all keys, without load.
    async fn rotate(&mut self) {
        self.rotations += 1;
        for kind in [KeyKind::Signing, KeyKind::State] {
            for step in Step::ALL {
                self.step(kind, step).await;
            }
        }
    }

    async fn current(&self, kind: KeyKind) -> String {
        self.tool().parts.key_ring(kind).keys().await.expect("there are keys").current.id
    }
}

async fn login_at(tool: &TestTool, school: &School) -> Begun {
    let fields = [
        ("iss", school.issuer.as_str()),
        ("login_hint", "hint-1"),
        ("target_link_uri", "https://app.example/lesson/7"),
        ("client_id", school.registration().client_id.as_str()),
    ];
    begun(&tool.post("/lti/login", &fields, &[]).await)
}

/// The rest of a launch, redeemed; its id.
async fn finish_at(tool: &TestTool, school: &School, begun: &Begun, link: &str, user: &str) -> String {
    let user = doorway_mock_platform::find_user(user).expect("the mock Platform knows the user");
    let claims = school.platform.claims_of(link, &user, &begun.nonce()).expect("the course has the link");
    let id = tool.post_token(begun, &school.platform.key().id_token(&claims)).await.launch_id();
    assert_eq!(tool.redeem(&id).await.status.as_u16(), 200);
    id
}

/// The browser posts a deep-linking response to the Platform, which verifies and takes it.
async fn hand_over(school: &School, answer: &Value) {
    let text = |name: &str| answer[name].as_str().expect("the answer is complete").to_owned();
    let return_url = Url::parse(&text("returnUrl")).expect("a URL");
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("JWT", &text("jwt")).finish();
    let request = Request::post(&return_url[url::Position::BeforePath..])
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form));
    let router = doorway_mock_platform::router(school.platform.clone());
    let response = router.oneshot(request.expect("a request")).await.expect("routers do not fail");
    assert_eq!(response.status().as_u16(), 200, "the Platform takes the response");
}

#[tokio::test]
async fn rotations_under_load_fail_nothing() {
    let mut load = Load::start().await;
    let first = [load.current(KeyKind::Signing).await, load.current(KeyKind::State).await];
    load.round().await;
    for _ in 0..3 {
        load.pass(LEAST_PERIOD_SECONDS);
        load.round().await;
        load.rotations += 1;
        for step in Step::ALL {
            for kind in [KeyKind::Signing, KeyKind::State] {
                // Tokens have ended, so that every round signs; what was read is fresh for some and old for others.
                load.pass(TOKEN_SECONDS / 4);
                load.step(kind, step).await;
                load.round().await;
            }
        }
        for seconds in [0, 1, SECRET_CACHE_SECONDS - 1, 1, TOKEN_SECONDS] {
            load.pass(seconds);
            load.round().await;
        }
    }
    let last = [load.current(KeyKind::Signing).await, load.current(KeyKind::State).await];
    assert!(first[0] != last[0] && first[1] != last[1], "the keys were rotated");
    assert!(load.done > 500, "{}", load.done);
}

/// Logins that began by one key are finished after the rotation, by instances that know, and by those that do not yet.
#[tokio::test]
async fn logins_under_way_survive_a_rotation_between_any_two_instances() {
    let mut load = Load::start().await;
    load.pass(LEAST_PERIOD_SECONDS);
    // All instances have read the secret in this very second.
    load.round().await;
    load.round().await;
    load.round().await;
    let mut under_way = Vec::new();
    for instance in 0..INSTANCES {
        under_way.push(login_at(&load.instances[instance], &load.customers[0].school).await);
    }
    load.rotate().await;
    // One that starts now knows the new key and seals with it; nobody else has read it.
    let fresh = load.tool().twin();
    under_way.push(login_at(&fresh, &load.customers[0].school).await);
    for (number, begun) in under_way.iter().enumerate() {
        let launch = &load.instances[(number + 1) % INSTANCES];
        finish_at(launch, &load.customers[0].school, begun, "video", BEN).await;
    }
}

#[tokio::test]
async fn an_emergency_revocation_under_load_fails_nothing_that_comes_after() {
    let mut load = Load::start().await;
    load.pass(LEAST_PERIOD_SECONDS);
    load.round().await;
    for _ in 0..2 {
        load.pass(TOKEN_SECONDS);
        // Every instance reads the keys now, and would sign with them for five more minutes.
        for customer in 0..load.customers.len() {
            load.deep_link(customer).await;
        }
        let mut launches = Vec::new();
        for customer in 0..load.customers.len() {
            for instance in 0..INSTANCES {
                let launch = load.launch(customer, "video", BEN).await;
                load.platform_looks(customer).await;
                let columns = load.instances[instance].api("GET", &format!("/v1/launches/{launch}/line-items")).await;
                assert_eq!(columns.status.as_u16(), 200, "{}", columns.body);
                launches.push((customer, instance, launch));
            }
        }
        let revoked = load.current(KeyKind::Signing).await;
        load.tool().parts.key_ring(KeyKind::Signing).revoke(&revoked).await.expect("the key is revoked");
        let published = load.tool().get("/.well-known/jwks.json").await;
        assert!(!published.body.contains(&revoked), "gone at once");

        // In the same second, by instances that have read the secret a moment ago.
        for (customer, instance, launch) in launches {
            assert_ne!(load.deep_link_at(customer, instance).await, revoked, "a revoked key signs no more");
            load.score(customer, &launch, instance).await;
        }
        for seconds in [1, SECRET_CACHE_SECONDS - 1, 1, TOKEN_SECONDS, LEAST_PERIOD_SECONDS] {
            load.pass(seconds);
            load.round().await;
        }
        load.rotate().await;
        load.round().await;
        load.pass(LEAST_PERIOD_SECONDS);
        load.round().await;
    }
}

/// Rounds and rotation at the same time, in whatever order the machine runs them.
#[tokio::test]
async fn a_rotation_and_a_revocation_beside_a_load_at_the_same_time_fail_nothing() {
    let mut load = Load::start().await;
    load.pass(LEAST_PERIOD_SECONDS);
    load.round().await;
    load.pass(TOKEN_SECONDS);
    let parts = load.tool().parts.clone();
    let change = tokio::spawn(async move {
        let ring = parts.key_ring(KeyKind::Signing);
        let version = VersionId::try_from(token(77).as_str()).expect("that is an id");
        for step in Step::ALL {
            ring.step(step, &version).await.expect("the step is taken");
        }
        let state = parts.key_ring(KeyKind::State);
        for step in Step::ALL {
            state.step(step, &version).await.expect("the step is taken");
        }
        let previous = ring.keys().await.expect("there are keys").previous.expect("it was rotated").id;
        ring.revoke(&previous).await.expect("the key is revoked");
    });
    while !change.is_finished() {
        load.round().await;
    }
    change.await.expect("rotation and revocation are done");
    load.round().await;
}

#[tokio::test]
async fn one_app_key_replaces_another_under_load() {
    let load = Load::start().await;
    let tool = load.tool();
    let store = SecretStore::of(SecretSource::File(tool.parts.app_keys.clone()));
    let ring = AppKeyRing::new(store, tool.clock.clone(), std::sync::Arc::new(SystemRandom));
    let old = ring.list().await.expect("there is a list");
    let school = &load.customers[0].school;
    let launches = [school.launch(tool, BEN).await, school.launch(tool, BEN).await, school.launch(tool, BEN).await];
    let made = ring.create().await.expect("a key is made");
    load.pass(SECRET_REREAD_SECONDS);
    for (instance, launch) in load.instances.iter().zip(&launches) {
        for (key, status) in [(doorway_tests::APP_KEY, 200), (made.key.as_str(), 200), ("dwk_wrong", 401)] {
            assert_eq!(read_with(instance, launch, key).await, status, "both are valid, and no other");
        }
    }
    ring.revoke(&old[0].id).await.expect("the old key is revoked");
    load.pass(SECRET_CACHE_SECONDS);
    for (instance, launch) in load.instances.iter().zip(&launches) {
        assert_eq!(read_with(instance, launch, &made.key).await, 200);
        assert_eq!(read_with(instance, launch, doorway_tests::APP_KEY).await, 401);
    }
}

async fn read_with(tool: &TestTool, launch: &str, key: &str) -> u16 {
    let request = Request::get(format!("/v1/launches/{launch}")).header(AUTHORIZATION, format!("Bearer {key}"));
    tool.send(request.body(Body::empty()).expect("a request")).await.status.as_u16()
}
