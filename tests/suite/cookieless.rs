//! Launches of browsers that keep no cookie in the Platform's frame: through Platform storage, or in a new window.
//!
//! What the scripts of the pages do needs a browser: see `tests/frames`. Here is what the server does, whatever a script
//! does. Each known trap of cookieless launches has a test:
//!
//! | trap | test |
//! |---|---|
//! | 1. `window.parent` is the window itself at top level | browser: `a_new_window_asks_what_opened_it` |
//! | 2. The Platform's origin is not its issuer's | `messages_are_for_the_origin_of_the_authorization_endpoint_alone` |
//! | 3. Blackboard names the frame at the login alone | `a_frame_that_the_login_named_is_asked_be_it_named_again_or_not` |
//! | 4. A secret for whichever origin listens | browser: `another_site_never_hears_a_secret`; its origin here, as trap 2 |
//! | 5. Answers of other origins, or to other questions | browser: `an_answer_counts_from_the_platforms_origin_to_its_own_question_alone` |
//! | 6. One cookie name for launches side by side | `logins_side_by_side_have_cookies_and_keys_of_their_own` |
//! | 7. Waiting for ever for Canvas's mobile apps | browser: `a_cookie_is_enough_where_nobody_answers`, `a_new_window_opens_where_nobody_answers` |
//! | 8. An error that is a text | browser: `a_new_window_opens_where_the_platforms_error_is_a_text` |
//! | 9. The secret is compared in the page alone | `a_wrong_secret_has_one_try_and_the_next_post_of_the_launch_another` |
//! | 10. Login and launch on different hosts | `login_and_launch_are_pages_of_one_origin`; browser: `a_login_at_another_host_ends_in_a_new_window_at_the_right_one` |
//! | 11. A page that cuts itself off from its opener | `no_page_cuts_itself_off_from_its_opener_or_its_frame` |
//! | 12. A sandboxed frame has the origin `null` | browser: `a_sandboxed_frame_ends_in_a_page_that_says_what_to_do` |
//! | 13. Markup in what a login says | `what_a_login_says_is_data_on_every_page_and_never_markup` |
//! | 14. D2L knows the older names of messages alone | browser: `brightspace_keeps_the_secret_by_the_older_names` |
//! | 15. A policy that stops the page's own script | `the_policy_lets_the_script_of_its_page_run_and_no_other` |
//! | 16. Back leads to a login that is over | browser: `back_leads_to_the_course_after_platform_storage` |

mod awaiting;
mod changes;
mod completing;
mod completing_wrongly;
mod errors_in_german;
mod escaping;
mod faults;
mod framing;
mod language;
mod login;
mod new_window;
mod once;
mod return_url;

use doorway_core::registration::Registration;
use doorway_core::settings::COMPLETE_PATH;
use doorway_tests::{Answer, Begun, FakePlatform, Page, TestTool, begun};
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use serde_json::Value;
use url::Url;

const ISSUER: &str = "https://lms.example";
const CLIENT: &str = "client-1";
const TARGET: &str = "https://app.example/lesson/7";

type Fields<'a> = Vec<(&'a str, &'a str)>;

async fn set_up() -> (FakePlatform, TestTool) {
    set_up_with(|_| {}).await
}

async fn set_up_with(change: impl FnOnce(&mut Registration)) -> (FakePlatform, TestTool) {
    let platform = FakePlatform::start(ISSUER, CLIENT).await;
    let mut registration = platform.registration();
    change(&mut registration);
    (platform, TestTool::start(&[registration]).await)
}

/// The parameters that every login has, with some changed or added.
fn login_with<'a>(more: &[(&'a str, &'a str)]) -> Fields<'a> {
    let mut fields =
        vec![("iss", ISSUER), ("login_hint", "hint-1"), ("target_link_uri", TARGET), ("client_id", CLIENT)];
    fields.retain(|(known, _)| more.iter().all(|(name, _)| name != known));
    [&fields, more].concat()
}

/// A form POST with headers.
async fn post_with(tool: &TestTool, uri: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = Request::post(uri).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    tool.send(request.body(body.into()).expect("the request is well formed")).await
}

/// A form of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Form {
    tag: String,
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    fn field(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(known, _)| known == name);
        &field.unwrap_or_else(|| panic!("the form has no `{name}`")).1
    }

    fn pairs(&self) -> Fields<'_> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// All forms of a page, in order.
fn forms(page: &Answer) -> Vec<Form> {
    let read = |rest: &str| {
        let (form, _) = rest.split_once("</form>").expect("a form ends");
        let (tag, _) = form.split_once('>').expect("a tag ends");
        let answer = Answer { body: form.to_owned(), ..page.clone() };
        let page = Page { url: Url::parse("https://tool.example/").expect("a constant"), answer };
        let (action, fields) = page.form().expect("the form posts");
        Form { tag: tag.to_owned(), action, fields }
    };
    page.body.split("<form ").skip(1).map(read).collect()
}

/// A verified launch of a browser without a cookie, and the page that it was shown.
pub(crate) struct Waiting {
    begun: Begun,
    token: String,
    page: Answer,
}

impl Waiting {
    /// What the page's script posts.
    fn form(&self) -> Form {
        forms(&self.page).into_iter().find(|form| form.action == COMPLETE_PATH).expect("the page completes a launch")
    }

    fn handle(&self) -> String {
        self.form().field("handle").to_owned()
    }

    /// What Platform storage keeps for this login.
    fn secret(&self) -> &str {
        &self.begun.storage.as_ref().expect("storage was offered").value
    }

    async fn complete_with(&self, tool: &TestTool, secret: &str) -> Answer {
        complete(tool, &self.begun.state(), &self.handle(), secret).await
    }

    pub(crate) async fn complete(&self, tool: &TestTool) -> Answer {
        self.complete_with(tool, self.secret()).await
    }
}

async fn complete(tool: &TestTool, state: &str, handle: &str, secret: &str) -> Answer {
    tool.post(COMPLETE_PATH, &[("state", state), ("handle", handle), ("binding", secret)], &[]).await
}

async fn waiting(tool: &TestTool, platform: &FakePlatform) -> Waiting {
    waiting_with(tool, platform, |_| {}).await
}

/// A launch that waits, with claims that a test changes.
pub(crate) async fn waiting_with(tool: &TestTool, platform: &FakePlatform, change: impl FnOnce(&mut Value)) -> Waiting {
    let begun = tool.begin_with(platform, &[("lti_storage_target", "_parent")]).await;
    let mut claims = tool.good_claims(platform, &begun);
    change(&mut claims);
    waiting_for(tool, begun, platform.key.id_token(&claims)).await
}

async fn waiting_for(tool: &TestTool, begun: Begun, token: String) -> Waiting {
    let page = tool.post_token_without_cookie(&begun, &token).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    Waiting { begun, token, page }
}

/// Begins a login with these parameters besides the usual.
async fn begin(tool: &TestTool, more: &[(&str, &str)]) -> Begun {
    begun(&tool.post("/lti/login", &login_with(more), &[]).await)
}

/// The right token for a login.
fn token(tool: &TestTool, platform: &FakePlatform, begun: &Begun) -> String {
    platform.key.id_token(&tool.good_claims(platform, begun))
}
