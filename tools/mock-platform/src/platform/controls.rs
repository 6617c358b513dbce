//! What tests and developers read and change while the Platform runs.

use serde_json::Value;

use super::Platform;
use crate::claims::ResourceLink;
use crate::deep_linking::DeepLinkingSettings;
use crate::faults::Faults;
use crate::gradebook::Gradebook;
use crate::lock::locked;
use crate::old_ids::OldIds;
use crate::profile::Profile;
use crate::requests::RecordedRequest;
use crate::roster::Roster;
use crate::services::{MANAGING_SCOPES, OFFERED_SCOPES};
use crate::storage_manner::StorageManner;

/// What can be changed while the Platform runs.
pub(super) struct Settings {
    profile: Profile,
    storage: StorageManner,
    old_ids: OldIds,
    /// Which scopes a Tool may have, unless it is those that the profile has.
    offered_scopes: Option<Vec<String>>,
    /// Whether Tools may change their registrations: a feature flag at Canvas.
    registration_updates: bool,
    /// What may be chosen, unless it is what the profile lets choose.
    deep_linking: Option<DeepLinkingSettings>,
}

impl Settings {
    pub(super) fn new(profile: Profile) -> Self {
        Self {
            profile,
            storage: StorageManner::default(),
            old_ids: OldIds::default(),
            offered_scopes: None,
            registration_updates: true,
            deep_linking: None,
        }
    }
}

impl Platform {
    /// The gradebook, to read what arrived in it.
    #[must_use]
    pub fn gradebook(&self) -> &Gradebook {
        &self.gradebook
    }

    /// The roster, to let people come and go.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The faults of the services, to switch some on.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Whose habits the services have now.
    #[must_use]
    pub fn profile(&self) -> Profile {
        locked(&self.settings).profile
    }

    /// Changes whose habits the services have.
    pub fn set_profile(&self, profile: Profile) {
        locked(&self.settings).profile = profile;
    }

    /// How the pages keep data for Tools now.
    #[must_use]
    pub fn storage(&self) -> StorageManner {
        locked(&self.settings).storage
    }

    /// Changes how the pages keep data for Tools; pages that are open stay as they are.
    pub fn set_storage(&self, storage: StorageManner) {
        locked(&self.settings).storage = storage;
    }

    /// What launches say of LTI 1.1 now.
    #[must_use]
    pub fn old_ids(&self) -> OldIds {
        locked(&self.settings).old_ids
    }

    /// Changes what launches say of LTI 1.1.
    pub fn set_old_ids(&self, old_ids: OldIds) {
        locked(&self.settings).old_ids = old_ids;
    }

    /// Changes which scopes a Tool may have, as an administrator does.
    pub fn set_offered_scopes(&self, scopes: &[&str]) {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        locked(&self.settings).offered_scopes = Some(scopes);
    }

    /// Changes whether Tools may read and change their registrations, where the profile lets them at all.
    pub fn set_registration_updates(&self, are_on: bool) {
        locked(&self.settings).registration_updates = are_on;
    }

    pub(crate) fn lets_tools_update(&self) -> bool {
        let settings = locked(&self.settings);
        settings.registration_updates && settings.profile.lets_tools_update()
    }

    /// Changes what Deep Linking requests say may be chosen, whatever the profile.
    pub fn set_deep_linking_settings(&self, settings: DeepLinkingSettings) {
        locked(&self.settings).deep_linking = Some(settings);
    }

    /// What Deep Linking requests say may be chosen now.
    #[must_use]
    pub fn deep_linking_settings(&self) -> DeepLinkingSettings {
        let settings = locked(&self.settings);
        settings.deep_linking.clone().unwrap_or_else(|| match settings.profile {
            Profile::Moodle => DeepLinkingSettings::moodle(),
            _ => DeepLinkingSettings::default(),
        })
    }

    /// The links that Deep Linking added, in their order. `/launch/{id}` launches each.
    #[must_use]
    pub fn chosen_links(&self) -> Vec<ResourceLink> {
        let links = self.course.links();
        links.iter().filter(|link| link.is_chosen()).map(|link| link.link.clone()).collect()
    }

    /// Believes this JSON Web Key Set and asks the Tool's URI no more: for tests without a server.
    pub fn set_tool_jwks(&self, key_set: Value) {
        self.tool_keys.set(key_set);
    }

    /// What came to the service endpoints, oldest first; the newest two thousand.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.all()
    }

    /// Forgets what came.
    pub fn forget_requests(&self) {
        self.requests.forget();
    }

    /// Every access token is unknown from now on, as after a restart of the Platform.
    pub fn revoke_access_tokens(&self) {
        self.access_tokens.clear();
    }

    pub(crate) fn offered_scopes(&self) -> Vec<String> {
        let settings = locked(&self.settings);
        settings.offered_scopes.clone().unwrap_or_else(|| {
            let managing = if settings.profile.lets_tools_update() { &MANAGING_SCOPES[..] } else { &[] };
            OFFERED_SCOPES.iter().chain(managing).map(|scope| (*scope).to_owned()).collect()
        })
    }
}
