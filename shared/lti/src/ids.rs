//! Identifiers of the standard as types, so that an issuer is never passed for a client id.
//!
//! All are compared byte for byte: the specification makes them case-sensitive and forbids normalising them
//! (an issuer with a trailing slash is another issuer).

use std::fmt;

/// The longest identifier that the specification allows, in bytes (LTI Core 1.3 §3: "255 ASCII characters").
pub const MAX_ID_BYTES: usize = 255;

/// An issuer is a URL and may be longer than an id, but not without bound, in bytes.
pub const MAX_ISSUER_BYTES: usize = 1024;

/// Why a text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Empty text identifies nothing: two empty user ids would merge two people.
    #[error("is empty")]
    Empty,
    /// Longer than the specification allows.
    #[error("is longer than {0} bytes")]
    TooLong(usize),
    /// Control characters never occur in an identifier and would forge log lines.
    #[error("contains a control character")]
    ControlCharacter,
}

fn check(text: &str, max_bytes: usize) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > max_bytes {
        return Err(IdError::TooLong(max_bytes));
    }
    if text.chars().any(char::is_control) {
        return Err(IdError::ControlCharacter);
    }
    Ok(())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $max:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        #[cfg(feature = "openapi")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "minLength": 1, "maxLength": $max })
            }
        }

        impl $name {
            /// The identifier as the Platform wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                check(&text, $max)?;
                Ok(Self(text))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdError;
            fn try_from(text: &str) -> Result<Self, IdError> {
                check(text, $max)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// Who a Platform says it is (`iss`). One issuer may serve many institutions and many client ids.
    Issuer,
    MAX_ISSUER_BYTES
);
id!(
    /// What the Platform calls the Tool (`client_id`, the token's `aud`); unique within the issuer.
    ClientId,
    MAX_ID_BYTES
);
id!(
    /// One installation of the Tool in a Platform (`deployment_id`); unique within issuer and client id for us.
    DeploymentId,
    MAX_ID_BYTES
);
id!(
    /// A user within an issuer (`sub`). The only identity of a person: never the e-mail address.
    UserId,
    MAX_ID_BYTES
);
id!(
    /// Which key of a key set signed a token (`kid`).
    KeyId,
    MAX_ID_BYTES
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_kept_byte_for_byte() {
        let issuer = Issuer::try_from("https://LMS.example/Moodle/").unwrap();
        assert_eq!(issuer.as_str(), "https://LMS.example/Moodle/");
        assert_ne!(issuer, Issuer::try_from("https://lms.example/Moodle/").unwrap());
    }

    #[test]
    fn empty_long_and_control_characters_are_refused() {
        assert_eq!(UserId::try_from(""), Err(IdError::Empty));
        assert_eq!(UserId::try_from("a".repeat(255).as_str()).map(|id| id.as_str().len()), Ok(255));
        assert_eq!(UserId::try_from("a".repeat(256).as_str()), Err(IdError::TooLong(255)));
        assert_eq!(KeyId::try_from("a\u{0}b"), Err(IdError::ControlCharacter));
    }
}
