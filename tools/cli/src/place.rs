//! Which Tool is meant: a stack on this machine, one in AWS, or what the environment says.

mod env_file;
mod site;
mod stack;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use doorway_core::aws::Aws;

pub(crate) use site::looks_like;
pub use site::{Kind, Site};
pub use stack::{OUTPUTS, PARAMETERS};

use crate::exit::Exit;
use crate::fault::Fault;
use crate::surroundings::Surroundings;

/// The file in a local stack's data folder that says how to reach it.
const ENV_FILE: &str = "lambda.env";

/// Where to work.
#[derive(Debug, Clone, Default, Args)]
pub struct Where {
    /// The stack on this machine that keeps its data in DIR: `cargo run -- --data DIR`.
    #[arg(long, global = true, value_name = "DIR", num_args = 0..=1, require_equals = true,
        default_missing_value = ".doorway", conflicts_with = "stack")]
    pub local: Option<PathBuf>,
    /// The stack in AWS with this name.
    #[arg(long, global = true, value_name = "NAME")]
    pub stack: Option<String>,
}

impl Where {
    /// The Tool that is meant. Without an option the environment's variables say, as they do for the functions.
    ///
    /// # Errors
    /// [`Exit::Settings`] when the place does not say; [`Exit::Unavailable`] when AWS does not answer.
    pub async fn find(&self, surroundings: &Surroundings) -> Result<Site, Fault> {
        match (&self.local, &self.stack) {
            (Some(directory), _) => local(directory, surroundings).await,
            (None, Some(name)) => {
                let aws = Arc::new(Aws::patient());
                let variables = stack::variables(&aws, name).await?;
                Ok(Site::new(Kind::Stack(name.clone()), variables, aws, surroundings))
            }
            (None, None) => {
                let aws = Arc::new(Aws::patient());
                Ok(Site::new(Kind::Environment, surroundings.variables.clone(), aws, surroundings))
            }
        }
    }
}

async fn local(directory: &Path, surroundings: &Surroundings) -> Result<Site, Fault> {
    let path = directory.join(ENV_FILE);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Fault::new(
            Exit::Settings,
            format!("`{}` cannot be read: {error}", path.display()),
            format!(
                "Start the stack with `cargo run -- --data {0}` and leave it running, or say where its data is: --local=DIR.",
                directory.display()
            ),
        )
    })?;
    let variables = env_file::parse(&text);
    let address = |name: &str| {
        variables.get(name).cloned().ok_or_else(|| {
            let todo = "The running stack writes it; start it again with this version.";
            Fault::new(Exit::Settings, format!("`{}` does not say {name}", path.display()), todo)
        })
    };
    let aws = Aws::local(&address("AWS_ENDPOINT_URL_DYNAMODB")?, &address("AWS_ENDPOINT_URL_SQS")?).await;
    Ok(Site::new(Kind::Local(directory.to_owned()), variables, Arc::new(aws), surroundings))
}
