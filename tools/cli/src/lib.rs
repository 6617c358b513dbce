//! `doorway`: what an operator does with a running Tool, by command.
//!
//! * [`options`]: the command line. [`place`]: which Tool is meant: a stack on this machine, one in AWS, or what the
//!   environment says.
//! * [`command`]: one module per noun. Each takes its options and a [`Site`](place::Site) and gives an
//!   [`Answer`], which is shown as text or as JSON.
//! * [`exit`]: the exit codes. [`fault`]: what went wrong, and what to do.
//!
//! Time, randomness, the environment and the terminal are arguments ([`surroundings`]), so a test runs a command as the
//! binary does. To add a command: its options, its module, its arm in [`command::run`].

pub mod answer;
pub mod command;
pub mod exit;
pub mod fault;
pub mod options;
pub mod place;
pub mod surroundings;
mod table;

pub use answer::Answer;
pub use command::run;
pub use exit::Exit;
pub use options::Options;
pub use surroundings::Surroundings;
