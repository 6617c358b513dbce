//! What was looked at, and what was found.

use std::fmt::Display;

use doorway_core::registration::Registration;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::exit::Exit;

/// Something to mend.
struct Finding {
    check: &'static str,
    about: String,
    wrong: String,
    todo: String,
}

/// Everything that was found, and that was well.
pub(super) struct Report {
    ignored: Vec<String>,
    findings: Vec<Finding>,
    passed: Vec<(&'static str, String, String)>,
}

/// A Registration, in findings about it.
pub(super) fn name(registration: &Registration) -> String {
    format!("{} {}", registration.issuer, registration.client_id)
}

impl Report {
    /// An empty report, in which these checks find nothing.
    pub(super) fn without(ignored: Vec<String>) -> Self {
        Self { ignored, findings: Vec::new(), passed: Vec::new() }
    }

    /// Something is wrong. `about` is the Registration, or nothing.
    pub(super) fn found(&mut self, check: &'static str, about: &str, wrong: impl Display, todo: impl Display) {
        if self.ignored.iter().any(|ignored| ignored == check) {
            self.passed(check, about, format!("{wrong} (ignored)"));
            return;
        }
        let (about, wrong, todo) = (about.to_owned(), wrong.to_string(), todo.to_string());
        self.findings.push(Finding { check, about, wrong, todo });
    }

    /// Something is well.
    pub(super) fn passed(&mut self, check: &'static str, about: &str, what: impl Display) {
        self.passed.push((check, about.to_owned(), what.to_string()));
    }

    /// What the command says.
    pub(super) fn answer(&self) -> Answer {
        let place = |about: &str| if about.is_empty() { String::new() } else { format!("{about}: ") };
        let mut text = String::new();
        for (check, about, what) in &self.passed {
            text.push_str(&format!("ok     {check:<18} {}{what}\n", place(about)));
        }
        for Finding { check, about, wrong, todo } in &self.findings {
            text.push_str(&format!("WRONG  {check:<18} {}{wrong}\n       {:<18} {todo}\n", place(about), "do:"));
        }
        text.push_str(&match self.findings.len() {
            0 => "Nothing to mend.".to_owned(),
            count => format!("{count} thing(s) to mend."),
        });
        let findings: Vec<Value> = self.findings.iter().map(Finding::json).collect();
        let passed: Vec<Value> = self
            .passed
            .iter()
            .map(|(check, about, what)| json!({ "check": check, "about": about, "is": what }))
            .collect();
        let exit = if self.findings.is_empty() { Exit::Done } else { Exit::Findings };
        Answer { text, json: json!({ "findings": findings, "passed": passed }), exit }
    }
}

impl Finding {
    fn json(&self) -> Value {
        json!({ "check": self.check, "about": self.about, "wrong": self.wrong, "do": self.todo })
    }
}
