//! What the programs of the project's set-up share: paths, commands with a timeout, messages, and what is up to date.

pub mod apt;
pub mod command;
pub mod process;
pub mod progress;
pub mod project;
pub mod python;
pub mod stamp;
