//! `doorway platform`: Registrations.

mod add;
mod instructions;
mod refresh;
mod remove;
mod set;
mod show;
mod switch;

use clap::Subcommand;
use doorway_core::registration::Status;

use super::registration_key::Key;
use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Where;
use crate::surroundings::Surroundings;

pub use instructions::Lms;

/// What to do with Registrations.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Register a Platform: a known one by its address, or any other. Never changes one that is registered.
    Add(Box<add::Add>),
    /// List all Platforms.
    List,
    /// Show one Platform with its Deployments.
    Show(Key),
    /// Change members of a Registration: `tenant=North`, `deployments=any`, `serviceOrigins=https://a.example,https://b.example`.
    /// An empty value takes an optional member out.
    Set(set::Set),
    /// Switch a Platform off: within 30 seconds nothing of it is served any more.
    Disable(Key),
    /// Switch a Platform on.
    Enable(Key),
    /// Tell a Platform that the Tool registered itself with how the Tool is now: its addresses, name and picture.
    Refresh(refresh::Refresh),
    /// Remove a Platform with its Deployments.
    Remove(remove::Remove),
    /// Print what the administrator of an LMS must type, with this Tool's addresses.
    Instructions(instructions::Instructions),
}

/// Runs it.
///
/// # Errors
/// [`Fault`].
pub async fn run(command: Command, place: &Where, surroundings: &Surroundings) -> Result<Answer, Fault> {
    let site = place.find(surroundings).await?;
    match command {
        Command::Add(add) => add::run(*add, &site).await,
        Command::List => show::list(&site).await,
        Command::Show(key) => show::show(&key.key(), &site).await,
        Command::Set(set) => set::run(set, &site).await,
        Command::Disable(key) => switch::run(&key.key(), Status::Disabled, &site).await,
        Command::Enable(key) => switch::run(&key.key(), Status::Active, &site).await,
        Command::Refresh(refresh) => refresh::run(refresh, &site).await,
        Command::Remove(remove) => remove::run(remove, &site).await,
        Command::Instructions(instructions) => instructions::run(&instructions, &site),
    }
}
