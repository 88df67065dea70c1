//! Why stepping cannot begin.

use crate::Error;
use crate::listing::Diagnostic;

/// Why a session cannot be made.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The listing is wrong, or does not work with these sizes.
    Listing(Vec<Diagnostic>),
    /// Something else was chosen that cannot be.
    Engine(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(mistakes: Vec<Diagnostic>) -> Self {
        Self::Listing(mistakes)
    }
}
