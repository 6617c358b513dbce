//! Where a verified launch leads: the claim's `target_link_uri` if it is the App's, else the default App URL.
//!
//! The claim is signed, but a Platform may still name any place in it (Blackboard documents that it can be
//! anything), so only origins on the App's allow-list are ever redirected to (launch digest §9).

use url::{Origin, Url};

use crate::launch_id::LaunchId;

/// Paths of Doorway itself: never a place to land, also when App and Tool share an origin.
const OWN_PATHS: [&str; 3] = ["/lti/", "/v1/", "/.well-known/"];

/// The query parameter that carries the one-time code.
const LAUNCH: &str = "launch";

/// The longest `target_link_uri` that is followed, in bytes: a longer one would not fit the answer's headers.
const MAX_TARGET_BYTES: usize = 4 * 1024;

/// The App's places.
#[derive(Debug, Clone)]
pub struct AppTargets {
    default: Url,
    origins: Vec<Origin>,
    own_origin: Origin,
}

impl AppTargets {
    /// `default` is where launches go that name no place of the App's; its origin is allowed too. `public_url`
    /// is the Tool itself.
    pub fn new(default: Url, allowed: &[Url], public_url: &Url) -> Self {
        let origins = std::iter::once(&default).chain(allowed).map(Url::origin).collect();
        Self { default, origins, own_origin: public_url.origin() }
    }

    /// Where launches go that name no place of the App's.
    pub fn default_url(&self) -> &Url {
        &self.default
    }

    /// The App's origins.
    pub fn origins(&self) -> Vec<String> {
        self.origins.iter().map(Origin::ascii_serialization).collect()
    }

    /// Whether a launch that names this URL leads there.
    pub fn leads_to(&self, url: &Url) -> bool {
        url.as_str().len() <= MAX_TARGET_BYTES && self.is_allowed(url)
    }

    /// The URL to send the browser to, with the launch id as its one-time code.
    pub fn landing(&self, target_link_uri: Option<&str>, id: &LaunchId) -> Url {
        let claimed = target_link_uri.filter(|uri| uri.len() <= MAX_TARGET_BYTES).and_then(|uri| self.allowed(uri));
        let mut url = claimed.unwrap_or_else(|| self.default.clone());
        url.set_fragment(None);
        if url.query_pairs().any(|(name, _)| name == LAUNCH) {
            let others: Vec<(String, String)> =
                url.query_pairs().into_owned().filter(|(name, _)| name != LAUNCH).collect();
            url.query_pairs_mut().clear().extend_pairs(others);
        }
        // The rest of the query stays byte for byte: the App may have signed it.
        let query = match url.query() {
            None | Some("") => format!("{LAUNCH}={}", id.as_str()),
            Some(query) => format!("{query}&{LAUNCH}={}", id.as_str()),
        };
        url.set_query(Some(&query));
        url
    }

    fn allowed(&self, uri: &str) -> Option<Url> {
        // A URL parser forgives what a browser may read otherwise: backslashes, control characters, white space.
        if uri.contains(|c: char| c == '\\' || c.is_control()) || uri.trim() != uri {
            return None;
        }
        Url::parse(uri).ok().filter(|url| self.is_allowed(url))
    }

    fn is_allowed(&self, url: &Url) -> bool {
        let has_user = !url.username().is_empty() || url.password().is_some();
        let is_web = matches!(url.scheme(), "https" | "http");
        is_web && !has_user && self.origins.contains(&url.origin()) && !self.is_own(url)
    }

    fn is_own(&self, url: &Url) -> bool {
        let path = url.path();
        url.origin() == self.own_origin && OWN_PATHS.iter().any(|own| path.starts_with(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets() -> AppTargets {
        let url = |text| Url::parse(text).unwrap();
        AppTargets::new(
            url("https://app.example/start?from=lti"),
            &[url("https://video.example:8443")],
            &url("https://tool.example"),
        )
    }

    fn landing(uri: Option<&str>) -> String {
        let id = LaunchId::try_from("A".repeat(32).as_str()).unwrap();
        targets().landing(uri, &id).to_string().replace(&"A".repeat(32), "ID")
    }

    const DEFAULT: &str = "https://app.example/start?from=lti&launch=ID";

    #[test]
    fn a_place_of_the_app_is_where_the_launch_lands() {
        assert_eq!(landing(Some("https://app.example/a?b=c%20d#e")), "https://app.example/a?b=c%20d&launch=ID");
        assert_eq!(landing(Some("https://video.example:8443/7")), "https://video.example:8443/7?launch=ID");
    }

    #[test]
    fn a_launch_parameter_of_the_platform_is_replaced() {
        assert_eq!(landing(Some("https://app.example/?launch=stolen&x=1")), "https://app.example/?x=1&launch=ID");
    }

    #[test]
    fn every_other_place_becomes_the_default() {
        for uri in [
            "https://evil.example/",
            "//app.example/",
            "https:evil.example",
            "https://app.example@evil.example/",
            "https://user@app.example/",
            "https://:secret@app.example/",
            "https://app.example.evil.example/",
            "https://app.example:444/",
            "http://app.example/",
            "\\\\app.example",
            "https:\\\\app.example/",
            "https://app.example/\t",
            " https://app.example/",
            "https://app.exa\nmple/",
            "\u{1}https://app.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "packback.co",
            "",
        ] {
            assert_eq!(landing(Some(uri)), DEFAULT, "{uri:?}");
        }
        assert_eq!(landing(None), DEFAULT);
    }

    #[test]
    fn a_place_has_a_length_that_fits_an_answer() {
        let of = |bytes: usize| format!("https://app.example/{}", "a".repeat(bytes - "https://app.example/".len()));
        let (longest, longer) = (of(MAX_TARGET_BYTES), of(MAX_TARGET_BYTES + 1));
        assert_eq!(landing(Some(&longest)), format!("{longest}?launch=ID"));
        assert_eq!(landing(Some(&longer)), DEFAULT);
        let leads_to = |uri: &str| targets().leads_to(&Url::parse(uri).unwrap());
        assert!(leads_to(&longest) && !leads_to(&longer));
        assert!(leads_to("https://video.example:8443/7"));
        for elsewhere in ["https://evil.example/", "https://:secret@app.example/", "http://app.example/"] {
            assert!(!leads_to(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn a_browser_is_sent_to_the_web_alone() {
        let url = |text| Url::parse(text).unwrap();
        let targets =
            AppTargets::new(url("http://localhost:3000/"), &[url("ftp://app.example")], &url("https://tool.example"));
        assert!(targets.leads_to(&url("http://localhost:3000/lesson")));
        assert!(!targets.leads_to(&url("ftp://app.example/lesson")));
    }

    #[test]
    fn the_tools_own_paths_are_no_place_to_land() {
        let url = |text| Url::parse(text).unwrap();
        let shared = AppTargets::new(url("https://one.example/app"), &[], &url("https://one.example"));
        let id = LaunchId::try_from("A".repeat(32).as_str()).unwrap();
        let lands = |targets: &AppTargets, uri: &str| targets.landing(Some(uri), &id).to_string();
        for path in ["lti/launch", "v1/launches/1", ".well-known/jwks.json"] {
            let uri = format!("https://one.example/{path}");
            assert!(lands(&shared, &uri).starts_with("https://one.example/app?"), "{path}");
            // Of an App with an origin of its own they are pages like others.
            let uri = format!("https://app.example/{path}");
            assert!(lands(&targets(), &uri).starts_with(&format!("{uri}?")), "{path}");
        }
        assert!(lands(&shared, "https://one.example/lesson").starts_with("https://one.example/lesson?"));
    }
}
