//! What numpy raises at is refused here too, with a sentence.

use std::process::Command;
use unrolled::listing::CheckedListing;

/// Lines between `z = …` and `h = np.tanh(z + h)`, where `z` and `h` are vectors of four numbers.
const LINES: [&str; 36] = [
    "z[z > 0] = h",
    "z[z > 0] += h",
    "z[z > 0] *= h + 1",
    "m = z > 0; z[m] = np.tanh(z)",
    "m = z > 0; z[m] = 0.1 * h[m] + z",
    "m = z > 0; z[m] = np.zeros_like(z)",
    "a = z[z > 0] * h; z[z > 0] = a",
    "a = np.outer(z, h); a[a > 0] = h",
    "a = np.zeros(1); a += z",
    "a = np.zeros(4, dtype=int); a += z",
    "a = np.zeros_like(z, dtype=int); a += z",
    "a = np.arange(4); a += z",
    "a = np.arange(4); a *= 0.5",
    "a = np.arange(len(z)); a /= 2",
    "a = np.arange(1, 5); a **= -1",
    "a = np.array([1, 2, 3, 4]); a += z",
    "a = np.arange(1, 5) ** -1",
    "n = np.arange(1, 5); a = z * n ** -2",
    "a = 2 ** -np.arange(4)",
    "a = (z > 0) * 2; a += z",
    "a = 1 - (z > 0); a *= 0.5",
    "a = np.vstack([z[:3], x])",
    "a = np.hstack([W, z])",
    "a = np.full(4, 1); a -= z",
    "a = np.eye(4, dtype=int); a += z",
    "a = np.where(z > 0, 1, 0); a += z",
    "a = (z > 0).astype(int); a += 0.5",
    "a = z > 0; a += z",
    "a = z > 0; a *= 2",
    "a = ~z",
    "a = z & h",
    "a = (z > 0) | h",
    "z[0] = h[:2]",
    "z[:2] = h[:3]",
    "a = np.split(z, 3)[0]",
    "z[4] = 1",
];

fn text(line: &str) -> String {
    let line = line.replace("; ", "\n    ");
    format!(
        "def step(x, h, W, V):\n    z = x @ W + V @ h\n    {line}\n    h = np.tanh(z + h)\n    return h\n"
    )
}

#[test]
fn what_numpy_raises_at_is_refused() {
    let program = std::env::var("UNROLLED_PYTHON")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/target/python/bin/python").to_string());
    // Two numbers of z are positive.
    let asks = "
import json, sys
import numpy as np
for text in json.loads(sys.argv[1]):
    space = dict(np=np)
    exec(text, space)
    try:
        space['step'](np.array([1.0, -1, 1, -1]), np.arange(4.0), np.eye(4), np.eye(4) * 0.1)
        print('accepted', text)
    except (ValueError, TypeError, IndexError):
        pass
";
    let texts = LINES.map(text);
    let given = serde_json::to_string(&texts.to_vec()).unwrap();
    let output = Command::new(&program).args(["-c", asks, &given]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "numpy raises at none of these");
    for text in &texts {
        let read = CheckedListing::new(text).and_then(|listing| listing.sized(4, 4).map(|_| ()));
        assert!(read.is_err(), "accepted:\n{text}");
    }
}
