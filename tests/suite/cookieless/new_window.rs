//! No cookie and no storage: one button that begins the same login again in a window of its own.

use doorway_tests::refused;

use super::*;

const HINTS: [(&str, &str); 3] = [
    ("login_hint", "a=b+c/d&e;f%2520g h#i?j=="),
    ("lti_message_hint", r#"{"cmid":7,"launchid":"ltilaunch1_4242 x"}"#),
    ("lti_deployment_id", "4:abc"),
];

async fn launch_without_cookie(tool: &TestTool, platform: &FakePlatform, begun: &Begun) -> Answer {
    tool.post_token_without_cookie(begun, &token(tool, platform, begun)).await
}

/// The page's one button.
#[track_caller]
fn button(page: &Answer) -> Form {
    let forms = forms(page);
    let [form] = &forms[..] else { panic!("not one form: {}", page.body) };
    assert_eq!(page.body.matches("<button type=\"submit\">").count(), 1);
    form.clone()
}

#[tokio::test]
async fn a_browser_that_keeps_nothing_is_offered_one_button_with_the_whole_login() {
    let (platform, tool) = set_up().await;
    let begun = begin(&tool, &HINTS).await;
    let page = launch_without_cookie(&tool, &platform, &begun).await;
    refused("nothing is kept", &page, 403, "binding_missing");
    let form = button(&page);
    assert_eq!((form.action.as_str(), form.tag.contains("target=\"_blank\"")), ("/lti/login", true), "{form:?}");
    let expected = [
        ("iss", ISSUER),
        ("login_hint", HINTS[0].1),
        ("target_link_uri", TARGET),
        ("lti_message_hint", HINTS[1].1),
        ("client_id", CLIENT),
        ("lti_deployment_id", HINTS[2].1),
        ("doorway_again", "1"),
    ];
    assert_eq!(form.pairs(), expected);
    assert!(page.body.contains("Open in a new window") && page.body.contains("Your course stays open here."));
}

#[tokio::test]
async fn what_a_login_did_not_say_the_button_does_not_say_but_for_the_client() {
    let (platform, tool) = set_up().await;
    let fields = [("iss", ISSUER), ("login_hint", "7"), ("target_link_uri", TARGET)];
    let begun = begun(&tool.post("/lti/login", &fields, &[]).await);
    let form = button(&launch_without_cookie(&tool, &platform, &begun).await);
    assert_eq!(form.pairs(), [&fields[..], &[("client_id", CLIENT), ("doorway_again", "1")]].concat());
}

#[tokio::test]
async fn the_page_of_a_login_and_of_a_launch_that_waits_have_the_same_button() {
    let (platform, tool) = set_up().await;
    let fields = login_with(&[&HINTS[..], &[("lti_storage_target", "_parent")]].concat());
    let login = tool.post("/lti/login", &fields, &[]).await;
    let waits = launch_without_cookie(&tool, &platform, &begun(&login)).await;
    let refusing = launch_without_cookie(&tool, &platform, &begin(&tool, &HINTS).await).await;
    let expected = button(&refusing);
    for page in [&login, &waits] {
        let again: Vec<Form> = forms(page).into_iter().filter(|form| form.action == "/lti/login").collect();
        assert!(!again.is_empty() && again.iter().all(|form| *form == expected), "{again:?}");
        // It is not in sight until a script, or the lack of one, has shown that it is needed.
        assert!(page.body.contains("<main id=\"again\" hidden>"));
    }
}

#[tokio::test]
async fn the_button_begins_a_login_whose_launch_works() {
    let (platform, tool) = set_up().await;
    let begun_in_frame = begin(&tool, &HINTS).await;
    let form = button(&launch_without_cookie(&tool, &platform, &begun_in_frame).await);
    let answer = post_with(&tool, &form.action, &form.pairs(), &[("sec-fetch-dest", "document")]).await;
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.body);
    let again = begun(&answer);
    for name in ["login_hint", "lti_message_hint", "client_id", "redirect_uri"] {
        assert_eq!(again.parameter(name), begun_in_frame.parameter(name));
    }
    assert!(again.nonce() != begun_in_frame.nonce() && again.cookie != begun_in_frame.cookie);
    let id = tool.post_token(&again, &token(&tool, &platform, &again)).await.launch_id();
    assert_eq!(tool.redeem(&id).await.json()["user"]["id"], "41");
}

#[tokio::test]
async fn where_the_new_window_keeps_nothing_either_there_is_no_second_button() {
    let (platform, tool) = set_up().await;
    let form = button(&launch_without_cookie(&tool, &platform, &begin(&tool, &HINTS).await).await);
    let again = begun(&tool.post(&form.action, &form.pairs(), &[]).await);
    let page = launch_without_cookie(&tool, &platform, &again).await;
    refused("nothing is kept there", &page, 403, "binding_missing");
    assert!(forms(&page).is_empty() && !page.body.contains("<button"), "{}", page.body);
    assert!(page.body.contains("allow cookies for this site"));
    // Nor in a frame of that window.
    let framed = [("sec-fetch-dest", "iframe")];
    for (fields, buttons) in [(login_with(&[]), 1), (login_with(&[("doorway_again", "1")]), 0)] {
        let page = post_with(&tool, "/lti/login", &fields, &framed).await;
        assert_eq!((page.status, forms(&page).len()), (StatusCode::OK, buttons), "{}", page.body);
    }
}

#[tokio::test]
async fn hints_that_are_too_long_leave_advice_and_the_login_works() {
    let (platform, tool) = set_up().await;
    let others = ISSUER.len() + "hint-1".len() + TARGET.len() + CLIENT.len();
    for (bytes, carried) in [(1200 - others, true), (1201 - others, false), (3000, false)] {
        let hint = "h".repeat(bytes);
        let more = [("lti_message_hint", hint.as_str())];
        let login = begin(&tool, &more).await;
        let page = launch_without_cookie(&tool, &platform, &login).await;
        refused("nothing is kept", &page, 403, "binding_missing");
        assert_eq!(forms(&page).len(), usize::from(carried), "{bytes}");
        assert!(page.body.contains("Open the link in a new window."), "{}", page.body);
        tool.post_token(&login, &token(&tool, &platform, &login)).await.launch_id();

        let with_storage = begin(&tool, &[&more[..], &[("lti_storage_target", "_parent")]].concat()).await;
        let token = token(&tool, &platform, &with_storage);
        let waiting = waiting_for(&tool, with_storage, token).await;
        let advice = waiting.page.body.contains("open the link in a new tab or window");
        assert_eq!((forms(&waiting.page).len() > 1, advice), (carried, !carried), "{bytes}");
        waiting.complete(&tool).await.launch_id();
    }
}

/// The request goes through request lines of 8 KiB: what is only for the button is left out first.
#[tokio::test]
async fn a_request_that_would_be_too_long_goes_without_what_the_button_needs() {
    let at = |padding: usize| {
        set_up_with(move |registration| {
            let endpoint = format!("https://lms.example/auth?p={}", "p".repeat(padding));
            registration.authorization_endpoint = Url::parse(&endpoint).expect("the endpoint is a URL");
        })
    };
    let length = |begun: &Begun| begun.request.as_str().len();
    let (_, tool) = at(0).await;
    let with_button = length(&begin(&tool, &[]).await);
    let without = length(&begin(&tool, &[("doorway_again", "1")]).await);
    assert!(with_button > without);
    for (padding, buttons) in [(8192 - with_button, 1), (8193 - with_button, 0), (8192 - without, 0)] {
        let (platform, tool) = at(padding).await;
        let begun = begin(&tool, &[]).await;
        assert!(length(&begun) <= 8192);
        let page = launch_without_cookie(&tool, &platform, &begun).await;
        assert_eq!(forms(&page).len(), buttons, "{padding}");
        tool.post_token(&begun, &token(&tool, &platform, &begun)).await.launch_id();
    }
    let (_, tool) = at(8193 - without).await;
    let answer = tool.post("/lti/login", &login_with(&[]), &[]).await;
    refused("a byte too long", &answer, 400, "login_parameter_invalid");
}

#[tokio::test]
async fn a_platform_that_misses_its_own_cookie_is_tried_in_a_new_window() {
    let (_platform, tool) = set_up().await;
    let state = begin(&tool, &HINTS).await.state();
    let in_window = begin(&tool, &[("doorway_again", "1")]).await.state();
    for (error, state, buttons) in [
        ("login_required", state.as_str(), 1),
        ("interaction_required", &state, 1),
        ("access_denied", &state, 1),
        ("launch_no_longer_valid", &state, 0),
        ("unauthorized_client", &state, 0),
        ("login_required", &in_window, 0),
        ("login_required", "no-state-of-ours", 0),
        ("login_required", "", 0),
    ] {
        let by_post = tool.post("/lti/launch", &[("error", error), ("state", state)], &[]).await;
        let by_get = tool.get(&format!("/lti/launch?error={error}&state={state}")).await;
        for page in [by_post, by_get] {
            refused(error, &page, 400, "authentication_refused");
            assert_eq!(forms(&page).len(), buttons, "{error} {state}: {}", page.body);
            for form in forms(&page) {
                assert_eq!(form.field("login_hint"), HINTS[0].1);
            }
        }
    }
}
