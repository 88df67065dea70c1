//! Samples of numbers or symbols as a table: one row a timestep.

use serde::Serialize;

use super::{Answer, Appearance, Names, Received, TimestepRole};

/// A column of a sample's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Column {
    /// What stands in it.
    pub name: String,
    /// Whether it is the wanted answer.
    pub is_answer: bool,
}

/// What stands at one place of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// A number.
    Number(f32),
    /// A symbol or a class by its name.
    Symbol(String),
    /// Nothing.
    Empty,
}

/// Inputs and wanted answers; a single answer stands in the last row.
pub(super) fn of_arrays(received: &Received, answer: &Answer, names: &Names) -> Appearance {
    let timesteps = received.shape.first().copied().unwrap_or(0);
    let features = received.shape.get(1).copied().unwrap_or(1);
    let answers = answer.features.max(1);
    let (inputs, wanted) = column_names(names, features, answers);
    let column = |is_answer: bool| move |name: String| Column { name, is_answer };
    let columns = inputs.into_iter().map(column(false)).chain(wanted.into_iter().map(column(true)));
    let row = |t: usize| -> Vec<Cell> {
        let filled = received.roles.get(t) == Some(&TimestepRole::Padding);
        let inputs = (0..features).map(|feature| match received.ids.get(t) {
            Some(_) if filled => Cell::Empty,
            Some(id) => Cell::Symbol(names.id(*id)),
            None => received.values.get(t * features + feature).map_or(Cell::Empty, |v| Cell::Number(*v)),
        });
        let at = match answer.at_each_timestep {
            true => (!filled).then_some(t),
            false => (t + 1 == timesteps).then_some(0),
        };
        let wanted = (0..answers).map(|k| match at {
            None => Cell::Empty,
            Some(at) => match answer.classes.get(at) {
                Some(class) => Cell::Symbol(class.name.clone()),
                None => answer.values.get(at * answers + k).map_or(Cell::Empty, |v| Cell::Number(*v)),
            },
        });
        inputs.chain(wanted).collect()
    };
    Appearance::Table { columns: columns.collect(), rows: (0..timesteps).map(row).collect() }
}

/// The names of the inputs and of the answers.
fn column_names(names: &Names, features: usize, answers: usize) -> (Vec<String>, Vec<String>) {
    let Some(task) = &names.experiment.data.task else {
        let numbered = |name: &str, count: usize| match count {
            1 => vec![name.to_owned()],
            _ => (0..count).map(|k| format!("{name}[{k}]")).collect(),
        };
        return (numbered("x", features), numbered("y", answers));
    };
    let columns = task.columns();
    (columns.inputs.iter().map(|name| (*name).to_owned()).collect(), vec![columns.answer.to_owned()])
}
