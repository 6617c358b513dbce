//! Two Platforms whose payloads bracket the usual: Moodle's is small, Canvas's is large. People differ from
//! launch to launch, as in a class.

use aws_lc_rs::digest::{SHA256, digest};
use clap::ValueEnum;
use doorway_core::registration::Registration;
use doorway_mock_platform::User;
use doorway_mock_platform::claims::LaunchClaims;
use serde_json::{Value, json};

/// Where every launch leads.
pub const APP_URL: &str = "https://app.vendor.example/lti";

const VOCABULARY: &str = "http://purl.imsglobal.org/vocab/lis/v2/";
const GIVEN_NAMES: [&str; 8] = ["Amara", "Bruno", "Chloé", "Dewi", "Emil", "Farah", "Giulia", "Håkon"];
const FAMILY_NAMES: [&str; 7] = ["Okafor", "Martin", "Santoso", "Novak", "Haddad", "Rossi", "Lindqvist"];
/// One launch in so many is a teacher's.
const CLASS_SIZE: usize = 20;

/// Whose payload a launch has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Payload {
    /// As Moodle 5 sends it.
    Moodle,
    /// As Canvas sends it.
    Canvas,
}

/// What a Platform is called, in its own manner.
struct Names {
    issuer: &'static str,
    client_id: &'static str,
    deployment_id: &'static str,
    endpoints: &'static str,
}

impl Payload {
    /// Both, the smaller one first.
    pub const ALL: [Self; 2] = [Self::Moodle, Self::Canvas];

    /// For a table's row.
    pub fn name(self) -> &'static str {
        match self {
            Self::Moodle => "Moodle-sized",
            Self::Canvas => "Canvas-sized",
        }
    }

    fn names(self) -> Names {
        match self {
            Self::Moodle => Names {
                issuer: "https://learn.college.example",
                client_id: "vX3kQm9TbW2fLrZ",
                deployment_id: "2",
                endpoints: "https://learn.college.example/mod/lti/",
            },
            Self::Canvas => Names {
                issuer: "https://canvas.instructure.com",
                client_id: "104310000000000217",
                deployment_id: "1187:8865aa05b4b79b64a91a86042e43af5ea8ae79eb",
                endpoints: "https://sso.canvaslms.com/api/lti/",
            },
        }
    }

    /// The Platform's issuer.
    pub fn issuer(self) -> &'static str {
        self.names().issuer
    }

    /// What the Platform calls the Tool.
    pub fn client_id(self) -> &'static str {
        self.names().client_id
    }

    /// Where the Platform has installed the Tool.
    pub fn deployment_id(self) -> &'static str {
        self.names().deployment_id
    }

    /// Where the Platform would publish its keys, were they not in the table already.
    pub fn jwks_uri(self) -> String {
        format!("{}jwks", self.names().endpoints)
    }

    /// The Platform's Registration, as an operator would make it.
    pub fn registration(self) -> Registration {
        let Names { issuer, client_id, deployment_id, endpoints } = self.names();
        serde_json::from_value(json!({
            "issuer": issuer, "clientId": client_id, "deployments": [deployment_id], "tenant": "maple-district",
            "authorizationEndpoint": format!("{endpoints}auth"),
            "tokenEndpoint": format!("{endpoints}token"),
            "jwksUri": self.jwks_uri(),
        }))
        .expect("the registration is complete")
    }

    /// The person of this launch.
    pub fn user(self, launch: usize) -> User {
        let given_name = GIVEN_NAMES[launch % GIVEN_NAMES.len()];
        let family_name = FAMILY_NAMES[launch % FAMILY_NAMES.len()];
        User {
            id: match self {
                Self::Moodle => (20_000 + launch).to_string(),
                Self::Canvas => uuid(launch),
            },
            name: format!("{given_name} {family_name}"),
            given_name: given_name.to_owned(),
            family_name: family_name.to_owned(),
            email: format!("{}{launch}@college.example", family_name.to_lowercase()),
            position: String::new(),
            roles: self.roles(launch),
        }
    }

    /// Moodle names the role in the course; Canvas the one in the institution too.
    fn roles(self, launch: usize) -> Vec<String> {
        let roles = match (self, launch % CLASS_SIZE) {
            (Self::Moodle, 0) => vec!["membership#Instructor"],
            (Self::Moodle, _) => vec!["membership#Learner"],
            (Self::Canvas, 0) => vec!["institution/person#Instructor", "membership#Instructor"],
            (Self::Canvas, _) => vec!["institution/person#Student", "membership#Learner"],
        };
        roles.iter().map(|role| format!("{VOCABULARY}{role}")).collect()
    }

    /// Whether the Platform keeps data for Tools in the browser.
    pub fn offers_storage(self) -> bool {
        match self {
            Self::Moodle => false,
            Self::Canvas => true,
        }
    }

    /// The form of this launch's login initiation.
    pub fn login_fields(self, launch: usize) -> Vec<(&'static str, String)> {
        let Names { issuer, client_id, deployment_id, .. } = self.names();
        let mut fields = vec![
            ("iss", issuer.to_owned()),
            ("login_hint", self.user(launch).id),
            ("target_link_uri", APP_URL.to_owned()),
            ("client_id", client_id.to_owned()),
        ];
        match self {
            Self::Moodle => fields.extend([
                ("lti_message_hint", r#"{"cmid":7,"launchid":"ltilaunch12_1804289383"}"#.to_owned()),
                ("lti_deployment_id", deployment_id.to_owned()),
            ]),
            // A JWT of this length, which the Tool hands back unread.
            Self::Canvas => fields.extend([
                ("lti_message_hint", format!("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.{}", "x".repeat(420))),
                ("deployment_id", deployment_id.to_owned()),
                ("canvas_region", "us-east-1".to_owned()),
                ("canvas_environment", "prod".to_owned()),
                ("lti_storage_target", "post_message_forwarding".to_owned()),
            ]),
        }
        fields
    }

    /// The claims of this launch.
    pub fn claims(self, launch: usize, nonce: &str, issued_at: u64) -> Value {
        let (Names { issuer, client_id, deployment_id, .. }, user) = (self.names(), self.user(launch));
        let target_link_uri = APP_URL;
        let claims = LaunchClaims { issuer, client_id, deployment_id, nonce, issued_at, target_link_uri, user: &user };
        match self {
            Self::Moodle => claims.moodle_sized(),
            Self::Canvas => claims.canvas_sized(),
        }
    }
}

/// A text in the form of a UUID: nothing in it can be compressed.
fn uuid(number: usize) -> String {
    let hash = digest(&SHA256, &number.to_be_bytes());
    let hex: String = hash.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
