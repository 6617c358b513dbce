//! The lessons and their quizzes.

mod catalogue;

pub(crate) use catalogue::LESSONS;

/// A lesson: a film, what it says, and questions on it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lesson {
    /// In the lesson's URL, and in the `lesson` parameter of the links that lead to it.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// What it is about, in a sentence.
    pub(crate) summary: &'static str,
    pub(crate) paragraphs: &'static [&'static str],
    pub(crate) questions: &'static [Question],
    /// Whether a link to it should have a gradebook column.
    pub(crate) graded: bool,
}

/// A question with one right answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) text: &'static str,
    pub(crate) choices: &'static [&'static str],
    /// The index of the right choice.
    pub(crate) right: usize,
}

/// Answers to the questions of a lesson, in their order: indices of choices, or nothing where none was chosen.
pub(crate) type Answers = Vec<Option<usize>>;

/// The lesson of this name.
pub(crate) fn find(name: &str) -> Option<&'static Lesson> {
    LESSONS.iter().find(|lesson| lesson.name == name)
}

impl Lesson {
    /// The path of the lesson below the App's base.
    pub(crate) fn path(&self) -> String {
        format!("/lessons/{}", self.name)
    }

    /// The most points that can be had: one for each question.
    pub(crate) fn score_maximum(&self) -> usize {
        self.questions.len()
    }

    /// The points that these answers are worth.
    pub(crate) fn score(&self, answers: &Answers) -> usize {
        self.questions.iter().zip(answers).filter(|(question, answer)| **answer == Some(question.right)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::{LESSONS, find};

    #[test]
    fn every_lesson_has_a_name_of_its_own_that_stands_in_a_url() {
        for lesson in &LESSONS {
            assert!(lesson.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", lesson.name);
            assert_eq!(find(lesson.name), Some(lesson));
        }
        assert_eq!(find("how-light-breaks"), None);
    }

    #[test]
    fn every_question_has_choices_and_its_right_one_is_among_them() {
        for lesson in &LESSONS {
            assert!((2..=5).contains(&lesson.questions.len()), "{}", lesson.name);
            for question in lesson.questions {
                assert!(question.right < question.choices.len(), "{}", question.text);
            }
        }
    }

    #[test]
    fn a_right_answer_is_a_point_and_no_answer_is_none() {
        let quiz = find("quiz-refraction").unwrap();
        let right: Vec<_> = quiz.questions.iter().map(|question| Some(question.right)).collect();
        assert_eq!((quiz.score(&right), quiz.score_maximum()), (5, 5));
        let mut some = right;
        some[0] = None;
        some[4] = Some(some[4].unwrap() + 1);
        assert_eq!(quiz.score(&some), 3);
        assert_eq!(quiz.score(&Vec::new()), 0);
    }
}
