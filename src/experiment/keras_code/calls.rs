//! What calls do: objects, models, and what is done to a model.

use serde_json::{Map, Value};

use super::classes::{self, Class, WITHOUT_EFFECT};
use super::known::{Known, Object};
use super::reader::{Call, Draft, Reader};
use super::syntax::{Argument, Expression, Kind};
use super::{Mistake, Note};
use crate::layers::SUPPORTED;

/// More layers than this are a loop that was not meant.
const MOST_LAYERS: usize = 500;

/// The order of the arguments of `fit` and `compile`.
const FIT: [&str; 10] = [
    "x",
    "y",
    "batch_size",
    "epochs",
    "verbose",
    "callbacks",
    "validation_split",
    "validation_data",
    "shuffle",
    "class_weight",
];
const COMPILE: [&str; 2] = ["optimizer", "loss"];
const PAD_SEQUENCES: [&str; 5] = ["sequences", "maxlen", "dtype", "padding", "truncating"];

impl Reader {
    pub fn call(
        &mut self,
        function: &Expression,
        arguments: &[Argument],
        line: usize,
    ) -> Result<Known, Mistake> {
        let Kind::Name(written) = &function.kind else {
            let function = self.evaluate(function)?;
            return self.apply(&function, arguments);
        };
        if let Some((owner, method)) = written.rsplit_once('.')
            && let Some(known) = self.scope.get(owner).cloned()
        {
            return self.method(&known, method, arguments, line);
        }
        if let Some(known @ Known::Object(_)) = self.scope.get(written).cloned() {
            return self.apply(&known, arguments);
        }
        if let Some(("model", method)) = written.rsplit_once('.')
            && ["add", "compile", "fit"].contains(&method)
        {
            // The line that makes the model was not pasted.
            let index = self.begin_model(Draft { line, ..Draft::default() });
            self.scope.insert("model".into(), Known::Model(index));
            return self.method(&Known::Model(index), method, arguments, line);
        }
        let name = self.imported(written);
        let last = name.rsplit('.').next().unwrap_or(&name);
        match last {
            "Sequential" => return self.sequential(arguments, line),
            "Model" => return self.functional(arguments, line),
            "KerasClassifier" | "KerasRegressor" => return self.wrapper(arguments, line),
            "load_data" | "pad_sequences" => {
                let order: &[&str] = if last == "load_data" { &["path"] } else { &PAD_SEQUENCES };
                let call = self.named(order, arguments, line)?;
                self.data.push((name, call));
                self.taken = true;
                return Ok(Known::Unknown);
            }
            _ => {}
        }
        if let Some(class) = classes::find(last) {
            return Ok(Known::Object(self.object(class, arguments, line)?).bounded());
        }
        for argument in arguments {
            self.evaluate(&argument.value)?;
        }
        let made = self.made_by(last);
        let is_class = last.starts_with(char::is_uppercase);
        Ok(made.map_or(if is_class { Known::Foreign(last.to_owned()) } else { Known::Unknown }, Known::Model))
    }

    /// A layer that is called on the output of others.
    fn apply(&mut self, function: &Known, arguments: &[Argument]) -> Result<Known, Mistake> {
        let [argument] = arguments else { return Ok(Known::Unknown) };
        let input = self.evaluate(&argument.value)?;
        let mut chain = match input {
            Known::Output(chain) => chain,
            Known::Object(input) if input.class.name == "InputLayer" => vec![input],
            _ => return Ok(Known::Unknown),
        };
        let Some(layer) = function.layer() else {
            return Err(not_a_layer(function, argument.value.line));
        };
        chain.push(layer.clone());
        if chain.len() > MOST_LAYERS {
            return Err(Mistake::new(layer.line, "this model has too many layers"));
        }
        self.taken = true;
        Ok(Known::Output(chain))
    }

    fn object(
        &mut self,
        class: &'static Class,
        arguments: &[Argument],
        line: usize,
    ) -> Result<Object, Mistake> {
        let call = self.named(class.order, arguments, line)?;
        let mut object = Object { class, config: Map::new(), unknown: Vec::new(), line };
        for (key, known, line) in call.arguments {
            let key = classes::option(class.name, &key);
            if WITHOUT_EFFECT.contains(&key) {
                continue;
            }
            match known.option(key) {
                Some(value) => {
                    object.config.insert(key.to_owned(), value);
                }
                None => object.unknown.push((key.to_owned(), Note { line, text: unknown(key, &known) })),
            }
            if let Known::Object(inner) = known {
                object.unknown.extend(inner.unknown);
            }
        }
        Ok(object)
    }

    /// The arguments of a call by the names that `order` gives those without one.
    pub fn named(&mut self, order: &[&str], arguments: &[Argument], line: usize) -> Result<Call, Mistake> {
        let mut named = Vec::new();
        for (k, argument) in arguments.iter().enumerate() {
            let name = match (&argument.name, order.get(k)) {
                (Some(name), _) => name.clone(),
                (None, Some(name)) => (*name).to_owned(),
                (None, None) => format!("argument {}", k + 1),
            };
            let (known, line) = self.value(&argument.value)?;
            named.push((name, known, line));
        }
        Ok(Call { line, arguments: named })
    }

    fn sequential(&mut self, arguments: &[Argument], line: usize) -> Result<Known, Mistake> {
        let call = self.named(&["layers", "trainable", "name"], arguments, line)?;
        let name = call.get("name").and_then(|(name, _)| name.option("")?.as_str().map(str::to_owned));
        let index = self.begin_model(Draft { line, name, ..Draft::default() });
        let model = Known::Model(index);
        let Some((layers, _)) = call.get("layers") else { return Ok(model) };
        match layers {
            Known::Items(items) => {
                for (item, line) in items.clone() {
                    self.add(index, &item, line)?;
                }
            }
            Known::Constant(value) if value.is_null() || *value == Value::Array(Vec::new()) => {}
            other => {
                let text = format!("Sequential needs its layers as a list, found {}", other.shown());
                return Err(Mistake::new(line, text));
            }
        }
        Ok(model)
    }

    /// `Model(inputs, outputs)` of layers in one line.
    fn functional(&mut self, arguments: &[Argument], line: usize) -> Result<Known, Mistake> {
        let call = self.named(&["inputs", "outputs"], arguments, line)?;
        let Some((Known::Output(layers), _)) = call.get("outputs") else {
            let text = "only layers that stand in one line can be taken; write the model as \
                        Sequential([Input(shape=(…)), LSTM(32), Dense(1)])";
            return Err(Mistake::new(line, text));
        };
        Ok(Known::Model(self.begin_model(Draft { line, layers: layers.clone(), ..Draft::default() })))
    }

    fn wrapper(&mut self, arguments: &[Argument], line: usize) -> Result<Known, Mistake> {
        let call = self.named(&["build_fn"], arguments, line)?;
        let function = call.get("build_fn").or(call.get("model"));
        let made = match function {
            Some((Known::Name(name), _)) => self.made_by(name),
            Some((Known::Model(index), _)) => Some(*index),
            _ => None,
        };
        let Some(index) = made else { return Ok(Known::Unknown) };
        self.models[index].wrapper = Some(call);
        self.taken = true;
        Ok(Known::Model(index))
    }

    fn method(
        &mut self,
        owner: &Known,
        method: &str,
        arguments: &[Argument],
        line: usize,
    ) -> Result<Known, Mistake> {
        let Known::Model(index) = owner else {
            for argument in arguments {
                self.evaluate(&argument.value)?;
            }
            return Ok(Known::Unknown);
        };
        match method {
            "add" => {
                let call = self.named(&["layer"], arguments, line)?;
                let layer = call.get("layer").map_or((Known::Unknown, line), |(l, at)| (l.clone(), at));
                self.add(*index, &layer.0, layer.1)?;
            }
            "compile" => self.models[*index].compile = Some(self.named(&COMPILE, arguments, line)?),
            "fit" | "fit_generator" => {
                let call = self.named(&FIT, arguments, line)?;
                self.models[*index].fit = Some(call);
            }
            _ => return Ok(Known::Unknown),
        }
        self.taken = true;
        Ok(Known::Unknown)
    }

    /// Adds a layer, or all layers of another model.
    fn add(&mut self, index: usize, known: &Known, line: usize) -> Result<(), Mistake> {
        let layers = match (known, known.layer()) {
            (_, Some(layer)) => vec![layer.clone()],
            (Known::Model(other), _) => self.models[*other].layers.clone(),
            _ => return Err(not_a_layer(known, line)),
        };
        let model = &mut self.models[index];
        model.layers.extend(layers);
        match model.layers.len() > MOST_LAYERS {
            true => Err(Mistake::new(line, "this model has too many layers; write fewer")),
            false => Ok(()),
        }
    }
}

fn not_a_layer(known: &Known, line: usize) -> Mistake {
    let names = SUPPORTED.join(", ");
    Mistake::new(line, format!("{} is not one of the layers of this page, which are {names}", known.shown()))
}

fn unknown(key: &str, known: &Known) -> String {
    format!("`{key}` is {}, which has no value in this code; write the value itself", known.shown())
}
