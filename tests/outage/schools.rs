//! The Tool and the Platforms of an outage.

use std::sync::Arc;

use doorway_core::registration::Registration;
use doorway_local::database::{Database, create_tables, local_aws};
use doorway_mock_platform::{Profile, ServicesConfig};
use doorway_tests::{School, TestTool};
use url::Url;

use crate::dice::Dice;
use crate::front::{Front, Sky};
use crate::hold::Hold;
use crate::time::SimulatedTime;

/// The teacher, by whose launches scores are submitted.
const TEACHER: &str = "41";
/// The links whose line items take scores.
pub const LINKS: [(&str, &str); 2] = [("video", "link-1201"), ("quiz", "link-1202")];

/// A Platform with its front.
pub struct Outpost {
    /// The mock Platform.
    pub school: School,
    /// What its requests come through.
    pub front: Arc<Front>,
    /// A launch of each of the [`LINKS`].
    pub launches: [String; 2],
}

/// A Tool whose tables have a port that is known, so that others can stand before them; and the port.
pub async fn start_tool() -> (TestTool, u16) {
    let mut tool = TestTool::start(&[]).await;
    let database = Database::start(None).await.expect("the engine starts in memory");
    tool.parts.aws = local_aws(&database.endpoint()).await;
    create_tables(&tool.parts.aws).await.expect("the engine makes tables");
    tool.restart();
    let endpoint = Url::parse(&database.endpoint()).expect("an endpoint is a URL");
    (tool, endpoint.port().expect("the engine has a port of its own"))
}

/// Platforms of these kinds that the Tool knows.
pub async fn open(
    tool: &TestTool,
    profiles: &[Profile],
    time: &Arc<SimulatedTime>,
    hold: &Arc<Hold>,
    dice: &mut Dice,
) -> Vec<Outpost> {
    let mut outposts = Vec::new();
    for profile in profiles {
        let (front, base) = Front::start(time.clone(), hold.clone(), dice.split()).await;
        let services =
            ServicesConfig { profile: *profile, service_base: Some(base.clone()), ..ServicesConfig::default() };
        let school = School::start_with(tool, services, |registration| stand_before(registration, &base)).await;
        front.open(doorway_mock_platform::router(school.platform.clone()));
        let [(video, _), (quiz, _)] = LINKS;
        let launches = [
            school.launch_with(tool, video, TEACHER, |_| {}).await,
            school.launch_with(tool, quiz, TEACHER, |_| {}).await,
        ];
        outposts.push(Outpost { school, front, launches });
    }
    outposts
}

/// Changes the sky over all Platforms.
pub fn turn(outposts: &[Outpost], sky: Sky) {
    for outpost in outposts {
        outpost.front.turn(sky);
    }
}

fn stand_before(registration: &mut Registration, base: &str) {
    let base = Url::parse(base).expect("an address makes a URL");
    registration.token_endpoint = base.join("/token").expect("a path joins");
    registration.service_origins.push(base);
}
