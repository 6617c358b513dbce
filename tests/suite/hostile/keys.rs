//! S6: unknown key ids in storms, over many Platforms and instances.

use std::sync::Arc;

use doorway_mock_platform::PlatformKey;
use doorway_tests::forge::base64url;
use doorway_tests::{Begun, FakePlatform, TestTool};
use http::StatusCode;
use serde_json::json;
use tokio::task::JoinSet;

/// How many Platforms and instances a storm goes over, and how many posts each instance gets in each Platform's name.
const PLATFORMS: usize = 8;
const INSTANCES: usize = 4;
const POSTS: usize = 5;
/// How many fetches an instance may make at once, and in how many seconds it earns another.
const BUDGET: usize = 2;
const BUDGET_SECONDS: u64 = 20;

/// Who attacks in a Platform's name has a login of his own, and a token of which he only changes the header.
struct Attacker {
    begun: Begun,
    signed: String,
}

impl Attacker {
    async fn of(tool: &TestTool, platform: &FakePlatform) -> Self {
        let begun = tool.begin(platform).await;
        let signed = platform.key.id_token(&tool.good_claims(platform, &begun));
        let (_, signed) = signed.split_once('.').expect("a token has dots");
        Self { signed: signed.to_owned(), begun }
    }

    /// A token whose key nobody has.
    fn token(&self, n: usize) -> String {
        let kid = format!("{n}-{}", "k".repeat(200));
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": kid });
        format!("{}.{}", base64url(header.to_string()), self.signed)
    }

    async fn post(&self, tool: &TestTool, n: usize) {
        let answer = tool.post_token(&self.begun, &self.token(n)).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "key_id_unknown"), "{}", answer.body);
    }
}

/// Many Platforms, each known to every instance by a launch.
struct Field {
    platforms: Vec<FakePlatform>,
    attackers: Vec<Attacker>,
    instances: Vec<TestTool>,
}

impl Field {
    async fn start() -> Arc<Self> {
        let mut platforms = Vec::new();
        for n in 0..PLATFORMS {
            platforms.push(FakePlatform::start(&format!("https://lms-{n}.example"), "client-1").await);
        }
        let registrations: Vec<_> = platforms.iter().map(FakePlatform::registration).collect();
        let tool = TestTool::start(&registrations).await;
        let mut attackers = Vec::new();
        for platform in &platforms {
            attackers.push(Attacker::of(&tool, platform).await);
        }
        let instances: Vec<TestTool> =
            std::iter::once(tool.twin()).chain((1..INSTANCES).map(|_| tool.twin())).collect();
        for instance in &instances {
            for platform in &platforms {
                instance.launch(platform).await;
            }
        }
        Arc::new(Self { platforms, attackers, instances })
    }

    fn fetches(&self) -> Vec<usize> {
        self.platforms.iter().map(FakePlatform::fetches).collect()
    }

    /// Everything at once; ends when all of it is answered.
    async fn storm(self: &Arc<Self>, wave: usize, posts: usize) {
        let mut running = JoinSet::new();
        for n in 0..posts {
            for (platform, instance) in (0..PLATFORMS).flat_map(|p| (0..INSTANCES).map(move |i| (p, i))) {
                let field = self.clone();
                running.spawn(async move {
                    field.attackers[platform].post(&field.instances[instance], wave * 1000 + n).await;
                });
            }
        }
        while let Some(post) = running.join_next().await {
            post.expect("every post is refused as it should be");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_storm_over_many_platforms_and_instances_is_few_fetches_and_a_rotation_in_it_is_learned() {
    let field = Field::start().await;
    assert_eq!(field.fetches(), [1; PLATFORMS], "all instances know all keys by one fetch each");
    let clock = field.instances[0].clock.clone();
    clock.advance(60);
    // Each instance reads the Registrations again, which is not what this is about.
    for (instance, attacker) in field.instances.iter().flat_map(|i| field.attackers.iter().map(move |a| (i, a))) {
        attacker.post(instance, 0).await;
    }
    field.storm(0, POSTS).await;
    for (platform, fetches) in field.fetches().into_iter().enumerate() {
        assert!(fetches <= 1 + BUDGET * INSTANCES, "{fetches} fetches of Platform {platform} in one moment");
    }
    // One of them changes its keys, and the storm goes on.
    let new = PlatformKey::generate();
    field.platforms[3].publish(&[&new]);
    let mut waited = 0;
    for instance in &field.instances {
        loop {
            let begun = instance.begin(&field.platforms[3]).await;
            let token = new.id_token(&instance.good_claims(&field.platforms[3], &begun));
            let (answer, ()) = tokio::join!(instance.post_token(&begun, &token), field.storm(waited + 1, 1));
            if answer.status == StatusCode::SEE_OTHER {
                break;
            }
            waited += 1;
            assert!(waited <= 2 * BUDGET_SECONDS as usize, "the rotation is locked out");
            clock.advance(1);
        }
    }
    let minutes = 1 + waited / 60;
    for (platform, fetches) in field.fetches().into_iter().enumerate() {
        let most = 1 + INSTANCES * (BUDGET + minutes * 60 / BUDGET_SECONDS as usize);
        assert!(fetches <= most, "{fetches} fetches of Platform {platform} in {waited} seconds");
        // Who is known is served all the while.
        if platform != 3 {
            field.instances[0].launch(&field.platforms[platform]).await;
        }
    }
}

#[tokio::test]
async fn ten_thousand_random_key_ids_cost_two_fetches_and_leave_nothing_behind() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    tool.launch(&platform).await;
    tool.clock.advance(60);
    let attacker = Attacker::of(&tool, &platform).await;
    attacker.post(&tool, 0).await;
    attacker.post(&tool, 1).await;
    let before = tool.all_items().await;
    for n in 2..10_000 {
        attacker.post(&tool, n).await;
    }
    assert_eq!(platform.fetches(), 1 + BUDGET);
    assert_eq!(tool.all_items().await, before, "no table has heard of them");
    tool.launch(&platform).await;
    assert_eq!(platform.fetches(), 1 + BUDGET, "a launch that is meant needs none");
}
