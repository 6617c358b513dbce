//! The login initiation through the production router (launch digest §1 and §2; security rows R2, R3, R10).

mod bindings;
mod parameters;
mod request;

use doorway_tests::{Answer, FakePlatform, TestTool};
use form_urlencoded::Serializer;

pub(crate) const ISSUER: &str = "https://lms.example";
pub(crate) const CLIENT: &str = "client-1";
const TARGET: &str = "https://app.example/lesson/7";

type Fields<'a> = Vec<(&'a str, &'a str)>;

async fn set_up() -> (FakePlatform, TestTool) {
    let platform = FakePlatform::start(ISSUER, CLIENT).await;
    let tool = TestTool::start(&[platform.registration()]).await;
    (platform, tool)
}

/// The parameters that every login has, with one changed or added.
fn fields_with<'a>(name: &'a str, value: &'a str) -> Fields<'a> {
    let mut fields = fields();
    fields.retain(|(known, _)| *known != name);
    fields.push((name, value));
    fields
}

fn fields<'a>() -> Fields<'a> {
    vec![("iss", ISSUER), ("login_hint", "7"), ("target_link_uri", TARGET), ("client_id", CLIENT)]
}

fn encoded(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// The same login by GET and by POST.
async fn both_ways(tool: &TestTool, fields: &[(&str, &str)]) -> [(&'static str, Answer); 2] {
    let get = tool.get(&format!("/lti/login?{}", encoded(fields))).await;
    let post = tool.post("/lti/login", fields, &[]).await;
    [("GET", get), ("POST", post)]
}
