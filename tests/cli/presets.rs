//! From nothing to a working launch with every preset: the command registers the Platform by its address and client id, the
//! Platform stands at its product's addresses, and a person clicks there. Then a score and the roster pass, so that token
//! endpoint, audience and service origins are right too.

use std::sync::{Arc, LazyLock};

use axum::Router;
use doorway_core::clock::Clock as _;
use doorway_core::presets::PRESETS;
use doorway_core::registration::PlatformTransport;
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_local::tool::Reach;
use doorway_mock_platform::{Platform, PlatformConfig, PlatformKey, Product, ServicesConfig};
use doorway_tests::{Answer, Browser, Internet, Setup, TestTool};
use serde_json::{Value, json};
use url::Url;

use crate::support::Cli;

const TEACHER: &str = "41";
const LEARNER: &str = "52";
/// The members of a Registration by which Platforms are found.
const MEMBERS: [&str; 5] = ["authorizationEndpoint", "jwksUri", "tokenEndpoint", "tokenAudience", "serviceOrigins"];
/// Longer than any access token is good.
const HOURS: u64 = 2 * 3600;

/// A Tool that knows no Platform, a product at its own addresses, and the operator's command line.
struct Customer {
    product: &'static Product,
    tool: TestTool,
    platform: Arc<Platform>,
    internet: Internet,
    cli: Cli,
}

/// How far somebody got who clicks.
#[derive(Debug, PartialEq, Eq)]
enum Reached {
    /// No launch: the page's status and code, or where the browser stayed.
    NoLaunch(String),
    /// A launch, and a score that was refused.
    NoScore(String),
    /// A launch and a score, and no roster.
    NoRoster(String),
    /// All of it.
    Everything,
}

impl Customer {
    /// With nothing registered.
    async fn of(product: &'static Product) -> Self {
        let internet = Internet::start().await;
        let setup = Setup {
            reach: Reach::Detour(PlatformTransport::HttpsOnly, Arc::new(internet.clone())),
            ..Setup::default()
        };
        let tool = TestTool::start_with(setup, &[]).await;
        let clock = tool.clock.clone();
        let config = PlatformConfig {
            issuer: product.issuer.to_owned(),
            product: Some(product),
            sso_base: None,
            client_id: product.client_id.to_owned(),
            deployment_id: product.deployment_id.to_owned(),
            initiate_login_uri: "https://tool.example/lti/login".to_owned(),
            redirect_uri: "https://tool.example/lti/launch".to_owned(),
            target_link_uri: "https://app.example/start".to_owned(),
            tool_jwks_uri: "https://tool.example/.well-known/jwks.json".to_owned(),
            tool_name: "Lumen".to_owned(),
            services: ServicesConfig { profile: product.profile, ..ServicesConfig::default() },
            clock: Arc::new(move || clock.now().0),
        };
        let platform = Arc::new(Platform::new(config, PlatformKey::generate()));
        platform.set_tool_jwks(tool.public_keys());
        for host in product.hosts() {
            internet.put(&host, doorway_mock_platform::router_of(platform.clone()));
        }
        internet.put("tool.example", tool.router());
        internet.put("app.example", Router::new().fallback(|| async { "Lumen" }));
        let cli = Cli::of(&tool).await;
        Self { product, tool, platform, internet, cli }
    }

    /// The command that an operator types, by what the institution says.
    fn add(&self) -> String {
        let Product { name, institution, client_id, .. } = self.product;
        let more = match *name {
            "sakai" => " --tool-id 12",
            "openedx" => " --block-id 6f0c2f1f-7b1e-4c55-9a42-2d1f0b3c6a6e",
            _ => "",
        };
        format!("platform add {name} {institution} --client-id {client_id}{more}")
    }

    fn key(&self) -> String {
        format!("{} {}", self.product.issuer, self.product.client_id)
    }

    /// A teacher signs in, clicks a link, and the App gives a learner a grade and asks for the roster.
    async fn try_everything(&self) -> Reached {
        let (institution, deployment) = (self.product.institution, self.product.deployment_id);
        let base = Url::parse(institution).expect("the institution's address is a URL");
        let mut browser = Browser::of_many_hosts(self.internet.router(), base);
        browser.post(&format!("{institution}/login"), &[("user".to_owned(), TEACHER.to_owned())]).await;
        let page = browser.click(&format!("{institution}/launch/video")).await;
        let Some((_, id)) = page.url.query_pairs().find(|(name, _)| name == "launch") else {
            return Reached::NoLaunch(format!("{} {} {}", page.url, page.answer.status, page.answer.body));
        };
        assert_eq!(page.url.host_str(), Some("app.example"));
        let launch = self.tool.redeem(&id).await.json();
        assert_eq!(launch["platform"]["issuer"], self.product.issuer, "{launch}");
        assert_eq!(launch["platform"]["deploymentId"], deployment, "{launch}");
        let scored = self.score(&id).await;
        if scored.status != 200 {
            return Reached::NoScore(scored.code());
        }
        let roster = self.tool.api("GET", &format!("/v1/launches/{id}/memberships")).await;
        if roster.status != 200 {
            return Reached::NoRoster(roster.code());
        }
        let roster = roster.json();
        let members = roster["members"].as_array().expect("a roster has members");
        assert!(members.iter().any(|member| member["userId"] == LEARNER), "{roster}");
        Reached::Everything
    }

    async fn score(&self, launch: &str) -> Answer {
        let score = json!({
            "scoreGiven": 8, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
            "userId": LEARNER,
        });
        let key = format!("at-{}", self.tool.now());
        let path = format!("/v1/launches/{launch}/scores");
        self.tool.api_json("POST", &path, &score, &[("idempotency-key", &key)]).await
    }

    /// Where Deployments wait, nobody gets in before the operator agreed.
    async fn agree(&self) {
        let Reached::NoLaunch(page) = self.try_everything().await else { panic!("nobody agreed to the Deployment") };
        assert!(page.contains("deployment_pending"), "{page}");
        let waiting = self.cli.done(&format!("deployment list {}", self.key())).await;
        assert_eq!(waiting["deployments"][0]["id"], self.product.deployment_id);
        self.cli.done(&format!("deployment activate {} {}", self.key(), self.product.deployment_id)).await;
        self.forget();
    }

    /// What the Tool keeps of Registrations, Deployments and access tokens is out of date.
    fn forget(&self) {
        self.tool.clock.advance(REGISTRATION_CACHE_SECONDS.max(HOURS));
    }

    /// Changes one member of what is registered.
    async fn set(&self, member: &str, value: &str) {
        self.cli.done(&format!("platform set {} {member}={value}", self.key())).await;
        self.forget();
    }
}

/// From nothing to a grade and a roster. Then one member of what the preset made is changed at a time, and the way ends
/// where that member is needed: nothing passed by accident.
async fn assert_leads_to_a_grade(preset: &str) {
    let customer = Customer::of(Product::named(preset).expect("the mock Platform knows the product")).await;
    assert!(matches!(customer.try_everything().await, Reached::NoLaunch(_)), "{preset} is registered already");
    let added = customer.cli.done(&customer.add()).await["registration"].clone();
    customer.forget();
    if added["deployments"] == "pending" {
        customer.agree().await;
    }
    assert_eq!(customer.try_everything().await, Reached::Everything, "{preset}");
    let scores = customer.platform.gradebook().applied_scores();
    assert_eq!((scores.len(), scores[0].user_id.as_str()), (1, LEARNER), "{preset}");
    for (member, right, wrong) in MEMBERS.iter().filter_map(|member| spoiled(&added, member)) {
        customer.set(member, &wrong).await;
        let reached = customer.try_everything().await;
        let is_there = match member {
            "authorizationEndpoint" | "jwksUri" => matches!(reached, Reached::NoLaunch(_)),
            _ => matches!(reached, Reached::NoScore(_)),
        };
        assert!(is_there, "{preset}: {member}={wrong}: {reached:?}");
        customer.set(member, &right).await;
    }
    assert_eq!(customer.try_everything().await, Reached::Everything, "{preset}, mended");
}

#[tokio::test]
async fn with_the_preset_of_canvas_there_is_a_way_from_nothing_to_a_grade() {
    assert_leads_to_a_grade("canvas").await;
}

#[tokio::test]
async fn with_the_preset_of_canvas_beta_there_is_a_way_from_nothing_to_a_grade() {
    assert_leads_to_a_grade("canvas-beta").await;
}

#[tokio::test]
async fn with_the_preset_of_canvas_test_there_is_a_way_from_nothing_to_a_grade() {
    assert_leads_to_a_grade("canvas-test").await;
}

#[tokio::test]
async fn with_the_preset_of_a_self_hosted_canvas_there_is_a_way_from_nothing_to_a_grade() {
    assert_leads_to_a_grade("canvas-selfhosted").await;
}

#[tokio::test]
async fn with_the_preset_of_blackboard_there_is_a_way_from_nothing_to_a_grade() {
    assert_leads_to_a_grade("blackboard").await;
}

#[tokio::test]
async fn with_the_preset_of_brightspace_there_is_a_way_from_nothing_to_a_grade() {
    assert_leads_to_a_grade("brightspace").await;
}

#[tokio::test]
async fn with_the_preset_of_moodle_there_is_a_way_from_nothing_to_a_grade() {
    assert_leads_to_a_grade("moodle").await;
}

#[tokio::test]
async fn with_the_preset_of_sakai_there_is_a_way_from_nothing_to_a_grade() {
    assert_leads_to_a_grade("sakai").await;
}

#[tokio::test]
async fn with_the_preset_of_schoology_there_is_a_way_from_nothing_to_a_grade() {
    assert_leads_to_a_grade("schoology").await;
}

#[tokio::test]
async fn with_the_preset_of_open_edx_there_is_a_way_from_nothing_to_a_grade() {
    assert_leads_to_a_grade("openedx").await;
}

/// The tests above are of all presets.
#[test]
fn every_preset_has_a_test_and_a_product() {
    let presets: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
    let products: Vec<&str> = Product::ALL.iter().map(|product| product.name).collect();
    assert_eq!(presets, products);
    for preset in presets {
        assert!(include_str!("presets.rs").contains(&format!("assert_leads_to_a_grade(\"{preset}\")")), "{preset}");
    }
}

/// A product in which the Tool was installed once more: with another Deployment.
static SECOND_BLOCK: LazyLock<Product> =
    LazyLock::new(|| Product { deployment_id: "2", ..*Product::named("openedx").expect("a product") });

#[tokio::test]
async fn at_open_edx_the_one_deployment_that_there_is_may_launch_and_no_other() {
    let customer = Customer::of(&SECOND_BLOCK).await;
    customer.cli.done(&customer.add()).await;
    let Reached::NoLaunch(page) = customer.try_everything().await else { panic!("Deployment 2 was let in") };
    assert!(page.contains("deployment_unknown"), "{page}");
}

/// A member with its value, and with a likely mistake in it. `None` where the preset leaves it empty and may.
fn spoiled(registration: &Value, member: &'static str) -> Option<(&'static str, String, String)> {
    let (right, wrong) = match (member, &registration[member]) {
        ("serviceOrigins", Value::Array(origins)) => {
            let origins: Vec<&str> = origins.iter().filter_map(Value::as_str).collect();
            (origins.join(","), String::new())
        }
        ("serviceOrigins", _) => return None,
        // Without an audience it is the token endpoint; where there is one, that is the usual mistake.
        ("tokenAudience", Value::String(audience)) => (audience.clone(), String::new()),
        ("tokenAudience", _) => (String::new(), registration["issuer"].as_str()?.to_owned()),
        (_, address) => (address.as_str()?.to_owned(), format!("{}s", address.as_str()?)),
    };
    Some((member, right, wrong))
}
