//! Tasks of remembering: which symbol came, in which order, and what belonged to it.

use super::names::{DIGITS, KEYS, KEYS_AND_VALUES, ORDER, ORDERS, WITH_DELIMITER, columns};
use super::{Form, Input, Output, Sizes, TaskFacts, option};
use crate::ordering::sort_by_key;

/// Ids of the temporal order: the frame, the two symbols that matter, and four that do not.
const BEGIN: u32 = 0;
const END: u32 = 1;
const FIRST_SYMBOL: u32 = 2;
const FIRST_DISTRACTOR: u32 = 4;
const DISTRACTORS: u32 = 4;

/// Hochreiter & Schmidhuber (1997), experiment 6a.
pub const TEMPORAL_ORDER: TaskFacts = TaskFacts {
    name: "temporal_order",
    about: "Symbols without meaning (4 to 7) between a begin (0) and an end (1); X (2) or Y (3) stands at two \
            places, one in the second tenth and one in the sixth. The answer is which two they were: XX, XY, YX or YY.",
    options: &[option("timesteps", 50, 20, 1000)],
    columns: columns(&["symbol"], "order"),
    symbol: ORDER,
    answer: ORDERS,
    form: |sizes| Form {
        input: Input::Ids { timesteps: sizes.get("timesteps"), symbols: 8 },
        output: Output::Classes { per_sample: 1, classes: 4 },
        padded: false,
    },
    draw: |sizes, stream, sample| {
        let timesteps = sizes.get("timesteps");
        let tenth = timesteps / 10;
        let places = [tenth, 5 * tenth].map(|start| start + stream.below(tenth as u32) as usize);
        let symbols = places.map(|_| stream.below(2));
        sample.ids.extend((0..timesteps).map(|t| match t {
            0 => BEGIN,
            t if t == timesteps - 1 => END,
            t if t == places[0] => FIRST_SYMBOL + symbols[0],
            t if t == places[1] => FIRST_SYMBOL + symbols[1],
            _ => FIRST_DISTRACTOR + stream.below(DISTRACTORS),
        }));
        sample.classes.push(2 * symbols[0] + symbols[1]);
    },
};

/// The id of a timestep at which nothing is said.
const BLANK: u32 = 0;

/// Symbols are the ids from 1 on; the one behind them asks for the answer.
fn delimiter(sizes: &Sizes) -> u32 {
    sizes.get("symbols") as u32 + 1
}

/// Ids in and out, both with a blank and the symbols; the input has the delimiter besides.
fn copying(sizes: &Sizes, timesteps: usize) -> Form {
    let symbols = sizes.get("symbols");
    Form {
        input: Input::Ids { timesteps, symbols: symbols + 2 },
        output: Output::Classes { per_sample: timesteps, classes: symbols + 1 },
        padded: false,
    }
}

/// Hochreiter & Schmidhuber (1997), in the form of Arjovsky, Shah & Bengio (2016).
pub const COPY_MEMORY: TaskFacts = TaskFacts {
    name: "copy_memory",
    about: "`length` symbols, then `delay` timesteps with nothing (0), of which the last asks for the answer. The \
            answer is nothing until then, and afterwards the symbols in their order.",
    options: &[option("length", 5, 1, 50), option("delay", 20, 1, 1000), option("symbols", 8, 2, 50)],
    columns: columns(&["symbol"], "wanted"),
    symbol: WITH_DELIMITER,
    answer: WITH_DELIMITER,
    form: |sizes| copying(sizes, 2 * sizes.get("length") + sizes.get("delay")),
    draw: |sizes, stream, sample| {
        let (length, delay) = (sizes.get("length"), sizes.get("delay"));
        let symbols: Vec<u32> = (0..length).map(|_| 1 + stream.below(sizes.get("symbols") as u32)).collect();
        sample.ids.extend(&symbols);
        sample.ids.extend(std::iter::repeat_n(BLANK, delay - 1));
        sample.ids.push(delimiter(sizes));
        sample.ids.extend(std::iter::repeat_n(BLANK, length));
        sample.classes.extend(std::iter::repeat_n(BLANK, length + delay));
        sample.classes.extend(&symbols);
    },
};

/// Jing et al. (2019), as used by Gu & Dao (2023).
pub const SELECTIVE_COPY: TaskFacts = TaskFacts {
    name: "selective_copy",
    about: "`length` symbols at random places among `timesteps`, nothing (0) between them, then as many timesteps \
            that ask for the answer: the symbols in their order. How long each has to be remembered differs.",
    options: &[option("timesteps", 30, 1, 1000), option("length", 5, 1, 50), option("symbols", 8, 2, 50)],
    columns: columns(&["symbol"], "wanted"),
    symbol: WITH_DELIMITER,
    answer: WITH_DELIMITER,
    form: |sizes| copying(sizes, sizes.get("timesteps").max(sizes.get("length")) + sizes.get("length")),
    draw: |sizes, stream, sample| {
        let length = sizes.get("length");
        let timesteps = sizes.get("timesteps").max(length);
        let mut places: Vec<usize> = (0..timesteps).collect();
        stream.shuffle(&mut places);
        places.truncate(length);
        sort_by_key(&mut places, |place| *place);
        let symbols: Vec<u32> =
            places.iter().map(|_| 1 + stream.below(sizes.get("symbols") as u32)).collect();
        let start = sample.ids.len();
        sample.ids.extend(std::iter::repeat_n(BLANK, timesteps));
        for (place, symbol) in places.iter().zip(&symbols) {
            sample.ids[start + place] = *symbol;
        }
        sample.ids.extend(std::iter::repeat_n(delimiter(sizes), length));
        sample.classes.extend(std::iter::repeat_n(BLANK, timesteps));
        sample.classes.extend(&symbols);
    },
};

/// Ba et al. (2016), section 4.1: `c9k8j3f1??c` has the answer 9.
pub const ASSOCIATIVE_RECALL: TaskFacts = TaskFacts {
    name: "associative_recall",
    about: "Pairs of a key and a value, no key twice, then a question mark and one of the keys. The answer is the \
            value that belonged to it.",
    options: &[option("pairs", 4, 1, KEYS), option("values", 10, 2, 50)],
    columns: columns(&["symbol"], "value"),
    symbol: KEYS_AND_VALUES,
    answer: DIGITS,
    form: |sizes| {
        let values = sizes.get("values");
        Form {
            input: Input::Ids { timesteps: 2 * sizes.get("pairs") + 2, symbols: KEYS + values + 1 },
            output: Output::Classes { per_sample: 1, classes: values },
            padded: false,
        }
    },
    draw: |sizes, stream, sample| {
        let (pairs, values) = (sizes.get("pairs"), sizes.get("values") as u32);
        let mut keys: Vec<u32> = (0..KEYS as u32).collect();
        stream.shuffle(&mut keys);
        let first_value = keys.len() as u32;
        let belongs: Vec<u32> = (0..pairs).map(|_| stream.below(values)).collect();
        for (key, value) in keys.iter().zip(&belongs) {
            sample.ids.extend([*key, first_value + value]);
        }
        let asked = stream.below(pairs as u32) as usize;
        sample.ids.extend([first_value + values, keys[asked]]);
        sample.classes.push(belongs[asked]);
    },
};

/// The task on which Sutskever, Vinyals & Le (2014) explain why an encoder-decoder likes its source reversed.
pub const REVERSING: TaskFacts = TaskFacts {
    name: "reversing",
    about: "Symbols in random order. The answer is the whole sequence backwards, so that nothing can be said before \
            everything was read: a task for an encoder and a decoder.",
    options: &[option("timesteps", 8, 1, 200), option("symbols", 10, 2, 50)],
    columns: columns(&["symbol"], "wanted"),
    symbol: DIGITS,
    answer: DIGITS,
    form: |sizes| {
        let (timesteps, symbols) = (sizes.get("timesteps"), sizes.get("symbols"));
        Form {
            input: Input::Ids { timesteps, symbols },
            output: Output::Classes { per_sample: timesteps, classes: symbols },
            padded: false,
        }
    },
    draw: |sizes, stream, sample| {
        let symbols: Vec<u32> =
            (0..sizes.get("timesteps")).map(|_| stream.below(sizes.get("symbols") as u32)).collect();
        sample.ids.extend(&symbols);
        sample.classes.extend(symbols.iter().rev());
    },
};
