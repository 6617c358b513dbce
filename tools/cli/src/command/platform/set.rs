//! `doorway platform set`.

use clap::Args;
use doorway_core::registration::{MEMBERS, Registration};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::command::registration_key::Key;
use crate::fault::Fault;
use crate::place::Site;

/// What to change.
#[derive(Debug, Args)]
pub struct Set {
    #[command(flatten)]
    key: Key,
    /// `member=value`; lists are separated by commas. An empty value takes an optional member out.
    #[arg(required = true, value_name = "MEMBER=VALUE")]
    changes: Vec<String>,
}

pub(super) async fn run(set: Set, site: &Site) -> Result<Answer, Fault> {
    let before = site.registration(&set.key.key()).await?;
    let mut document = serde_json::to_value(&before).unwrap_or_default();
    let mut faults: Vec<String> = set.changes.iter().filter_map(|change| apply(&mut document, change).err()).collect();
    let changed = serde_json::from_value::<Registration>(document);
    match &changed {
        Ok(changed) => faults.extend(changed.unsafe_endpoints(site.transport()).iter().map(ToString::to_string)),
        Err(error) => faults.push(error.to_string()),
    }
    let (Ok(changed), true) = (changed, faults.is_empty()) else {
        return Err(Fault::usage(faults.join("; "), "Nothing was changed."));
    };
    site.registrations()?.put(&changed).await?;
    let text = format!(
        "Changed: issuer {}, client id {}. Believed everywhere within 30 seconds.",
        changed.issuer, changed.client_id
    );
    Ok(Answer::done(text, json!({ "registration": changed, "before": before })))
}

fn apply(document: &mut Value, change: &str) -> Result<(), String> {
    let (member, text) = change.split_once('=').ok_or_else(|| format!("`{change}` is not MEMBER=VALUE"))?;
    if matches!(member, "issuer" | "clientId") {
        return Err(format!("`{member}` names the Registration: add another one, and remove this"));
    }
    if !MEMBERS.contains(&member) {
        let members: Vec<&str> =
            MEMBERS.into_iter().filter(|member| !matches!(*member, "issuer" | "clientId")).collect();
        return Err(format!("there is no member `{member}`; there are {}", members.join(", ")));
    }
    let Some(document) = document.as_object_mut() else { return Ok(()) };
    match value(member, text)? {
        Some(value) => document.insert(member.to_owned(), value),
        None => document.remove(member),
    };
    Ok(())
}

/// The member's value in JSON; `None` for none.
fn value(member: &str, text: &str) -> Result<Option<Value>, String> {
    let list = || json!(text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>());
    Ok(Some(match (member, text) {
        ("deployments", "any" | "pending") => json!(text),
        ("deployments" | "algorithms" | "serviceOrigins" | "frameOrigins", _) if !text.is_empty() => list(),
        ("allowAnonymous", "true" | "false") => json!(text == "true"),
        ("allowAnonymous", _) => return Err("`allowAnonymous` must be true or false".to_owned()),
        (_, "") => return Ok(None),
        _ => json!(text),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(change: &str) -> Result<Value, String> {
        let mut document = json!({ "tenant": "North", "deployments": "any" });
        apply(&mut document, change).map(|()| document)
    }

    #[test]
    fn values_become_what_their_member_is() {
        assert_eq!(applied("tenant=").unwrap(), json!({ "deployments": "any" }));
        assert_eq!(applied("deployments=1, 2").unwrap()["deployments"], json!(["1", "2"]));
        assert_eq!(applied("deployments=pending").unwrap()["deployments"], "pending");
        assert_eq!(
            applied("serviceOrigins=https://a.example").unwrap()["serviceOrigins"],
            json!(["https://a.example"])
        );
        assert_eq!(applied("allowAnonymous=true").unwrap()["allowAnonymous"], true);
        assert_eq!(applied("tokenAudience=a=b").unwrap()["tokenAudience"], "a=b");
    }

    #[test]
    fn what_is_no_member_is_said_with_those_that_are() {
        assert!(applied("tennant=x").unwrap_err().contains("there are authorizationEndpoint"));
        assert!(applied("issuer=x").unwrap_err().contains("add another one"));
        assert!(applied("tenant").unwrap_err().contains("MEMBER=VALUE"));
        assert!(applied("allowAnonymous=yes").is_err());
    }
}
