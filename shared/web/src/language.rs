//! The language of pages for people.
//!
//! To add one: a variant here, its [`phrases`](crate::phrases), and its words for errors beside `words/german.rs`. The
//! compiler names every text that is missing.

use http::HeaderValue;

/// A language that pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English: for everybody whose language is not here.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// Every language, English first.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its tag, for `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The language for a person: the first of the launch's locales that is here, else the browser's `Accept-Language`.
    pub fn choose(locales: &[String], accepted: Option<&HeaderValue>) -> Self {
        let header = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
        locales.iter().find_map(|locale| Self::of_tag(locale)).or_else(|| Self::of_header(header)).unwrap_or_default()
    }

    /// The language of a tag, whatever its country: Platforms write `de`, `de_AT` and `de-CH-1996`.
    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// The most wanted language that is here (RFC 9110 section 12.5.4). Of equals the first.
    fn of_header(header: &str) -> Option<Self> {
        let mut wanted: Option<(Self, f32)> = None;
        for range in header.split(',') {
            let (tag, quality) = range.split_once(';').unwrap_or((range, "q=1"));
            let quality = quality.trim().strip_prefix("q=").and_then(|text| text.parse::<f32>().ok()).unwrap_or(0.0);
            let better = quality > wanted.map_or(0.0, |(_, best)| best);
            if let Some(language) = Self::of_tag(tag).filter(|_| better) {
                wanted = Some((language, quality));
            }
        }
        wanted.map(|(language, _)| language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(locale: Option<&str>, header: &'static str) -> Language {
        let locales: Vec<String> = locale.into_iter().map(str::to_owned).collect();
        Language::choose(&locales, Some(&HeaderValue::from_static(header)))
    }

    #[test]
    fn the_launch_says_the_language_in_any_spelling() {
        for locale in ["de", "de-DE", "de_AT", "DE", " de_CH.UTF-8 "] {
            assert_eq!(choose(Some(locale), "en"), Language::German, "{locale}");
        }
        assert_eq!(choose(Some("en_US"), "de"), Language::English);
    }

    #[test]
    fn of_two_locales_the_first_that_is_here_counts() {
        let of = |locales: [&str; 2]| Language::choose(&locales.map(str::to_owned), None);
        assert_eq!(of(["nl", "de"]), Language::German);
        assert_eq!(of(["en", "de"]), Language::English);
    }

    #[test]
    fn a_language_that_is_not_here_leaves_it_to_the_browser() {
        for locale in [None, Some("nl"), Some(""), Some("den"), Some("d e")] {
            assert_eq!(choose(locale, "fr, de;q=0.8, en;q=0.5"), Language::German, "{locale:?}");
        }
    }

    #[test]
    fn the_browser_is_understood_or_english_is_spoken() {
        for (header, language) in [
            ("", Language::English),
            ("nl", Language::English),
            ("*", Language::English),
            ("de;q=0", Language::English),
            ("de;q=nonsense, en;q=0.1", Language::English),
            ("en;q=0.7,de-DE;q=0.9", Language::German),
            ("en-GB,de", Language::English),
        ] {
            assert_eq!(choose(None, header), language, "{header}");
        }
    }
}
