//! How values and errors cross the boundary: nested ones as plain objects, whose TypeScript types are generated.

use js_sys::Float32Array;
use ndarray::{ArrayBase, Data, Dimension};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::listing::Diagnostic;
use crate::{Error, Result};

/// What a call returns to JavaScript, or throws.
pub type Reply<T> = std::result::Result<T, JsValue>;

/// What every call throws: a code for programs, a sentence for readers.
#[derive(Serialize, Tsify)]
pub struct Failure {
    /// The kind of failure.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Where a listing or Keras code is wrong, if it is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[tsify(optional)]
    pub diagnostics: Vec<Diagnostic>,
}

/// `error` as it is thrown.
pub fn thrown(error: Error) -> JsValue {
    thrown_failure(&Failure { code: error.code().into(), message: error.to_string(), diagnostics: vec![] })
}

/// The mistakes of a listing as they are thrown.
pub fn thrown_mistakes(diagnostics: Vec<Diagnostic>) -> JsValue {
    let message = diagnostics.first().map(ToString::to_string).unwrap_or_default();
    thrown_failure(&Failure { code: "listing".into(), message, diagnostics })
}

/// A mistake in Keras code as it is thrown: the diagnostic has its line.
#[cfg(feature = "formats")]
pub fn thrown_in_code(line: usize, message: String) -> JsValue {
    let diagnostics = vec![Diagnostic { line, column: 1, length: 1, message: message.clone() }];
    thrown_failure(&Failure { code: "code".into(), message, diagnostics })
}

fn thrown_failure(failure: &Failure) -> JsValue {
    plain(failure).unwrap_or_else(|_| JsValue::from_str(&failure.message))
}

/// `value` as a plain object.
pub fn to_js<T: Serialize + Tsify>(value: &T) -> Reply<Ts<T>> {
    plain(value).map(Ts::new_unchecked)
}

/// `value` as a plain object without a type.
pub fn plain(value: &impl Serialize) -> Reply<JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsValue::from)
}

/// The plain object in `value`; `what` names it in the error.
///
/// # Errors
/// A field is missing or of another type.
pub fn from_js<T: DeserializeOwned + Tsify>(what: &str, value: &Ts<T>) -> Result<T> {
    serde_wasm_bindgen::from_value(value.js_value())
        .map_err(|error| Error::format(what, format!("it cannot be read ({error})")))
}

/// The numbers of an array, row after row.
pub fn numbers<S: Data<Elem = f32>, D: Dimension>(array: &ArrayBase<S, D>) -> Float32Array {
    Float32Array::from(array.as_standard_layout().as_slice().unwrap_or_default())
}
