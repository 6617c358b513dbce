//! Entering a visit: who is let in, and how the visit's secret goes along to the next page.
//!
//! Most browsers keep the visit's cookie. Some keep none in a frame, whatever its attributes say. There the secret is
//! a hidden field of every form, and every link of a page is a form: see `pages::way`.

use std::sync::Arc;

use crate::app::SampleApp;
use crate::knock::Knock;
use crate::pages::Refusal;
use crate::visits::Visit;

/// Where the secret of a visit is between two requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecretIn {
    /// In the browser's cookie.
    Cookie,
    /// In the pages, as a hidden field of their forms.
    Forms,
}

/// A visit that a request has entered.
pub(crate) struct Entry {
    pub(crate) visit: Arc<Visit>,
    pub(crate) secret_in: SecretIn,
}

impl Entry {
    /// The visit, for a request that shows its secret, or the unused key from the redirect.
    ///
    /// A form also needs the visit's form token. The cookie alone is not enough: it is sent with the posts of other
    /// sites, too, because the App has to work in a frame.
    pub(crate) fn of(app: &SampleApp, id: &str, knock: &Knock) -> Result<Self, Refusal> {
        let entry =
            Self::by_cookie(app, id, knock).or_else(|| Self::by_page(app, id, knock)).ok_or_else(Refusal::no_visit)?;
        if knock.is_post && !entry.visit.made_form_with(knock.form.text("token")) {
            return Err(Refusal::foreign_form());
        }
        entry.visit.end_arrival();
        Ok(entry)
    }

    fn by_cookie(app: &SampleApp, id: &str, knock: &Knock) -> Option<Self> {
        let visit = knock.cookies.iter().find_map(|secret| app.visits.find(id, secret, app.now()))?;
        Some(Self { visit, secret_in: SecretIn::Cookie })
    }

    /// Without the cookie: by the form of a page, or, where there was no page yet, by the key.
    fn by_page(app: &SampleApp, id: &str, knock: &Knock) -> Option<Self> {
        let visit = if knock.is_post {
            app.visits.find(id, knock.form.text("secret"), app.now())?
        } else {
            app.visits.find_on_arrival(id, &knock.key, app.now())?
        };
        Some(Self { visit, secret_in: SecretIn::Forms })
    }

    /// The secret, where the pages have to carry it. It is in no page of a browser that keeps cookies.
    pub(crate) fn secret_for_forms(&self) -> Option<&str> {
        match self.secret_in {
            SecretIn::Cookie => None,
            SecretIn::Forms => Some(self.visit.secret()),
        }
    }
}
