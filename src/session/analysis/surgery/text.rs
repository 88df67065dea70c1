//! The cell of a layer as a text, with the layer's activations in it.

use serde_json::{Value, json};

use crate::layers::Recurrent;
use crate::layers::activation::{self, Activation};
use crate::listing::cells;
use crate::{Error, Result};

/// The text of a layer's cell.
///
/// # Errors
/// If it is none of the project's cells, or its activation has no text.
pub(super) fn of(layer: &Recurrent) -> Result<String> {
    let config = layer.cell().config();
    let option = |name: &str| config.get(name).and_then(Value::as_str);
    let listing = match layer.cell().class_name() {
        "Listing" => match option("source") {
            Some(source) => return Ok(source.to_owned()),
            None => option("cell").unwrap_or_default(),
        },
        "LSTM" => "lstm",
        "GRU" if config["reset_after"] == false => "gru_reset_before",
        "GRU" => "gru",
        _ => "simple_rnn",
    };
    let found = cells::text(listing).map(str::to_owned);
    let mut text =
        found.ok_or_else(|| Error::value("the text of the cell", "one of the project's", listing))?;
    if layer.cell().class_name() == "Listing" {
        return Ok(text);
    }
    // The gates first: what takes the place of tanh may be a sigmoid.
    for (option, call) in [("recurrent_activation", "sigmoid"), ("activation", "np.tanh")] {
        if let Some(value) = config.get(option).filter(|value| **value != json!(null)) {
            let (open, close) = around(activation::from_keras(value, option)?);
            text = replace_calls(&text, call, open, close);
        }
    }
    Ok(text)
}

/// What stands around the argument of an activation.
fn around(activation: Activation) -> (&'static str, &'static str) {
    match activation {
        Activation::Linear => ("(", ")"),
        Activation::Tanh => ("np.tanh(", ")"),
        Activation::Relu => ("relu(", ")"),
        Activation::Sigmoid => ("sigmoid(", ")"),
        Activation::HardSigmoid2 => ("hard_sigmoid(", ")"),
        Activation::HardSigmoid3 => ("np.clip((", ") / 6 + 0.5, 0, 1)"),
        Activation::Softmax => ("softmax(", ")"),
    }
}

/// The text with `open argument close` in place of every `name(argument)`.
fn replace_calls(text: &str, name: &str, open: &str, close: &str) -> String {
    let call = format!("{name}(");
    let mut made = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(&call) {
        let (before, behind) = rest.split_at(at);
        let argument = &behind[call.len()..];
        let mut depth = 1;
        let end = argument.find(|c: char| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let Some(end) = end else { break };
        made.push_str(&format!("{before}{open}{}{close}", &argument[..end]));
        rest = &argument[end + 1..];
    }
    made + rest
}
