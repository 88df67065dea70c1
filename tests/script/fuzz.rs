//! No text makes reading, running or extracting panic, hang or take memory without end.
//! `SCRIPT_CASES=1000000 SCRIPT_BOUND_MS=50 cargo test --release -p unrolled --test script mutated` tries more than the
//! usual number, from another seed if `SCRIPT_SEED` gives one, and fails if one of them takes longer.

use std::time::Duration;

use unrolled::listing::Listing;
use unrolled::script::Script;

use crate::against_python::scripts;
use crate::clock::time_on_processor;

/// Numbers from a seed: xorshift.
struct Draws(u64);

impl Draws {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % count.max(1) as u64) as usize
    }
}

/// Pieces that change what a script means.
const PIECES: [&str; 24] = [
    "(",
    ")",
    "[",
    "]",
    ":",
    ",",
    " = ",
    " += ",
    "-",
    "*",
    "**",
    "@",
    "0",
    "9999999999",
    "-1",
    "t",
    "np.",
    "h",
    ".T",
    "\n",
    "    ",
    "for t in range(9**9):\n    ",
    "lambda: ",
    "'",
];

fn mutated(source: &str, draws: &mut Draws) -> String {
    let mut characters: Vec<char> = source.chars().collect();
    for _ in 0..=draws.below(2) {
        let at = draws.below(characters.len());
        match draws.below(4) {
            0 => {
                let end = (at + 1 + draws.below(12)).min(characters.len());
                characters.drain(at..end);
            }
            1 => {
                let piece: Vec<char> = PIECES[draws.below(PIECES.len())].chars().collect();
                characters.splice(at..at, piece);
            }
            2 => {
                let end = (at + draws.below(40)).min(characters.len());
                let copy = characters[at..end].to_vec();
                let to = draws.below(characters.len());
                characters.splice(to..to, copy);
            }
            _ => characters.swap(at, (at + 1).min(source.chars().count().saturating_sub(1)).min(at.max(1))),
        }
        if characters.is_empty() {
            characters.push('x');
        }
    }
    characters.into_iter().collect()
}

#[test]
fn mutated_scripts_are_run_or_refused() {
    let given = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let cases = given("SCRIPT_CASES").unwrap_or(200) as usize;
    let bound = given("SCRIPT_BOUND_MS").map(Duration::from_millis);
    let scripts = scripts();
    let mut draws = Draws(given("SCRIPT_SEED").unwrap_or(0x9e37_79b9_7f4a_7c15));
    let (mut read, mut ran, mut steps) = (0, 0, 0);
    let mut slowest = Duration::ZERO;
    for case in 0..cases {
        let (_, source) = &scripts[case % scripts.len()];
        let text = mutated(source, &mut draws);
        let start = time_on_processor();
        let walk = Script::parse(&text).ok().map(|script| script.walk_within(0, 300_000));
        let taken = time_on_processor().saturating_sub(start);
        assert!(bound.is_none_or(|bound| taken <= bound), "{taken:?} for\n{text}");
        slowest = slowest.max(taken);
        let Some(walk) = walk else { continue };
        read += 1;
        let Ok(walk) = walk else { continue };
        ran += 1;
        let last = walk.positions().len().saturating_sub(1);
        let said = walk.sentence(last, 0).len() + walk.names(last).len() + walk.printed(last).len();
        assert!(said > 0 || walk.positions().is_empty(), "{text}");
        let run = walk.run();
        run.to_bytes().unwrap();
        if let Ok(step) = run.step() {
            assert!(Listing::parse(&step.text).is_ok(), "{text}\n\n{}", step.text);
            steps += 1;
        }
    }
    println!("of {cases} {read} were read, {ran} ran, {steps} have a step, the slowest took {slowest:?}");
    assert!(read * 8 > cases && ran * 20 > cases && steps * 50 > cases, "of {cases}: {read}, {ran}, {steps}");
}

#[test]
fn endless_sizes_are_refused_before_memory_is_taken() {
    for line in [
        "a = np.zeros((10**9, 10**9))",
        "a = np.zeros(10**10)",
        "a = np.ones((3, 4, 2**40))",
        "a = np.random.rand(100000, 100000)",
        "a = np.arange(10**12)",
        "a = np.tile(np.ones(1000), 10**7)",
        "a = np.repeat(np.ones(1000), 10**7)",
        "a = np.outer(np.ones(100000), np.ones(100000))",
        "a = [0] * 10**11",
        "a = 'x' * 10**12",
        "a = np.eye(10**6)",
        "a = list(range(10**11))",
        "a = np.linspace(0, 1, 10**11)",
        "a = np.broadcast_to(np.ones(1), (10**6, 10**6))",
        "x = 1\nwhile True:\n    x = x + 1",
        "def f(x):\n    return f(x) + f(x)\nf(1)",
        "x = np.ones(100000)\nl = []\nwhile True:\n    l.append(x + 1)",
        "x = 2\nfor k in range(100):\n    x = x ** 2",
    ] {
        let text = format!("import numpy as np\n{line}\n");
        let script = Script::parse(&text).unwrap();
        let refusal = script.run_within(0, 2_000_000).err().unwrap_or_else(|| panic!("{line} runs"));
        assert!(refusal.line > 1, "{line}: {}", refusal.message);
    }
}

#[test]
fn deep_and_long_texts_are_refused() {
    for text in [
        format!("x = {}1{}", "(".repeat(5000), ")".repeat(5000)),
        format!("x = 1{}", " + 1".repeat(5000)),
        format!("x = {}1", "-".repeat(100_000)),
        format!("x = {}1", "not ".repeat(5000)),
        format!("x = a{}", "[0]".repeat(5000)),
        format!("x = {}1", "lambda: ".repeat(5000)),
        (0..200).map(|k| format!("{}for t in y:\n", " ".repeat(k))).collect::<String>(),
        format!("x = 2{}", " ** 2".repeat(5000)),
        format!("x = {}1{}", "f(".repeat(3000), ")".repeat(3000)),
    ] {
        let refused = Script::parse(&text).map_or(true, |script| script.run_within(0, 1_000_000).is_err());
        assert!(refused || text.starts_with("x = -"), "{}", &text[..40]);
    }
}
