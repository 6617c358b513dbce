//! The query of a list: its filters, and the page that is asked for.
//!
//! The next page's URL is a cursor that stands alone, so that a Tool which adds its filters again is found out. Moodle's
//! is open, and Canvas calls it `page`.

use axum::http::HeaderValue;
use axum::http::header::{HeaderName, LINK};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Received, ServiceError};
use crate::http::Parameters;
use crate::profile::Profile;

/// Which members of a list a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from: usize,
    pub(crate) limit: usize,
}

/// The parameters of a list request; those of a cursor stand in its place.
pub(crate) struct ListQuery {
    parameters: Vec<(String, String)>,
    profile: Profile,
}

/// Parameters that belong to the address itself and say nothing of the list.
const OF_THE_ADDRESS: [&str; 2] = ["type_id", "groups"];

impl ListQuery {
    pub(crate) fn parse(profile: Profile, received: &Received) -> Result<Self, ServiceError> {
        let query = Parameters::parse(received.query.as_deref().unwrap_or_default().as_bytes());
        let parameters = query.distinct().map_err(|_| ServiceError::Malformed("a parameter came more than once"))?;
        let parameters: Vec<_> =
            parameters.into_iter().filter(|(name, _)| !OF_THE_ADDRESS.contains(&name.as_str())).collect();
        let parameters = match parameters.iter().find(|(name, _)| name == cursor_name(profile)) {
            None => parameters,
            Some((_, cursor)) if parameters.len() == 1 => opened(cursor)?,
            Some(_) => return Err(ServiceError::Malformed("the URL of a page must be used as it is")),
        };
        Ok(Self { parameters, profile })
    }

    /// A filter. An empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(parameter, _)| parameter == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The page; `usual` members when no limit is given, never more than `most`.
    pub(crate) fn window(&self, usual: usize, most: usize) -> Result<Window, ServiceError> {
        let number = |name: &str| self.get(name).map(str::parse::<usize>).transpose();
        let limit = number("limit").map_err(|_| ServiceError::Malformed("limit must be a number"))?;
        if limit == Some(0) {
            return Err(ServiceError::Malformed("limit must be more than zero"));
        }
        let from = number("from").map_err(|_| ServiceError::Malformed("from must be a number"))?;
        Ok(Window { from: from.unwrap_or(0), limit: limit.unwrap_or(usual).min(most) })
    }

    /// The URL of the page after this one, of a list that has `total` members. `dropped` filters get lost in it.
    pub(crate) fn next(&self, base: &str, window: Window, total: usize, dropped: &[&str]) -> Option<String> {
        let from = window.from.saturating_add(window.limit);
        if from >= total {
            return None;
        }
        let mut next = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.parameters {
            if !["from", "limit"].contains(&name.as_str()) && !dropped.contains(&name.as_str()) {
                next.append_pair(name, value);
            }
        }
        next.append_pair("limit", &window.limit.to_string());
        next.append_pair("from", &from.to_string());
        let next = next.finish();
        let separator = if base.contains('?') { '&' } else { '?' };
        match self.profile {
            Profile::Moodle => Some(format!("{base}{separator}{next}")),
            profile => Some(format!("{base}{separator}{}={}", cursor_name(profile), URL_SAFE_NO_PAD.encode(next))),
        }
    }
}

const fn cursor_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Canvas => "page",
        _ => "cursor",
    }
}

/// What a cursor stands for. One that was changed on its way, in upper and lower case for example, must not lead back to the
/// first page: a Tool would read that one for ever.
fn opened(cursor: &str) -> Result<Vec<(String, String)>, ServiceError> {
    let unknown = ServiceError::Malformed("the page is unknown");
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| unknown)?;
    let parameters: Vec<(String, String)> = form_urlencoded::parse(&bytes).into_owned().collect();
    let is_whole = ["limit", "from"].iter().all(|name| parameters.iter().any(|(found, _)| found == name));
    if is_whole { Ok(parameters) } else { Err(unknown) }
}

/// A `Link` header of these relations and URLs; none when there are none. Spec: RFC 8288, section 3.
pub(crate) fn link_header(links: &[(&str, String)]) -> Option<(HeaderName, HeaderValue)> {
    let links: Vec<_> = links.iter().map(|(relation, url)| format!("<{url}>; rel=\"{relation}\"")).collect();
    (!links.is_empty()).then(|| HeaderValue::from_str(&links.join(", ")).ok())?.map(|value| (LINK, value))
}

/// Moodle's `Link` header of line items: typographic quotes, and a URL that is escaped as if it stood in HTML.
pub(crate) fn moodle_link_header(next: &str) -> Option<(HeaderName, HeaderValue)> {
    let value = format!("<{}>; rel=“next”", next.replace('&', "&amp;"));
    HeaderValue::from_bytes(value.as_bytes()).ok().map(|value| (LINK, value))
}
