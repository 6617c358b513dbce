//! Simulated time: the clock of this process, and a file that worker processes read it from.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::{fs, path::Path};

use doorway_core::clock::{Clock as _, ManualClock};

/// How far slow answers move the clock while a batch is handled, in seconds: less than any lease of the Tool, since it
/// ends its attempts by real time.
const SLOW_SECONDS: u64 = 40;

/// The time.
pub struct SimulatedTime {
    clock: Arc<ManualClock>,
    file: Option<PathBuf>,
    /// How far slow answers may still move the clock.
    slow_left: Mutex<u64>,
}

impl SimulatedTime {
    /// The time of this clock, shown in this file too if there is one.
    pub fn new(clock: Arc<ManualClock>, file: Option<PathBuf>) -> Arc<Self> {
        let time = Self { clock, file, slow_left: Mutex::new(0) };
        time.show();
        Arc::new(time)
    }

    /// In Unix seconds.
    pub fn now(&self) -> u64 {
        self.clock.now().0
    }

    /// Moves the clock.
    pub fn advance_millis(&self, millis: u64) {
        let _moving = self.slow_left.lock().unwrap_or_else(PoisonError::into_inner);
        self.move_by(millis);
    }

    /// A round of batches begins: slow answers may take time again.
    pub fn begin_round(&self) {
        *self.slow_left.lock().unwrap_or_else(PoisonError::into_inner) = SLOW_SECONDS;
    }

    /// A slow answer takes so many seconds, or what is left for slow answers.
    pub fn pass_slowly(&self, seconds: u64) {
        let mut left = self.slow_left.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = seconds.min(*left);
        *left -= seconds;
        self.move_by(seconds * 1000);
    }

    fn move_by(&self, millis: u64) {
        self.clock.advance_millis(millis);
        self.show();
    }

    /// Replaces the file as a whole: no reader sees half of it.
    fn show(&self) {
        let Some(file) = self.file.as_deref() else { return };
        write(file, &self.clock.timestamp().millis().to_string()).expect("the temporary directory can be written");
    }
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let new = file.with_extension("new");
    fs::write(&new, text)?;
    fs::rename(new, file)
}
