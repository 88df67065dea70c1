//! Which part of the engine may import which: only what stands above it in this table.

/// From the bottom up: a part, and which parts it may import. `session` may import all that stand before it but the
/// charts and the workloads.
const LAYERS: [(&str, &[&str]); 22] = [
    ("error", &[]),
    ("decimal", &[]),
    ("ordering", &[]),
    ("eigenvalues", &[]),
    ("math", &[]),
    ("config", &["decimal", "error"]),
    ("rng", &["error", "math"]),
    ("tensors", &["error"]),
    ("layers", &["decimal", "error", "math", "config", "rng", "tensors"]),
    ("listing", &["decimal", "error", "ordering", "math", "config", "rng", "tensors", "layers"]),
    ("script", &["error", "eigenvalues", "tensors", "listing"]),
    ("model", &["error", "math", "config", "rng", "tensors", "layers", "listing"]),
    ("trace", &["error", "math", "layers", "model"]),
    ("generate", &["error", "ordering", "math", "rng"]),
    ("data", &["error", "ordering", "rng", "tensors"]),
    ("train", &["error", "ordering", "math", "config", "rng", "tensors", "layers", "model"]),
    ("formats", &["error", "config", "tensors", "layers", "model"]),
    (
        "experiment",
        &[
            "error", "ordering", "math", "config", "rng", "tensors", "layers", "listing", "model", "data",
            "train",
        ],
    ),
    (
        "analysis",
        &[
            "error",
            "ordering",
            "eigenvalues",
            "math",
            "config",
            "rng",
            "tensors",
            "layers",
            "listing",
            "model",
            "trace",
            "data",
            "train",
        ],
    ),
    ("plot", &["error", "ordering", "train"]),
    ("bench", &["error", "math", "config", "rng", "tensors", "layers", "model", "train"]),
    ("session", &[]),
];

/// Why `from` must not import `to`; nothing if it may.
pub fn refusal(from: &str, to: &str) -> Option<String> {
    let level = |name: &str| LAYERS.iter().position(|(part, _)| *part == name);
    let is_allowed = match (from, to) {
        _ if from == to => true,
        ("wasm", _) => true,
        (_, "wasm") => false,
        ("session", "plot" | "bench") => false,
        ("session", _) => level(to) < level("session"),
        _ => LAYERS.iter().any(|(part, below)| *part == from && below.contains(&to)),
    };
    if is_allowed {
        return None;
    }
    match level(from).is_some() {
        true => {
            Some(format!("`{from}` must not import `{to}`; tests/architecture/layers.rs says what it may"))
        }
        false => Some(format!("`{from}` is a new part; give it a place in tests/architecture/layers.rs")),
    }
}
