//! A click on a link: the login initiation is sent to the Tool.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Shared, notice, post_to_tool, require_user};
use crate::course::CourseLink;
use crate::http::{Parameters, see_other};
use crate::initiation::with_query;
use crate::platform::{PendingLaunch, Platform};
use crate::user::User;
use crate::wrong::{self, WrongLaunch};

/// Why a click starts nothing.
type Refusal = (StatusCode, &'static str, &'static str);

const NO_LINK: Refusal = (StatusCode::NOT_FOUND, "No such link", "The course has no link of that name.");
const NO_WRONG_LAUNCH: Refusal =
    (StatusCode::NOT_FOUND, "No such launch", "This link has no wrong launch of that name.");
const TEACHERS_ONLY: Refusal = (StatusCode::FORBIDDEN, "For teachers", "Only a teacher of the course can do this.");

/// `?method=get` sends a redirect instead of a form; `?wrong=<name>` spoils the launch; `?locale=<tag>` asks for a
/// language.
pub(crate) async fn launch(
    State(platform): Shared,
    Path(link): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let user = match require_user(&platform, &headers) {
        Ok(user) => user,
        Err(sign_in) => return *sign_in,
    };
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let (link, wrong) = match find_launch(&platform, &user, &link, query.first("wrong")) {
        Ok(launch) => launch,
        Err((status, title, text)) => {
            return notice(&platform, status, Some(&user), (title, text));
        }
    };
    let locale = query.first("locale").map(ToOwned::to_owned);
    let client = platform.client();
    let parameters = platform.initiate_login(&client, PendingLaunch { user_id: user.id, link, wrong, locale });
    let tool = &client.initiate_login_uri;
    match (query.first("method"), with_query(tool, &parameters)) {
        (Some("get"), Some(location)) => see_other(&location),
        _ => post_to_tool(&platform, tool, &parameters, false),
    }
}

/// The link, if this person may follow it. A wrong launch may be sent by anybody, since it must fail.
fn find_launch(
    platform: &Platform,
    user: &User,
    name: &str,
    wrong: Option<&str>,
) -> Result<(Arc<CourseLink>, Option<&'static WrongLaunch>), Refusal> {
    let link = platform.course().find(name).ok_or(NO_LINK)?;
    if let Some(wrong) = wrong {
        let wrong = wrong::find(wrong).filter(|wrong| wrong.message == link.message).ok_or(NO_WRONG_LAUNCH)?;
        return Ok((link, Some(wrong)));
    }
    if link.teachers_only && !user.is_teacher() {
        return Err(TEACHERS_ONLY);
    }
    Ok((link, None))
}
