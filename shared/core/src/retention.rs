//! Which claims are kept after a launch is redeemed, and which are erased.
//!
//! Kept is a list of what services need later: who, where, and the service claims. Everything else is erased,
//! also what this version does not know: custom parameters and vendor claims may carry names.

use doorway_lti::claim;
use doorway_lti::json::Object;
use serde_json::Value;

/// What is kept of one claim.
enum Kept {
    Whole,
    Members(&'static [&'static str]),
}

const KEPT: &[(&str, Kept)] = &[
    ("iss", Kept::Whole),
    ("aud", Kept::Whole),
    ("sub", Kept::Whole),
    (claim::MESSAGE_TYPE, Kept::Whole),
    (claim::VERSION, Kept::Whole),
    (claim::DEPLOYMENT_ID, Kept::Whole),
    (claim::TARGET_LINK_URI, Kept::Whole),
    (claim::ROLES, Kept::Whole),
    (claim::RESOURCE_LINK, Kept::Members(&["id", "title"])),
    (claim::CONTEXT, Kept::Members(&["id", "type", "label", "title"])),
    (claim::TOOL_PLATFORM, Kept::Members(&["guid", "name", "product_family_code", "version"])),
    (claim::FOR_USER, Kept::Members(&["user_id"])),
    (claim::AGS_ENDPOINT, Kept::Whole),
    (claim::NRPS_SERVICE, Kept::Whole),
    (claim::GROUPS_SERVICE, Kept::Whole),
    (claim::NOTIFICATION_SERVICE, Kept::Whole),
    (claim::DEEP_LINKING_SETTINGS, Kept::Whole),
];

/// The claims of one launch in two parts, which together are all of them.
#[derive(Clone, PartialEq)]
pub struct Split {
    /// Kept until retention ends.
    pub kept: Object,
    /// Erased when the launch is redeemed.
    pub personal: Object,
}

/// Parts the claims.
pub fn split(claims: Object) -> Split {
    let mut split = Split { kept: Object::new(), personal: Object::new() };
    for (name, value) in claims {
        let rule = KEPT.iter().find(|(kept, _)| *kept == name).map(|(_, rule)| rule);
        match (rule, value) {
            (Some(Kept::Whole), value) => {
                split.kept.insert(name, value);
            }
            (Some(Kept::Members(members)), Value::Object(object)) => split.members(&name, members, object),
            (Some(Kept::Members(_)) | None, value) => {
                split.personal.insert(name, value);
            }
        }
    }
    split
}

/// Puts the parts together again.
pub fn join(Split { mut kept, personal }: Split) -> Object {
    for (name, value) in personal {
        match (kept.get_mut(&name), value) {
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
            (_, value) => {
                kept.insert(name, value);
            }
        }
    }
    kept
}

impl Split {
    fn members(&mut self, name: &str, members: &[&str], object: Object) {
        let (kept, personal): (Object, Object) =
            object.into_iter().partition(|(member, _)| members.contains(&member.as_str()));
        if !personal.is_empty() {
            self.personal.insert(name.to_owned(), Value::Object(personal));
        }
        self.kept.insert(name.to_owned(), Value::Object(kept));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims() -> Object {
        json!({
            "iss": "https://lms.example", "sub": "42", "name": "Ada Example", "email": "ada@lms.example", "nonce": "n",
            claim::CONTEXT: {"id": "c1", "title": "Course", "teacher": "Ada Example"},
            claim::RESOURCE_LINK: {"id": "r1", "description": "by Ada Example"},
            claim::TOOL_PLATFORM: {"guid": "g", "contact_email": "ada@lms.example"},
            claim::LIS: {"person_sourcedid": "ada"},
            claim::CUSTOM: {"full_name": "Ada Example"},
            claim::FOR_USER: {"user_id": "43", "name": "Ada Example", "email": "ada@lms.example"},
            claim::LAUNCH_PRESENTATION: [],
            claim::AGS_ENDPOINT: {"scope": [], "lineitem": "https://lms.example/li/1"},
            "https://vendor.example/user": {"login": "ada"},
        })
        .as_object()
        .unwrap()
        .clone()
    }

    #[test]
    fn nothing_personal_is_kept() {
        let kept = serde_json::to_string(&split(claims()).kept).unwrap().to_lowercase();
        assert!(!kept.contains("ada"), "{kept}");
    }

    #[test]
    fn what_services_need_is_kept() {
        let kept = split(claims()).kept;
        for name in ["iss", "sub", claim::AGS_ENDPOINT] {
            assert_eq!(kept.get(name), claims().get(name), "{name}");
        }
        assert_eq!(kept[claim::CONTEXT], json!({"id": "c1", "title": "Course"}));
        assert_eq!(kept[claim::FOR_USER], json!({"user_id": "43"}));
    }

    #[test]
    fn the_parts_together_are_the_claims_as_sent() {
        assert_eq!(join(split(claims())), claims());
        let odd = json!({ claim::CONTEXT: [], claim::RESOURCE_LINK: null, claim::TOOL_PLATFORM: {}, "roles": "x" });
        let odd = odd.as_object().unwrap().clone();
        assert_eq!(join(split(odd.clone())), odd);
    }
}
