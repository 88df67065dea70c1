//! A reader's own files at the boundary: what is wrong is thrown as a typed failure, with a sentence that tells what to
//! do.

use js_sys::{JSON, Reflect};
use ndarray::ArrayD;
use tsify::Ts;
use unrolled::data::own::{OwnChoice, OwnInfo};
use unrolled::tensors::{Container, Tensors};
use unrolled::wasm::own::OwnFile;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

/// A file that is read without a choice of columns.
fn own(name: &str, bytes: &[u8]) -> Result<OwnFile, JsValue> {
    let choice: Ts<OwnChoice> = Ts::new_unchecked(JSON::parse("{}").unwrap());
    OwnFile::new(name, bytes, choice)
}

fn text(value: &JsValue, key: &str) -> String {
    Reflect::get(value, &key.into()).unwrap().as_string().unwrap_or_else(|| panic!("{key} is no text"))
}

/// The sentence of what was thrown for a file, which is of the kind `code` and names the file.
fn refusal(name: &str, bytes: &[u8], code: &str) -> String {
    match own(name, bytes) {
        Ok(_) => panic!("{name} was read"),
        Err(thrown) => {
            let (found, message) = (text(&thrown, "code"), text(&thrown, "message"));
            assert_eq!(found, code, "{message}");
            assert!(message.contains(name), "{message}");
            message
        }
    }
}

#[wasm_bindgen_test]
fn a_table_gives_its_classes() {
    let file = own("films.csv", b"text,label\ngood film,pos\nbad film,neg\na good one,pos\na bad one,neg\n")
        .unwrap();
    let info: Ts<OwnInfo> = file.info().unwrap();
    let info: JsValue = info.into();
    assert_eq!((text(&info, "text"), text(&info, "label")), ("text".to_owned(), "label".to_owned()));
    assert_eq!(Reflect::get(&info, &"samples".into()).unwrap().as_f64(), Some(4.0));
    assert!(!file.packed().unwrap().is_empty());
}

#[wasm_bindgen_test]
fn a_table_with_a_record_too_long_names_the_line() {
    let message = refusal("films.csv", b"text,label\ngood film,pos\nbad, bad film,neg\nsad,neg\n", "format");
    assert!(message.contains("line 3 has 3 fields") && message.contains("in quotes"), "{message}");
}

#[wasm_bindgen_test]
fn a_table_with_an_open_quote_names_the_line() {
    let message = refusal("films.csv", b"text,label\ngood,pos\n\"bad film,neg\nsad,neg\n", "format");
    assert!(message.contains("line 3") && message.contains("does not end"), "{message}");
}

#[wasm_bindgen_test]
fn an_empty_file_and_one_of_blanks_are_named() {
    assert!(refusal("films.csv", b"", "format").contains("it is empty"));
    assert!(refusal("films.txt", b" \n\t \n", "format").contains("nothing but blanks"));
}

#[wasm_bindgen_test]
fn arrays_without_labels_say_what_is_needed_and_what_is_there() {
    let mut tensors = Tensors::new();
    tensors.insert("x", ArrayD::<f32>::zeros(vec![3, 2]));
    let message = refusal("signals.npz", &tensors.to_bytes(Container::Npz).unwrap(), "format");
    assert!(message.contains("`x` and `y`") && message.contains("it holds x"), "{message}");
}

#[wasm_bindgen_test]
fn arrays_cut_off_in_the_middle_are_refused() {
    let mut tensors = Tensors::new();
    tensors.insert("x", ArrayD::<f32>::zeros(vec![3, 2]));
    let bytes = tensors.to_bytes(Container::Npz).unwrap();
    refusal("signals.npz", &bytes[..bytes.len() / 2], "format");
}
