//! What a file of Keras says of `compile`: loss and optimizer.

use serde_json::{Value, json};

use super::hdf5::Hdf5;
use super::{CONFIG, is_hdf5};
use crate::tensors::archive;

/// Loss and optimizer of a whole model as Keras wrote them, `{"loss": …, "optimizer": …}`; nothing where the model was
/// saved without, or the file is none.
pub fn compile_config(bytes: &[u8], what: &str) -> Option<Value> {
    let found = match is_hdf5(bytes) {
        true => {
            let text = Hdf5::open(bytes, what).ok()?.text("", "training_config")?;
            let config: Value = serde_json::from_str(&text).ok()?;
            json!({ "loss": config["loss"], "optimizer": config["optimizer_config"] })
        }
        false => {
            let files = archive::unpack(bytes, what).ok()?;
            let (_, config) = files.iter().find(|(name, _)| name == CONFIG)?;
            let config: Value = serde_json::from_slice(config).ok()?;
            let compiled = &config["compile_config"];
            json!({ "loss": compiled["loss"], "optimizer": compiled["optimizer"] })
        }
    };
    let plain = plain(found);
    (!plain["loss"].is_null() || !plain["optimizer"].is_null()).then_some(plain)
}

/// Without what serialization adds to an object, and with the digits that a 32-bit number has.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(mut object) => {
            if object.contains_key("class_name") {
                object.retain(|key, _| key == "class_name" || key == "config");
            }
            Value::Object(object.into_iter().map(|(key, value)| (key, plain(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(plain).collect()),
        Value::Number(number) if number.is_f64() => {
            let wide = number.as_f64().unwrap_or(f64::NAN);
            let short = f64::from(wide as f32) == wide;
            let digits = (wide as f32).to_string().parse().ok().filter(|_| short);
            json!(digits.unwrap_or(wide))
        }
        other => other,
    }
}
