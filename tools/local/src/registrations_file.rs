//! `--registrations FILE`: a JSON array of Registrations.

use std::path::Path;

use doorway_core::registration::{MEMBERS, PlatformTransport, Registration};
use serde_json::{Value, json};

use crate::stack::StackError;

/// Reads the file. All faults of all entries are named together.
///
/// A Registration of the file that says nothing of Deployments accepts any: the file is for a laptop, where
/// nobody waits to activate them.
///
/// # Errors
/// [`StackError::Data`] when the file cannot be read; [`StackError::Registrations`] with every fault.
pub fn read(path: &Path) -> Result<Vec<Registration>, StackError> {
    let text = std::fs::read_to_string(path).map_err(|error| StackError::Data { path: path.to_owned(), error })?;
    parse(&text).map_err(|faults| StackError::Registrations { path: path.to_owned(), faults })
}

fn parse(text: &str) -> Result<Vec<Registration>, Vec<String>> {
    let entries: Vec<Value> = serde_json::from_str(text)
        .map_err(|error| vec![format!("it must be a JSON array of registrations: {error}")])?;
    let mut faults = Vec::new();
    let mut registrations: Vec<Registration> = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        match registration(entry) {
            Ok(registration) if registrations.iter().any(|known| known.key() == registration.key()) => {
                faults.push(format!("entry {index}: issuer and clientId occur twice"));
            }
            Ok(registration) => registrations.push(registration),
            Err(entry_faults) => faults.extend(entry_faults.into_iter().map(|fault| format!("entry {index}: {fault}"))),
        }
    }
    if faults.is_empty() { Ok(registrations) } else { Err(faults) }
}

fn registration(mut entry: Value) -> Result<Registration, Vec<String>> {
    if let Some(entry) = entry.as_object_mut() {
        // A misspelt member would be passed over in silence otherwise.
        if let Some(unknown) = entry.keys().find(|member| !MEMBERS.contains(&member.as_str())) {
            return Err(vec![format!("unknown member `{unknown}`; there are {}", MEMBERS.join(", "))]);
        }
        entry.entry("deployments").or_insert(json!("any"));
    }
    let registration: Registration = serde_json::from_value(entry).map_err(|error| vec![error.to_string()])?;
    let faults = registration.unsafe_endpoints(PlatformTransport::HttpAllowed);
    if faults.is_empty() { Ok(registration) } else { Err(faults.iter().map(ToString::to_string).collect()) }
}

#[cfg(test)]
mod tests {
    use doorway_core::registration::DeploymentPolicy;

    use super::*;

    fn entry(more: &str) -> String {
        format!(
            r#"{{"issuer":"http://127.0.0.1:1/lms","clientId":"c","authorizationEndpoint":"http://127.0.0.1:1/a",
               "tokenEndpoint":"http://127.0.0.1:1/t","jwksUri":"http://127.0.0.1:1/j"{more}}}"#
        )
    }

    #[test]
    fn an_entry_without_deployments_accepts_any() {
        let registrations = parse(&format!("[{}]", entry(""))).unwrap();
        assert_eq!(registrations[0].deployments, DeploymentPolicy::Any);
    }

    #[test]
    fn every_fault_of_every_entry_is_named() {
        let faults = parse(&format!(
            r#"[{{"issuer":"x"}}, {}, {}, {}, {}]"#,
            entry(""),
            entry(""),
            entry(r#","tokenAudience":7"#),
            entry(r#","deployment":"any""#)
        ))
        .unwrap_err();
        assert_eq!(faults.len(), 4, "{faults:?}");
        assert!(faults[0].starts_with("entry 0: missing field"));
        assert_eq!(faults[1], "entry 2: issuer and clientId occur twice");
        assert!(faults[2].starts_with("entry 3: invalid type"));
        assert!(faults[3].starts_with("entry 4: unknown member `deployment`"));
        assert!(parse("{}").unwrap_err()[0].contains("JSON array"));
    }
}
