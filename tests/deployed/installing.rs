//! An administrator installs the Tool by an operator's invite; a new installation launches from a Deployment that is new.

use http::Method;
use url::Url;

use crate::app::App;
use crate::operator::done;
use crate::school::{ADA, CLIENT_ID, ISSUER, School};
use crate::stack::Stack;
use crate::visitor::Visitor;

/// From the invite to a launch of what it registered.
pub(crate) async fn by_invite(stack: &Stack, school: &School, app: &App) {
    let invite = done(stack, &["invite", "--tenant", "maple", "--active"]).await;
    let link = invite["link"].as_str().expect("an invite is a link");
    let initiation = school.platform.registration_initiation(link, None).expect("the link is a URL");
    let mut administrator = Visitor::at_school(ADA).await;
    let page = administrator.go(Method::GET, Url::parse(&initiation).expect("a URL"), None).await;
    let (action, fields) = page.form().unwrap_or_else(|| panic!("no form: {}", page.answer.body));
    let action = page.url.join(&action).expect("an action is a URL");
    let page = administrator.go(Method::POST, action, Some(&fields)).await;
    assert!(page.answer.body.contains("The tool was added"), "{}", page.answer.body);

    let newest = school.platform.clients().last().expect("a client was registered").client_id.clone();
    assert_ne!(newest, CLIENT_ID);
    done(stack, &["platform", "set", ISSUER, &newest, "deployments=any"]).await;
    let launch = Visitor::at_school(ADA).await.click("video").await;
    assert_eq!(app.redeem(&launch).await["tenant"], "maple");
    let deployments = done(stack, &["deployment", "list", ISSUER, &newest]).await;
    assert_eq!(deployments["deployments"].as_array().map(Vec::len), Some(1), "{deployments}");
}
