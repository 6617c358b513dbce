//! Whose results go to the gradebook.

use crate::launch::Launch;

/// What a launch allows to do with the result of a quiz.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grading {
    /// It is sent.
    Sent,
    /// The person does not learn here.
    NotAStudent,
    /// A teacher previews as a student.
    Preview,
    /// The Platform takes no scores from the App.
    NotGranted,
    /// The link has no gradebook column of its own.
    NoColumn,
    /// The Platform does not say who the person is.
    Anonymous,
}

impl Grading {
    pub(crate) fn of(launch: &Launch) -> Self {
        let (user, ags) = (&launch.user, launch.services.ags.as_ref());
        if !user.is_learner || user.is_instructor {
            return Self::NotAStudent;
        }
        if user.is_test_user {
            return Self::Preview;
        }
        match ags.filter(|ags| ags.takes_scores()) {
            None => Self::NotGranted,
            Some(ags) if ags.column().is_none() => Self::NoColumn,
            Some(_) if user.id.is_none() => Self::Anonymous,
            Some(_) => Self::Sent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Grading;
    use serde_json::{Value, json};

    fn grading(change: impl FnOnce(&mut Value)) -> Grading {
        let mut launch = json!({
            "id": "a",
            "messageType": "LtiResourceLinkRequest",
            "user": {"id": "52", "isLearner": true},
            "services": {"ags": {
                "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
                "lineitem": "https://lms.example/line-items/1",
            }},
        });
        change(&mut launch);
        Grading::of(&serde_json::from_value(launch).unwrap())
    }

    #[test]
    fn a_students_result_is_sent() {
        assert_eq!(grading(|_| ()), Grading::Sent);
    }

    #[test]
    fn nobody_elses_result_is_sent() {
        assert_eq!(grading(|launch| launch["user"]["isLearner"] = json!(false)), Grading::NotAStudent);
        assert_eq!(grading(|launch| launch["user"]["isInstructor"] = json!(true)), Grading::NotAStudent);
        assert_eq!(grading(|launch| launch["user"]["isTestUser"] = json!(true)), Grading::Preview);
        assert_eq!(grading(|launch| launch["user"]["id"] = Value::Null), Grading::Anonymous);
    }

    #[test]
    fn without_the_right_or_the_column_nothing_is_sent() {
        assert_eq!(grading(|launch| launch["services"] = json!({})), Grading::NotGranted);
        assert_eq!(grading(|launch| launch["services"]["ags"]["scope"] = json!([])), Grading::NotGranted);
        assert_eq!(grading(|launch| launch["services"]["ags"]["lineitem"] = json!("")), Grading::NoColumn);
    }
}
