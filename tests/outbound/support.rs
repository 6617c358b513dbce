//! A Tool and a Platform whose services a test scripts, with every byte that the Tool sends.

use doorway_core::registration::Registration;
use doorway_lti::{claim, scope};
use doorway_mock_platform::find_user;
use doorway_tests::{Answer, FakePlatform, TestTool};
use http::StatusCode;
use serde_json::{Value, json};

use crate::listener::{Heard, Listener, Reply, answer};

/// The access token that the scripted Platform grants.
pub const TOKEN: &str = "aT-4f1c9e7b2d8a4c0e95d36b1f7a20c8e4";
/// The student who launches.
pub const STUDENT: &str = "52";
/// The scripted line item's path with its query, as at Moodle.
pub const LINE_ITEM: &str = "/li/9/lineitem?type_id=7";
/// The scripted container's.
pub const CONTAINER: &str = "/li?type_id=7";
/// The scripted roster's, as at Blackboard.
pub const ROSTER: &str = "/roster?groups=true";

/// A Tool, and a Platform whose token endpoint and services are a [`Listener`].
pub struct Place {
    pub tool: TestTool,
    pub platform: FakePlatform,
    pub lms: Listener,
    pub registration: Registration,
}

impl Place {
    /// With services that answer as they should.
    pub async fn start() -> Self {
        Self::scripted(|_| |_: &Heard| None).await
    }

    /// With services that answer by this script where it has an answer. It is told the services' origin.
    pub async fn scripted<F>(script: impl FnOnce(&str) -> F) -> Self
    where
        F: Fn(&Heard) -> Option<Reply> + Send + Sync + 'static,
    {
        let lms = Listener::start(|base| {
            let (script, base) = (script(base), base.to_owned());
            move |heard: &Heard| script(heard).unwrap_or_else(|| usual(&base, heard))
        })
        .await;
        let platform = FakePlatform::start("https://lms.example", "client-1").await;
        let mut registration = platform.registration();
        registration.token_endpoint = format!("{}/token", lms.base).parse().expect("an address makes a URL");
        let tool = TestTool::start(std::slice::from_ref(&registration)).await;
        Self { tool, platform, lms, registration }
    }

    /// Changes the Registration, and lets the time pass until every function knows.
    pub async fn change_registration(&mut self, change: impl FnOnce(&mut Registration)) {
        change(&mut self.registration);
        self.tool.parts.registrations().put(&self.registration).await.expect("the table takes a registration");
        self.tool.clock.advance(doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS + 1);
    }

    /// A redeemed launch of the student with all services.
    pub async fn launch(&self) -> String {
        self.launch_with(|_| {}).await
    }

    /// The same with claims that a test changes.
    pub async fn launch_with(&self, change: impl FnOnce(&mut Value)) -> String {
        let begun = self.tool.begin(&self.platform).await;
        let user = find_user(STUDENT).expect("the mock Platform knows the student");
        let mut claims = self.platform.claims(&begun.nonce(), self.tool.now(), &user).resource_link();
        self.grant(&mut claims);
        change(&mut claims);
        self.redeemed(&self.tool.post_token(&begun, &self.platform.key.id_token(&claims)).await).await
    }

    /// A redeemed deep-linking launch of the teacher, with settings that a test changes.
    pub async fn deep_linking(&self, change: impl FnOnce(&mut Value)) -> String {
        let begun = self.tool.begin(&self.platform).await;
        let teacher = doorway_tests::teacher();
        let mut claims = self.platform.claims(&begun.nonce(), self.tool.now(), &teacher).deep_linking();
        change(&mut claims[claim::DEEP_LINKING_SETTINGS]);
        self.redeemed(&self.tool.post_token(&begun, &self.platform.key.id_token(&claims)).await).await
    }

    async fn redeemed(&self, launched: &Answer) -> String {
        let id = launched.launch_id();
        assert_eq!(self.tool.redeem(&id).await.status, StatusCode::OK);
        id
    }

    fn grant(&self, claims: &mut Value) {
        let base = &self.lms.base;
        claims[claim::AGS_ENDPOINT] = json!({
            "scope": [scope::LINE_ITEM, scope::LINE_ITEM_READ_ONLY, scope::RESULT_READ_ONLY, scope::SCORE],
            "lineitems": format!("{base}{CONTAINER}"), "lineitem": format!("{base}{LINE_ITEM}"),
        });
        claims[claim::NRPS_SERVICE] =
            json!({ "context_memberships_url": format!("{base}{ROSTER}"), "service_versions": ["2.0"] });
    }

    /// Sends a score.
    pub async fn score(&self, launch: &str, score: &Value) -> Answer {
        self.tool.api_json("POST", &format!("/v1/launches/{launch}/scores"), score, &[]).await
    }

    /// Sends a score that is queued at once; its id.
    pub async fn queue_score(&self, launch: &str, score: &Value) -> String {
        let uri = format!("/v1/launches/{launch}/scores");
        let answer = self.tool.api_json("POST", &uri, score, &[("prefer", "respond-async")]).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        answer.json()["id"].as_str().expect("a score has an id").to_owned()
    }

    /// Calls the App API below a launch.
    pub async fn ask(&self, method: &str, launch: &str, rest: &str) -> Answer {
        self.tool.api(method, &format!("/v1/launches/{launch}/{rest}")).await
    }
}

/// Everything that the App can ask about a line item: method, path behind `line-items/{id}`, body.
pub fn line_item_calls() -> [(&'static str, &'static str, Option<Value>); 4] {
    [("GET", "", None), ("PUT", "", Some(json!({ "label": "Quiz" }))), ("DELETE", "", None), ("GET", "/results", None)]
}

/// A final score.
pub fn grade() -> Value {
    json!({
        "scoreGiven": 7.5, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    })
}

/// The id of a line item in paths of the App API.
pub fn line_item_id(url: &str) -> String {
    doorway_core::line_item_id::of(&url.parse().expect("the text is a URL"))
}

/// A good token answer.
pub fn token() -> Reply {
    token_answer(TOKEN)
}

/// A good token answer with this token.
pub fn token_answer(token: &str) -> Reply {
    let body = json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600 });
    answer(200, &[("content-type", "application/json")], &body.to_string())
}

/// The line item as the Platform describes it.
pub fn line_item(base: &str) -> Value {
    json!({ "id": format!("{base}{LINE_ITEM}"), "label": "Quiz", "scoreMaximum": 10, "resourceLinkId": "link-1201" })
}

/// A page of the roster.
pub fn roster() -> Value {
    json!({
        "id": "roster", "context": { "id": "course-7" },
        "members": [{ "user_id": STUDENT, "roles": ["Learner"], "status": "Active" }],
    })
}

/// What a Platform answers that is in order.
fn usual(base: &str, heard: &Heard) -> Reply {
    let path = heard.target().split('?').next().unwrap_or_default();
    match (heard.method(), path) {
        ("POST", "/token") => token(),
        ("POST", "/li/9/lineitem/scores") => answer(204, &[], ""),
        ("GET", "/li/9/lineitem/results") => {
            let results =
                json!([{ "id": format!("{base}/r/1"), "userId": STUDENT, "resultScore": 7.5, "resultMaximum": 10 }]);
            answer(200, &[], &results.to_string())
        }
        ("GET", "/li") => answer(200, &[], &json!([line_item(base)]).to_string()),
        ("POST", "/li") => answer(201, &[], &line_item(base).to_string()),
        ("GET" | "PUT", "/li/9/lineitem") => answer(200, &[], &line_item(base).to_string()),
        ("DELETE", "/li/9/lineitem") => answer(204, &[], ""),
        ("GET", "/roster") => answer(200, &[], &roster().to_string()),
        _ => answer(404, &[], ""),
    }
}

/// The claims of a JWT, its signature unread.
pub fn claims_of(jwt: &str) -> Value {
    part(jwt, 1)
}

/// The header of a JWT.
pub fn header_of(jwt: &str) -> Value {
    part(jwt, 0)
}

fn part(jwt: &str, number: usize) -> Value {
    let part = jwt.split('.').nth(number).expect("a JWT has three parts");
    serde_json::from_slice(&doorway_tests::forge::unbase64url(part)).expect("a part is JSON")
}
