//! Loss and optimizer of a file of Keras, taken over where they are known here.

use serde_json::Value;

use super::Opened;
use crate::layers::snake_case;
use crate::model::Sequential;
use crate::train::{Loss, Optimizer};

/// Takes over what a file says of `compile`, with remarks on it; returns whether the loss is its own.
pub(super) fn take_over(opened: &mut Opened, model: &Sequential, found: Option<&Value>) -> bool {
    let present = opened.experiment.compile.clone();
    let Some(found) = found else {
        let optimizer = optimizer_name(&present.optimizer);
        let remark = format!("It was saved without loss and optimizer: {optimizer} stays the optimizer.");
        opened.remarks.push(remark);
        return false;
    };
    let mut compile = present.clone();
    let (mut taken, mut remarks) = (Vec::new(), Vec::new());
    let loss = &found["loss"];
    let has_loss = match read_loss(loss) {
        Ok((name, from_logits)) => {
            taken.push(format!("the loss {name}{}", if from_logits { ", from logits" } else { "" }));
            (compile.loss, compile.from_logits) = (name, from_logits);
            true
        }
        Err(why) => {
            remarks.extend(why.map(|why| format!("The loss of the file is not taken over: {why}.")));
            false
        }
    };
    let optimizer = &found["optimizer"];
    if !optimizer.is_null() {
        match Optimizer::from_keras(optimizer, &model.parameters) {
            Ok(_) => {
                taken.push(format!("the optimizer {}, whose state begins anew", optimizer_name(optimizer)));
                compile.optimizer = optimizer.clone();
            }
            Err(error) => remarks.push(format!(
                "The optimizer of the file, {}, is not taken over ({error}): {} stays.",
                optimizer_name(optimizer),
                optimizer_name(&present.optimizer)
            )),
        }
    }
    if !taken.is_empty() {
        remarks.insert(0, format!("From the file come {}.", taken.join(" and ")));
    }
    opened.experiment.compile = compile;
    opened.remarks.extend(remarks);
    has_loss
}

/// Keras' name of a loss that is known here, and whether it takes logits; else why it is not, where there is one.
fn read_loss(loss: &Value) -> Result<(String, bool), Option<String>> {
    let (name, options) = match loss {
        Value::Null => return Err(None),
        Value::String(name) => (name.clone(), &Value::Null),
        Value::Object(object) => {
            let class = object.get("class_name").and_then(Value::as_str).unwrap_or_default();
            (snake_case(class), object.get("config").unwrap_or(&Value::Null))
        }
        _ => return Err(Some("it is not one loss".to_owned())),
    };
    let from_logits = options["from_logits"].as_bool().unwrap_or(false);
    let known = Loss::from_keras(&name, from_logits);
    let loss = known.map_err(|_| Some(format!("{name} is not computed here")))?;
    match options["label_smoothing"].as_f64() {
        Some(smoothing) if smoothing != 0.0 => {
            Err(Some(format!("its label_smoothing {smoothing} is not computed here")))
        }
        _ => Ok((loss.name().to_owned(), from_logits)),
    }
}

fn optimizer_name(optimizer: &Value) -> &str {
    optimizer.as_str().or_else(|| optimizer["class_name"].as_str()).unwrap_or("the optimizer")
}
