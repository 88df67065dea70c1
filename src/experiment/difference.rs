//! What differs between two experiments: a link holds that and the name of its starting point.

use serde_json::{Map, Value};

use super::{Experiment, Printed};
use crate::{Error, Result};

/// Facts about an experiment that say nothing of how it is run.
const REPORTS: [&str; 2] = ["printed", "measured"];

/// Places that make a run shorter or longer and leave the model and the form of a sample as they are.
const EXTENT: [&str; 2] = ["/data/limit", "/fit/epochs"];

impl Experiment {
    /// What has to be changed in `start` to get this experiment: new values by their JSON pointers (RFC 6901), such as
    /// `/model/config/layers/1/config/units`. What was printed and measured does not count.
    pub fn difference(&self, start: &Self) -> Map<String, Value> {
        let mut changes = Map::new();
        collect(&start.to_run(), &self.to_run(), "", &mut changes);
        changes
    }

    /// This experiment with `changes`, as [`Self::difference`] gives them. What was printed and measured belongs to the
    /// experiment as it was, so that a changed one has neither; where only the extent of the run is another, what was
    /// printed of the model and of a sample holds still.
    ///
    /// # Errors
    /// If a pointer leads nowhere, or as [`Self::from_value`].
    pub fn with_changes(&self, changes: &Map<String, Value>) -> Result<Self> {
        if changes.is_empty() {
            return Ok(self.clone());
        }
        let mut document = self.to_run();
        for (pointer, value) in changes {
            set(&mut document, pointer, value)?;
        }
        let mut changed = Self::from_value(&document)?;
        if changes.keys().all(|pointer| EXTENT.contains(&pointer.as_str())) {
            changed.printed = self.printed.clone().map(Printed::without_results);
        }
        Ok(changed)
    }

    fn to_run(&self) -> Value {
        let mut document = self.to_json();
        if let Some(keys) = document.as_object_mut() {
            keys.retain(|key, _| !REPORTS.contains(&key.as_str()));
        }
        document
    }
}

fn collect(from: &Value, to: &Value, at: &str, changes: &mut Map<String, Value>) {
    match (from, to) {
        (Value::Object(old), Value::Object(new)) if old.keys().all(|key| new.contains_key(key)) => {
            for (key, value) in new {
                let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                match old.get(key) {
                    Some(before) => collect(before, value, &at, changes),
                    None => {
                        changes.insert(at, value.clone());
                    }
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (k, (before, value)) in old.iter().zip(new).enumerate() {
                collect(before, value, &format!("{at}/{k}"), changes);
            }
        }
        _ if from == to => {}
        _ => {
            changes.insert(at.to_owned(), to.clone());
        }
    }
}

fn set(document: &mut Value, pointer: &str, value: &Value) -> Result<()> {
    if let Some(place) = document.pointer_mut(pointer) {
        *place = value.clone();
        return Ok(());
    }
    let parent =
        pointer.rsplit_once('/').and_then(|(parent, key)| Some((document.pointer_mut(parent)?, key)));
    match parent {
        Some((Value::Object(keys), key)) => {
            keys.insert(key.replace("~1", "/").replace("~0", "~"), value.clone());
            Ok(())
        }
        _ => Err(Error::value("a change", "at a place that the experiment has", pointer)),
    }
}
