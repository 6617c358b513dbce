//! Dynamic Registration: a Platform and the Tool agree on a Registration without anybody typing it in.
//!
//! 1. [`PlatformConfiguration`]: what a Platform publishes about itself, judged before anything of it is believed;
//! 2. [`ToolConfiguration`]: what the Tool is and would like, as data;
//! 3. [`RegistrationRequest`]: the second fitted to the first, with the deviations of known Platforms;
//! 4. [`RegistrationResponse`]: what the Platform made of it;
//! 5. [`RegisteredTool`]: what it has later on, and how that is brought up to date.
//!
//! [`canvas_json`] writes the second for Canvas's developer keys.
//!
//! Spec: [LTI Dynamic Registration 1.0](https://www.imsglobal.org/spec/lti-dr/v1p0).

pub mod canvas_json;
mod configuration;
mod lenient;
mod messages;
mod request;
mod response;
mod tool;
mod update;

pub use configuration::{ConfigurationError, PlatformConfiguration, Schemes, SupportedMessage};
pub use request::{AskedMessage, RegistrationRequest};
pub use response::{RegistrationResponse, RegistrationResponseError};
pub use tool::ToolConfiguration;
pub use update::{Change, RegisteredTool, RegisteredToolError, RegistrationUpdate};

/// The member with everything about LTI in a Platform's configuration.
pub const PLATFORM_CONFIGURATION: &str = "https://purl.imsglobal.org/spec/lti-platform-configuration";
/// The member with everything about LTI in a registration, both ways.
pub const TOOL_CONFIGURATION: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";
/// Canvas's own members, and its own placements, begin with this.
pub(crate) const CANVAS: &str = "https://canvas.instructure.com/lti/";
