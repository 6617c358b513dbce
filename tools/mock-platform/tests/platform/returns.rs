//! The page that Tools send people back to.

use axum::http::StatusCode;
use doorway_mock_platform::claims::names::LAUNCH_PRESENTATION;

use crate::support::{Browser, ISSUER, claims_of, encoded, field};

fn query(fields: &[(&str, &str)]) -> String {
    encoded(&fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>())
}

#[tokio::test]
async fn a_launch_names_the_page_that_people_come_back_to() {
    let browser = Browser::of("41").await;
    for link in ["video", "choose-content", "review", "privacy"] {
        let claims = claims_of(field(&browser.launch(link).await, "id_token"));
        assert_eq!(claims[LAUNCH_PRESENTATION]["return_url"], format!("{ISSUER}/return"), "{link}");
    }
    assert_eq!(browser.get("/platform/return").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_the_tool_says_is_shown_as_text_and_the_way_back_is_there() {
    let fields = [("lti_msg", "Bye <b>Ben</b> & all"), ("lti_errormsg", "\"><script>alert(1)</script>")];
    for browser in [Browser::of("52").await, Browser::new()] {
        let page = browser.get(&format!("/platform/return?{}", query(&fields))).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Bye &lt;b&gt;Ben&lt;/b&gt; &amp; all"));
        assert!(page.body.contains("role=\"alert\">&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</p>"));
        assert!(!page.body.contains("<script"));
        assert!(page.body.contains("href=\"/platform/course\">Back to the course"));
    }
    let page = Browser::new().get("/platform/return?lti_msg=&lti_errormsg=").await;
    assert!(page.body.contains("You have left the tool."));
}

#[tokio::test]
async fn what_is_for_the_log_is_on_the_developers_page_and_nowhere_else() {
    let browser = Browser::of("41").await;
    assert!(!browser.get("/platform/developer").await.body.contains("Returned by"));
    for number in 0..25 {
        let fields = [("lti_log", format!("note {number};")), ("lti_errorlog", format!("<i>{number}</i>"))];
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        let page = browser.get(&format!("/platform/return?{}", encoded(&fields))).await;
        assert!(!page.body.contains("note "));
    }
    let page = browser.get("/platform/developer").await;
    assert_eq!(page.body.matches("<li>lti_log: note ").count(), 10);
    assert_eq!(page.body.matches("<li>lti_errorlog: &lt;i&gt;").count(), 10, "the newest twenty");
    assert!(page.body.contains("note 15;") && !page.body.contains("note 14;"));
}
