//! Whatever is typed: no panic, no overflow of the stack, an answer in time.

use crate::idioms::IDIOMS;
use crate::idioms_numpy::NUMPY;
use ndarray::ArrayD;
use proptest::prelude::*;
use std::time::{Duration, Instant};
use unrolled::listing::{Listing, Recording, Sequence, SizedListing, cells};

/// Fifty milliseconds are promised for an optimised build; this build is not, and shares its machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// Everything that an editor does with a text at every key stroke.
fn look(source: &str) -> bool {
    let start = Instant::now();
    let accepted = match Listing::parse(source) {
        Ok(listing) => {
            let symbolic = listing.symbolic_shapes().is_ok();
            let adjoint = listing.differentiate();
            if let Err(mistakes) = &adjoint {
                assert!(!mistakes.is_empty());
            }
            let shapes = listing.shapes(4, 2);
            listing.diagram([550.0, 400.0]);
            symbolic && adjoint.is_ok() && shapes.is_ok()
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            for mistake in mistakes {
                assert!(
                    mistake.line >= 1
                        && mistake.column >= 1
                        && mistake.length >= 1
                        && !mistake.message.is_empty()
                );
                mistake.render(source);
            }
            false
        }
    };
    assert!(start.elapsed() < PATIENCE, "{:?} for {} bytes", start.elapsed(), source.len());
    accepted
}

/// Pieces that are likely to be almost right.
const PIECES: [&str; 74] = [
    "def",
    "step",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "=",
    "+",
    "-",
    "*",
    "/",
    "**",
    "@",
    "x",
    "h",
    "c",
    "W",
    "U",
    "b",
    "np",
    ".",
    "tanh",
    "np.split",
    "np.dot",
    "np.sum",
    "np.concatenate",
    "np.stack",
    "np.zeros",
    "np.clip",
    "sigmoid",
    "softmax",
    "return",
    "0",
    "1",
    "2",
    "0.5",
    "\n",
    "\n    ",
    " ",
    "#",
    "axis=1",
    "relu",
    ";",
    "\\",
    "\"\"\"",
    "'W'",
    "lambda",
    "\n    for i in range(2):\n        ",
    "import numpy as np\n",
    "\n>>> ",
    "def f(x): return f(x) + x\n",
    "f(",
    " += ",
    "*h",
    ".T",
    "H = h.shape[0]\n    ",
    "[:H]",
    "[::-1]",
    "[H:2*H] = ",
    "[None, :]",
    ".reshape(2, -1)",
    ".ravel()",
    "np.where(",
    " > ",
    " if len(h) > 2 else ",
    "np.max(",
    "np.outer(",
    "np.eye(len(h))",
    "np.arange(",
    ", axis=-1",
    " // 2",
    " % ",
];

/// Texts that are accepted: the cells, and numpy as people write it.
fn texts() -> Vec<&'static str> {
    let cells = cells::all().iter().map(|cell| cell.source);
    cells.chain(IDIOMS.iter().chain(&NUMPY).map(|(_, source)| *source)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in "\\PC{0,300}") {
        look(&text);
    }

    #[test]
    fn any_bytes_that_are_text_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        look(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn pieces_of_the_language_in_any_order_are_answered(pieces in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let body: String = pieces.iter().map(|k| PIECES[*k]).collect();
        look(&body);
        look(&format!("def step(x, h, c, W, U, b):\n    {body}\n    return h, c\n"));
        look(&format!("def step(x, h, W, U, b):\n    h = {body}\n    return h\n"));
    }

    #[test]
    fn a_cell_with_a_few_changes_is_answered(
        cell in 0..texts().len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0..PIECES.len(), 0usize..3), 1..4),
    ) {
        let mut text: Vec<char> = texts()[cell].chars().collect();
        for (place, piece, kind) in changes {
            let at = place.index(text.len());
            match kind {
                0 => { text.remove(at); }
                1 => { text.splice(at..at, PIECES[piece].chars()); }
                _ => { text.splice(at..at + 1, PIECES[piece].chars()); }
            }
        }
        let source: String = text.into_iter().collect();
        if look(&source) {
            // What is accepted also runs.
            let listing = Listing::parse(&source).unwrap();
            let shapes = listing.shapes(4, 2).unwrap();
            let halves = |shape: &[usize]| ArrayD::from_elem(shape, 0.5);
            let weights = shapes.weights().map(|w| halves(&w.shape)).collect();
            let sequence = Sequence { x: halves(&[3, 4]), weights, ..Sequence::default() };
            if let Ok(sized) = SizedListing::new(&listing, &shapes) {
                prop_assert_eq!(Recording::new(&sized, sequence).unwrap().timesteps(), 3);
            }
        }
    }
}

#[test]
fn deep_nesting_is_refused_with_a_sentence() {
    for (open, close) in
        [("(", ")"), ("-", ""), ("np.tanh(", ")"), ("x[", "]"), ("x ** ", ""), ("x + (", ")")]
    {
        let source =
            format!("def step(x, h):\n    h = {}x{}\n    return h\n", open.repeat(3000), close.repeat(3000));
        let mistakes = Listing::parse(&source).unwrap_err();
        assert!(
            mistakes.iter().any(|m| m.message.contains("nested more than") || m.message.contains("too long")),
            "{open}: {mistakes:?}"
        );
        look(&source);
    }
    let sum = format!("def step(x, h):\n    h = {}x\n    return h\n", "x + ".repeat(3000));
    assert!(Listing::parse(&sum).unwrap_err()[0].message.contains("give a part of it a name"));
}

#[test]
fn long_texts_are_answered_in_time() {
    let line =
        |k: usize| format!("    a{k} = np.tanh(a{} * W + h @ U) - a{} / 2\n", k.saturating_sub(1), k / 2);
    for lines in [10, 50, 200, 400, 2_000, 100_000] {
        let body: String = (1..=lines).map(line).collect();
        let source = format!("def step(x, h, W, U):\n    a0 = h\n{body}    h = a{lines}\n    return h\n");
        let accepted = look(&source);
        assert_eq!(accepted, lines <= 50, "{lines} lines: {:?}", Listing::parse(&source).err());
    }
    look(&"x".repeat(10_000_000));
    look(&"(".repeat(30_000));
    look(&"\n".repeat(30_000));
    look(&format!("def step({}):\n    return h\n", "x,".repeat(10_000)));
    let many: Vec<String> = (0..60).map(|k| format!("w{k}")).collect();
    let sum: Vec<String> = many.iter().map(|w| format!("    a = a * {w} + {w}\n")).collect();
    look(&format!(
        "def step(x, h, {}):\n    a = w0 * w1\n{}    return h * a\n",
        many.join(", "),
        sum.join("")
    ));
    // A bracket that is not closed yet: the value of ACT names itself.
    look(
        "class Cell:\n    ACT = dict(tanh=np.tanh,\n\n    def act(self, z, kind):\n        return self.ACT[kind](z)\n\
         )\n\n    def step(self, x, h):\n        return self.ACT(x @ self.W + h)\n",
    );
    // `get` without its bracket, and more values than names.
    look(
        "ACT = {\"tanh\": np.tanh}\ndef step(x, h, W):\n    act = ACT.get \"tanh\", np.tanh)\n    \
         (a, b), c = (x @ W, h), 1, h\n    return act(a + b)\n",
    );
    // Each returns where none above has.
    let returned = "    if np.sum(h) > 1: return np.where(h > z, z, np.sign(z))\n".repeat(90);
    look(&format!("def step(x, h, W, U):\n    z = x @ W + h @ U\n{returned}"));
    // A picture of hundreds of wires, each of thousands of pixels, where hardly any number finds room.
    let chosen = "    z[mask] = 0.1 * z[mask]\n".repeat(90);
    assert!(look(&format!(
        "def step(x, h, W, U):\n    z = x @ W + h @ U\n    mask = z < 0\n{chosen}    return np.tanh(z)\n"
    )));
}

#[test]
fn repeated_splits_do_not_run_away() {
    let mut body = String::from("    a0 = x\n");
    for k in 0..200 {
        body += &format!("    a{}, r{k} = np.split(a{k}, 2)\n", k + 1);
    }
    look(&format!("def step(x, h):\n{body}    return h\n"));
    let mut body = String::from("    a0 = h\n");
    for k in 0..200 {
        body += &format!("    a{} = np.concatenate([a{k}, a{k}])\n", k + 1);
    }
    look(&format!("def step(x, h):\n{body}    h = h * np.sum(a200)\n    return h\n"));
}

/// Helpers that call one another would otherwise be written out without end.
#[test]
fn helpers_are_written_out_so_often_and_no_more() {
    let doubling = |count: usize| -> String {
        let helpers: String =
            (1..=count).map(|k| format!("def f{k}(x): return f{}(f{}(x))\n", k - 1, k - 1)).collect();
        format!(
            "def f0(x): return x\n{helpers}def step(x, h, W):\n    h = f{count}(h) + x @ W\n    return h\n"
        )
    };
    assert!(look(&doubling(6)));
    for (source, part) in [(doubling(30), "called more than"), (doubling(500), "functions beside its step")] {
        assert!(!look(&source));
        let mistakes = Listing::parse(&source).unwrap_err();
        assert!(mistakes.iter().any(|mistake| mistake.message.contains(part)), "{mistakes:?}");
    }
}
