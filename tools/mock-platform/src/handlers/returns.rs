//! The Tool sends somebody back: the launches' `return_url`.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Shared, signed_in};
use crate::http::{Parameters, Permission, page};
use crate::pages;
use crate::return_log::{Note, NoteKind};

/// Shows `lti_msg` and `lti_errormsg`, keeps `lti_log` and `lti_errorlog`. People come from another site, perhaps within
/// a frame, so that nobody need be signed in.
pub(crate) async fn come_back(State(platform): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let text = |name| query.first(name).filter(|text| !text.is_empty());
    for kind in NoteKind::ALL {
        if let Some(text) = text(kind.name()) {
            platform.returns.record(Note { kind, text: text.to_owned() });
        }
    }
    let user = signed_in(&platform, &headers);
    let words = (text("lti_errormsg"), text("lti_msg"));
    page(StatusCode::OK, &Permission::None, pages::returned(&platform, user.as_ref(), words))
}
