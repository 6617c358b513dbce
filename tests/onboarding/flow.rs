//! The whole way, with every product's habits: an invite, a page, a click, a launch.

use doorway_core::invite::{InviteCode, NewInvite};
use doorway_core::registration::{DeploymentPolicy, Registration, Status};
use doorway_mock_platform::Profile;
use doorway_tests::{Browser, DemoStack};

use crate::support::{form_of, invite, link, stored, trusted};

const TEACHER: &str = "41";

/// The link as the mock Platform opens it.
fn initiation(stack: &DemoStack, code: &InviteCode, client_id: Option<&str>) -> String {
    let url = stack.url.join(&link(code)).expect("the link is a reference");
    let opened = stack.platform.registration_initiation(url.as_str(), client_id).expect("the link is a URL");
    opened.replace(stack.url.as_str(), "/")
}

async fn register(stack: &DemoStack, browser: &mut Browser, code: &InviteCode, client_id: Option<&str>) -> String {
    let page = browser.open(&initiation(stack, code, client_id)).await;
    form_of(&page.answer);
    browser.submit(&page).await.answer.body
}

/// The Registration of the client that the course launches now.
async fn newest(stack: &DemoStack) -> Registration {
    let client = stack.platform.clients().last().expect("there is a client").client_id.clone();
    let all = stored(&stack.tool, &format!("{}platform", stack.url)).await;
    all.into_iter().find(|known| known.client_id.as_str() == client).expect("the newest client is registered here")
}

#[tokio::test]
async fn from_nothing_to_a_launch_at_every_product() {
    for profile in Profile::ALL.into_iter().filter(|profile| profile.lets_tools_register()) {
        let stack = DemoStack::start().await;
        stack.platform.set_profile(profile);
        let mut browser = stack.browser_of(TEACHER).await;
        let code = invite(&stack.tool, &NewInvite { deployments: Some(DeploymentPolicy::Any), ..trusted() }).await;
        let page = register(&stack, &mut browser, &code, None).await;
        assert!(page.contains("The tool was added"), "{profile:?}: {page}");
        let attempts = stack.platform.registration_attempts();
        assert_eq!((attempts.len(), attempts[0].status), (1, 200), "{profile:?}: {attempts:?}");
        let has_token = !matches!(profile, Profile::Brightspace | Profile::Blackboard);
        assert_eq!(attempts[0].had_good_token, has_token, "{profile:?}");
        let registration = newest(&stack).await;
        assert_eq!((registration.status, registration.tenant.as_deref()), (Status::Active, Some("maple")));
        let landed = browser.click("/platform/launch/video").await;
        assert!(landed.url.path().starts_with("/app/visits/"), "{profile:?}: {} {}", landed.url, landed.answer.body);
    }
}

/// Which Deployments may launch follows from the product and what it answered, unless the invite says it.
#[tokio::test]
async fn what_comes_of_it_at_every_product() {
    let any = DeploymentPolicy::Any;
    let listed = |id: &str| DeploymentPolicy::Listed(vec![id.try_into().unwrap()]);
    for (profile, deployments, audience) in [
        (Profile::Plain, listed("1"), None),
        (Profile::Moodle, listed("2"), None),
        (Profile::Canvas, any.clone(), None),
        (Profile::Blackboard, DeploymentPolicy::Pending, None),
        (Profile::Brightspace, any, Some("https://api.brightspace.com/auth/token")),
        (Profile::Sakai, listed("1"), None),
    ] {
        let stack = DemoStack::start().await;
        stack.platform.set_profile(profile);
        let code = invite(&stack.tool, &NewInvite::default()).await;
        register(&stack, &mut stack.browser(), &code, None).await;
        let registration = newest(&stack).await;
        assert_eq!(registration.deployments, deployments, "{profile:?}");
        assert_eq!(registration.token_audience.as_deref(), audience, "{profile:?}");
        let managed = matches!(profile, Profile::Plain | Profile::Canvas);
        let address = managed.then(|| stack.platform.registration_client_uri(registration.client_id.as_str()));
        let kept = registration.registration_client_uri.as_ref().map(|url| url.as_str().to_owned());
        assert_eq!(kept, address, "{profile:?}: where it can be changed later");
        let canvas = (profile == Profile::Canvas).then_some("https://maple.canvas.example/");
        let origins = [&registration.service_origins, &registration.frame_origins];
        for origins in origins {
            assert_eq!(origins.first().map(|origin| origin.as_str()), canvas, "{profile:?}");
        }
    }
}

#[tokio::test]
async fn a_registration_waits_until_somebody_activates_it() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(TEACHER).await;
    let code = invite(&stack.tool, &NewInvite::default()).await;
    let page = register(&stack, &mut browser, &code, None).await;
    assert!(page.contains("The people who provide the tool activate it."), "{page}");
    let refused = browser.click("/platform/launch/video").await;
    assert_eq!(refused.answer.code(), "registration_disabled");
    let mut registration = newest(&stack).await;
    assert_eq!(registration.status, Status::Pending);
    registration.status = Status::Active;
    stack.tool.parts.registrations().put(&registration).await.unwrap();
    stack.tool.clock.advance(31);
    let landed = browser.click("/platform/launch/video").await;
    assert!(landed.url.path().starts_with("/app/visits/"), "{} {}", landed.url, landed.answer.body);
}

/// Canvas lets an administrator register a Tool anew: the same client comes back.
#[tokio::test]
async fn a_registration_is_renewed_for_the_same_customer() {
    let stack = DemoStack::start().await;
    stack.platform.set_profile(Profile::Canvas);
    let mut browser = stack.browser_of(TEACHER).await;
    register(&stack, &mut browser, &invite(&stack.tool, &trusted()).await, None).await;
    let first = newest(&stack).await;
    let page =
        register(&stack, &mut browser, &invite(&stack.tool, &trusted()).await, Some(first.client_id.as_str())).await;
    assert!(page.contains("registration was renewed"), "{page}");
    assert_eq!(newest(&stack).await, first);
    let landed = browser.click("/platform/launch/video").await;
    assert!(landed.url.path().starts_with("/app/visits/"), "{} {}", landed.url, landed.answer.body);
}

/// Moodle's tokens are good once: what was refused says so in the Platform's words, and nothing is stored.
#[tokio::test]
async fn a_token_that_was_used_is_refused_in_the_platforms_words() {
    let stack = DemoStack::start().await;
    stack.platform.set_profile(Profile::Moodle);
    let (first, second) = (invite(&stack.tool, &trusted()).await, invite(&stack.tool, &trusted()).await);
    let mut browser = stack.browser();
    let used = initiation(&stack, &first, None);
    let page = browser.open(&used).await;
    browser.submit(&page).await;
    let again = used.replace(&first.text(), &second.text());
    let page = browser.open(&again).await;
    let refused = browser.submit(&page).await.answer;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (502, "registration_refused"));
    assert!(refused.body.contains("token_already_used"), "{}", refused.body);
    assert!(!refused.body.contains("org.imsglobal.lti.close"), "the page stays open");
    // The same link serves for another try, with another token.
    let page = register(&stack, &mut browser, &second, None).await;
    assert!(page.contains("The tool was added"), "{page}");
}
