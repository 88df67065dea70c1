//! `backward` on every file of numbers that Keras computed: the program gives the outputs, final states and gradients
//! under the names that it promises.

use std::path::{Path, PathBuf};

use crate::support::Run;
use ndarray::{Axis, concatenate};
use unrolled::tensors::{Tensor, Tensors};

fn files(part: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden").join(part);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "safetensors"))
        .collect();
    files.sort();
    files
}

/// One file: the model's JSON, and all arrays.
fn golden(path: &Path) -> (Option<String>, Tensors) {
    let bytes = std::fs::read(path).unwrap();
    let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let model = header.metadata().as_ref().and_then(|entries| entries.get("model").cloned());
    (model, Tensors::from_bytes(&bytes, "golden").unwrap())
}

fn part(tensors: &Tensors, keep: impl Fn(&str) -> Option<String>) -> Tensors {
    let mut kept = Tensors::new();
    for (name, tensor) in tensors.iter() {
        if let Some(name) = keep(name) {
            kept.insert(name, tensor.clone());
        }
    }
    kept
}

/// Where the program gives two outputs, the files have them side by side.
fn join_parts(tensors: &Tensors, name: &str) -> Option<Tensor> {
    let (first, second) =
        (tensors.get(&format!("{name}/forward"))?, tensors.get(&format!("{name}/backward"))?);
    let parts = [first.floats(name).unwrap().view(), second.floats(name).unwrap().view()];
    let last = parts[0].ndim() - 1;
    Some(concatenate(Axis(last), &parts).unwrap().into())
}

fn split_parts(inputs: &mut Tensors) {
    let upstream = inputs.get("upstream").unwrap().floats("upstream").unwrap().clone();
    let last = Axis(upstream.ndim() - 1);
    let (forward, backward) = upstream.view().split_at(last, upstream.len_of(last) / 2);
    inputs.insert("upstream/forward", forward.to_owned());
    inputs.insert("upstream/backward", backward.to_owned());
}

fn assert_close(file: &str, name: &str, found: &Tensor, want: &Tensor) {
    assert_eq!(found.shape(), want.shape(), "{file}: {name}");
    // The project's promise: outputs within 1e-5 + 1e-4·|want|, gradients within 1e-5 + 1e-3·|want|.
    let relative = if name.starts_with("grad/") { 1e-3 } else { 1e-4 };
    for (found, want) in found.floats(name).unwrap().iter().zip(want.floats(name).unwrap()) {
        assert!((found - want).abs() <= 1e-5 + relative * want.abs(), "{file}: {name}: {found} for {want}");
    }
}

#[test]
fn backward_gives_what_keras_computed_under_the_promised_names() {
    let run = Run::new("golden");
    let mut compared = 0;
    for path in files("recurrent").into_iter().chain(files("layers")) {
        let file = path.file_stem().unwrap().to_str().unwrap();
        let (Some(json), all) = golden(&path) else { continue };
        if all.get("upstream").is_none() || all.get("x").is_none() {
            continue;
        }
        let model = run.text("model.json", &json);
        let weights = part(&all, |name| name.strip_prefix("weight/").map(str::to_owned));
        let weights = run.file("weights.safetensors", &weights);
        let given = |name: &str| {
            let wanted = ["x", "mask", "upstream"].contains(&name) || name.starts_with("initial_state/");
            wanted.then(|| name.to_owned())
        };
        let mut inputs = part(&all, given);
        let apart = json.contains("\"merge_mode\":null");
        if apart {
            split_parts(&mut inputs);
        }
        let inputs = run.file("inputs.safetensors", &inputs);
        run.succeeds(&["backward", &model, &weights, &inputs, &run.path("out.safetensors")]);
        let out = run.tensors("out.safetensors");
        for (name, want) in all.iter() {
            let answered = name == "output" || name.starts_with("state/") || name.starts_with("grad/");
            if !answered {
                continue;
            }
            let joined = if apart && name == "output" { join_parts(&out, name) } else { None };
            let found = joined.as_ref().or(out.get(name)).unwrap_or_else(|| panic!("{file}: no {name}"));
            assert_close(file, name, found, want);
            compared += 1;
        }
    }
    // 140 files with about six arrays each.
    assert!(compared > 800, "{compared} arrays were compared");
}
