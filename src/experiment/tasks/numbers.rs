//! Tasks that compute with numbers: sums, remainders, delays and waves.

use super::names::{DIGITS, columns};
use super::{Form, Input, Output, Sample, Sizes, TaskFacts, option};
use crate::rng::{RngExt, Stream, Uniform, Unit};

const ONE_A_TIMESTEP: usize = 1;

/// Hochreiter & Schmidhuber (1997), experiment 4, in the form of Le, Jaitly & Hinton (2015).
pub const ADDING: TaskFacts = TaskFacts {
    name: "adding",
    about: "A number between 0 and 1 at each timestep, two of which are marked, one in each half. The answer is \
            the sum of the two. Always answering 1 has a mean squared error of 1/6.",
    options: &[option("timesteps", 50, 2, 1000)],
    columns: columns(&["number", "marked"], "sum"),
    symbol: DIGITS,
    answer: DIGITS,
    form: |sizes| Form {
        input: Input::Numbers { timesteps: sizes.get("timesteps"), features: 2 },
        output: Output::Numbers { timesteps: 1, features: 1 },
        padded: false,
    },
    draw: |sizes, stream, sample| {
        let timesteps = sizes.get("timesteps");
        let half = timesteps / 2;
        let marked =
            [stream.below(half as u32) as usize, half + stream.below((timesteps - half) as u32) as usize];
        let mut sum = 0.0;
        for t in 0..timesteps {
            let number = stream.sample(Unit);
            let is_marked = marked.contains(&t);
            sample.numbers.extend([number, f32::from(u8::from(is_marked))]);
            sum += if is_marked { number } else { 0.0 };
        }
        sample.values.push(sum);
    },
};

/// Numbers in, one answer from 0 to 1 or one class at each timestep.
fn answer_at_each(sizes: &Sizes, output: Output) -> Form {
    let timesteps = sizes.get("timesteps");
    Form { input: Input::Numbers { timesteps, features: ONE_A_TIMESTEP }, output, padded: false }
}

fn bit(stream: &mut Stream) -> u32 {
    stream.below(2)
}

/// Minsky & Papert (1969); for recurrent networks Hochreiter & Schmidhuber (1997), section 5.
pub const PARITY: TaskFacts = TaskFacts {
    name: "parity",
    about: "A bit at each timestep. The answer after each is 1 if the number of ones so far is odd. One unit of memory \
            suffices, but all answers after a mistake are wrong.",
    options: &[option("timesteps", 20, 1, 1000)],
    columns: columns(&["bit"], "parity"),
    symbol: DIGITS,
    answer: DIGITS,
    form: |sizes| answer_at_each(sizes, Output::Classes { per_sample: sizes.get("timesteps"), classes: 2 }),
    draw: |sizes, stream, sample| {
        let mut parity = 0;
        for _ in 0..sizes.get("timesteps") {
            let bit = bit(stream);
            parity ^= bit;
            sample.numbers.push(bit as f32);
            sample.classes.push(parity);
        }
    },
};

/// The smallest task of counting in a circle that is not parity.
pub const MODULO_3: TaskFacts = TaskFacts {
    name: "modulo_3",
    about: "A digit from 0 to 2 at each timestep. The answer after each is the sum of all digits so far modulo 3.",
    options: &[option("timesteps", 20, 1, 1000)],
    columns: columns(&["digit"], "sum modulo 3"),
    symbol: DIGITS,
    answer: DIGITS,
    form: |sizes| Form {
        input: Input::Ids { timesteps: sizes.get("timesteps"), symbols: 3 },
        output: Output::Classes { per_sample: sizes.get("timesteps"), classes: 3 },
        padded: false,
    },
    draw: |sizes, stream, sample| {
        let mut sum = 0;
        for _ in 0..sizes.get("timesteps") {
            let digit = stream.below(3);
            sum = (sum + digit) % 3;
            sample.ids.push(digit);
            sample.classes.push(sum);
        }
    },
};

/// A delay line, the usual first measure of a network's short-term memory (Jaeger 2001).
pub const ECHO: TaskFacts = TaskFacts {
    name: "echo",
    about: "A bit at each timestep. The answer is the bit of `lag` timesteps before, and 0 before there is one.",
    options: &[option("timesteps", 30, 1, 1000), option("lag", 3, 1, 100)],
    columns: columns(&["bit"], "bit before"),
    symbol: DIGITS,
    answer: DIGITS,
    form: |sizes| answer_at_each(sizes, Output::Classes { per_sample: sizes.get("timesteps"), classes: 2 }),
    draw: |sizes, stream, sample| {
        let lag = sizes.get("lag");
        let bits: Vec<u32> = (0..sizes.get("timesteps")).map(|_| bit(stream)).collect();
        sample.numbers.extend(bits.iter().map(|bit| *bit as f32));
        sample.classes.extend((0..bits.len()).map(|t| t.checked_sub(lag).map_or(0, |before| bits[before])));
    },
};

/// Timesteps of the shortest wave.
const SHORTEST_PERIOD: f32 = 8.0;
/// Timesteps of the longest wave.
const LONGEST_PERIOD: f32 = 40.0;

/// Predicting a wave from its past.
pub const SINE: TaskFacts = TaskFacts {
    name: "sine",
    about: "A sine wave of random period (8 to 40 timesteps) and phase. The answer at each timestep is the next \
            value of the wave.",
    options: &[option("timesteps", 50, 2, 1000)],
    columns: columns(&["value"], "next value"),
    symbol: DIGITS,
    answer: DIGITS,
    form: |sizes| {
        let timesteps = sizes.get("timesteps");
        answer_at_each(sizes, Output::Numbers { timesteps, features: ONE_A_TIMESTEP })
    },
    draw: |sizes: &Sizes, stream: &mut Stream, sample: &mut Sample| {
        let timesteps = sizes.get("timesteps");
        let period = f64::from(stream.sample(Uniform::new(SHORTEST_PERIOD, LONGEST_PERIOD)));
        let phase = f64::from(stream.sample(Unit));
        let wave = |t: usize| sine_of_turns(phase + t as f64 / period) as f32;
        sample.numbers.extend((0..timesteps).map(wave));
        sample.values.extend((1..=timesteps).map(wave));
    },
};

/// sin(2π·`turns`) from additions and products alone, since the sine of the system's library differs between platforms:
/// Taylor's series on a quarter of a turn, with an error below 1e-11.
fn sine_of_turns(turns: f64) -> f64 {
    let turn = turns - turns.floor(); // 0 to 1
    let folded = match turn {
        t if t < 0.25 => t,
        t if t < 0.75 => 0.5 - t,
        t => t - 1.0,
    };
    let x = folded * std::f64::consts::TAU;
    let (mut term, mut sum) = (x, x);
    for k in 1..9 {
        let n = f64::from(2 * k);
        term *= -x * x / (n * (n + 1.0));
        sum += term;
    }
    sum
}
