//! Moments as the services write them: ISO 8601 with milliseconds and a zone.
//!
//! Spec: [AGS 2.0, score publish service](https://www.imsglobal.org/spec/lti-ags/v2p0/#score-publish-service): sub-second precision is
//! expected and the zone is required.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The last moment that can be written with four digits for the year wherever the reader lives.
const LAST_MILLIS: u64 = 253_402_207_200_999;

/// No moment takes more text, in bytes: the longest fraction that is worth reading is far shorter.
const MAX_TEXT_BYTES: usize = 64;

/// How many digits of a fraction are read: nanoseconds. What follows is cut.
const FRACTION_DIGITS: usize = 9;

/// A moment in milliseconds since the Unix epoch, written as `2026-01-31T12:34:56.789Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// A moment, in milliseconds since the Unix epoch. What is after the year 9999 is the end of that year.
    pub fn from_millis(millis: u64) -> Self {
        Self(millis.min(LAST_MILLIS))
    }

    /// Milliseconds since the Unix epoch.
    pub fn millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since the Unix epoch.
    pub fn seconds(self) -> u64 {
        self.0 / 1000
    }

    /// Reads ISO 8601 with a zone (`Z`, `+00:00`, `+00`, any offset) and any sub-second precision, cut to
    /// milliseconds. `None` when it is anything else, has no zone, or is before 1970.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_digit() || b"TtZz:+-.,".contains(&byte);
        // A sign in front belongs to years outside 0 to 9999; brackets and blanks to other formats.
        let dated = text.starts_with(|first: char| first.is_ascii_digit());
        if !dated || text.len() > MAX_TEXT_BYTES || !text.bytes().all(plain) {
            return None;
        }
        let moment: jiff::Timestamp = with_nanoseconds(text).parse().ok()?;
        let millis = u64::try_from(moment.as_nanosecond().div_euclid(1_000_000)).ok()?;
        Some(Self::from_millis(millis))
    }
}

/// The same text with at most nine digits in its fraction.
fn with_nanoseconds(text: &str) -> String {
    let Some(point) = text.find(['.', ',']) else { return text.to_owned() };
    let (whole, fraction) = text.split_at(point + 1);
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    format!("{whole}{}{}", &fraction[..digits.min(FRACTION_DIGITS)], &fraction[digits..])
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = i64::try_from(self.0).ok().and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
        // Never absent: the constructor keeps to what can be written.
        write!(f, "{:.3}", moment.unwrap_or(jiff::Timestamp::MAX))
    }
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for Timestamp {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("is not an ISO 8601 moment with a zone"))
    }
}
