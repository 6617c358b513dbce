//! A command line beside a Tool under test.

use std::collections::BTreeMap;
use std::io::{BufRead, Cursor};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use doorway_cli::fault::Fault;
use doorway_cli::surroundings::Console;
use doorway_cli::{Answer, Exit, Options, Surroundings, run};
use doorway_core::random::SystemRandom;
use doorway_tests::TestTool;
use serde_json::Value;

/// A person who says the same to every question, and what stands on standard input.
struct Person {
    says: Option<&'static str>,
    input: String,
    asked: Mutex<Vec<String>>,
}

impl Console for Person {
    fn ask(&self, question: &str) -> Option<String> {
        self.asked.lock().expect("no test panics with it").push(question.to_owned());
        self.says.map(str::to_owned)
    }

    fn input(&self) -> Box<dyn BufRead> {
        Box::new(Cursor::new(self.input.clone().into_bytes()))
    }
}

/// The command, for one Tool.
pub(crate) struct Cli {
    pub(crate) directory: PathBuf,
    surroundings: Surroundings,
    person: Arc<Person>,
}

impl Cli {
    /// For this Tool, by its clock. Nobody can be asked.
    pub(crate) async fn of(tool: &TestTool) -> Self {
        Self::with(tool, None, "").await
    }

    /// For this Tool, with somebody at the terminal.
    pub(crate) async fn with(tool: &TestTool, says: Option<&'static str>, input: &str) -> Self {
        let person = Arc::new(Person { says, input: input.to_owned(), asked: Mutex::default() });
        let surroundings = Surroundings {
            variables: BTreeMap::new(),
            clock: tool.clock.clone(),
            random: Arc::new(SystemRandom),
            console: person.clone(),
        };
        Self { directory: tool.local_directory().await, surroundings, person }
    }

    /// The questions that were asked.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.person.asked.lock().expect("no test panics with it").clone()
    }

    /// Runs a command of these words.
    pub(crate) async fn run(&self, words: &[&str]) -> Result<Answer, Fault> {
        let local = format!("--local={}", self.directory.display());
        let line = ["doorway", &local].iter().chain(words).map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let options = Options::read(line).unwrap_or_else(|error| panic!("{words:?}: {error}"));
        run(options, &self.surroundings).await
    }

    /// Runs a command, of words between spaces, that is done; its JSON.
    pub(crate) async fn done(&self, line: &str) -> Value {
        let words: Vec<&str> = line.split_whitespace().collect();
        let answer = self.run(&words).await.unwrap_or_else(|fault| panic!("{line}: {fault}"));
        assert_eq!(answer.exit, Exit::Done, "{line}: {}", answer.text);
        assert!(!answer.text.is_empty(), "{line} says nothing");
        answer.json
    }

    /// Runs a command, of words between spaces, that is refused.
    pub(crate) async fn refused(&self, line: &str, exit: Exit) -> Fault {
        let words: Vec<&str> = line.split_whitespace().collect();
        let fault = self.run(&words).await.expect_err(line);
        assert_eq!(fault.exit, exit, "{line}: {fault}");
        assert!(!fault.wrong.is_empty() && !fault.todo.is_empty(), "{line}: {fault}");
        fault
    }
}
