//! Roles: exact matching against the vocabulary, never by suffix.
//!
//! A user may be an Administrator of the institution and a Learner here: only *context* roles say what
//! somebody may do in this course. `membership/Learner#Instructor` is a kind of learner.
//!
//! Spec: [LTI Core 1.3 Appendix A](https://www.imsglobal.org/spec/lti/v1p3/#role-vocabularies).

mod meaning;
mod vocabulary;

pub use meaning::RolesAndMeaning;

use serde_json::Value;

use vocabulary::{CONTEXT_ROLES, INSTITUTION_ROLES, LIS, SYSTEM_ROLES, TEST_USER};

/// The principal context roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Administers the context.
    Administrator,
    /// Builds its content.
    ContentDeveloper,
    /// Teaches in it.
    Instructor,
    /// Learns in it.
    Learner,
    /// Looks after learners in it.
    Mentor,
    /// Manages it.
    Manager,
    /// Belongs to it.
    Member,
    /// Holds an office in it.
    Officer,
}

#[cfg(feature = "openapi")]
impl Principal {
    /// All of them.
    pub(crate) const ALL: [Self; 8] = [
        Self::Administrator,
        Self::ContentDeveloper,
        Self::Instructor,
        Self::Learner,
        Self::Mentor,
        Self::Manager,
        Self::Member,
        Self::Officer,
    ];
}

/// One role of a user, as far as the vocabulary knows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Role {
    /// A role in this context, with its sub-role where one was sent.
    Context {
        /// The principal role, sent or implied by the sub-role.
        principal: Principal,
        /// For example `TeachingAssistant`.
        sub_role: Option<&'static str>,
    },
    /// A role somewhere in the institution: says nothing about this context.
    Institution(&'static str),
    /// A role in the Platform itself: says nothing about this context.
    System(&'static str),
    /// The marker of a preview ("student view") user, beside a real role.
    TestUser,
    /// Not in the vocabulary: kept as sent, grants nothing.
    Unrecognised(String),
}

impl Role {
    /// Recognises a role: full URIs, short context role names, and the deprecated URI and URN forms.
    pub fn parse(text: &str) -> Self {
        recognise(text).unwrap_or_else(|| Self::Unrecognised(text.to_owned()))
    }

    /// The role's URI in the current vocabulary; an unrecognised role as sent.
    pub fn uri(&self) -> String {
        match self {
            Self::Context { principal, sub_role: None } => format!("{LIS}membership#{}", principal.name()),
            Self::Context { principal, sub_role: Some(sub) } => format!("{LIS}membership/{}#{sub}", principal.name()),
            Self::Institution(name) => format!("{LIS}institution/person#{name}"),
            Self::System(name) => format!("{LIS}system/person#{name}"),
            Self::TestUser => TEST_USER.to_owned(),
            Self::Unrecognised(text) => text.clone(),
        }
    }
}

impl Principal {
    /// The role's name in the vocabulary.
    pub fn name(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::ContentDeveloper => "ContentDeveloper",
            Self::Instructor => "Instructor",
            Self::Learner => "Learner",
            Self::Mentor => "Mentor",
            Self::Manager => "Manager",
            Self::Member => "Member",
            Self::Officer => "Officer",
        }
    }
}

fn recognise(text: &str) -> Option<Role> {
    if text == TEST_USER {
        return Some(Role::TestUser);
    }
    if let Some(lis) = text.strip_prefix(LIS) {
        return recognise_lis(lis);
    }
    if let Some(name) = text.strip_prefix("urn:lti:role:ims/lis/") {
        return match name.split_once('/') {
            Some((principal, sub)) => sub_role(principal, sub),
            None => context(name),
        };
    }
    if let Some(name) = text.strip_prefix("urn:lti:instrole:ims/lis/") {
        return known(INSTITUTION_ROLES, name).map(Role::Institution);
    }
    if let Some(name) = text.strip_prefix("urn:lti:sysrole:ims/lis/") {
        return known(SYSTEM_ROLES, name).map(Role::System);
    }
    context(text)
}

/// What follows the vocabulary's prefix, for example `membership/Instructor#TeachingAssistant`.
fn recognise_lis(lis: &str) -> Option<Role> {
    match lis.split_once('#')? {
        ("membership", name) => context(name),
        ("institution/person", name) => known(INSTITUTION_ROLES, name).map(Role::Institution),
        ("system/person", name) => known(SYSTEM_ROLES, name).map(Role::System),
        // The deprecated `person#X` named no vocabulary; Moodle still sends `person#Administrator`.
        ("person", name) => {
            let institution = known(INSTITUTION_ROLES, name).map(Role::Institution);
            institution.or_else(|| known(SYSTEM_ROLES, name).map(Role::System))
        }
        (path, name) => sub_role(path.strip_prefix("membership/")?, name),
    }
}

fn context(name: &str) -> Option<Role> {
    let (principal, _) = CONTEXT_ROLES.iter().find(|(principal, _)| principal.name() == name)?;
    Some(Role::Context { principal: *principal, sub_role: None })
}

fn sub_role(principal: &str, name: &str) -> Option<Role> {
    let (principal, sub_roles) = CONTEXT_ROLES.iter().find(|(known, _)| known.name() == principal)?;
    Some(Role::Context { principal: *principal, sub_role: Some(known(sub_roles, name)?) })
}

fn known(names: &[&'static str], name: &str) -> Option<&'static str> {
    names.iter().copied().find(|known| *known == name)
}

/// All roles of a user in one launch, without repetitions and empty texts. May be empty: such a user has the
/// least privilege.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles(Vec<Role>);

impl Roles {
    /// Reads a `roles` claim: an array whose non-strings and empty strings are dropped, or a single string.
    pub fn read(claim: Option<&Value>) -> Self {
        Self::read_at_most(claim, usize::MAX)
    }

    /// As [`Roles::read`], but only the first `most` entries: for answers that are long in themselves.
    pub(crate) fn read_at_most(claim: Option<&Value>, most: usize) -> Self {
        match claim {
            Some(Value::String(text)) => Self::from_texts([text.as_str()]),
            Some(Value::Array(values)) => Self::from_texts(values.iter().take(most).filter_map(Value::as_str)),
            _ => Self::default(),
        }
    }

    /// Adds the roles of `others` that are new, as long as there are fewer than `most`.
    pub(crate) fn merge(&mut self, others: &Self, most: usize) {
        for role in &others.0 {
            if self.0.len() < most && !self.0.contains(role) {
                self.0.push(role.clone());
            }
        }
    }

    fn from_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut roles = Vec::new();
        for role in texts.into_iter().filter(|text| !text.is_empty()).map(Role::parse) {
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        Self(roles)
    }

    /// The roles, in the order sent.
    pub fn iter(&self) -> impl Iterator<Item = &Role> {
        self.0.iter()
    }

    /// Whether the user has this role in this context, itself or by a sub-role.
    pub fn has(&self, principal: Principal) -> bool {
        self.0.iter().any(|role| matches!(role, Role::Context { principal: p, .. } if *p == principal))
    }

    /// Teaches in this context. A teaching assistant is one too: see [`Roles::is_teaching_assistant`].
    pub fn is_instructor(&self) -> bool {
        self.has(Principal::Instructor)
    }

    /// Learns in this context.
    pub fn is_learner(&self) -> bool {
        self.has(Principal::Learner)
    }

    /// Administers this context. An administrator of the institution or of the Platform is not meant.
    pub fn is_administrator(&self) -> bool {
        self.has(Principal::Administrator)
    }

    /// Looks after learners in this context.
    pub fn is_mentor(&self) -> bool {
        self.has(Principal::Mentor)
    }

    /// Builds content in this context.
    pub fn is_content_developer(&self) -> bool {
        self.has(Principal::ContentDeveloper)
    }

    /// Assists in teaching. Platforms send this sub-role together with `Instructor`, so only the sub-role tells.
    pub fn is_teaching_assistant(&self) -> bool {
        self.0.iter().any(|role| {
            matches!(role, Role::Context { principal: Principal::Instructor, sub_role: Some(sub) }
            if sub.starts_with("TeachingAssistant"))
        })
    }

    /// Administers the institution or the Platform: may matter for set-up, never for a course.
    pub fn is_platform_administrator(&self) -> bool {
        self.0.iter().any(|role| {
            matches!(
                role,
                Role::Institution("Administrator") | Role::System("Administrator" | "SysAdmin" | "AccountAdmin")
            )
        })
    }

    /// A preview user ("student view") whose results should not count.
    pub fn is_test_user(&self) -> bool {
        self.0.contains(&Role::TestUser)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn roles(claim: Value) -> Roles {
        Roles::read(Some(&claim))
    }

    fn membership(name: &str) -> String {
        format!("{LIS}membership#{name}")
    }

    #[test]
    fn every_word_of_the_vocabulary_is_recognised_and_written_back_the_same() {
        let mut uris: Vec<String> = vec![TEST_USER.to_owned()];
        for (principal, sub_roles) in CONTEXT_ROLES {
            uris.push(membership(principal.name()));
            uris.extend(sub_roles.iter().map(|sub| format!("{LIS}membership/{}#{sub}", principal.name())));
        }
        uris.extend(INSTITUTION_ROLES.iter().map(|name| format!("{LIS}institution/person#{name}")));
        uris.extend(SYSTEM_ROLES.iter().map(|name| format!("{LIS}system/person#{name}")));
        assert_eq!(uris.len(), 1 + 8 + 51 + 14 + 7);
        for uri in uris {
            let role = Role::parse(&uri);
            assert!(!matches!(role, Role::Unrecognised(_)), "{uri}");
            assert_eq!(role.uri(), uri);
        }
    }

    #[test]
    fn a_learner_sub_role_named_instructor_teaches_nobody() {
        let roles = roles(json!([format!("{LIS}membership/Learner#Instructor")]));
        assert!(roles.is_learner());
        assert!(!roles.is_instructor());
    }

    #[test]
    fn institution_and_system_roles_give_nothing_in_the_context() {
        let roles = roles(json!([
            format!("{LIS}institution/person#Instructor"),
            format!("{LIS}institution/person#Administrator"),
            format!("{LIS}institution/person#Mentor"),
            format!("{LIS}system/person#Administrator"),
            format!("{LIS}person#Administrator"),
        ]));
        assert!(!roles.is_instructor() && !roles.is_administrator() && !roles.is_mentor());
        assert!(roles.is_platform_administrator());
    }

    #[test]
    fn a_sub_role_implies_its_principal() {
        let roles = roles(json!([format!("{LIS}membership/Instructor#TeachingAssistant")]));
        assert!(roles.is_instructor() && roles.is_teaching_assistant());
        assert!(!Roles::read(Some(&json!([membership("Instructor")]))).is_teaching_assistant());
    }

    #[test]
    fn short_names_and_deprecated_forms_are_aliases() {
        for text in ["Instructor", "urn:lti:role:ims/lis/Instructor", "urn:lti:role:ims/lis/Instructor/Lecturer"] {
            assert!(roles(json!([text])).is_instructor(), "{text}");
        }
        assert_eq!(Role::parse("urn:lti:instrole:ims/lis/Student"), Role::Institution("Student"));
        assert_eq!(Role::parse("urn:lti:sysrole:ims/lis/SysAdmin"), Role::System("SysAdmin"));
        assert_eq!(Role::parse(&format!("{LIS}person#Administrator")), Role::Institution("Administrator"));
    }

    #[test]
    fn look_alikes_are_kept_and_grant_nothing() {
        for text in [
            "https://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
            "http://purl.imsglobal.org/vocab/lis/v2/membership#instructor",
            "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor ",
            "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#Nobody",
            "http://purl.imsglobal.org/vocab/lis/v2/unknown/unknown#Helper",
            "http://evil.example/membership#Instructor",
            "Learner,Instructor",
            "instructor",
            "Faculty",
        ] {
            let roles = roles(json!([text]));
            assert!(!roles.is_instructor() && !roles.is_learner(), "{text}");
            assert_eq!(roles.iter().next(), Some(&Role::Unrecognised(text.to_owned())));
        }
    }

    #[test]
    fn odd_claims_are_read_leniently() {
        assert_eq!(roles(json!([""])), Roles::default());
        assert_eq!(roles(json!({"a": 1})), Roles::default());
        assert_eq!(roles(json!(["Learner", 3, null, "Learner", membership("Learner")])).iter().count(), 1);
        assert!(roles(json!("Instructor")).is_instructor());
    }

    /// Each answer to "is this user a ..?", by name.
    fn answers(roles: &Roles) -> [(&'static str, bool); 7] {
        [
            ("Administrator", roles.is_administrator()),
            ("ContentDeveloper", roles.is_content_developer()),
            ("Instructor", roles.is_instructor()),
            ("Learner", roles.is_learner()),
            ("Mentor", roles.is_mentor()),
            ("TestUser", roles.is_test_user()),
            ("platform administrator", roles.is_platform_administrator()),
        ]
    }

    #[test]
    fn a_role_answers_its_own_question_and_no_other() {
        let principals = CONTEXT_ROLES.iter().map(|(principal, _)| (membership(principal.name()), principal.name()));
        let administrators = [
            "institution/person#Administrator",
            "system/person#Administrator",
            "system/person#SysAdmin",
            "system/person#AccountAdmin",
        ];
        let administrators = administrators.map(|role| (format!("{LIS}{role}"), "platform administrator"));
        let others = [(TEST_USER.to_owned(), "TestUser"), (format!("{LIS}system/person#SysSupport"), "nobody")];
        for (uri, own) in principals.chain(administrators).chain(others) {
            for (question, answer) in answers(&roles(json!([uri]))) {
                assert_eq!(answer, question == own, "{uri}: {question}");
            }
        }
    }

    #[test]
    fn a_test_user_is_marked_beside_the_real_role() {
        let roles = roles(json!([membership("Learner"), TEST_USER]));
        assert!(roles.is_test_user() && roles.is_learner());
    }
}
