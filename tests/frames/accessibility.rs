//! Every page can be used by everybody: axe-core finds nothing, also with dark colours, and nothing is cut off in a
//! window of 320 pixels. A page that is added to the demo is added here.

use doorway_core::registration::DeploymentPolicy;
use doorway_local::demo;
use doorway_mock_platform::StorageManner;
use doorway_tests::{Chromium, ChromiumOptions, CookieRule, DemoStack};
use serde_json::json;

use crate::classroom::{Classroom, Keeps};
use crate::people::{LEARNER, TEACHER, enter_app, open_link, sign_in};
use crate::registering;

/// A walk through pages by one person, who writes down what is wrong.
struct Walk {
    stack: DemoStack,
    chromium: Chromium,
    faults: Vec<String>,
}

impl Walk {
    /// Somebody who is not signed in.
    async fn start() -> Self {
        let (stack, chromium) = (DemoStack::across_sites().await, Chromium::start(CookieRule::Allowed).await);
        Self { stack, chromium, faults: Vec::new() }
    }

    async fn of(person: &str) -> Self {
        let walk = Self::start().await;
        sign_in(&walk.stack, &walk.chromium, person).await;
        walk
    }

    /// Opens a page of the mock Platform and looks at it.
    async fn look_at_platform(&mut self, path: &str, name: &str) {
        self.chromium.goto(self.stack.platform_page(path)).await;
        self.look(name).await;
    }

    /// Opens a page of the Tool or the App and looks at it.
    async fn look_at_tool(&mut self, path: &str, name: &str) {
        self.chromium.goto(self.stack.url.join(path).expect("a path is a reference")).await;
        self.look(name).await;
    }

    /// Opens a link of the course and looks at where it leads.
    async fn look_at_link(&mut self, link: &str, name: &str) {
        open_link(&self.stack, &self.chromium, link).await;
        self.look(name).await;
    }

    /// Waits for the words and looks at the page that has them.
    async fn look_when(&mut self, words: &str, name: &str) {
        self.chromium.sees(words).await;
        self.look(name).await;
    }

    async fn look(&mut self, name: &str) {
        self.faults.extend(self.chromium.accessibility_faults(name).await);
    }

    fn end(self) {
        assert!(self.faults.is_empty(), "{} faults:\n{}", self.faults.len(), self.faults.join("\n"));
    }
}

/// The proof that the looking looks.
#[tokio::test]
async fn what_is_wrong_is_found() {
    const WRONG: &str = "data:text/html,<!doctype html><html><title>Wrong</title>\
        <style>body { background: light-dark(white, black) } p { color: light-dark(%23767676, %23555555) } :root { color-scheme: light dark }</style>\
        <main><h1>Wrong</h1><h3>Too deep</h3><p>Pale in the dark</p><img src='data:,'>\
        <div style='width: 600px'>Wide</div></main>";
    let chromium = Chromium::start(CookieRule::Allowed).await;
    chromium.goto(WRONG).await;
    let found: Vec<_> = chromium.axe().await.into_iter().map(|found| (found.rule, found.is_advice)).collect();
    let wanted = [("heading-order", true), ("html-has-lang", false), ("image-alt", false)];
    assert_eq!(found, wanted.map(|(rule, is_advice)| (rule.to_owned(), is_advice)));
    let faults = chromium.accessibility_faults("wrong").await;
    let has = |words: &str| faults.iter().any(|fault| fault.starts_with(words));
    assert!(has("wrong, dark: color-contrast") && has("wrong, narrow: 6") && faults.len() == 5, "{faults:#?}");
}

#[tokio::test]
async fn the_platform_for_those_who_are_not_signed_in() {
    let mut walk = Walk::start().await;
    walk.look_at_platform("/login", "platform-login").await;
    walk.end();
}

#[tokio::test]
async fn the_platform_for_teachers() {
    let mut walk = Walk::of(TEACHER).await;
    walk.look_at_platform("/course", "platform-course-teacher").await;
    walk.look_at_platform("/gradebook", "platform-gradebook-teacher").await;
    walk.look_at_platform("/developer", "platform-developer").await;
    walk.look_at_platform("/launch/no-such-link", "platform-notice").await;
    walk.end();
}

#[tokio::test]
async fn the_platform_for_learners() {
    let mut walk = Walk::of(LEARNER).await;
    walk.look_at_platform("/course", "platform-course-learner").await;
    walk.look_at_platform("/gradebook", "platform-gradebook-learner").await;
    walk.chromium.goto(walk.stack.platform_page("/frame/colours")).await;
    enter_app(&walk.stack, &walk.chromium).await;
    walk.look("app-lesson-in-frame").await;
    walk.chromium.top().await;
    walk.look("platform-frame").await;
    walk.end();
}

#[tokio::test]
async fn the_app_for_those_who_come_without_a_launch() {
    let mut walk = Walk::start().await;
    walk.look_at_tool("/app", "app-landing").await;
    walk.look_at_tool("/app/visits/unknown", "app-refusal").await;
    walk.end();
}

#[tokio::test]
async fn the_app_for_learners() {
    let mut walk = Walk::of(LEARNER).await;
    walk.look_at_link("video", "app-lesson-learner").await;
    walk.look_at_link("quiz", "app-quiz").await;
    for question in 0..5 {
        walk.chromium.click_css(&format!("input[name=q{question}]")).await;
    }
    walk.chromium.click("Hand in").await;
    walk.look_when("Your result", "app-result").await;
    walk.chromium.click("Ask where your score is now").await;
    walk.look_when("Where your score is", "app-delivery").await;
    walk.look_at_platform("/gradebook", "platform-gradebook-graded").await;
    walk.look_at_link("ungraded", "app-lesson-ungraded").await;
    walk.look_at_link("privacy", "app-privacy").await;
    walk.end();
}

#[tokio::test]
async fn the_app_for_teachers() {
    let mut walk = Walk::of(TEACHER).await;
    walk.look_at_link("quiz", "app-lesson-teacher").await;
    walk.chromium.click("See the class list").await;
    walk.look_when("Class list", "app-class-list").await;
    walk.look_at_link("review", "app-review").await;
    walk.end();
}

#[tokio::test]
async fn choosing_content() {
    let mut walk = Walk::of(TEACHER).await;
    walk.look_at_link("choose-content", "app-picker").await;
    walk.chromium.click("Add to the course").await;
    walk.look_when("Choose a lesson, or cancel.", "app-picker-fault").await;
    walk.chromium.click("Quiz: refraction").await;
    walk.chromium.allow_scripts(false).await;
    walk.chromium.click("Add to the course").await;
    walk.chromium.sees("Back to your course").await;
    walk.chromium.allow_scripts(true).await;
    walk.look("tool-back-to-course").await;
    walk.chromium.click_css("button").await;
    walk.look_when("One link was added to the course.", "platform-chosen-content").await;
    walk.end();
}

#[tokio::test]
async fn the_tools_error_pages() {
    let mut walk = Walk::start().await;
    walk.look_at_tool("/lti/login", "tool-error").await;
    walk.look_at_tool("/lti/nothing", "tool-not-found").await;
    walk.look_at_tool("/lti/launch?error=login_required", "tool-sign-in-again").await;
    walk.end();
}

/// Refused after it was verified: with the Platform's return URL, in the language of the launch.
#[tokio::test]
async fn the_tools_error_page_with_a_way_back() {
    let mut walk = Walk::of(LEARNER).await;
    let mut registration = demo::registration(&walk.stack.platform_url, &walk.stack.platform);
    registration.deployments = DeploymentPolicy::Listed(Vec::new());
    walk.stack.tool.parts.registrations().put(&registration).await.expect("the table takes items");
    for (locale, words, back) in [
        ("en", "This tool is not active where you opened it", "Back to your course"),
        ("de-AT", "nicht freigeschaltet", "Zurück zum Kurs"),
    ] {
        walk.chromium.goto(walk.stack.platform_page(&format!("/frame/colours?locale={locale}"))).await;
        walk.chromium.enter("iframe.tool").await;
        walk.look_when(words, &format!("tool-refused-{locale}")).await;
        walk.chromium.click(back).await;
        walk.look_when(words, &format!("platform-return-{locale}")).await;
    }
    walk.end();
}

/// The pages on the way in. Without scripts they stay to be looked at.
#[tokio::test]
async fn the_tools_pages_on_the_way_in() {
    let mut walk = Walk::of(LEARNER).await;
    walk.stack.platform.set_storage(StorageManner::Silent);
    walk.chromium.allow_scripts(false).await;
    walk.chromium.goto(walk.stack.platform_page("/launch/colours")).await;
    walk.chromium.click("Continue to Lumen").await;
    walk.chromium.sees("Opening…").await;
    walk.chromium.allow_scripts(true).await;
    walk.look("tool-opening").await;
    walk.end();
}

#[tokio::test]
async fn the_tools_page_with_one_button() {
    for (locale, words) in [("en", "One more click"), ("de", "Noch ein Klick")] {
        let german = |_: &DemoStack, options: &mut ChromiumOptions| options.languages = locale.to_owned();
        let Classroom { stack, chromium } = Classroom::with(StorageManner::NotOffered, Keeps::Nothing, german).await;
        let mut walk = Walk { stack, chromium, faults: Vec::new() };
        walk.chromium.goto(walk.stack.platform_page("/frame/colours")).await;
        walk.chromium.enter("iframe.tool").await;
        walk.look_when(words, &format!("tool-one-button-{locale}")).await;
        walk.chromium.run("document.querySelector('button').focus()", json!([])).await;
        walk.chromium.screenshot(&format!("tool-one-button-{locale}-focus")).await;
        walk.end();
    }
}

#[tokio::test]
async fn the_platform_around_five_frames() {
    let mut walk = Walk::of(LEARNER).await;
    walk.chromium.goto(walk.stack.platform_page("/frames")).await;
    walk.look("platform-five-frames").await;
    walk.end();
}

/// Adding the Tool to a Platform: the pages of both.
#[tokio::test]
async fn installing_the_tool() {
    for (locale, button, done) in
        [("en", "Add the tool", "The tool was added"), ("de", "Werkzeug hinzufügen", "Das Werkzeug wurde hinzugefügt")]
    {
        let stack = DemoStack::across_sites().await;
        let options = ChromiumOptions { languages: locale.to_owned(), ..ChromiumOptions::default() };
        let mut walk = Walk { chromium: Chromium::start_with(options).await, stack, faults: Vec::new() };
        sign_in(&walk.stack, &walk.chromium, TEACHER).await;
        walk.look_at_platform("/install", "platform-install").await;
        walk.chromium.goto(registering::link(&walk.stack).await).await;
        walk.look(&format!("tool-invite-{locale}")).await;
        registering::paste(&walk.stack, &walk.chromium).await;
        walk.look("platform-installing").await;
        walk.chromium.enter("iframe.tool").await;
        walk.look_when(button, &format!("tool-confirm-{locale}")).await;
        walk.chromium.click(button).await;
        walk.look_when(done, &format!("tool-registered-{locale}")).await;
        walk.look_at_tool("/lti/register", &format!("tool-no-invite-{locale}")).await;
        walk.end();
    }
}
