//! Numbers inside of sentences.

use crate::listing::{shown, significant};

/// A number.
pub(super) fn plain(value: f32) -> String {
    shown(value)
}

/// A share between 0 and 1 in percent, without digits that would round to nothing or to all.
pub(super) fn percent(share: f32) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 0.5 {
        "less than 1 %".to_string()
    } else if percent < 100.0 && percent > 99.5 {
        "more than 99 %".to_string()
    } else {
        format!("{percent:.0} %")
    }
}

/// A probability in percent with one decimal.
pub(super) fn probability(share: f32) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 0.05 {
        "less than 0.1 %".to_string()
    } else if percent < 100.0 && percent > 99.95 {
        "more than 99.9 %".to_string()
    } else {
        format!("{percent:.1} %")
    }
}

/// Slopes below are said to change hardly anything: over a step of 0.01 the curve may say more than its slope.
const HARDLY: f32 = 1e-5;
/// The step is so small that the loss changes by no more than this: there it is close to a straight line.
const LARGEST_CHANGE: f32 = 0.01;

/// What a small change of `what` does to the loss, by the gradient.
pub(super) fn raise(what: &str, slope: f32) -> String {
    if slope == 0.0 {
        return format!("A small change of {what} does not change the loss.");
    }
    if slope.abs() < HARDLY {
        return format!(
            "A small change of {what} hardly changes the loss: its gradient is {}.",
            plain(slope)
        );
    }
    let (mut step, mut digits) = (0.01, 2);
    while step * slope.abs() > LARGEST_CHANGE && digits < 30 {
        step /= 10.0;
        digits += 1;
    }
    let by = if digits <= 9 { format!("{step:.digits$}") } else { format!("1e−{digits}") };
    let direction = if slope > 0.0 { "rises" } else { "falls" };
    let change = step * slope.abs();
    // No smaller than HARDLY times the step: eight decimals say two digits of it.
    let about = if change < 1e-6 { format!("{change:.8}") } else { significant(change, 2) };
    format!("Raise {what} by {by} and the loss {direction} by about {about}.")
}

/// `two`, up to nine; larger numbers in digits.
pub(super) fn count(number: usize) -> String {
    const WORDS: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    WORDS.get(number).map_or_else(|| number.to_string(), ToString::to_string)
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_string(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
