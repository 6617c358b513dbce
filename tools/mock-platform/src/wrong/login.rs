//! Login initiations with a fault in them.

use super::fault::{Fault, LoginFault};

/// The parameters of a login initiation with a fault; any other fault than [`Fault::Login`] leaves them as they are.
#[must_use]
pub fn apply_to_login(fault: &Fault, parameters: Vec<(String, String)>) -> Vec<(String, String)> {
    let Fault::Login(fault) = fault else {
        return parameters;
    };
    let mut parameters = parameters;
    match fault {
        LoginFault::Set { name, value } => {
            for (_, right) in parameters.iter_mut().filter(|(parameter, _)| parameter == name) {
                *right = (*value).to_owned();
            }
        }
        LoginFault::Remove(name) => parameters.retain(|(parameter, _)| parameter != name),
        LoginFault::Repeat { name, value } => {
            parameters.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    parameters
}
