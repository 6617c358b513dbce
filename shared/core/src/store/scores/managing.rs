//! Submissions as an operator sees them: page by page, and sent on their way again.

use doorway_lti::id_token::UnixSeconds;

use super::{STATE, Scores, StoredSubmission, key, moment};
use crate::scores::{State, Submission, SubmissionId};
use crate::store::schema::{EXPIRES_AT, ID};
use crate::store::{Item, StoreError, number, read_text, text};

/// Where a look through the table goes on.
pub struct Position(Item);

/// What one page of the table holds.
pub struct Page {
    /// The submissions in it that were looked for.
    pub found: Vec<(SubmissionId, StoredSubmission)>,
    /// Those that are not what this version writes.
    pub broken: Vec<StoreError>,
    /// Where to go on, until the table is done.
    pub next: Option<Position>,
}

impl Scores {
    /// The submissions in one page of the table: those that stand so, or all.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn page(&self, states: &[State], after: Option<Position>, now: UnixSeconds) -> Result<Page, StoreError> {
        let names: Vec<String> = (0..states.len()).map(|index| format!(":state{index}")).collect();
        let filter = match names.as_slice() {
            [] => "attribute_exists(about)".to_owned(),
            names => format!("attribute_exists(about) AND #state IN ({})", names.join(", ")),
        };
        let mut request = self.table.client().await.scan().table_name(self.table.name()).filter_expression(filter);
        if !states.is_empty() {
            request = request.expression_attribute_names("#state", STATE);
        }
        for (name, state) in names.iter().zip(states) {
            request = request.expression_attribute_values(name, text(state.word()));
        }
        let page = request.set_exclusive_start_key(after.map(|position| position.0)).send().await;
        let page = page.map_err(|error| self.table.failed("scan for scores", &error))?;
        let (mut found, mut broken) = (Vec::new(), Vec::new());
        for item in page.items() {
            let id = read_text(item, ID).unwrap_or_default();
            match SubmissionId::try_from(id).map_err(|error| self.table.broken(id, error)) {
                Ok(id) => match self.parse(&id, item) {
                    Ok(stored) if now < stored.expires_at => found.push((id, stored)),
                    Ok(_) => {}
                    Err(error) => broken.push(error),
                },
                Err(error) => broken.push(error),
            }
        }
        Ok(Page { found, broken, next: page.last_evaluated_key.map(Position) })
    }

    /// Has a submission wait again that failed, or gives one that waits more time. Its timestamp stays: what arrived
    /// unseen is known again, and what was overtaken is not sent. `false` when it changed meanwhile, or has no body.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reopen(&self, id: &SubmissionId, from: State, about: &Submission) -> Result<bool, StoreError> {
        let document = serde_json::to_string(about).map_err(|error| self.table.broken(&id.log_text(), error))?;
        let request = self
            .table
            .update(key(id))
            .await
            .update_expression("SET #state = :queued, about = :about, next_at = :next, #end = :end")
            .condition_expression("attribute_exists(payload) AND #state = :from")
            .expression_attribute_names("#state", STATE)
            .expression_attribute_names("#end", EXPIRES_AT)
            .expression_attribute_values(":queued", text(State::Queued.word()))
            .expression_attribute_values(":from", text(from.word()))
            .expression_attribute_values(":about", text(document))
            .expression_attribute_values(":next", moment(None))
            .expression_attribute_values(":end", number(about.remembered_until().0));
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(false)
            }
            Err(error) => Err(self.table.failed("have a submission wait again", &error)),
        }
    }
}
