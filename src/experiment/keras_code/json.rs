//! JSON that is pasted: an experiment document, or Keras' JSON of a model.

use serde_json::Value;

use super::{Mistake, Note, ReadCode, normal};
use crate::experiment::Experiment;

/// What JSON says; nothing if the text is no JSON object.
pub(super) fn read(text: &str, start: &Experiment) -> Option<Result<ReadCode, Mistake>> {
    let text = text.trim().trim_matches('\'');
    // Python shows the text that `model.to_json()` returns in quotes.
    let text = serde_json::from_str::<String>(text).unwrap_or_else(|_| text.to_owned());
    if !text.starts_with('{') {
        return None;
    }
    let json: Value = match serde_json::from_str(&text) {
        Ok(json) => json,
        Err(e) => {
            return Some(Err(Mistake::new(e.line(), format!("this is not JSON ({e}); copy all of it"))));
        }
    };
    Some(document(&json, start).map_err(|e| Mistake::new(1, e.to_string())))
}

fn document(json: &Value, start: &Experiment) -> crate::Result<ReadCode> {
    if json.get("format").is_some() {
        let experiment = Experiment::from_value(json)?;
        normal::complete(&experiment.model)?;
        return Ok(ReadCode { experiment, notes: Vec::new(), passed_over: Vec::new() });
    }
    let complete = normal::complete(json)?;
    let mut experiment = start.clone();
    // Keras 2 has other places for the same things; one form is enough for everything behind this.
    experiment.model = normal::keep_equal(&start.model, complete);
    let mut notes = Vec::new();
    normal::forget_reports(&mut experiment, start);
    normal::check_data(&experiment, 1, &mut notes);
    let text = "only the model was pasted; loss, optimizer and fit stay as they were";
    notes.insert(0, Note { line: 1, text: text.into() });
    Ok(ReadCode { experiment, notes, passed_over: Vec::new() })
}
