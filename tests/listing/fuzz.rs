//! Listings that were changed at random: each is refused with a sentence, or read, differentiated, run and trained.
//! `LISTING_CASES=1000000 cargo test --release -p unrolled --test listing mutated -- --nocapture` tries more than the
//! usual number, and prints which took longest.

use crate::batches::{cube, model, run};
use crate::clock::time_on_processor;
use crate::idioms::{IDIOMS, MEANINGS};
use crate::idioms_numpy::NUMPY;
use crate::material::{Numbers, material};
use crate::published::published;
use crate::times::read;
use ndarray::ArrayD;
use std::time::Duration;
use unrolled::listing::{CheckedListing, Listing, cells};

/// Reading and checking one text may take so long in a build that is not optimised, and everything with it.
const PATIENCE: Duration = Duration::from_secs(5);

/// So many of the slowest texts are printed.
const SHOWN: usize = 5;

struct Draws(u64);

impl Draws {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % count.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Pieces that change what a listing means.
const PIECES: [&str; 62] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ", ",
    " = ",
    " += ",
    "-",
    " * ",
    "**",
    " @ ",
    " + ",
    "0",
    "1",
    "2",
    "-1",
    "0.5",
    "1e9",
    "None",
    "True",
    "h",
    "x",
    "W",
    "np.",
    ".T",
    "[0]",
    "[1:]",
    "[:, 0]",
    "[None, :]",
    "[::-1]",
    ".shape",
    ".sum()",
    "\n",
    "\n    ",
    "    ",
    ";",
    "\\\n",
    "def f(a):\n        return a\n    ",
    "lambda a: a",
    "for k in range(3):",
    "if True:\n        ",
    "if h is None:",
    "else:",
    " if len(h) > 2 else ",
    "*",
    "self.",
    "params['W']",
    ":=",
    "&",
    "~",
    "zip(",
    "enumerate(",
    "return ",
    "np.roll(h, 1)",
    "np.cumsum(",
    "dict(",
    "\u{a0}",
    "'",
];

/// Pieces of a text: names and numbers, white space, signs.
fn pieces(text: &str) -> Vec<String> {
    let kind = |c: char| match c {
        '\n' => 0,
        c if c.is_whitespace() => 1,
        c if c.is_alphanumeric() || c == '_' || c == '.' => 2,
        _ => 3,
    };
    let mut found: Vec<String> = Vec::new();
    let mut last = None;
    for c in text.chars() {
        match found.last_mut() {
            Some(piece) if last == Some(kind(c)) && kind(c) != 0 && kind(c) != 3 => piece.push(c),
            _ => found.push(c.to_string()),
        }
        last = Some(kind(c));
    }
    found
}

fn mutated(text: &str, other: &str, draws: &mut Draws) -> String {
    let mut parts = pieces(text);
    for _ in 0..=draws.below(3) / 2 {
        let at = draws.below(parts.len());
        match draws.below(8) {
            0 => {
                let end = (at + 1 + draws.below(4)).min(parts.len());
                parts.drain(at..end);
            }
            1 => parts.insert(at, (*draws.of(&PIECES)).to_string()),
            2 => parts[at] = (*draws.of(&PIECES)).to_string(),
            3 => {
                // Names and numbers change their places.
                let to = draws.below(parts.len());
                parts.swap(at, to);
            }
            4 => parts[at] = draws.of(&pieces(other)).clone(),
            5 => {
                let end = (at + draws.below(30)).min(parts.len());
                let copy = parts[at..end].to_vec();
                let to = draws.below(parts.len());
                parts.splice(to..to, copy);
            }
            6 => {
                // A line of another listing.
                let lines: Vec<&str> = other.lines().collect();
                let line = format!("\n{}\n", draws.of(&lines));
                let to = parts
                    .iter()
                    .enumerate()
                    .skip(at)
                    .find(|(_, part)| *part == "\n")
                    .map_or(at, |(to, _)| to);
                parts.insert(to, line);
            }
            _ => {
                let mut characters: Vec<char> = parts[at].chars().collect();
                let k = draws.below(characters.len());
                characters[k] = *draws.of(&['x', '1', '.', ' ', '_', '×', '"']);
                parts[at] = characters.into_iter().collect();
            }
        }
        if parts.is_empty() {
            parts.push("x".into());
        }
    }
    parts.concat()
}

fn texts() -> Vec<String> {
    let own = cells::all().iter().map(|cell| cell.source);
    let named = IDIOMS.iter().chain(&NUMPY).map(|(_, text)| *text);
    let meant = MEANINGS.iter().map(|(_, text, _)| *text);
    own.chain(named).chain(meant).map(str::to_string).chain(published().into_iter().map(|p| p.text)).collect()
}

/// The same text with one of its lines many times, as what is copied and pasted.
fn grown(text: &str, draws: &mut Draws) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let (at, times) = (draws.below(lines.len()), 1 + draws.below(120));
    let Some(line) = lines.get(at).copied() else { return text.to_string() };
    lines.splice(at..at, std::iter::repeat_n(line, times));
    lines.join("\n")
}

/// Whether an accepted listing has sizes here; then it also runs, alone and as the layer of a model that is trained.
fn look(text: &str, checked: &CheckedListing) -> bool {
    let Some((features, units)) = [(4, 2), (4, 4)].into_iter().find(|(f, u)| checked.sized(*f, *u).is_ok())
    else {
        return true;
    };
    let listing = checked.listing();
    let shapes = listing.shapes(features, units).unwrap();
    listing.diagram([550.0, 400.0]);
    let given = material("fuzz", text, |_: &Listing| shapes.clone(), 1);
    given.record();
    // As a layer: its weights move once against their gradients.
    let mut numbers = Numbers::new(3);
    let width = shapes.states().next().unwrap().shape.iter().product();
    let (x, dy) = (cube(&mut numbers, [3, 2, features]), cube(&mut numbers, [3, 2, width]));
    let mut weights: Vec<ArrayD<f32>> = given.sequence.weights.clone();
    let mut trained = model(listing, (features, units), &weights);
    let made = run(&mut trained, &x, &dy, &[]);
    for (weight, gradient) in weights.iter_mut().zip(&made.weights) {
        weight.iter_mut().zip(gradient).for_each(|(w, g)| *w -= 0.1 * g);
    }
    run(&mut model(listing, (features, units), &weights), &x, &dy, &[]);
    true
}

#[test]
fn mutated_listings_are_run_or_refused() {
    let given = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let (cases, seed) = (given("LISTING_CASES").unwrap_or(300), given("LISTING_SEED").unwrap_or(1));
    // What is promised for an optimised build is 50 ms.
    let bound = given("LISTING_BOUND_MS").map_or(PATIENCE, Duration::from_millis);
    let texts = texts();
    let mut draws = Draws(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (mut accepted, mut late) = (0, 0);
    let mut slowest: Vec<(Duration, String)> = Vec::new();
    for case in 0..cases as usize {
        let other = draws.below(texts.len());
        let mut text = mutated(&texts[case % texts.len()], &texts[other], &mut draws);
        if draws.below(8) == 0 {
            text = grown(&text, &mut draws);
        }
        let start = time_on_processor();
        let found = std::panic::catch_unwind(|| {
            let listing = read(&text);
            let took = time_on_processor().saturating_sub(start);
            (listing.is_some_and(|listing| look(&text, &listing)), took)
        });
        let (is_accepted, took) =
            found.unwrap_or_else(|_| panic!("text {case} makes the engine panic:\n{text}"));
        accepted += u64::from(is_accepted);
        let all = time_on_processor().saturating_sub(start);
        assert!(all < PATIENCE, "{all:?} for\n{text}");
        late += usize::from(took > bound);
        if slowest.len() < SHOWN || slowest.last().is_some_and(|last| took > last.0) {
            slowest.push((took, text));
            slowest.sort_by_key(|(took, _)| std::cmp::Reverse(*took));
            slowest.truncate(SHOWN);
        }
    }
    for (took, text) in slowest.iter().rev() {
        println!("read in {took:?}:\n{text}\n");
    }
    println!("{cases} texts, {accepted} accepted; {late} were read in more than {bound:?}");
    assert_eq!(late, 0, "the slowest are printed above");
    assert!(accepted * 12 > cases, "only {accepted} of {cases} are accepted: the changes are too large");
}
