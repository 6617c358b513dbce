//! The people of the school, and what they are there.

/// A person who can sign in at the Platform.
///
/// An empty name or e-mail means that the school does not release it: the claim is then left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Stable id: the `login_hint` and the `sub` claim.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// E-mail address.
    pub email: String,
    /// What the sign-in page calls this person's part, such as `Teacher`.
    pub position: String,
    /// Role URIs, in full.
    pub roles: Vec<String>,
}

/// The vocabulary that role URIs come from. Spec: LTI Core 1.3, appendix A.2.
pub(crate) const VOCABULARY: &str = "http://purl.imsglobal.org/vocab/lis/v2/";
/// The role of users that are there for trying things out. Spec: LTI Core 1.3, on LTI roles.
const TEST_USER: &str = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser";
const STUDENT: [&str; 2] = ["membership#Learner", "institution/person#Student"];

impl User {
    /// `names` are the given name, the family name, and what stands before the `@`.
    fn new(id: &str, names: (&str, &str, &str), position: &str, roles: &[&str]) -> Self {
        let (given_name, family_name, mailbox) = names;
        Self {
            id: id.to_owned(),
            name: format!("{given_name} {family_name}"),
            given_name: given_name.to_owned(),
            family_name: family_name.to_owned(),
            email: format!("{mailbox}@maple.example"),
            position: position.to_owned(),
            roles: roles.iter().map(|role| format!("{VOCABULARY}{role}")).collect(),
        }
    }

    /// A student of the roster, whose mailbox is named by the id.
    pub(crate) fn student(id: &str, given_name: &str, family_name: &str) -> Self {
        Self::new(id, (given_name, family_name, &format!("student{id}")), "Student", &STUDENT)
    }

    /// The student whom a teacher tries things out with: without grades.
    pub(crate) fn test_student() -> Self {
        let mut user = Self::new("1999", ("Test", "Student", "test"), "Test student", &STUDENT[..1]);
        user.roles.push(TEST_USER.to_owned());
        user
    }

    /// The same person at a school that releases no names and no e-mail.
    #[must_use]
    pub fn without_personal_data(self) -> Self {
        Self {
            name: String::new(),
            given_name: String::new(),
            family_name: String::new(),
            email: String::new(),
            ..self
        }
    }

    /// Whether this person teaches in the course, and so may add content to it.
    #[must_use]
    pub fn is_teacher(&self) -> bool {
        self.has_role("membership#Instructor")
    }

    /// Whether this person studies in the course, and so gets grades. A test user does not.
    #[must_use]
    pub fn is_student(&self) -> bool {
        self.has_role("membership#Learner") && !self.roles.iter().any(|role| role == TEST_USER)
    }

    fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|uri| uri.strip_prefix(VOCABULARY) == Some(role))
    }
}

/// A teacher, three students, a teaching assistant and an administrator, in this order.
#[must_use]
pub fn users() -> Vec<User> {
    vec![
        User::new("41", ("Ada", "Morgan", "ada"), "Teacher", &["membership#Instructor", "institution/person#Faculty"]),
        User::new("52", ("Ben", "Okafor", "ben"), "Student", &STUDENT),
        User::new("53", ("Chloé", "Martin", "chloe"), "Student", &STUDENT),
        User::new("54", ("Dewi", "Santoso", "dewi"), "Student", &STUDENT),
        User::new(
            "61",
            ("Emil", "Novak", "emil"),
            "Teaching assistant",
            &["membership#Instructor", "membership/Instructor#TeachingAssistant", "institution/person#Student"],
        ),
        User::new(
            "2",
            ("Farah", "Haddad", "farah"),
            "Administrator",
            &["system/person#Administrator", "institution/person#Administrator"],
        ),
    ]
}

/// The person with this id.
#[must_use]
pub fn find_user(id: &str) -> Option<User> {
    users().into_iter().find(|user| user.id == id)
}
