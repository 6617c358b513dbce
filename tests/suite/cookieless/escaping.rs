//! What a login says is written by strangers, and stands on three pages: as data, byte for byte, never as markup.

use doorway_lti::ids::ClientId;

use super::*;

const ATTACKS: [&str; 12] = [
    "</script><script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "<!--<script>",
    "--></noscript></main></form><form method=\"post\" action=\"https://evil.example/\">",
    "<input type=\"hidden\" name=\"iss\" value=\"https://evil.example\">",
    "' onfocus='alert(1)' autofocus='",
    "\u{2028}alert(1)\u{2029}",
    "\\u003c/script\\u003e \\\"};alert(1);//",
    "&quot;&gt;&lt;b&gt; &amp;amp; &#60;",
    "${alert(1)}{{alert(1)}}<%= 1 %>`",
    "javascript:alert(1)",
    "Zoë \u{1f393} \u{202e} a=b+c/d%20",
];

/// The page without its texts: the names of its tags, in order.
fn tags(page: &Answer) -> Vec<String> {
    let begins_tag = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
    let rests = page.body.split('<').skip(1).filter(begins_tag);
    rests.map(|rest| rest.chars().take_while(|c| !c.is_whitespace() && *c != '>').collect()).collect()
}

fn again(page: &Answer) -> Vec<Form> {
    forms(page).into_iter().filter(|form| form.action == "/lti/login").collect()
}

/// A login in which everything is hostile that may be.
fn hostile<'a>(client_id: &'a str, attack: &'a str) -> Fields<'a> {
    login_with(&[
        ("client_id", client_id),
        ("login_hint", attack),
        ("target_link_uri", attack),
        ("lti_message_hint", attack),
        ("lti_deployment_id", attack),
        ("lti_storage_target", attack),
    ])
}

/// The login's page, the page of a launch that waits, and the one of a launch that nothing can prove.
async fn pages(tool: &TestTool, platform: &FakePlatform, attack: &str) -> [Answer; 3] {
    let fields = hostile(&platform.client_id, attack);
    let login = tool.post("/lti/login", &fields, &[]).await;
    let started = begun(&login);
    let waits = tool.post_token_without_cookie(&started, &token(tool, platform, &started)).await;
    let without_storage: Fields<'_> = fields.into_iter().filter(|(name, _)| *name != "lti_storage_target").collect();
    let started = begun(&tool.post("/lti/login", &without_storage, &[]).await);
    let refused = tool.post_token_without_cookie(&started, &token(tool, platform, &started)).await;
    assert_eq!([login.status, waits.status, refused.status].map(|status| status.as_u16()), [200, 200, 403]);
    [login, waits, refused]
}

#[tokio::test]
async fn what_a_login_says_is_data_on_every_page_and_never_markup() {
    let (platform, tool) = set_up().await;
    let harmless = pages(&tool, &platform, "harmless").await.map(|page| tags(&page));
    for attack in ATTACKS {
        let [login, waits, refused] = pages(&tool, &platform, attack).await;
        assert_eq!([&login, &waits, &refused].map(tags), harmless, "{attack}");
        let next = begun(&login);
        for name in ["login_hint", "lti_message_hint"] {
            assert_eq!(next.parameter(name), attack);
        }
        for page in [&login, &waits] {
            assert_eq!(page.page_data()["storage"]["frame"], attack);
            let (_, data) = page.body.split_once("type=\"application/json\">").unwrap();
            let (data, _) = data.split_once("</script>").unwrap();
            assert!(!data.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{data}");
        }
        for (page, buttons) in [(&login, 1), (&waits, 2), (&refused, 1)] {
            let forms = again(page);
            assert_eq!(forms.len(), buttons, "{attack}");
            for form in forms {
                for name in ["login_hint", "target_link_uri", "lti_message_hint", "lti_deployment_id"] {
                    assert_eq!(form.field(name), attack);
                }
                assert_eq!(form.field("iss"), ISSUER);
            }
        }
    }
}

#[tokio::test]
async fn what_an_operator_registered_is_data_too() {
    for attack in ATTACKS {
        assert!(ClientId::try_from(attack).is_ok(), "{attack}");
        let platform = FakePlatform::start(ISSUER, attack).await;
        let tool = TestTool::start(&[platform.registration()]).await;
        let [login, waits, refused] = pages(&tool, &platform, "harmless").await;
        assert_eq!(begun(&login).parameter("client_id"), attack);
        for form in [login, waits, refused].iter().flat_map(again) {
            assert_eq!(form.field("client_id"), attack);
        }
    }
}

#[tokio::test]
async fn what_no_registration_has_is_on_no_page() {
    let (_platform, tool) = set_up().await;
    for attack in ATTACKS {
        for name in ["iss", "client_id"] {
            let fields = login_with(&[(name, attack), ("lti_storage_target", "_parent")]);
            let page = tool.post("/lti/login", &fields, &[]).await;
            doorway_tests::refused(attack, &page, 400, "registration_unknown");
            assert!(!page.body.contains(attack) && forms(&page).is_empty(), "{}", page.body);
        }
    }
    begin(&tool, &[("lti_storage_target", "_parent")]).await;
}

#[tokio::test]
async fn what_a_form_posts_to_complete_a_launch_is_on_no_page() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let (state, handle) = (waiting.begun.state(), waiting.handle());
    for attack in ATTACKS {
        for answer in [
            complete(&tool, attack, &handle, waiting.secret()).await,
            complete(&tool, &state, attack, waiting.secret()).await,
        ] {
            assert!(answer.status.is_client_error() && !answer.body.contains(attack), "{}", answer.body);
        }
    }
    waiting.complete(&tool).await.launch_id();
}
