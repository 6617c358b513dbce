//! A school whose Platform keeps data for Tools in one product's manner, and a person's browser in front of it.

use doorway_mock_platform::StorageManner;
use doorway_tests::{Chromium, ChromiumOptions, Condition, CookieRule, DemoStack, log_lines};
use serde_json::json;
use url::Url;

use crate::people::{LEARNER, enter_app, sign_in, wait_for_app};

/// What the browser keeps for the Tool in a frame of the Platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// Every cookie.
    Everything,
    /// Partitioned cookies alone.
    Partitioned,
    /// Neither cookies nor storage.
    Nothing,
    /// Not even in a window of its own.
    NothingAnywhere,
}

/// A school, and a browser in which a learner is signed in.
pub struct Classroom {
    pub stack: DemoStack,
    pub chromium: Chromium,
}

impl Classroom {
    pub async fn of(manner: StorageManner, keeps: Keeps) -> Self {
        Self::with(manner, keeps, |_, _| {}).await
    }

    /// With a browser that is started otherwise.
    pub async fn with(
        manner: StorageManner,
        keeps: Keeps,
        change: impl FnOnce(&DemoStack, &mut ChromiumOptions),
    ) -> Self {
        let stack = match manner {
            StorageManner::Canvas | StorageManner::Blackboard => DemoStack::with_sign_on_host().await,
            _ => DemoStack::across_sites().await,
        };
        stack.platform.set_storage(manner);
        let cookies = match keeps {
            Keeps::Everything => CookieRule::Allowed,
            Keeps::Partitioned => CookieRule::ThirdPartyBlocked,
            Keeps::Nothing => blocked(&stack.url, &stack.platform_url),
            Keeps::NothingAnywhere => blocked(&stack.url, &stack.url),
        };
        let mut options = ChromiumOptions { cookies, ..ChromiumOptions::default() };
        change(&stack, &mut options);
        let chromium = Chromium::start_with(options).await;
        sign_in(&stack, &chromium, LEARNER).await;
        Self { stack, chromium }
    }

    /// Whether the Platform says that it keeps data.
    pub fn offers_storage(&self) -> bool {
        self.stack.platform.storage() != StorageManner::NotOffered
    }

    /// Opens the link that the course shows in a frame; its frame becomes the current one.
    pub async fn open_frame(&self) {
        self.open_frame_as("").await;
    }

    /// With options of the Platform's page, such as `?sandbox=1`.
    pub async fn open_frame_as(&self, options: &str) {
        self.chromium.goto(self.stack.platform_page(&format!("/frame/colours{options}"))).await;
        self.chromium.enter("iframe.tool").await;
    }

    /// Enters the frame of the page again and waits for the lesson in it.
    pub async fn assert_lesson_in_frame(&self) {
        self.chromium.top().await;
        enter_app(&self.stack, &self.chromium).await;
        self.assert_lesson("Mixing colours").await;
    }

    /// The current frame is the App, which knows the learner.
    pub async fn assert_lesson(&self, title: &str) {
        wait_for_app(&self.stack, &self.chromium).await;
        self.chromium.sees("Welcome, Ben - you are here as a student").await;
        self.chromium.sees(title).await;
    }

    /// The current frame is the page with the one button.
    pub async fn assert_one_button(&self) {
        self.chromium.wait_for(Condition::Holds(ONE_BUTTON)).await;
    }

    /// Runs a script before those of every page and frame, from now on.
    pub async fn before_every_page(&self, script: &str) {
        let command = "Page.addScriptToEvaluateOnNewDocument";
        self.chromium.devtools(command, json!({ "source": script })).await;
    }

    /// Presses the button and enters the window that it opens.
    pub async fn open_new_window(&self) {
        self.chromium.click("Open in a new window").await;
        self.chromium.enter_new_window().await;
    }
}

const ONE_BUTTON: &str = "return [...document.querySelectorAll('button')].filter(b => b.checkVisibility())
    .map(b => b.innerText).join() === 'Open in a new window'";

fn blocked(tool: &Url, top_level: &Url) -> CookieRule {
    CookieRule::BlockedInFrames { tool_origin: tool.clone(), top_level_origin: top_level.clone() }
}

/// How browsers were proven to be those that began, in the order of the launches: what the log says.
pub fn bindings() -> Vec<String> {
    log_lines().iter().filter_map(|line| Some(line["binding"].as_str()?.to_owned())).collect()
}

/// The error codes that people met so far.
pub fn refusals() -> Vec<String> {
    let lines = log_lines().into_iter().filter(|line| line["_aws"].is_object() && line["outcome"] != "ok");
    lines.filter_map(|line| Some(line["outcome"].as_str()?.to_owned())).collect()
}
