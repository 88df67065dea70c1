//! What a model predicts for the input of a file, beside what Keras predicted.

use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::path::Path;

use unrolled::layers::{Shape, Signal};
use unrolled::model::{Mode, Sequential};
use unrolled::tensors::Tensors;

/// The files of a zip archive by name.
pub struct Files(HashMap<String, Vec<u8>>);

impl Files {
    pub fn of_archive(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut files = HashMap::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            files.insert(file.name().unwrap().into_owned(), content);
        }
        Self(files)
    }

    /// Whether there is a file `name`.
    pub fn holds(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn get(&self, name: &str) -> &[u8] {
        self.0.get(name).unwrap_or_else(|| panic!("no {name} in the archive"))
    }
}

/// What `model` predicts for the `x` in `tensors`, samples first.
pub fn predict(model: &mut Sequential, tensors: &Tensors) -> Vec<f32> {
    let x = tensors.get("x").unwrap();
    let (batch, timesteps) = (x.shape()[0], x.shape()[1]);
    let input = model.input_shape();
    let signal: &mut Signal = model.input_mut();
    match input {
        Shape::Ids { .. } => {
            signal.set_ids(timesteps, batch);
            let ids = x.ids("x").unwrap();
            exchange(ids.as_slice().unwrap(), &mut signal.ids, (batch, timesteps, 1));
        }
        Shape::Sequence { features, .. } => {
            signal.set_sequence(timesteps, batch, features);
            let x = x.floats("x").unwrap();
            exchange(x.as_slice().unwrap(), &mut signal.data, (batch, timesteps, features));
        }
        Shape::Flat { features } => {
            signal.set_flat(batch, features);
            signal.data.copy_from_slice(x.floats("x").unwrap().as_slice().unwrap());
        }
    }
    model.forward(Mode::INFERENCE).unwrap();
    let output = model.output();
    let mut predicted = vec![0.0; output.data.len()];
    exchange(&output.data, &mut predicted, (output.timesteps, output.batch, output.features));
    predicted
}

/// `[outer, inner, width]` to `[inner, outer, width]`.
fn exchange<T: Copy>(from: &[T], to: &mut [T], (outer, inner, width): (usize, usize, usize)) {
    for o in 0..outer {
        for i in 0..inner {
            for k in 0..width {
                to[(i * outer + o) * width + k] = from[(o * inner + i) * width + k];
            }
        }
    }
}

/// Asserts that `model` predicts for the `x` in `tensors` the `output` there.
pub fn assert_predicts(model: &mut Sequential, tensors: &Tensors, what: &str) {
    let found = predict(model, tensors);
    let want = tensors.get("output").unwrap().floats("output").unwrap();
    assert_eq!(found.len(), want.len(), "{what}");
    for (found, want) in found.iter().zip(want) {
        // Both compute in f32, in different orders.
        assert!((found - want).abs() <= 1e-5 + 1e-4 * want.abs(), "{what}: {found} for {want}");
    }
}
