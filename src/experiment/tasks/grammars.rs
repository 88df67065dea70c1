//! Tasks whose sequences follow a grammar.

use super::names::{self, BRACKET, CLOSING, REBER_SYMBOLS, columns};
use super::{Form, Input, Output, TaskFacts, option};
use crate::rng::Stream;

/// Words of the Dyck language, which need a stack (Gers & Schmidhuber 2001; Suzgun et al. 2019).
pub const BRACKETS: TaskFacts = TaskFacts {
    name: "brackets",
    about: "Brackets of several kinds that open and close in order, at most `depth` deep. Kind k opens with the id \
            2k and closes with 2k + 1. The answer after each bracket is the one that would have to close next: 0 \
            for none, k + 1 for kind k.",
    options: &[option("timesteps", 30, 2, 1000), option("kinds", 2, 1, 10), option("depth", 5, 1, 100)],
    columns: columns(&["bracket"], "closes next"),
    symbol: BRACKET,
    answer: CLOSING,
    form: |sizes| {
        let (timesteps, kinds) = (sizes.get("timesteps"), sizes.get("kinds"));
        Form {
            input: Input::Ids { timesteps, symbols: 2 * kinds },
            output: Output::Classes { per_sample: timesteps, classes: kinds + 1 },
            padded: false,
        }
    },
    draw: |sizes, stream, sample| {
        let mut open: Vec<u32> = Vec::new();
        for _ in 0..sizes.get("timesteps") {
            let opens = open.is_empty() || (open.len() < sizes.get("depth") && stream.below(2) == 0);
            if opens {
                let kind = stream.below(sizes.get("kinds") as u32);
                open.push(kind);
                sample.ids.push(2 * kind);
            } else if let Some(kind) = open.pop() {
                sample.ids.push(2 * kind + 1);
            }
            sample.classes.push(open.last().map_or(0, |kind| kind + 1));
        }
    },
};

/// Reber's grammar (1967) as a graph: from each node two edges with a symbol and the next node, or one to the end.
const REBER: [&[(char, usize)]; 6] = [
    &[('T', 1), ('P', 2)],
    &[('S', 1), ('X', 3)],
    &[('T', 2), ('V', 4)],
    &[('X', 2), ('S', 5)],
    &[('P', 3), ('V', 5)],
    &[('E', 6)],
];
const REBER_END: usize = 6;

/// Hochreiter & Schmidhuber (1997), experiment 1: a string of Reber's grammar between T and T, or between P and P.
pub const EMBEDDED_REBER: TaskFacts = TaskFacts {
    name: "embedded_reber",
    about: "A string of the embedded Reber grammar, with the ids 1 to 7 for B, T, S, X, V, P and E and zeros \
            behind. The answer is the next symbol. Most have two that are possible; the last but one must be the \
            second again.",
    options: &[option("timesteps", 30, 12, 1000)],
    columns: columns(&["symbol"], "next symbol"),
    symbol: names::REBER,
    answer: names::REBER,
    form: |sizes| Form {
        input: Input::Ids { timesteps: sizes.get("timesteps"), symbols: REBER_SYMBOLS.len() + 1 },
        output: Output::Classes { per_sample: sizes.get("timesteps"), classes: REBER_SYMBOLS.len() + 1 },
        padded: true,
    },
    draw: |sizes, stream, sample| {
        let timesteps = sizes.get("timesteps");
        // Strings have no longest length; one that does not fit is drawn again.
        let string = loop {
            let string = embedded_reber(stream);
            if string.len() <= timesteps + 1 {
                break string;
            }
        };
        let id = |symbol: &char| REBER_SYMBOLS.find(*symbol).map_or(0, |place| place as u32 + 1);
        let ids: Vec<u32> = string.iter().map(id).collect();
        let padding = timesteps + 1 - ids.len();
        sample.ids.extend(ids[..ids.len() - 1].iter().copied().chain(std::iter::repeat_n(0, padding)));
        sample.classes.extend(ids[1..].iter().copied().chain(std::iter::repeat_n(0, padding)));
    },
};

fn embedded_reber(stream: &mut Stream) -> Vec<char> {
    let outer = ['T', 'P'][stream.below(2) as usize];
    let mut string = vec!['B', outer, 'B'];
    let mut node = 0;
    while node != REBER_END {
        let edges = REBER[node];
        let (symbol, next) = edges[stream.below(edges.len() as u32) as usize];
        string.push(symbol);
        node = next;
    }
    string.extend([outer, 'E']);
    string
}
