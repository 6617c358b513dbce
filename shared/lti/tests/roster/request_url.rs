//! The first URL of a roster.

use doorway_lti::nrps::{RoleFilter, request_url};
use url::Url;

use crate::support::url;

const PLAIN: &str = "https://lms.example/contexts/7/memberships";

#[test]
fn nothing_is_added_when_nothing_is_asked() {
    for text in [PLAIN, "https://lms.example/m?groups=true", "https://lms.example/m?", "https://lms.example/m?a=%7E+b"]
    {
        assert_eq!(request_url(&url(text), None, None, None).as_str(), text);
    }
}

#[test]
fn parameters_are_encoded() {
    let role = RoleFilter::parse("Learner").unwrap();
    let asked = request_url(&url(PLAIN), Some(role.as_str()), Some(50), Some("a b&c=ü#"));
    let expected = "?role=http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Learner\
                    &limit=50&rlid=a+b%26c%3D%C3%BC%23";
    assert_eq!(asked.as_str(), format!("{PLAIN}{expected}"));
}

#[test]
fn the_platforms_own_query_is_kept_byte_for_byte() {
    let blackboard = url("https://learn.example/learn/api/v1/lti/external/namesandroles/_220_1?groups=true&x=%7e");
    let asked = request_url(&blackboard, None, Some(10), None);
    assert_eq!(asked.as_str(), format!("{blackboard}&limit=10"));
}

#[test]
fn what_the_url_has_already_is_neither_doubled_nor_changed() {
    let has = |query: &str| Url::parse(&format!("{PLAIN}?{query}")).unwrap();
    let ask = |url: &Url| request_url(url, Some("Learner"), Some(50), Some("link-1"));
    let all = has("rlid=canvas-7&limit=10&role=Instructor");
    assert_eq!(ask(&all), all);
    assert_eq!(ask(&has("rlid=canvas-7")), has("rlid=canvas-7&role=Learner&limit=50"));
    assert_eq!(ask(&has("r%6fle=")), has("r%6fle=&limit=50&rlid=link-1"));
    assert_eq!(ask(&ask(&url(PLAIN))), ask(&url(PLAIN)));
}
