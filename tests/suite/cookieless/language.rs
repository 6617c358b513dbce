//! In which language pages speak: that of the verified launch, else that of the browser, else English.

use doorway_lti::claim;
use doorway_web::language::Language;
use doorway_web::phrases;
use serde_json::json;

use super::*;

const GERMAN: &str = "de-DE,de;q=0.9,en;q=0.5";

fn lang(page: &Answer) -> &str {
    let (_, rest) = page.body.split_once("<html lang=\"").expect("the page has a language");
    rest.split('"').next().unwrap_or_default()
}

/// The page of a launch that is refused, or that waits, from a browser of this language.
async fn page(tool: &TestTool, platform: &FakePlatform, waits: bool, claims: Value, accepted: &str) -> Answer {
    let more: &[(&str, &str)] = if waits { &[("lti_storage_target", "_parent")] } else { &[] };
    let begun = begin(tool, more).await;
    let mut good = tool.good_claims(platform, &begun);
    for name in ["locale", claim::LAUNCH_PRESENTATION] {
        good[name] = claims[name].clone();
    }
    let (token, state) = (platform.key.id_token(&good), begun.state());
    let fields = [("id_token", token.as_str()), ("state", &state)];
    post_with(tool, "/lti/launch", &fields, &[("accept-language", accepted)]).await
}

#[tokio::test]
async fn the_launch_decides_and_else_the_browser() {
    let (platform, tool) = set_up().await;
    let presentation = |locale: &str| json!({ claim::LAUNCH_PRESENTATION: { "locale": locale } });
    let both = |locale: &str, presented: &str| json!({ "locale": locale, claim::LAUNCH_PRESENTATION: { "locale": presented } });
    for (claims, accepted, expected) in [
        (json!({ "locale": "de" }), "en", "de"),
        (json!({ "locale": "de_AT" }), "", "de"),
        (json!({ "locale": "en-GB" }), GERMAN, "en"),
        (presentation("de-CH"), "en", "de"),
        (presentation("en_US"), GERMAN, "en"),
        (both("en", "de"), "en", "de"),
        (both("de", "en"), GERMAN, "en"),
        (json!({ "locale": "nl" }), GERMAN, "de"),
        (presentation("tlh"), GERMAN, "de"),
        (json!({ "locale": 7 }), GERMAN, "de"),
        (json!({ "locale": "\"><script>" }), "fr", "en"),
        (json!({}), GERMAN, "de"),
        (json!({}), "fr, *;q=0.1", "en"),
        (json!({}), "", "en"),
    ] {
        for waits in [true, false] {
            let page = page(&tool, &platform, waits, claims.clone(), accepted).await;
            assert_eq!(lang(&page), expected, "{claims} {accepted} waits: {waits}");
            let words = if expected == "de" { "In neuem Fenster öffnen" } else { "Open in a new window" };
            assert!(page.body.contains(words), "{claims} {accepted}: {}", page.body);
        }
    }
}

#[tokio::test]
async fn every_page_has_all_its_words_in_german() {
    let (platform, tool) = set_up().await;
    let fields = login_with(&[("lti_storage_target", "_parent")]);
    let login = post_with(&tool, "/lti/login", &fields, &[("accept-language", GERMAN)]).await;
    let waits = page(&tool, &platform, true, json!({ "locale": "de" }), "en").await;
    let presentation = json!({ "return_url": "https://lms.example/back", "locale": "de" });
    let claims = json!({ claim::LAUNCH_PRESENTATION: presentation });
    let refused = page(&tool, &platform, false, claims, "en").await;
    let words = |language| {
        let said = phrases::of(language);
        let window = [said.new_window, said.new_window_hint, said.pass_on, said.reference];
        let opening = [&window[..], &[said.opening, said.blocked, said.blocked_advice]].concat();
        [[&opening[..], &[said.go_on]].concat(), opening, [&window[..], &[said.back]].concat()]
    };
    let texts = words(Language::German).into_iter().zip(words(Language::English));
    for (page, (german, english)) in [login, waits, refused].iter().zip(texts) {
        assert_eq!(lang(page), "de");
        for (german, english) in german.into_iter().zip(english) {
            assert!(page.body.contains(german) && german != english, "{german}: {}", page.body);
            assert!(!page.body.contains(&format!(">{english}")), "{english}: {}", page.body);
        }
    }
}

#[tokio::test]
async fn a_login_is_in_the_language_of_the_browser() {
    let (_platform, tool) = set_up().await;
    let storage = login_with(&[("lti_storage_target", "_parent")]);
    let unknown = login_with(&[("iss", "https://stranger.example")]);
    for (accepted, expected) in [(GERMAN, "de"), ("de-AT", "de"), ("en, de;q=0.9", "en"), ("nl", "en"), ("", "en")] {
        for fields in [&storage, &unknown] {
            let page = post_with(&tool, "/lti/login", fields, &[("accept-language", accepted)]).await;
            assert_eq!(lang(&page), expected, "{accepted}: {}", page.body);
        }
    }
}

#[tokio::test]
async fn the_platform_is_told_in_the_language_of_the_person() {
    let (platform, tool) = set_up().await;
    let presentation = json!({ "return_url": "https://lms.example/back", "locale": "de_AT" });
    let page = page(&tool, &platform, false, json!({ claim::LAUNCH_PRESENTATION: presentation }), "en").await;
    assert!(page.body.contains("?lti_errormsg=Ihr+Browser+hat+den+Cookie"), "{}", page.body);
}
