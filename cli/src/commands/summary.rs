//! `summary`: Keras' table of a model.

use unrolled::{Error, Result};

use crate::arguments::Summary;
use crate::{files, print};

/// Prints the table, or JSON.
pub fn run(options: &Summary) -> Result<()> {
    let summary = files::read_model(&options.model)?.summary();
    if !options.json {
        return print::text(&summary.to_string());
    }
    let json = serde_json::to_string(&summary)
        .map_err(|e| Error::format("the summary", format!("it cannot be written as JSON ({e})")))?;
    print::line(&json)
}
