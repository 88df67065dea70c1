//! The JSON text of an experiment: read with defaults and checks, written with every default filled in.

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{Compile, Data, Experiment, Fit, Measured, NamedFile, Printed};
use crate::layers::config::Section;
use crate::train::{Loss, Optimizer};
use crate::{Error, Result};

const FORMAT: &str = "unrolled-experiment";
const VERSION: u64 = 1;

const KEYS: &[&str] = &[
    "format", "version", "title", "about", "tutorial", "data", "model", "compile", "fit", "weights",
    "printed", "measured",
];

impl Experiment {
    /// Reads a document.
    ///
    /// # Errors
    /// Text that is not JSON or not an experiment; the first key that is unknown or value that cannot be used, with its
    /// path.
    pub fn from_json(text: &str) -> Result<Self> {
        let value = serde_json::from_str(text)
            .map_err(|e| Error::format("the experiment", format!("this is not JSON ({e})")))?;
        Self::from_value(&value)
    }

    /// Reads a document that was parsed already.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_value(value: &Value) -> Result<Self> {
        let root = Section::of(value, "");
        if !value.is_object() || root.text_or("format", FORMAT)? != FORMAT {
            let problem = format!("it is not one; a document has \"format\": \"{FORMAT}\"");
            return Err(Error::format("the experiment", problem));
        }
        if root.raw("version").is_some_and(|version| version.as_u64() != Some(VERSION)) {
            let found = root.raw("version").cloned().unwrap_or_default();
            return Err(Error::config("version", format!("{VERSION}, which this program reads"), found));
        }
        root.only(&[KEYS])?;
        Ok(Self {
            title: root.text_or("title", "Untitled")?.to_owned(),
            about: root.text_or("about", "")?.to_owned(),
            tutorial: root
                .raw("tutorial")
                .map(|_| root.text_or("tutorial", ""))
                .transpose()?
                .map(str::to_owned),
            data: Data::read(&root.object("data")?)?,
            model: read_model(&root)?,
            compile: Compile::read(&root.object("compile")?)?,
            fit: Fit::read(&root.object("fit")?)?,
            weights: NamedFile::read(&root, "weights")?,
            printed: root.raw("printed").map(|_| Printed::read(&root.object("printed")?)).transpose()?,
            measured: Measured::read_all(&root)?,
        })
    }

    /// The document with every default filled in; the model and the optimizer stand as they were given.
    pub fn to_json(&self) -> Value {
        let mut document = json!({ "format": FORMAT, "version": VERSION });
        let content = serde_json::to_value(self).unwrap_or_default();
        if let (Some(document), Value::Object(content)) = (document.as_object_mut(), content) {
            document.extend(content);
        }
        document
    }

    /// [`Self::to_json`] with every option of the layers and of the optimizer as Keras 3 writes them.
    ///
    /// # Errors
    /// As [`Self::build_model`].
    pub fn to_complete_json(&self) -> Result<Value> {
        let model = self.build_model()?;
        let mut document = self.to_json();
        document["compile"]["optimizer"] =
            Optimizer::from_keras(&self.compile.optimizer, &model.parameters)?.to_keras();
        document["model"] = model.to_json();
        Ok(document)
    }
}

/// From any format that serde knows; the sentence of the error is kept, its code is not.
impl<'de> Deserialize<'de> for Experiment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_value(&value).map_err(serde::de::Error::custom)
    }
}

/// The configuration as it stands; whether it can be built is found out when it is.
fn read_model(root: &Section) -> Result<Value> {
    let expected = "Keras' JSON of a Sequential, as `model.to_json()` writes it";
    match root.raw("model") {
        Some(model) if model.get("class_name").and_then(Value::as_str) == Some("Sequential") => {
            Ok(model.clone())
        }
        Some(model) => {
            let found = model.get("class_name").unwrap_or(model);
            Err(Error::config("model", expected, found))
        }
        None => Err(Error::config("model", expected, "nothing")),
    }
}

impl Compile {
    fn read(section: &Section) -> Result<Self> {
        section.only(&[&["loss", "from_logits", "optimizer"]])?;
        let loss = section.text_or("loss", "")?;
        if loss.is_empty() {
            let expected = "Keras' name of a loss, such as sparse_categorical_crossentropy";
            return Err(Error::config(section.field("loss"), expected, "nothing"));
        }
        let from_logits = section.flag_or("from_logits", false)?;
        Loss::from_keras(loss, from_logits)?;
        // Keras' own default.
        let optimizer = section.raw("optimizer").cloned().unwrap_or_else(|| json!("rmsprop"));
        Ok(Self { loss: loss.to_owned(), from_logits, optimizer })
    }
}
