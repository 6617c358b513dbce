//! Whether the Platform keeps data for Tools in the browser, and in which product's manner.
//!
//! A Tool in a frame may have no cookies. It asks the page around it by `postMessage` to keep a value for it between
//! login and launch. What is offered stands here; the answers are in `pages/storage.js`.
//!
//! Spec: LTI postMessage Storage 0.1, LTI OIDC Login with LTI Client Side postMessages 0.1.

/// How the Platform's pages answer a Tool that wants to keep data in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StorageManner {
    /// Nothing is offered and nobody answers.
    #[default]
    NotOffered,
    /// Canvas as it is hosted: a frame of the sign-on host beside the Tool's forwards to the page.
    Canvas,
    /// Canvas on a school's own host: the page answers itself.
    CanvasSelfHosted,
    /// Blackboard Learn: a frame of the sign-on host beside the Tool's answers, and the launch does not name it again.
    Blackboard,
    /// D2L Brightspace: the page answers, but only subjects with the older prefix.
    Brightspace,
    /// Sakai: the page answers, errors are texts.
    Sakai,
    /// Offered and never answered, as in Canvas's mobile apps.
    Silent,
}

impl StorageManner {
    /// Every manner, in the order of the developer's page.
    pub const ALL: [Self; 7] = [
        Self::NotOffered,
        Self::Canvas,
        Self::CanvasSelfHosted,
        Self::Blackboard,
        Self::Brightspace,
        Self::Sakai,
        Self::Silent,
    ];

    /// What the manner is called in forms and on pages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotOffered => "NotOffered",
            Self::Canvas => "Canvas",
            Self::CanvasSelfHosted => "CanvasSelfHosted",
            Self::Blackboard => "Blackboard",
            Self::Brightspace => "Brightspace",
            Self::Sakai => "Sakai",
            Self::Silent => "Silent",
        }
    }

    /// The manner of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|manner| manner.name() == name)
    }

    /// The `lti_storage_target` of the login initiation: the frame that the Tool is to ask.
    pub(crate) const fn login_target(self) -> Option<&'static str> {
        match (self, self.sibling()) {
            (Self::NotOffered, _) => None,
            (_, Some(sibling)) => Some(sibling.name()),
            (_, None) => Some("_parent"),
        }
    }

    /// The `lti_storage_target` of the launch. Blackboard adds nothing to what it posts to a redirect URI.
    pub(crate) const fn launch_target(self) -> Option<&'static str> {
        match self {
            Self::Blackboard => None,
            _ => self.login_target(),
        }
    }

    /// Whether Tools are told to ask.
    pub(crate) const fn is_offered(self) -> bool {
        !matches!(self, Self::NotOffered)
    }

    /// Whether anybody answers.
    pub(crate) const fn is_answered(self) -> bool {
        !matches!(self, Self::NotOffered | Self::Silent)
    }

    /// The hidden frame beside the Tool's.
    pub(crate) const fn sibling(self) -> Option<Sibling> {
        match self {
            Self::Canvas => Some(Sibling::Forwarding),
            Self::Blackboard => Some(Sibling::Storage),
            Self::NotOffered | Self::CanvasSelfHosted | Self::Brightspace | Self::Sakai | Self::Silent => None,
        }
    }
}

/// A hidden frame beside the Tool's, from the authorization endpoint's origin: the only one that a Tool can trust,
/// since it is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sibling {
    /// Forwards to the page around it.
    Forwarding,
    /// Keeps the data itself.
    Storage,
}

impl Sibling {
    /// The frame's name, by which the Tool finds it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Forwarding => "post_message_forwarding",
            Self::Storage => "lti_storage_frame",
        }
    }

    /// Where the frame's page is, below the sign-on host's base.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Forwarding => "/sso/forwarding",
            Self::Storage => "/sso/storage",
        }
    }
}
