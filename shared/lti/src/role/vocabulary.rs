//! The words of the role vocabularies.
//!
//! Spec: [LTI Core 1.3 Appendix A.2](https://www.imsglobal.org/spec/lti/v1p3/#role-vocabularies).

use super::Principal;

/// The prefix of every LIS role URI: `http`, not `https`.
pub(super) const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2/";

/// The LTI marker role of preview users.
pub(super) const TEST_USER: &str = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser";

pub(super) const SYSTEM_ROLES: &[&str] =
    &["Administrator", "None", "AccountAdmin", "Creator", "SysAdmin", "SysSupport", "User"];

pub(super) const INSTITUTION_ROLES: &[&str] = &[
    "Administrator",
    "Faculty",
    "Guest",
    "None",
    "Other",
    "Staff",
    "Student",
    "Alumni",
    "Instructor",
    "Learner",
    "Member",
    "Mentor",
    "Observer",
    "ProspectiveStudent",
];

/// Each principal context role with its sub-roles.
pub(super) const CONTEXT_ROLES: &[(Principal, &[&str])] = &[
    (
        Principal::Administrator,
        &[
            "Administrator",
            "Developer",
            "ExternalDeveloper",
            "ExternalSupport",
            "ExternalSystemAdministrator",
            "Support",
            "SystemAdministrator",
        ],
    ),
    (Principal::ContentDeveloper, &["ContentDeveloper", "ContentExpert", "ExternalContentExpert", "Librarian"]),
    (
        Principal::Instructor,
        &[
            "ExternalInstructor",
            "Grader",
            "GuestInstructor",
            "Lecturer",
            "PrimaryInstructor",
            "SecondaryInstructor",
            "TeachingAssistant",
            "TeachingAssistantGroup",
            "TeachingAssistantOffering",
            "TeachingAssistantSection",
            "TeachingAssistantSectionAssociation",
            "TeachingAssistantTemplate",
        ],
    ),
    (Principal::Learner, &["ExternalLearner", "GuestLearner", "Instructor", "Learner", "NonCreditLearner"]),
    (Principal::Manager, &["AreaManager", "CourseCoordinator", "ExternalObserver", "Manager", "Observer"]),
    (Principal::Member, &["Member"]),
    (
        Principal::Mentor,
        &[
            "Advisor",
            "Auditor",
            "ExternalAdvisor",
            "ExternalAuditor",
            "ExternalLearningFacilitator",
            "ExternalMentor",
            "ExternalReviewer",
            "ExternalTutor",
            "LearningFacilitator",
            "Mentor",
            "Reviewer",
            "Tutor",
        ],
    ),
    (Principal::Officer, &["Chair", "Communications", "Secretary", "Treasurer", "Vice-Chair"]),
];
