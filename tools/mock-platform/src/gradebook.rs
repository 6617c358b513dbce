//! The gradebook: columns, and what each student has in them.
//!
//! In memory and shared: every change is made under one lock. `line_item` says what a column is, `score` what the Tool
//! may send, `grade` what a score does to a cell.

mod extension;
mod grade;
mod line_item;
mod number;
mod score;

pub use grade::Grade;
pub use line_item::LineItem;
pub use score::{ActivityProgress, GradingProgress};

pub(crate) use grade::Stale;
pub(crate) use number::number;
pub(crate) use score::Score;

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::Value;

use crate::lock::locked;
use crate::profile::Profile;

/// Columns of the course at a time.
const LINE_ITEM_CAPACITY: usize = 1_000;

/// A score that was applied, in the words of the Tool.
#[derive(Debug, Clone, PartialEq)]
pub struct AppliedScore {
    /// The line item's id within the course, such as `link-1201`.
    pub line_item: String,
    /// Whose score it is.
    pub user_id: String,
    /// The timestamp, as it came.
    pub timestamp: String,
    /// The points given; `None` clears.
    pub score_given: Option<f64>,
    /// The points that `score_given` is out of.
    pub score_maximum: Option<f64>,
    /// How far the student is.
    pub activity_progress: ActivityProgress,
    /// How far grading is.
    pub grading_progress: GradingProgress,
    /// The comment.
    pub comment: Option<String>,
    /// The whole body, extensions included.
    pub body: Value,
}

/// The one course's gradebook.
pub struct Gradebook(Mutex<Book>);

#[derive(Default)]
struct Book {
    /// In the order of the columns.
    line_items: Vec<LineItem>,
    created: usize,
    /// By line item and user.
    grades: BTreeMap<(String, String), Grade>,
    applied: Vec<AppliedScore>,
}

impl Gradebook {
    pub(crate) fn new(line_items: Vec<LineItem>) -> Self {
        Self(Mutex::new(Book { line_items, ..Book::default() }))
    }

    /// The columns, in their order.
    #[must_use]
    pub fn line_items(&self) -> Vec<LineItem> {
        locked(&self.0).line_items.clone()
    }

    /// The column of this id.
    #[must_use]
    pub fn line_item(&self, id: &str) -> Option<LineItem> {
        locked(&self.0).line_item(id).cloned()
    }

    /// Every score that was applied, oldest first. A score that was refused is not among them.
    #[must_use]
    pub fn applied_scores(&self) -> Vec<AppliedScore> {
        locked(&self.0).applied.clone()
    }

    /// What a student has in a column now.
    #[must_use]
    pub fn grade(&self, line_item: &str, user_id: &str) -> Option<Grade> {
        locked(&self.0).grades.get(&(line_item.to_owned(), user_id.to_owned())).cloned()
    }

    /// What all students have in a column, by user id.
    #[must_use]
    pub fn grades(&self, line_item: &str) -> Vec<(String, Grade)> {
        let book = locked(&self.0);
        let of_item = book.grades.iter().filter(|((item, _), _)| item == line_item);
        of_item.map(|((_, user), grade)| (user.clone(), grade.clone())).collect()
    }

    /// A teacher enters points by hand, in points of the column, at an RFC 3339 instant. Later scores of the Tool must
    /// be newer than that. Tells whether there is such a column and the instant is one.
    pub fn grade_by_hand(&self, line_item: &str, user_id: &str, points: f64, instant: &str) -> bool {
        let mut book = locked(&self.0);
        let Some(maximum) = book.line_item(line_item).map(|item| item.score_maximum) else { return false };
        let Some(grade) = Grade::by_hand(points, maximum, instant) else { return false };
        book.grades.insert((line_item.to_owned(), user_id.to_owned()), grade);
        true
    }

    /// Adds a column that belongs to a link, under the link's id.
    pub(crate) fn add_with_link(&self, line_item: LineItem) {
        locked(&self.0).line_items.push(line_item);
    }

    /// Adds a column that the Tool made; its id is drawn here. `None` when there is no room.
    pub(crate) fn create(&self, line_item: LineItem) -> Option<LineItem> {
        let mut book = locked(&self.0);
        if book.line_items.len() >= LINE_ITEM_CAPACITY {
            return None;
        }
        book.created += 1;
        let line_item = LineItem { id: format!("column-{}", book.created), ..line_item };
        book.line_items.push(line_item.clone());
        Some(line_item)
    }

    /// Replaces all that may change of a column, and rescales its grades. `None` when there is no such column.
    pub(crate) fn replace(&self, id: &str, with: LineItem) -> Option<LineItem> {
        let mut book = locked(&self.0);
        let old = book.line_items.iter_mut().find(|item| item.id == id)?;
        let new = LineItem { id: old.id.clone(), resource_link_id: old.resource_link_id.clone(), ..with };
        *old = new.clone();
        for (_, grade) in book.grades.iter_mut().filter(|((item, _), _)| item == id) {
            grade.rescale(new.score_maximum);
        }
        Some(new)
    }

    /// Removes a column with its grades. Tells whether there was one.
    pub(crate) fn delete(&self, id: &str) -> bool {
        let mut book = locked(&self.0);
        let before = book.line_items.len();
        book.line_items.retain(|item| item.id != id);
        book.grades.retain(|(item, _), _| item != id);
        book.line_items.len() < before
    }

    /// Applies a score and records it. `None` when there is no such column.
    pub(crate) fn apply(&self, id: &str, score: &Score, profile: Profile) -> Option<Result<(), Stale>> {
        let mut book = locked(&self.0);
        let maximum = book.line_item(id)?.score_maximum;
        let cell = (id.to_owned(), score.user_id.clone());
        let grade = match Grade::after(book.grades.get(&cell), score, maximum, profile) {
            Ok(grade) => grade,
            Err(stale) => return Some(Err(stale)),
        };
        book.grades.insert(cell, grade);
        book.applied.push(score.applied_to(id));
        Some(Ok(()))
    }
}

impl Book {
    fn line_item(&self, id: &str) -> Option<&LineItem> {
        self.line_items.iter().find(|item| item.id == id)
    }
}
