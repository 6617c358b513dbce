//! What the targets of the protocol share.
//!
//! A target takes what somebody outside could send, and asserts what must hold of it: not only that nothing panics. What an
//! input consists of stands in lines, so that seeds can be read and written by hand.

use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::json::Object;
use doorway_lti::message::Launch;
use serde_json::Value;
use url::Url;

/// The Platform.
pub const ISSUER: &str = "https://lms.example";
/// What it calls the Tool.
pub const CLIENT_ID: &str = "client-1";

/// The Platform, as a type.
pub fn issuer() -> Issuer {
    Issuer::try_from(ISSUER).expect("it is an issuer")
}

/// What it calls the Tool, as a type.
pub fn client_id() -> ClientId {
    ClientId::try_from(CLIENT_ID).expect("it is an id")
}

/// A URL of this file or of a target.
pub fn url(text: &str) -> Url {
    Url::parse(text).expect("it is a URL")
}

/// The members of an object that a target has put together.
pub fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

/// The launch in these claims, if there is one.
pub fn launch(claims: &Object) -> Option<Launch> {
    let deployment_id = DeploymentId::try_from("1").expect("it is an id");
    Launch::from_stored_claims(issuer(), client_id(), deployment_id, claims).ok()
}

/// Whether a URL is one of the web.
pub fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// Whether a text holds nothing that would break or forge a line of a log.
pub fn is_one_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}
