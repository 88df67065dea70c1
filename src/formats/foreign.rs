//! Files that are something else than what was asked for, named for what they are, whatever they are called.

use crate::tensors::archive;

/// What a file is that is neither a model, nor weights, nor arrays, and what to do about it; none if it may be one.
pub fn explain(bytes: &[u8]) -> Option<&'static str> {
    if bytes.is_empty() {
        return Some("this file is empty; save or download it again");
    }
    let found = SIGNATURES
        .iter()
        .find(|(offset, signature, _)| bytes.get(*offset..).is_some_and(|rest| rest.starts_with(signature)));
    found.map(|(.., sentence)| *sentence).or_else(|| explain_text(bytes)).or_else(|| explain_protobuf(bytes))
}

/// What a file is that holds no model though one is needed: arrays or weights of known kinds, or an archive of another
/// kind; none if it may hold a model.
pub fn explain_no_model(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(ZIP) {
        let names: Vec<String> = archive::names(bytes).ok()?;
        let any = |test: &dyn Fn(&str) -> bool| names.iter().any(|name| test(name));
        return if any(&|name| name == "config.json") {
            None
        } else if any(&|name| name.ends_with("data.pkl")) {
            Some(PYTORCH)
        } else if any(&|name| name.ends_with("saved_model.pb")) {
            Some(SAVED_MODEL)
        } else if any(&|name| name.ends_with(".npy")) {
            Some(
                "this is an npz file: arrays without a model; give the model's JSON configuration and these as \
                 its weights",
            )
        } else {
            Some(
                "this zip archive is no .keras file, since it has no config.json; unpack it, or save the model \
                 with Keras 3",
            )
        };
    }
    // A safetensors file begins with the length of its JSON header.
    let (length, header) = bytes.split_first_chunk::<8>()?;
    let is_safetensors = header.starts_with(b"{\"") && u64::from_le_bytes(*length) <= header.len() as u64;
    is_safetensors.then_some(
        "this is a safetensors file: arrays without a model; give the model's JSON configuration and these as \
         its weights",
    )
}

const ZIP: &[u8] = b"PK\x03\x04";
const PYTORCH: &str = "this is a PyTorch file, which cannot be read; build the same layers in Keras, \
                       or save the weights alone with safetensors under the names of this model";
const SAVED_MODEL: &str = "this is TensorFlow's SavedModel, which cannot be read; load it in Keras 2 and save it as \
                           `model.save(\"model.keras\")` or `model.save(\"model.h5\")`";
const PACKED: &str = "this is a compressed archive; unpack it and give the file inside";
const PICTURE: &str = "this is a picture or a document, no model; download or save the model's file itself";
const ONNX: &str = "this is an ONNX model, which cannot be read; save the original in Keras as .keras";

/// Beginnings of files: where they stand, what stands there, and what that means.
const SIGNATURES: [(usize, &[u8], &str); 20] = [
    (
        0,
        b"version https://git-lfs",
        "this is a Git LFS pointer, which only stands for the file; run `git lfs pull` to get the file itself",
    ),
    (0, b"\x93NUMPY", "this is a single array (.npy); write named arrays with numpy.savez"),
    (0, b"\x80\x02", PYTORCH_OR_PICKLE),
    (0, b"\x80\x03", PYTORCH_OR_PICKLE),
    (0, b"\x80\x04", PYTORCH_OR_PICKLE),
    (0, b"\x80\x05", PYTORCH_OR_PICKLE),
    (
        4,
        b"TFL3",
        "this is a TensorFlow Lite model, which cannot be read; save the original in Keras as .keras",
    ),
    (0, b"GGUF", "this is a GGUF file of a language model, which cannot be read"),
    (0, b"\x08\x01\x12", SAVED_MODEL),
    (0, b"\x1f\x8b", PACKED),
    (0, b"BZh", PACKED),
    (0, b"\xfd7zXZ", PACKED),
    (0, b"\x28\xb5\x2f\xfd", PACKED),
    (0, b"7z\xbc\xaf", PACKED),
    (0, b"Rar!", PACKED),
    (257, b"ustar", PACKED),
    (0, b"\x89PNG", PICTURE),
    (0, b"\xff\xd8\xff", PICTURE),
    (0, b"GIF8", PICTURE),
    (0, b"%PDF", PICTURE),
];
const PYTORCH_OR_PICKLE: &str = "this is a Python pickle (PyTorch writes such .pt and .pth files), which cannot be \
                                 read; save Keras models as .keras, or weights alone with safetensors or numpy.savez";

fn explain_text(bytes: &[u8]) -> Option<&'static str> {
    /// Enough to see what a text is.
    const HEAD: usize = 4096;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let text = head.trim_start_matches('\u{feff}').trim_start().to_lowercase();
    let begins = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    if begins(&["<!doctype html", "<html", "<head", "<!--", "<?xml"]) {
        Some(
            "this is a web page (HTML), no model; open its address in a browser and download the file itself",
        )
    } else if begins(&["import ", "from ", "def ", "#!", "\"\"\""]) {
        Some(
            "this is Python source, no model; save the model that it builds with `model.save(\"model.keras\")`",
        )
    } else {
        None
    }
}

/// An ONNX file is a message whose first field is the version of its format, a small number, with other fields behind.
fn explain_protobuf(bytes: &[u8]) -> Option<&'static str> {
    /// Tags of the fields 2 to 8 and 20 (producer, domain, model version, doc string, graph, opset import, functions).
    const TAGS: [u8; 7] = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42];
    match bytes {
        [0x08, 1..=63, tag, ..] if TAGS.contains(tag) => Some(ONNX),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_for_what_they_are() {
        let cases: [(&[u8], &str); 14] = [
            (b"", "empty"),
            (b"<!DOCTYPE html><html>404</html>", "web page"),
            (b"\n  <HTML>", "web page"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:aa\n", "Git LFS pointer"),
            (b"\x08\x07\x12\x07pytorch\x1a\x051.0", "ONNX"),
            (b"\x08\x08\x3a\x10graph", "ONNX"),
            (b"\x80\x02}q\x00.", "pickle"),
            (b"\x80\x04\x95", "pickle"),
            (b"\x08\x01\x12\x20", "SavedModel"),
            (b"\x1c\x00\x00\x00TFL3", "TensorFlow Lite"),
            (b"\x1f\x8b\x08", "unpack"),
            (b"\x93NUMPY\x01\x00", "single array"),
            (b"\x89PNG\r\n", "picture"),
            (b"import keras\n", "Python source"),
        ];
        for (bytes, word) in cases {
            let sentence = explain(bytes).unwrap_or_else(|| panic!("{word}"));
            assert!(sentence.contains(word), "{word}: {sentence}");
        }
    }

    #[test]
    fn what_may_be_a_model_or_arrays_is_left_to_its_reader() {
        for bytes in
            [&b"{\"class_name\": \"Sequential\"}"[..], b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", b"[1]", b"x"]
        {
            assert_eq!(explain(bytes), None);
        }
        assert_eq!(explain_no_model(b"{\"class_name\": \"Sequential\"}"), None);
    }

    #[test]
    fn arrays_and_other_archives_hold_no_model() {
        let archive = |name: &str| archive::pack(&[(name.to_owned(), vec![1])]).unwrap();
        for (name, word) in [
            ("x.npy", "npz"),
            ("archive/data.pkl", "PyTorch"),
            ("m/saved_model.pb", "SavedModel"),
            ("a", "config.json"),
        ] {
            assert!(explain_no_model(&archive(name)).unwrap().contains(word), "{name}");
        }
        assert_eq!(explain_no_model(&archive("config.json")), None);
        assert!(explain_no_model(b"\x02\0\0\0\0\0\0\0{\"a\":1}").unwrap().contains("safetensors"));
    }
}
