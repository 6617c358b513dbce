//! Forms as browsers post them.

/// The fields of a posted form.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a field; empty when the form has none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.texts(name).next().unwrap_or_default()
    }

    /// All values of a field.
    pub(crate) fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn a_field_can_have_several_values_or_none() {
        let form = Form::parse(b"lesson=a&token=x%26y&lesson=b+c");
        assert_eq!(form.texts("lesson").collect::<Vec<_>>(), ["a", "b c"]);
        assert_eq!((form.text("token"), form.text("action")), ("x&y", ""));
    }
}
