//! `doorway platform instructions`: what the administrator of an LMS types, and what comes back.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use url::Url;

use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Site;

/// Which LMS.
#[derive(Debug, Args)]
pub struct Instructions {
    /// The LMS.
    lms: Lms,
}

/// An LMS whose set-up is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lms {
    /// Instructure Canvas.
    Canvas,
    /// Moodle.
    Moodle,
    /// Blackboard Learn.
    Blackboard,
    /// D2L Brightspace.
    Brightspace,
    /// Sakai.
    Sakai,
    /// `PowerSchool` Schoology.
    Schoology,
    /// Open edX.
    Openedx,
}

/// What a field must be: an address of the Tool, or words.
enum Fill {
    Login,
    Launch,
    Keys,
    Origin,
    Text(&'static str),
}

/// One LMS's set-up, in its own words.
struct Guide {
    product: &'static str,
    place: &'static str,
    fields: &'static [(&'static str, Fill)],
    /// What the administrator gives back, or has the LMS do afterwards.
    back: &'static str,
    command: &'static str,
}

const AGS: &str = "lineitem, lineitem.readonly, result.readonly and score";

impl Lms {
    fn guide(self) -> Guide {
        use Fill::{Keys, Launch, Login, Origin, Text};
        match self {
            Self::Canvas => Guide {
                product: "Canvas",
                place: "Admin > Developer Keys > + Developer Key > + LTI Key, method Manual Entry",
                fields: &[
                    ("Redirect URIs", Launch),
                    ("Target Link URI", Launch),
                    ("OpenID Connect Initiation URL", Login),
                    ("JWK Method", Text("Public JWK URL")),
                    ("Public JWK URL", Keys),
                    ("LTI Advantage Services", Text("line items (create, view), results, scores; names and roles")),
                    (
                        "Additional Settings > Privacy Level",
                        Text("Public, if your App needs names and e-mail addresses"),
                    ),
                    (
                        "Placements",
                        Text(
                            "Link Selection and Assignment Selection, each with Target Link URI as above, \
                        message type LtiDeepLinkingRequest; others as you like, LtiResourceLinkRequest",
                        ),
                    ),
                ],
                back: "Switch the key ON, copy its number (the client id, under Details), then install it: Settings > Apps > \
                       + App > By Client ID. The address of your Canvas is needed too: gradebook and roster are there.",
                command: "doorway platform add canvas https://YOUR.instructure.com --client-id NUMBER",
            },
            Self::Moodle => Guide {
                product: "Moodle",
                place: "Site administration > Plugins > Activity modules > External tool > Manage tools > configure a tool manually",
                fields: &[
                    ("Tool URL", Launch),
                    ("LTI version", Text("LTI 1.3")),
                    ("Public key type", Text("Keyset URL")),
                    ("Public keyset", Keys),
                    ("Initiate login URL", Login),
                    ("Redirection URI(s)", Launch),
                    ("Supports Deep Linking (Content-Item Message)", Text("on")),
                    ("Content selection URL", Launch),
                    (
                        "IMS LTI Assignment and Grade Services",
                        Text("Use this service for grade sync and column management"),
                    ),
                    ("IMS LTI Names and Role Provisioning", Text("Use this service to retrieve members' information")),
                    ("Share launcher's name, e-mail with tool", Text("as your App needs them")),
                ],
                back: "Save, then open the tool's \"View configuration details\" (the list icon): client id and deployment id. The \
                       Platform ID there is the address for the command, without a slash at its end.",
                command: "doorway platform add moodle https://YOUR.MOODLE --client-id CLIENT-ID",
            },
            Self::Blackboard => Guide {
                product: "Blackboard Learn",
                place: "you, once, at developer.anthology.com: My Apps > + > LTI. Then each administrator: Administrator Panel > \
                        Integrations > LTI Tool Providers > Register LTI 1.3/Advantage Tool",
                fields: &[
                    ("Login Initiation URL (developer site)", Login),
                    ("Tool Redirect URL(s) (developer site)", Launch),
                    ("Tool JWKS URL (developer site)", Keys),
                    ("Signing Algorithm (developer site)", Text("RS256")),
                    ("Domain(s) (developer site)", Origin),
                    ("Client ID (administrator)", Text("the Application ID that the developer site shows")),
                    ("Tool Status (administrator)", Text("Approved")),
                    (
                        "User Fields to be sent (administrator)",
                        Text("Role; name and e-mail address as your App needs them"),
                    ),
                    ("Allow grade service access (administrator)", Text("Yes")),
                    ("Allow Membership Service Access (administrator)", Text("Yes")),
                    ("Placement > Target Link URI (administrator)", Launch),
                ],
                back: "The Deployment ID that the administrator's registration shows. Add the Platform once; each institution is a \
                       Deployment that waits for you, and a service origin of its own.",
                command: "doorway platform add blackboard https://LEARN.HOST --client-id APPLICATION-ID",
            },
            Self::Brightspace => Guide {
                product: "Brightspace",
                place: "Admin Tools > Manage Extensibility > LTI Advantage > Register Tool > Standard",
                fields: &[
                    ("Domain", Origin),
                    ("Redirect URLs", Launch),
                    ("OpenID Connect Login URL", Login),
                    ("Target Link URI", Launch),
                    ("Keyset URL", Keys),
                    (
                        "Extensions",
                        Text("Assignment and Grade Services, Deep Linking, Names and Role Provisioning Services"),
                    ),
                ],
                back: "Client ID and Issuer from the page that follows, and, after \"View Deployments > New Deployment\" (with the \
                       same extensions), the Deployment ID. Then create links under External Learning Tools.",
                command: "doorway platform add brightspace https://YOUR.brightspace.com --client-id CLIENT-ID",
            },
            Self::Sakai => Guide {
                product: "Sakai",
                place: "Administration Workspace > External Tools > Install LTI 1.x Tool, then the tool's LTI 1.3 fields",
                fields: &[
                    ("Launch URL", Launch),
                    ("LTI 1.3 Tool Keyset URL", Keys),
                    ("LTI 1.3 Tool OpenID Connect/Initialization Endpoint", Login),
                    ("LTI 1.3 Tool Redirect Endpoint(s)", Launch),
                    ("Services", Text("allow grades, roster (names and roles), Deep Linking / Content Item")),
                    ("Privacy", Text("send names and e-mail addresses as your App needs them")),
                ],
                back: "Client ID, Deployment ID (mostly 1) and the Token URL: the number at its end is the --tool-id.",
                command: "doorway platform add sakai https://YOUR.SAKAI --client-id CLIENT-ID --tool-id NUMBER",
            },
            Self::Schoology => Guide {
                product: "Schoology",
                place: "you, once, at the developer site: App Center > Add App, type LTI 1.3. Then each administrator installs the app",
                fields: &[
                    ("OIDC Login Init URL", Login),
                    ("Redirect URLs", Launch),
                    ("Launch URL, Target Link URI", Launch),
                    ("Domain", Origin),
                    ("Public JWK URL", Keys),
                    ("LTI Advantage services", Text(AGS)),
                    ("Privacy", Text("names and e-mail addresses as your App needs them")),
                ],
                back: "The client id of the app (a number). Each school's installation is a Deployment (client id, a dash, a number) \
                       that waits for you.",
                command: "doorway platform add schoology https://app.schoology.com --client-id NUMBER",
            },
            Self::Openedx => Guide {
                product: "Open edX",
                place: "Studio > the unit > LTI Consumer block > Edit (lti_consumer must be among the course's advanced modules)",
                fields: &[
                    ("LTI Version", Text("LTI 1.3")),
                    ("Launch URL", Launch),
                    ("Tool Initiate Login URL (OIDC)", Login),
                    ("Registered Redirect URIs", Launch),
                    ("Tool Public Key Mode", Text("Keyset URL")),
                    ("Tool Keyset URL", Keys),
                    ("Deep linking", Text("on, where a teacher chooses content of your App")),
                    ("Deep Linking Launch URL", Launch),
                    (
                        "Assignment and Grades",
                        Text("Declarative; or Programmatic, where your App makes columns of its own"),
                    ),
                    ("Names & Roles (NRPS)", Text("as your App needs it")),
                ],
                back: "From the block's preview: client id, and the block's id, which is the end of its Keyset URL. Each block is a \
                       registration of its own; its one Deployment is 1. Older releases call the fields a little differently.",
                command: "doorway platform add openedx https://YOUR.LMS --client-id CLIENT-ID --block-id ID",
            },
        }
    }
}

pub(super) fn run(instructions: &Instructions, site: &Site) -> Result<Answer, Fault> {
    let public_url = site.public_url()?;
    let guide = instructions.lms.guide();
    let fields: Vec<(&str, String)> = guide.fields.iter().map(|(name, fill)| (*name, fill.text(&public_url))).collect();
    let width = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let mut text = format!("{}\nWhere: {}\n\n", guide.product, guide.place);
    for (name, value) in &fields {
        text.push_str(&format!("  {name:<width$}  {value}\n"));
    }
    text.push_str(&format!("\nThen: {}\n\n  {}", guide.back, guide.command));
    let fields: Vec<Value> = fields.iter().map(|(name, value)| json!({ "field": name, "value": value })).collect();
    let json = json!({
        "lms": guide.product, "where": guide.place, "fields": fields, "then": guide.back, "command": guide.command,
    });
    Ok(Answer::done(text, json))
}

impl Fill {
    fn text(&self, public_url: &Url) -> String {
        let base = public_url.as_str().trim_end_matches('/');
        match self {
            Self::Login => format!("{base}{}", doorway_core::settings::LOGIN_PATH),
            Self::Launch => format!("{base}{}", doorway_core::settings::LAUNCH_PATH),
            Self::Keys => format!("{base}/.well-known/jwks.json"),
            Self::Origin => base.to_owned(),
            Self::Text(text) => (*text).to_owned(),
        }
    }
}
