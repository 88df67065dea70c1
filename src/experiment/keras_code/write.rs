//! From an experiment to the Keras code of its model and its training.

use serde_json::{Map, Value, json};

use super::classes::{self, CLASSES, Role};
use super::normal::{self, AXES, Namer};
use super::python::{self, HARD_SIGMOID_2, call};
use crate::Result;
use crate::experiment::{Experiment, Validation};
use crate::layers::snake_case;
use crate::train::Loss;

/// The parts of the code, each without a line end.
pub(super) struct Parts {
    /// `import …`, and definitions of what Keras does not have.
    pub imports: String,
    /// `model = keras.Sequential([…])`
    pub model: String,
    /// `model.compile(…)`
    pub compile: String,
    /// The arguments of `fit` behind the data.
    pub fit: Vec<String>,
}

/// The Keras code of the experiment's model: imports, `Sequential([…])`, `compile` and `fit`. Read again it gives the
/// same experiment.
///
/// # Errors
/// If the model cannot be built.
pub fn code(experiment: &Experiment) -> Result<String> {
    let Parts { imports, model, compile, fit } = parts(experiment)?;
    let data = ["x_train".to_owned(), "y_train".to_owned()];
    let fit = call("model.fit", &data.into_iter().chain(fit).collect::<Vec<_>>(), 0);
    Ok(format!("{imports}\n\n{model}\n{compile}\n{fit}\n"))
}

pub(super) fn parts(experiment: &Experiment) -> Result<Parts> {
    let complete = normal::complete(&experiment.model)?;
    let axes =
        complete.pointer("/config/layers/0").and_then(|layer| layer.pointer(AXES)?.as_array().cloned());
    let layers = experiment.model.pointer("/config/layers").or(experiment.model.get("config"));
    let layers = layers.and_then(Value::as_array).cloned().unwrap_or_default();
    let layers: Vec<Value> = layers.into_iter().filter(|layer| layer["class_name"] != "InputLayer").collect();
    let mut lines = vec![input(&axes.unwrap_or_default(), &layers, experiment.fit.batch_size)];
    let mut namer = Namer::default();
    for layer in &layers {
        lines.push(written_layer(layer, &mut namer));
    }
    let name = experiment.model.pointer("/config/name").and_then(Value::as_str);
    let name = name.map(|name| format!(", name={}", python::value(&name.into()))).unwrap_or_default();
    let lines: String = lines.iter().map(|line| format!("    {line},\n")).collect();
    Ok(Parts {
        imports: imports(&layers),
        model: format!("model = keras.Sequential([\n{lines}]{name})"),
        compile: compile(experiment)?,
        fit: fit(experiment),
    })
}

fn input(axes: &[Value], layers: &[Value], batch_size: usize) -> String {
    let is_stateful = layers.iter().any(|layer| layer.to_string().contains("\"stateful\":true"));
    let (batch, sample) = axes.split_first().unwrap_or((&Value::Null, &[]));
    match (is_stateful, batch) {
        // Keras keeps a state for each sample of a batch, so that it must know how many there are.
        (true, Value::Null) => {
            let batch = [json!(batch_size)].into_iter().chain(sample.iter().cloned()).collect::<Vec<_>>();
            format!("keras.Input(batch_shape={})", python::tuple(&batch))
        }
        (_, Value::Null) => format!("keras.Input(shape={})", python::tuple(sample)),
        _ => format!("keras.Input(batch_shape={})", python::tuple(axes)),
    }
}

/// A layer with the options that it says, and its name where the order of the layers does not give it.
fn written_layer(layer: &Value, namer: &mut Namer) -> String {
    let class = layer["class_name"].as_str().unwrap_or_default();
    let name = normal::own_name(layer);
    let mut said = said_inside(layer);
    said.shift_remove("name");
    // The input layer in front of it says that.
    for key in ["batch_input_shape", "batch_shape", "input_shape", "input_length"] {
        said.shift_remove(key);
    }
    if name != namer.next(class, None) {
        namer.rename_last(&name);
        said.insert("name".into(), name.into());
    }
    python::object(class, Some(&said), 4)
}

/// What a layer says, and what the layers inside of it say.
fn said_inside(layer: &Value) -> Map<String, Value> {
    let mut said = normal::said(layer);
    for key in ["layer", "backward_layer"] {
        if let Some(inner) = said.get_mut(key).filter(|inner| inner.is_object()) {
            inner["config"] = said_inside(inner).into();
        }
    }
    said
}

fn compile(experiment: &Experiment) -> Result<String> {
    let compile = &experiment.compile;
    let loss = Loss::from_keras(&compile.loss, compile.from_logits)?;
    let of_loss = |class: &&classes::Class| class.role == Role::Loss && snake_case(class.name) == loss.name();
    let class = CLASSES.iter().find(of_loss).filter(|_| compile.from_logits);
    let loss = match class {
        Some(class) => format!("keras.losses.{}(from_logits=True)", class.name),
        None => python::value(&loss.name().into()),
    };
    let mut arguments = vec![format!("optimizer={}", optimizer(&compile.optimizer)?), format!("loss={loss}")];
    if compile.loss.ends_with("crossentropy") {
        arguments.push("metrics=[\"accuracy\"]".into());
    }
    Ok(call("model.compile", &arguments, 0))
}

/// The optimizer with the options that differ from Keras' defaults, and its learning rate.
fn optimizer(optimizer: &Value) -> Result<String> {
    let full = normal::complete_optimizer(optimizer)?;
    let mut said = json!({ "class_name": full["class_name"], "config": full["config"] });
    let keys: Vec<String> =
        full["config"].as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect();
    for key in keys.iter().filter(|key| *key != "learning_rate") {
        let mut without = said.clone();
        if let Some(config) = without["config"].as_object_mut() {
            config.shift_remove(key);
        }
        if normal::complete_optimizer(&without).is_ok_and(|other| other == full) {
            said = without;
        }
    }
    Ok(python::value(&said))
}

fn fit(experiment: &Experiment) -> Vec<String> {
    let fit = &experiment.fit;
    let mut arguments = vec![format!("batch_size={}", fit.batch_size), format!("epochs={}", fit.epochs)];
    arguments.push(match experiment.data.validation {
        Validation::Test => "validation_data=(x_test, y_test)".into(),
        Validation::Share(share) => format!("validation_split={share}"),
    });
    if !fit.shuffle {
        arguments.push("shuffle=False".into());
    }
    if !fit.class_weight.is_empty() {
        arguments.push(format!("class_weight={}", python::value(&json!(fit.class_weight))));
    }
    if let Some(options) = &fit.early_stopping {
        let stopping = python::object("EarlyStopping", options.as_object(), 0);
        arguments.push(format!("callbacks=[{stopping}]"));
    }
    arguments
}

/// What the code of these layers needs.
fn imports(layers: &[Value]) -> String {
    let text = Value::from(layers.to_vec()).to_string();
    let is_used = |class: &&classes::Class| text.contains(&format!("\"class_name\":\"{}\"", class.name));
    let used = CLASSES.iter().filter(|class| class.role == Role::Layer).filter(is_used);
    let (own, keras): (Vec<&str>, Vec<&str>) =
        used.map(|class| class.name).partition(|name| ["Listing", "ResidualWrapper"].contains(name));
    let mut lines = String::from("import keras");
    if !keras.is_empty() {
        lines.push_str(&format!("\nfrom keras.layers import {}", keras.join(", ")));
    }
    if text.contains(HARD_SIGMOID_2) {
        lines.push_str(HARD_SIGMOID);
    }
    for class in own {
        lines.push_str(match class {
            "Listing" => {
                "\n\n# Listing is a layer of Unrolled, not of Keras: its text is one timestep of the cell."
            }
            _ => RESIDUAL,
        });
    }
    lines
}

const HARD_SIGMOID: &str = "


# The hard sigmoid of Keras 1 and 2; that of Keras 3 has the slope 1/6.
def hard_sigmoid_keras2(x):
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)
";

const RESIDUAL: &str = "


# The sum of a layer's input and output.
class ResidualWrapper(keras.layers.Wrapper):
    def call(self, x):
        return x + self.layer(x)
";
