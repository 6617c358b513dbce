//! The Tool itself: settings, tables, queues, secrets, published keys.

use std::collections::BTreeSet;
use std::sync::Arc;

use doorway_core::Error;
use doorway_core::app_keys::AppKeySet;
use doorway_core::http::Request;
use doorway_core::queue::Queue;
use doorway_core::secret::{Secret, SecretFormat};
use doorway_core::settings::Settings;
use doorway_core::signing_keys::SigningKeySet;
use doorway_core::state::StateKeySet;
use doorway_core::store::{StoreError, Table, schema};
use doorway_core::tool_keys::ToolKeys;
use serde_json::Value;

use super::report::Report;
use crate::place::Site;

const PUT_KEYS: &str =
    "`doorway keys rotate signing` makes and publishes them; in AWS `rotate-keys` does so at deployment.";

pub(super) async fn check(site: &Site, report: &mut Report) {
    settings(site, report);
    tables(site, report).await;
    queues(site, report).await;
    secrets(site, report).await;
    let published = published(site, report).await;
    let signing = signing_keys(site, report).await;
    if let (Some(published), Some(signing)) = (&published, &signing) {
        agree(published, signing, report);
    }
    if let Some(published) = &published {
        reachable(published, site, report).await;
    }
}

/// All settings that some function or command needs, so that everything missing is named together.
fn settings(site: &Site, report: &mut Report) {
    let all = site.with(|settings| {
        settings.public_url();
        settings.registrations_table();
        settings.launches_table();
        settings.scores_table();
        settings.score_queue();
        settings.dead_score_queue();
        settings.signing_keys();
        state_key(settings);
        app_keys(settings);
    });
    match all {
        Ok(()) => report.passed("settings", "", "all there"),
        Err(fault) => report.found("settings", "", fault.wrong, fault.todo),
    }
}

fn state_key(settings: &mut Settings) -> Arc<Secret<StateKeySet>> {
    settings.secret("DOORWAY_STATE_KEY", "the state key")
}

fn app_keys(settings: &mut Settings) -> Arc<Secret<AppKeySet>> {
    settings.secret("DOORWAY_APP_KEYS", "the App API keys")
}

async fn tables(site: &Site, report: &mut Report) {
    let registrations = site.with(Settings::registrations_table);
    let launches = site.with(Settings::launches_table);
    let scores = site.with(Settings::scores_table);
    let expiring: &[&str] = &[schema::ID];
    for (name, table, key) in [
        ("registrations", registrations, [schema::PK, schema::SK].as_slice()),
        ("launches", launches, expiring),
        ("scores", scores, expiring),
    ] {
        // What is not set is told above.
        if let Ok(table) = table {
            check_table(name, &table, key, report).await;
        }
    }
}

async fn check_table(name: &str, table: &Table, key: &[&str], report: &mut Report) {
    match table.check(key).await {
        Ok(()) => report.passed("table", "", format!("the table of {name} is there")),
        Err(error @ StoreError::Broken { .. }) => {
            let todo = format!("Set the name of the table of {name}: it is another table's.");
            report.found("table", "", error, todo);
        }
        Err(error) => {
            let todo =
                "Is the stack deployed (or running), are region and credentials right, may they describe the table?";
            report.found("table", "", error, todo);
        }
    }
}

async fn queues(site: &Site, report: &mut Report) {
    let may = "Is its URL that of the stack, is the region right, may the credentials read its attributes?";
    if let Ok(queue) = site.with(Settings::score_queue) {
        match queue.count().await {
            Ok(count) => report.passed("queue", "", format!("{count} score(s) wait")),
            Err(error) => report.found("queue", "", format!("the queue of scores that wait: {error}"), may),
        }
    }
    if let Ok(queue) = site.with(Settings::dead_score_queue) {
        dead(&queue, may, report).await;
    }
}

async fn dead(queue: &Queue, may: &str, report: &mut Report) {
    match queue.count().await {
        Ok(0) => report.passed("dead-scores", "", "no score is dead"),
        Ok(count) => report.found(
            "dead-scores",
            "",
            format!("{count} score(s) could not be delivered"),
            "`doorway scores list --state dead` shows them, `doorway scores show ID` why. Mend that, then `doorway scores redrive`.",
        ),
        Err(error) => report.found("queue", "", format!("the dead-letter queue: {error}"), may),
    }
}

async fn secrets(site: &Site, report: &mut Report) {
    if let Ok(secret) = site.with(state_key) {
        read("state-key", &secret, "Logins and launches fail without it.", site, report).await;
    }
    // A Tool that never spoke LTI 1.1 has none.
    if let Ok(Some(secret)) = site.with(Settings::lti11_secrets) {
        read("lti11-secrets", &secret, "No old account is verified without it.", site, report).await;
    }
    if let Ok(secret) = site.with(app_keys)
        && let Some(keys) = read("app-keys", &secret, "The App API refuses every call without it.", site, report).await
        && keys.is_empty()
    {
        let todo = "`doorway app-key create` makes one.";
        report.found("app-keys", "", "the App has no key: every call of the App API is refused", todo);
    }
}

async fn read<T: SecretFormat>(
    check: &'static str,
    secret: &Secret<T>,
    consequence: &str,
    site: &Site,
    report: &mut Report,
) -> Option<Arc<T>> {
    match secret.get(site.now()).await {
        Ok(value) => {
            report.passed(check, "", "can be read");
            Some(value)
        }
        Err(error) => {
            let todo =
                format!("{consequence} See that it exists, has this form, and may be read by these credentials.");
            report.found(check, "", error, todo);
            None
        }
    }
}

async fn signing_keys(site: &Site, report: &mut Report) -> Option<Arc<SigningKeySet>> {
    let secret = site.with(Settings::signing_keys).ok()?;
    read("signing-keys", &secret, PUT_KEYS, site, report).await
}

async fn published(site: &Site, report: &mut Report) -> Option<Value> {
    let keys = ToolKeys::new(site.with(Settings::registrations_table).ok()?);
    match keys.published().await {
        Ok(keys) => Some(keys),
        Err(Error::ToolKeysMissing) => {
            report.found("tool-keys", "", "the Tool publishes no keys: Platforms cannot check what it signs", PUT_KEYS);
            None
        }
        // The table itself is looked at above.
        Err(Error::Store(StoreError::Unavailable { .. })) => None,
        Err(error) => {
            report.found("tool-keys", "", error, PUT_KEYS);
            None
        }
    }
}

fn ids(keys: &Value) -> BTreeSet<&str> {
    let keys = keys["keys"].as_array().map(Vec::as_slice).unwrap_or_default();
    keys.iter().filter_map(|key| key["kid"].as_str()).collect()
}

/// Every key of the secret must be published, above all the one that signs.
fn agree(published: &Value, signing: &SigningKeySet, report: &mut Report) {
    let secret = signing.public_set();
    let (published, secret) = (ids(published), ids(&secret));
    if !published.contains(signing.current_id()) {
        let wrong = format!(
            "the key that signs, `{}`, is not published: Platforms refuse every token request",
            signing.current_id()
        );
        report.found("tool-keys", "", wrong, format!("Publish the public halves of the secret's keys. {PUT_KEYS}"));
    } else if published == secret {
        report.passed("tool-keys", "", format!("{} key(s) published, as in the secret", published.len()));
    } else {
        let differing: Vec<&str> = published.symmetric_difference(&secret).copied().collect();
        let wrong = format!("the published keys are not those of the secret: {} differ(s)", differing.join(", "));
        report.found(
            "tool-keys",
            "",
            wrong,
            format!("Publish the public halves of all keys of the secret. {PUT_KEYS}"),
        );
    }
}

/// What Platforms see.
async fn reachable(published: &Value, site: &Site, report: &mut Report) {
    let Ok(mut url) = site.public_url() else { return };
    url.set_path("/.well-known/jwks.json");
    let todo = "Open it in a browser. See that the public URL is the Tool's, that DNS and certificate are right, and that no \
                proxy stands before it.";
    let answer = match site.client().send(Request::get(&url).accept("application/json")).await {
        Ok(answer) => answer,
        Err(error) => return report.found("public-keys", "", format!("{url} does not answer: {error}"), todo),
    };
    let seen: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if !answer.status.is_success() {
        report.found("public-keys", "", format!("{url} answers {}", answer.status), todo);
    } else if ids(&seen) == ids(published) {
        report.passed("public-keys", "", format!("{url} shows the published keys"));
    } else {
        let todo =
            "Another Tool answers there, or a cache in between keeps an old answer: wait an hour, then look at DNS.";
        report.found("public-keys", "", format!("{url} shows other keys than those that are published"), todo);
    }
}
