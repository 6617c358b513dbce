//! One school year at the deployed stack, of which the tests judge.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use doorway_local::tool::FUNCTIONS;
use doorway_tests::Emulator;
use tokio::sync::OnceCell;

use crate::app::App;
use crate::front::{self, Upstream};
use crate::permissions::{self, Right};
use crate::recorder::{Call, Recorder};
use crate::school::{BEN, CHLOE, School};
use crate::stack::Stack;
use crate::tls::Tls;
use crate::world::{folder, name, variable};
use crate::{cookieless, grades, installing, keys, operator, people};

/// What it leaves behind.
pub(crate) struct Travelled {
    /// Every kind of call that a function made.
    pub(crate) calls: BTreeSet<Call>,
    /// What the roles of the functions allow.
    pub(crate) rights: Vec<Right>,
}

/// The journey, made once. Where it ends early, the test that made it says why.
pub(crate) async fn travelled() -> &'static Travelled {
    static TRAVELLED: OnceCell<Travelled> = OnceCell::const_new();
    static BEGUN: AtomicBool = AtomicBool::new(false);
    let travel = || {
        assert!(!BEGUN.swap(true, Ordering::Relaxed), "the journey ended early, in another test");
        Box::pin(travel())
    };
    TRAVELLED.get_or_init(travel).await
}

async fn travel() -> Travelled {
    step("a deployment");
    let emulator = Emulator::ministack_with(|command| {
        let log = std::fs::File::create(folder().join("ministack.log")).expect("the folder is ours");
        command.stdout(log.try_clone().expect("a file can be shared")).stderr(log);
    })
    .await;
    let upstream = Upstream::new(&emulator.endpoint);
    let recorder = Recorder::default();
    let stack = Stack::deploy(&emulator.endpoint, &recorder.listen(&FUNCTIONS, &upstream).await).await;
    let address = variable("DOORWAY_API_ADDRESS").parse().expect("an address");
    let host = stack.output("ApiUrl").strip_prefix("https://").expect("the API is on https");
    name(address, host);
    front::start(Tls::listen(address, &folder()).await, upstream, stack.physical_id("HttpApi"));

    step("the first keys");
    keys::first(&stack).await;

    step("a school, registered by the operator");
    let mut school = School::of(&stack);
    school.open().await;
    let key = operator::done(&stack, &["app-key", "create"]).await;
    let app = App::new(&stack, key["key"].as_str().expect("the key is shown once"));
    operator::register(&stack, &school).await;
    operator::see_the_doctor(&stack).await;

    step("a launch, redeemed");
    let launch = people::launched(&app, BEN).await;
    cookieless::launched(&stack, &school, &app).await;

    step("an old account of LTI 1.1");
    people::recognised(&stack, &school, &app).await;

    step("a teacher's choice");
    people::chosen(&app, &school).await;

    step("the roster");
    people::roster(&app, &school.platform, &launch).await;

    step("a score, and line items");
    grades::delivered(&app, &school, &launch, 7.5).await;
    grades::columns(&app, &launch).await;

    step("a score while the school is out");
    grades::through_an_outage(&app, &mut school, &launch).await;

    step("a school that is back before the worker notices");
    let other = people::launched(&app, CHLOE).await;
    grades::back_before_the_worker(&stack, &app, &mut school, [&launch, &other]).await;

    step("a dead score");
    grades::out_of_the_dead_letter_queue(&stack, &app, &mut school, &launch).await;

    step("a rotation");
    keys::rotated(&stack, &school, &app).await;

    step("a person is forgotten");
    people::forgotten(&app).await;

    step("an installation by invite");
    installing::by_invite(&stack, &school, &app).await;

    Travelled { calls: recorder.calls(), rights: permissions::read(&stack.policies().await) }
}

/// Says how far it has come: who reads a failure knows what went well before.
#[expect(clippy::print_stdout, reason = "the test's own output")]
fn step(what: &str) {
    println!("{what}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a network of its own: tools/deployed-check runs it"]
async fn the_deployed_template_serves_a_school() {
    let travelled = travelled().await;
    let silent: Vec<&str> =
        FUNCTIONS.into_iter().filter(|name| !travelled.calls.iter().any(|call| call.function == *name)).collect();
    assert!(silent.is_empty(), "{silent:?} called nothing");
}
