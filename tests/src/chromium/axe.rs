//! Accessibility, as axe-core finds it.

use std::fmt;
use std::path::Path;

use serde_json::{Value, json};

use super::Chromium;

/// Where tools/setup puts axe-core.
const AXE: &str = "../.tools/node/node_modules/axe-core/axe.min.js";
/// WCAG 2.2 up to AA, and what axe-core's makers hold to be good.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/// What the dark dress of a page can break alone.
const COLOUR_RULES: [&str; 2] = ["color-contrast", "link-in-text-block"];
/// Frames are looked at one by one, by entering them.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const options = { runOnly: { type: arguments[0], values: arguments[1] }, iframes: false, resultTypes: ['violations'] };
    axe.run(document, options).then(results => done({ violations: results.violations }), error => done({ failure: String(error) }));
";
/// The narrowest window in which nothing may be cut off: WCAG 2.2, 1.4.10 Reflow.
const NARROW: (u32, u32) = (320, 640);
/// What is wider than the window, beginning with the outermost; nothing when the page is not.
const OVERFLOW: &str = "
    const page = document.scrollingElement;
    if (page.scrollWidth <= window.innerWidth) return [];
    const wide = [...document.body.querySelectorAll('*')].filter(part => part.getBoundingClientRect().right > window.innerWidth);
    return [`${page.scrollWidth} px in ${window.innerWidth} px`, ...wide.slice(0, 5).map(part => part.outerHTML.slice(0, 160))];
";

/// A rule that a page breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// axe-core's name of the rule.
    pub rule: String,
    /// What the rule wants.
    pub help: String,
    /// Whether the rule is advice of axe-core's makers, and not WCAG's.
    pub is_advice: bool,
    /// The HTML of what breaks it.
    pub nodes: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_advice { "best practice" } else { "WCAG" };
        write!(formatter, "{} ({kind}): {}", self.rule, self.help)?;
        self.nodes.iter().try_for_each(|node| write!(formatter, "\n    {node}"))
    }
}

impl Violation {
    fn of(violation: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        Self {
            rule: text(&violation["id"]),
            help: text(&violation["help"]),
            is_advice: list(&violation["tags"]).iter().any(|tag| tag == "best-practice"),
            nodes: list(&violation["nodes"]).iter().map(|node| text(&node["html"])).collect(),
        }
    }
}

impl Chromium {
    /// The rules that the current frame breaks; frames in it are not looked at.
    pub async fn axe(&self) -> Vec<Violation> {
        self.axe_with("tag", &TAGS).await
    }

    async fn axe_with(&self, kind: &str, names: &[&str]) -> Vec<Violation> {
        let script = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(AXE))
            .expect("axe-core is not installed: run tools/setup");
        self.run(&script, json!([])).await;
        let found = self.must("POST", "/execute/async", json!({ "script": RUN, "args": [kind, names] })).await;
        assert_eq!(found["failure"], Value::Null, "axe-core fails");
        found["violations"].as_array().expect("axe-core lists violations").iter().map(Violation::of).collect()
    }

    /// Everything that keeps people from using the current frame: the rules that it breaks, also with dark colours, and
    /// what is cut off in a narrow window. Leaves pictures: `<name>`, `<name>-dark` and `<name>-narrow`.
    pub async fn accessibility_faults(&self, name: &str) -> Vec<String> {
        self.screenshot(name).await;
        let mut faults: Vec<String> = self.axe().await.iter().map(|violation| format!("{name}: {violation}")).collect();
        self.prefer_dark(true).await;
        self.screenshot(&format!("{name}-dark")).await;
        let dark = self.axe_with("rule", &COLOUR_RULES).await;
        faults.extend(dark.iter().map(|violation| format!("{name}, dark: {violation}")));
        self.prefer_dark(false).await;
        self.resize(NARROW.0, NARROW.1).await;
        self.screenshot(&format!("{name}-narrow")).await;
        let wide: Vec<String> = serde_json::from_value(self.run(OVERFLOW, json!([])).await).expect("a list of texts");
        if !wide.is_empty() {
            faults.push(format!("{name}, narrow: {}", wide.join("\n    ")));
        }
        self.resize_back().await;
        faults
    }

    /// The current frame can be used by everybody.
    ///
    /// # Panics
    /// With everything that is wrong.
    pub async fn assert_accessible(&self, name: &str) {
        let faults = self.accessibility_faults(name).await;
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
