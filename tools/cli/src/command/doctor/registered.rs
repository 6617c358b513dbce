//! What is registered: status, issuer, addresses, audience, origins, Deployments. Nobody is asked.

use doorway_core::presets::PRESETS;
use doorway_core::registration::{DeploymentPolicy, PlatformTransport, Registration, Status};
use doorway_lti::platform_family::PlatformFamily;
use url::Url;

use super::report::{Report, name};
use crate::place::{Kind, Site, looks_like};

/// Where Brightspace gives tokens, and whom an assertion there must be for.
const BRIGHTSPACE_HOST: &str = "auth.brightspace.com";
const BRIGHTSPACE_AUDIENCE: &str = "https://api.brightspace.com/auth/token";
/// Domains on which a product serves all its customers: a wildcard there gives one customer's token to all others.
const SHARED_DOMAINS: [&str; 4] = ["*.instructure.com", "*.blackboard.com", "*.brightspace.com", "*.schoology.com"];

pub(super) async fn check(registration: &Registration, all: &[Registration], site: &Site, report: &mut Report) {
    status(registration, report);
    issuer(registration, all, report);
    client(registration, all, report);
    addresses(registration, site, report);
    audience(registration, report);
    origins(registration, report);
    deployments(registration, site, report).await;
}

fn status(registration: &Registration, report: &mut Report) {
    let about = name(registration);
    match registration.status {
        Status::Active => report.passed("status", &about, "active"),
        Status::Pending => {
            let todo = format!("`doorway platform enable {about}` if it is wanted.");
            report.found("status", &about, "it waits to be switched on: no launch is accepted", todo);
        }
        Status::Disabled => {
            let todo = format!("`doorway platform enable {about}`, or `--ignore status` if that is wanted.");
            report.found("status", &about, "it is switched off: no launch is accepted", todo);
        }
    }
}

/// An issuer that is nearly another's is mostly a mistake: it counts byte for byte.
fn issuer(registration: &Registration, all: &[Registration], report: &mut Report) {
    let (about, issuer) = (name(registration), registration.issuer.as_str());
    if let Some(other) = all.iter().find(|other| looks_like(other.issuer.as_str(), issuer)) {
        let todo = "A Platform has one issuer, byte for byte: see which it sends, and remove the other.";
        report.found(
            "issuer",
            &about,
            format!("the issuer looks like `{}`, which is registered too", other.issuer),
            todo,
        );
        return;
    }
    let known = PRESETS.iter().filter_map(|preset| preset.fixed_issuer()).find(|known| looks_like(known, issuer));
    if let Some(known) = known {
        let todo = format!("Add it anew with the issuer `{known}`, and remove this one.");
        report.found("issuer", &about, format!("the issuer is not `{known}`, byte for byte"), todo);
        return;
    }
    let family = PlatformFamily::of(None, &registration.issuer, &registration.token_endpoint);
    if family == PlatformFamily::Moodle && issuer.ends_with('/') {
        let todo = "Add it anew without the slash, and remove this one: Moodle's issuer is its wwwroot.";
        report.found("issuer", &about, "the issuer ends with a slash, and Moodle's never does", todo);
    }
}

/// A Platform says which client the Tool is. One that says another's collects what is meant for that one.
fn client(registration: &Registration, all: &[Registration], report: &mut Report) {
    let is_other = |other: &&Registration| {
        other.is_namesake_of(registration) && !looks_like(other.issuer.as_str(), registration.issuer.as_str())
    };
    let Some(other) = all.iter().filter(is_other).max_by_key(|other| other.is_same_client_as(registration)) else {
        return;
    };
    let (about, issuer) = (name(registration), &other.issuer);
    if other.is_same_client_as(registration) {
        let wrong = format!("it is the same client as that of `{issuer}`: tokens for one can be sent to the other");
        report.found("client", &about, wrong, "Find out whose client it is, and remove the other Registration.");
    } else if registration.status == Status::Pending {
        let wrong = format!("its client id is that of `{issuer}` too, so that it waits whatever its invite said");
        let todo =
            "Ask the customer how they come by this id before you enable it. A Canvas has the same in beta and test.";
        report.found("client", &about, wrong, todo);
    }
}

fn addresses(registration: &Registration, site: &Site, report: &mut Report) {
    let about = name(registration);
    let faults = registration.unsafe_endpoints(PlatformTransport::HttpsOnly);
    for fault in &faults {
        // A Platform on this machine need not have https.
        if matches!(site.kind, Kind::Local(_)) && fault.expected == "an https URL" {
            continue;
        }
        let todo = format!("`doorway platform set {about} {}=...`.", fault.member);
        report.found("addresses", &about, fault, todo);
    }
}

fn audience(registration: &Registration, report: &mut Report) {
    let about = name(registration);
    let audience = registration.token_audience.as_deref();
    let is_brightspace = registration.token_endpoint.host_str() == Some(BRIGHTSPACE_HOST);
    if is_brightspace && audience != Some(BRIGHTSPACE_AUDIENCE) {
        let todo = format!("`doorway platform set {about} tokenAudience={BRIGHTSPACE_AUDIENCE}`.");
        report.found("audience", &about, "Brightspace gives no token for this audience", todo);
    } else if audience.is_some_and(|audience| audience != audience.trim()) {
        let todo = format!("`doorway platform set {about} tokenAudience=...`, without white space around it.");
        report.found("audience", &about, "the audience has white space around it", todo);
    }
}

/// Where the services are on the institution's host, and the endpoints are not.
fn origins(registration: &Registration, report: &mut Report) {
    let about = name(registration);
    let is_central = registration.token_endpoint.host_str().is_some_and(|host| {
        host.ends_with("canvaslms.com") || host.ends_with("instructure.com") || host.ends_with("blackboard.com")
    });
    let own_host = |url: &Url| url.origin() != registration.token_endpoint.origin();
    if is_central && !registration.service_origins.iter().any(own_host) {
        let todo = format!("`doorway platform set {about} serviceOrigins=https://THE.INSTITUTION'S.HOST`.");
        let wrong = "gradebook and roster are on the institution's own host, which is no origin of this Registration: every \
                     call to them answers service_origin_foreign";
        report.found("service-origins", &about, wrong, todo);
    }
    for origin in &registration.service_origins {
        let host = origin.host_str().unwrap_or_default();
        let is_top = host.strip_prefix("*.").is_some_and(|domain| !domain.contains('.'));
        if SHARED_DOMAINS.contains(&host) || is_top {
            let wrong = format!("`{host}` covers hosts of others: this Platform's tokens could be sent to them");
            let todo = format!("Name the institution's own host: `doorway platform set {about} serviceOrigins=...`.");
            report.found("service-origins", &about, wrong, todo);
        }
    }
    for origin in &registration.frame_origins {
        let host = origin.host_str().unwrap_or_default();
        if host.strip_prefix("*.").is_some_and(|domain| !domain.contains('.')) {
            let todo = format!("Name the institution's own domain: `doorway platform set {about} frameOrigins=...`.");
            report.found("frame-origins", &about, format!("`{host}` lets anybody show the Tool in a frame"), todo);
        }
    }
}

async fn deployments(registration: &Registration, site: &Site, report: &mut Report) {
    let about = name(registration);
    if let DeploymentPolicy::Listed(ids) = &registration.deployments {
        if ids.is_empty() {
            let todo =
                format!("`doorway deployment activate {about} ID`, or `doorway platform set {about} deployments=any`.");
            report.found("deployments", &about, "the list of Deployments is empty: no launch is accepted", todo);
        }
        return;
    }
    let Ok(deployments) = site.deployments() else { return };
    match deployments.all(&registration.key()).await {
        Ok(all) => {
            let pending: Vec<&str> =
                all.iter().filter(|one| one.status == Status::Pending).map(|one| one.id.as_str()).collect();
            if !pending.is_empty() {
                let wrong = format!("{} Deployment(s) wait to be activated: {}", pending.len(), pending.join(", "));
                let todo = format!("If you know whose they are: `doorway deployment activate {about} {}`.", pending[0]);
                report.found("deployments", &about, wrong, todo);
            }
        }
        Err(error) => report.found("deployments", &about, error, "Mend or remove the item."),
    }
}
