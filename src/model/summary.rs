//! Keras' table of a model.

use std::fmt;

use serde::Serialize;

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct LayerSummary {
    /// The layer's name.
    pub name: String,
    /// Keras' class name.
    pub class_name: String,
    /// Output shape, batch first; `None` is an open axis.
    pub output_shape: Vec<Option<usize>>,
    /// Parameters of the layer.
    pub params: usize,
    /// How they are counted, from the sizes of the weights: `4 × (8·12 + 12·12 + 12)`; empty without parameters.
    pub formula: String,
}

/// What `model.summary()` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Summary {
    /// The layers from input to output.
    pub layers: Vec<LayerSummary>,
    /// All parameters.
    pub total: usize,
    /// Parameters that training changes.
    pub trainable: usize,
}

/// Columns of Keras 2's table: they begin here when no cell is longer.
const SHAPE_COLUMN: usize = 29;
const PARAMS_COLUMN: usize = 55;
const WIDTH: usize = 65;

impl fmt::Display for Summary {
    /// The table as Keras 2 prints it, with thousands separators in the totals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<[String; 3]> = self.layers.iter().map(LayerSummary::cells).collect();
        let head = ["Layer (type)", "Output Shape", "Param #"].map(String::from);
        let longest = |k: usize| rows.iter().map(|row| row[k].chars().count() + 1).max().unwrap_or(0);
        let shape_width = (PARAMS_COLUMN - SHAPE_COLUMN).max(longest(1));
        let name_width = SHAPE_COLUMN.max(longest(0));
        let width = WIDTH.max(name_width + shape_width + longest(2).max(head[2].len()));
        let line = |f: &mut fmt::Formatter<'_>, [name, shape, params]: &[String; 3]| {
            writeln!(f, "{name:<name_width$}{shape:<shape_width$}{params}")
        };
        writeln!(f, "{}", "_".repeat(width))?;
        line(f, &head)?;
        writeln!(f, "{}", "=".repeat(width))?;
        for (k, row) in rows.iter().enumerate() {
            line(f, row)?;
            let rule = if k + 1 == rows.len() { "=" } else { "_" };
            writeln!(f, "{}", rule.repeat(width))?;
        }
        writeln!(f, "Total params: {}", with_separators(self.total))?;
        writeln!(f, "Trainable params: {}", with_separators(self.trainable))?;
        writeln!(f, "Non-trainable params: {}", with_separators(self.total - self.trainable))?;
        writeln!(f, "{}", "_".repeat(width))
    }
}

impl LayerSummary {
    fn cells(&self) -> [String; 3] {
        let axis = |axis: &Option<usize>| axis.map_or("None".to_owned(), |n| n.to_string());
        let shape: Vec<_> = self.output_shape.iter().map(axis).collect();
        [
            format!("{} ({})", self.name, self.class_name),
            format!("({})", shape.join(", ")),
            self.params.to_string(),
        ]
    }
}

/// 2691713 as `2,691,713`.
pub(crate) fn with_separators(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (n, text) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (2_691_713, "2,691,713"), (131_584, "131,584")]
        {
            assert_eq!(with_separators(n), text);
        }
    }

    #[test]
    fn the_table_is_that_of_keras_2() {
        let summary = Summary {
            layers: vec![LayerSummary {
                formula: String::new(),
                name: "lstm_1".into(),
                class_name: "LSTM".into(),
                output_shape: vec![None, Some(128)],
                params: 131_584,
            }],
            total: 131_584,
            trainable: 131_584,
        };
        let expected = "\
_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
lstm_1 (LSTM)                (None, 128)               131584
=================================================================
Total params: 131,584
Trainable params: 131,584
Non-trainable params: 0
_________________________________________________________________
";
        assert_eq!(summary.to_string(), expected);
    }
}
