//! The commands.

mod backward;
mod convert;
mod encoder_decoder;
mod experiment;
mod fit;
mod forward;
mod keras_code;
mod listing;
mod script;
mod summary;
mod train;
mod trained;

use unrolled::Result;

use crate::arguments::Command;

/// Runs one command.
pub fn run(command: Command) -> Result<()> {
    match command {
        Command::Summary(options) => summary::run(&options),
        Command::Forward(options) => forward::run(&options),
        Command::Backward(options) => backward::run(&options),
        Command::Fit(options) => fit::run(&options),
        Command::Listing(command) => listing::run(&command),
        Command::Script(command) => script::run(&command),
        Command::Convert(options) => convert::run(&options),
        Command::Experiment(command) => experiment::run(&command),
        Command::Train(options) => train::run(&options),
        Command::Evaluate(options) => trained::evaluate(&options),
        Command::Predict(options) => trained::predict(&options),
        Command::Generate(options) => trained::generate(&options),
        Command::EncoderDecoder(options) => encoder_decoder::run(&options),
    }
}
