//! Members of an App's request, taken out one by one while their faults are collected.

use serde_json::{Number, Value};
use url::Url;

use crate::fault::Faults;
use crate::json::Object;
use crate::rejection::excerpt;
use crate::timestamp::Timestamp;

/// What a moment must be, for faults.
pub(super) const A_MOMENT: &str = "an ISO 8601 date and time with a zone, such as 2026-01-31T12:34:56.789Z";

/// A request's members that nobody has taken yet. `null` counts as absent, unless it is taken as it is.
pub(super) struct Members<'f> {
    left: Object,
    prefix: &'static str,
    faults: &'f mut Faults,
}

impl<'f> Members<'f> {
    /// The members of the object at this path: "" is the root, `submission.` an object in it.
    pub(super) fn new(object: Object, prefix: &'static str, faults: &'f mut Faults) -> Self {
        Self { left: object, prefix, faults }
    }

    pub(super) fn fault(&mut self, name: &str, expected: impl Into<String>) {
        self.faults.add(format!("{}{name}", self.prefix), expected);
    }

    /// The member as it is, `null` included.
    pub(super) fn take_any(&mut self, name: &str) -> Option<Value> {
        self.left.remove(name)
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.take_any(name).filter(|value| !value.is_null())
    }

    /// Whether the member is there and not `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.left.get(name).is_some_and(|value| !value.is_null())
    }

    /// A number that is as it must be, exactly as it was written.
    pub(super) fn number(&mut self, name: &str, fits: fn(f64) -> bool, expected: &str) -> Option<Number> {
        let value = self.take(name)?;
        match value {
            Value::Number(number) if number.as_f64().is_some_and(fits) => Some(number),
            _ => {
                self.fault(name, expected);
                None
            }
        }
    }

    pub(super) fn text(&mut self, name: &str, fits: fn(&str) -> bool, expected: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if fits(&text) => Some(text),
            _ => {
                self.fault(name, expected);
                None
            }
        }
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        let flag = self.take(name)?.as_bool();
        if flag.is_none() {
            self.fault(name, "true or false");
        }
        flag
    }

    pub(super) fn moment(&mut self, name: &str) -> Option<Timestamp> {
        let moment = self.take(name)?.as_str().and_then(Timestamp::parse);
        if moment.is_none() {
            self.fault(name, A_MOMENT);
        }
        moment
    }

    pub(super) fn object(&mut self, name: &str) -> Option<Object> {
        match self.take(name)? {
            Value::Object(object) => Some(object),
            _ => {
                self.fault(name, "an object");
                None
            }
        }
    }

    /// The faults, for an object inside this one.
    pub(super) fn faults(&mut self) -> &mut Faults {
        self.faults
    }

    /// The extensions among what is left; each other member is a fault.
    pub(super) fn extensions(mut self) -> Object {
        let (extensions, unknown): (Object, Object) =
            std::mem::take(&mut self.left).into_iter().partition(|(name, _)| is_extension(name));
        for name in unknown.keys() {
            self.fault(&excerpt(name), "left out: the standard has no such member, and extensions are named by a URL");
        }
        extensions
    }
}

/// Whether a member is an extension: named by a full URL.
fn is_extension(name: &str) -> bool {
    Url::parse(name).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
