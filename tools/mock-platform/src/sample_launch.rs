//! A launch without a browser, for tests: the claims as the running Platform would send them.

use serde_json::Value;

use crate::offer;
use crate::platform::Platform;
use crate::user::User;

impl Platform {
    /// The claims of a click on this link of the course, with the services that the Platform offers there; `None`
    /// when there is no such link.
    #[must_use]
    pub fn claims_of(&self, link: &str, user: &User, nonce: &str) -> Option<Value> {
        let link = self.course().find(link)?;
        let client = self.client();
        let launch = self.launch_claims(&client, user, nonce, &link);
        let mut claims = link.message.claims(&launch, &link.link);
        offer::complete(self, &link, &mut claims);
        Some(claims)
    }
}
