//! The switches of the developer's page.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Shared, notice, require_user};
use crate::faults::{Endpoint, ServiceFault, Times, presets};
use crate::http::{Parameters, see_other};
use crate::old_ids::OldIds;
use crate::platform::Platform;
use crate::profile::Profile;
use crate::storage_manner::StorageManner;

/// `profile` of the form becomes the Platform's.
pub(crate) async fn switch_profile(State(platform): Shared, headers: HeaderMap, body: Bytes) -> Response {
    switch(&platform, &headers, &body, |form| {
        platform.set_profile(Profile::named(form.first("profile")?)?);
        Some(())
    })
}

/// `storage` of the form becomes the Platform's manner of keeping data for Tools.
pub(crate) async fn switch_storage(State(platform): Shared, headers: HeaderMap, body: Bytes) -> Response {
    switch(&platform, &headers, &body, |form| {
        platform.set_storage(StorageManner::named(form.first("storage")?)?);
        Some(())
    })
}

/// `old-ids` of the form becomes what launches say of LTI 1.1.
pub(crate) async fn switch_old_ids(State(platform): Shared, headers: HeaderMap, body: Bytes) -> Response {
    switch(&platform, &headers, &body, |form| {
        platform.set_old_ids(OldIds::named(form.first("old-ids")?)?);
        Some(())
    })
}

/// `fault` of the form is switched on at `endpoint` for so many `times`.
pub(crate) async fn switch_fault(State(platform): Shared, headers: HeaderMap, body: Bytes) -> Response {
    switch(&platform, &headers, &body, |form| {
        let (endpoint, fault, times) = wanted_fault(form)?;
        platform.faults().switch_on(endpoint, fault, times);
        Some(())
    })
}

/// All faults are switched off, and answers that are withheld go out.
pub(crate) async fn clear_faults(State(platform): Shared, headers: HeaderMap, body: Bytes) -> Response {
    switch(&platform, &headers, &body, |_| {
        platform.faults().clear();
        platform.faults().release();
        Some(())
    })
}

fn wanted_fault(form: &Parameters) -> Option<(Endpoint, ServiceFault, Times)> {
    let (endpoint, fault) = (form.first("endpoint")?, form.first("fault")?);
    let endpoint = Endpoint::ALL.into_iter().find(|known| format!("{known:?}") == endpoint)?;
    let (_, fault) = presets().into_iter().find(|(name, _)| *name == fault)?;
    let times = match form.first("times")? {
        "all" => Times::All,
        number => Times::Next(number.parse().ok().filter(|number| *number > 0)?),
    };
    Some((endpoint, fault, times))
}

/// Does what the form says and shows the page again.
fn switch(
    platform: &Platform,
    headers: &HeaderMap,
    body: &[u8],
    apply: impl FnOnce(&Parameters) -> Option<()>,
) -> Response {
    let user = match require_user(platform, headers) {
        Ok(user) => user,
        Err(sign_in) => return *sign_in,
    };
    match apply(&Parameters::parse(body)) {
        Some(()) => see_other(&platform.path("/developer#services")),
        None => {
            let words = ("Nothing was switched", "The form names something that is not on the developer's page.");
            notice(platform, StatusCode::BAD_REQUEST, Some(&user), words)
        }
    }
}
