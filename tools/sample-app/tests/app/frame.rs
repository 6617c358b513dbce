//! A browser that keeps no cookies in frames: a person looks at one page after another, and presses buttons.

use axum::http::StatusCode;
use serde_json::Value;

use crate::doorway::{APP_KEY, Answer, Doorway};
use crate::support::{Page, Visitor};

pub struct Frame {
    pub doorway: Doorway,
    pub visitor: Visitor,
    /// What the frame shows.
    pub page: Page,
}

/// A form as a browser reads it.
pub struct Form {
    pub action: String,
    pub hidden: Vec<(String, String)>,
}

impl Frame {
    /// Arrives with this launch and follows the redirect.
    pub async fn of(launch: Value) -> Self {
        let doorway = Doorway::that_answers(Answer::Launch(launch)).await;
        let visitor = Visitor::at(&doorway.url, APP_KEY);
        let arrival = visitor.arrive_without_cookie().await;
        let page = visitor.get(&arrival, None).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let frame = Self { doorway, visitor, page };
        frame.assert_carries_the_secret();
        frame
    }

    /// Presses the button with these words, in a form that is filled in so.
    pub async fn press(&mut self, words: &str, filled_in: &[(&str, &str)]) {
        let form = self.page.form_with(words);
        self.send(&form, filled_in).await;
    }

    /// Sends a form, perhaps once more.
    pub async fn send(&mut self, form: &Form, filled_in: &[(&str, &str)]) {
        let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields: Vec<_> = hidden.chain(filled_in.iter().copied()).collect();
        self.page = self.visitor.post(&form.action, None, &fields).await;
    }

    /// Every way onwards is a form that has the visit's secret, and no URL has it.
    #[track_caller]
    pub fn assert_carries_the_secret(&self) {
        let forms = self.page.body.matches("<form method=\"post\"").count();
        assert_eq!(self.page.body.matches("name=\"secret\"").count(), forms, "{}", self.page.body);
        assert_eq!(self.page.body.matches("name=\"token\"").count(), forms, "{}", self.page.body);
        self.page.assert_does_not_say("<a ");
        self.page.assert_does_not_say("?key=");
        if forms > 0 {
            let secret = self.page.hidden("secret");
            assert_eq!(secret.len(), 43);
            assert_eq!(self.page.body.matches(&secret).count(), forms);
        }
    }
}

impl Page {
    /// The form whose button says this.
    #[track_caller]
    pub fn form_with(&self, words: &str) -> Form {
        let button = format!(">{words}</button>");
        let Some((before, _)) = self.body.split_once(&button) else { panic!("no button `{words}` in {}", self.body) };
        let (_, form) = before.rsplit_once("<form method=\"post\" action=\"").unwrap();
        let (action, content) = form.split_once('"').unwrap();
        let hidden = content.split("<input type=\"hidden\" name=\"").skip(1).map(|input| {
            let (name, rest) = input.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split('"').next().unwrap().to_owned())
        });
        Form { action: action.to_owned(), hidden: hidden.collect() }
    }
}
