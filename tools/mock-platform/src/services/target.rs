//! Which endpoint a path is.

use crate::claims::COURSE_ID;
use crate::faults::Endpoint;

/// A service endpoint.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// `/token`.
    Token,
    /// The container: `/line-items/course-7`.
    LineItems,
    /// A line item, by its id.
    LineItem(String),
    /// Where a line item takes scores.
    Scores(String),
    /// Where a line item shows results.
    Results(String),
    /// `/memberships/course-7`.
    Memberships,
    /// `/registration/` and a client's id.
    Registration(String),
}

impl Target {
    /// The endpoint of a path below the issuer. A slash at the end, a course that is not there: no endpoint.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        match segments.as_slice() {
            ["token"] => Some(Self::Token),
            ["line-items", course] if *course == COURSE_ID => Some(Self::LineItems),
            ["line-items", course, id] if *course == COURSE_ID => Some(Self::LineItem((*id).to_owned())),
            ["line-items", course, id, "scores"] if *course == COURSE_ID => Some(Self::Scores((*id).to_owned())),
            ["line-items", course, id, "results"] if *course == COURSE_ID => Some(Self::Results((*id).to_owned())),
            ["memberships", course] if *course == COURSE_ID => Some(Self::Memberships),
            ["registration", client_id] => Some(Self::Registration((*client_id).to_owned())),
            _ => None,
        }
    }
}

impl Target {
    /// The kind of endpoint that it is.
    pub(crate) const fn endpoint(&self) -> Endpoint {
        match self {
            Self::Token => Endpoint::Token,
            Self::LineItems | Self::LineItem(_) => Endpoint::LineItems,
            Self::Scores(_) => Endpoint::Score,
            Self::Results(_) => Endpoint::Results,
            Self::Memberships => Endpoint::Memberships,
            Self::Registration(_) => Endpoint::Registration,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn a_path_names_its_endpoint_and_no_other_does() {
        assert_eq!(Target::of("/token"), Some(Target::Token));
        assert_eq!(Target::of("/line-items/course-7"), Some(Target::LineItems));
        assert_eq!(Target::of("/line-items/course-7/link-1201/scores"), Some(Target::Scores("link-1201".into())));
        for path in ["/token/", "/line-items/course-8", "/line-items/course-7/link-1201/score", "token"] {
            assert_eq!(Target::of(path), None, "{path}");
        }
    }
}
