//! A Tool is installed in a real browser: the administrator pastes the invite's link, the Tool's pages are in a frame of
//! another site, or in a window of their own, and the Tool that was installed is launched.

use doorway_core::clock::Clock as _;
use doorway_core::invite::{Activation, NewInvite};
use doorway_core::random::SystemRandom;
use doorway_mock_platform::{Profile, StorageManner};
use doorway_tests::{Chromium, Condition, CookieRule, DemoStack};

use crate::classroom::bindings;
use crate::people::{LEARNER, TEACHER, enter_app, sign_in, wait_for_app};

/// An invite's link, as an operator passes it on.
pub async fn link(stack: &DemoStack) -> String {
    let new = NewInvite { activation: Activation::AtOnce, tenant: Some("maple".to_owned()), ..NewInvite::default() };
    let invites = stack.tool.parts.invites();
    let code = invites.create(&new, &SystemRandom, stack.tool.clock.now()).await.expect("the table takes an invite");
    stack.url.join(&format!("/lti/register?invite={}", code.text())).expect("a path is a reference").into()
}

/// Pastes the link into the Platform's page.
pub async fn paste(stack: &DemoStack, chromium: &Chromium) {
    chromium.goto(stack.platform_page("/install")).await;
    chromium.type_into("#url", &link(stack).await).await;
    chromium.click("Go on").await;
}

async fn assert_installed(stack: &DemoStack, chromium: &Chromium) {
    chromium.wait_for(Condition::NoElement("iframe")).await;
    chromium.sees("Installed tools").await;
    let clients = stack.platform.clients();
    assert_eq!(clients.len(), 2);
    chromium.sees(&clients[1].client_id).await;
    chromium.assert_console_is_clean().await;
}

/// A learner opens the link that the course shows in a frame.
async fn open_in_frame(stack: &DemoStack, chromium: &Chromium) {
    sign_in(stack, chromium, LEARNER).await;
    chromium.goto(stack.platform_page("/frame/colours")).await;
}

async fn assert_launched_in_frame(stack: &DemoStack, chromium: &Chromium) {
    open_in_frame(stack, chromium).await;
    enter_app(stack, chromium).await;
    chromium.sees("Welcome, Ben").await;
}

async fn assert_launched_in_new_window(stack: &DemoStack, chromium: &Chromium) {
    open_in_frame(stack, chromium).await;
    chromium.enter("iframe.tool").await;
    chromium.click("Open in a new window").await;
    chromium.enter_new_window().await;
    wait_for_app(stack, chromium).await;
    chromium.sees("Welcome, Ben").await;
    chromium.close_window().await;
}

/// Also where the browser keeps no cookie of a frame: it says itself that the form is the Tool's own. Then the launch takes a
/// new window, or the Platform's storage where there is one.
#[tokio::test]
async fn a_tool_is_installed_in_a_frame_and_launched() {
    for no_cookies in [false, true] {
        let stack = DemoStack::across_sites().await;
        let cookies = match no_cookies {
            false => CookieRule::ThirdPartyBlocked,
            true => CookieRule::BlockedInFrames {
                tool_origin: stack.url.clone(),
                top_level_origin: stack.platform_url.clone(),
            },
        };
        let chromium = Chromium::start(cookies).await;
        sign_in(&stack, &chromium, TEACHER).await;
        paste(&stack, &chromium).await;
        chromium.enter("iframe.tool").await;
        chromium.sees("This learning platform asks for it.").await;
        chromium.sees("localhost").await;
        chromium.click("Add the tool").await;
        chromium.sees("The tool was added").await;
        chromium.click("Back to your learning platform").await;
        chromium.top().await;
        assert_installed(&stack, &chromium).await;
        if no_cookies {
            assert_launched_in_new_window(&stack, &chromium).await;
            stack.platform.set_storage(StorageManner::Brightspace);
        }
        assert_launched_in_frame(&stack, &chromium).await;
    }
    assert_eq!(bindings(), ["cookie", "cookie", "asked", "platform-storage"]);
}

#[tokio::test]
async fn a_tool_is_installed_in_a_new_window_and_launched() {
    let stack = DemoStack::across_sites().await;
    let chromium = Chromium::start(CookieRule::ThirdPartyBlocked).await;
    sign_in(&stack, &chromium, TEACHER).await;
    paste(&stack, &chromium).await;
    let first = chromium.windows().await.remove(0);
    chromium.click("Open in a new window").await;
    chromium.enter_new_window().await;
    chromium.click("Add the tool").await;
    chromium.sees("The tool was added").await;
    chromium.click("Back to your learning platform").await;
    chromium.enter_window(&first).await;
    assert_eq!(chromium.windows().await.len(), 1, "the window was closed");
    assert_installed(&stack, &chromium).await;
    assert_launched_in_frame(&stack, &chromium).await;
}

/// What goes wrong stays to be read, and closes nothing.
#[tokio::test]
async fn a_refusal_stays_in_its_frame_with_the_platforms_words() {
    let stack = DemoStack::across_sites().await;
    let chromium = Chromium::start(CookieRule::ThirdPartyBlocked).await;
    sign_in(&stack, &chromium, TEACHER).await;
    stack.platform.set_profile(Profile::Moodle);
    paste(&stack, &chromium).await;
    chromium.enter("iframe.tool").await;
    chromium.sees("Add the tool").await;
    stack.platform.set_offered_scopes(&[]);
    chromium.click("Add the tool").await;
    chromium.sees("refused to register the tool").await;
    chromium.sees("a scope is not supported here").await;
    chromium.top().await;
    chromium.wait_for(Condition::Element("iframe.tool")).await;
    assert_eq!(stack.platform.clients().len(), 1);
}
