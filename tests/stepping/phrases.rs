//! What is said of a computation, "f[5] times c_before[5] plus i[5] times g[5]", read and computed anew.

use std::collections::VecDeque;

/// What a phrase says about a number.
#[derive(Debug)]
pub enum Phrase {
    /// It can be computed from the numbers that it names.
    Value(f64),
    /// It says only what is read: a weighted sum, a function of one, or what a long line is computed from.
    Reads,
}

/// Reads `phrase`; `value_of` gives the number of a name such as `f[5]`. `None` if it cannot be read.
pub fn read(phrase: &str, value_of: &dyn Fn(&str) -> Option<f64>) -> Option<Phrase> {
    if phrase.contains("weighted sum of ")
        || phrase.contains("sum(")
        || phrase.contains('·') && phrase.contains(":,")
    {
        return Some(Phrase::Reads);
    }
    if phrase.starts_with("computed from ") || phrase.starts_with("the sum of ") {
        return Some(Phrase::Reads);
    }
    let mut words = cut(phrase);
    let value = sum(&mut words, value_of)?;
    words.is_empty().then_some(Phrase::Value(value))
}

/// Names with their brackets, numbers, words and signs.
fn cut(phrase: &str) -> VecDeque<String> {
    let plain =
        phrase.replace("the hard sigmoid of", "hard_sigmoid of").replace("the sigmoid of", "sigmoid of");
    let plain = plain.replace("the exponential of", "exp of").replace("the logarithm of", "log of");
    let (mut found, mut word, mut depth) = (VecDeque::new(), String::new(), 0);
    for c in plain.chars() {
        depth += i32::from(c == '[') - i32::from(c == ']');
        if depth == 0 && (c == ' ' || "()·+−²,/".contains(c)) {
            found.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            found.extend((c != ' ').then(|| c.to_string()));
        } else {
            word.push(c);
        }
    }
    found.extend((!word.is_empty()).then_some(word));
    found
}

type Names<'a> = &'a dyn Fn(&str) -> Option<f64>;

fn takes(words: &mut VecDeque<String>, any: &[&str]) -> bool {
    let found = words.front().is_some_and(|word| any.contains(&word.as_str()));
    if found {
        words.pop_front();
    }
    found
}

fn sum(words: &mut VecDeque<String>, names: Names) -> Option<f64> {
    let mut total = product(words, names)?;
    loop {
        if takes(words, &["plus", "+"]) {
            total += product(words, names)?;
        } else if takes(words, &["minus", "−"]) {
            total -= product(words, names)?;
        } else {
            return Some(total);
        }
    }
}

fn product(words: &mut VecDeque<String>, names: Names) -> Option<f64> {
    let mut total = factor(words, names)?;
    loop {
        if takes(words, &["times", "·"]) {
            total *= factor(words, names)?;
        } else if takes(words, &["/"]) {
            total /= factor(words, names)?;
        } else {
            return Some(total);
        }
    }
}

fn factor(words: &mut VecDeque<String>, names: Names) -> Option<f64> {
    let word = words.pop_front()?;
    let value = match word.as_str() {
        "(" if words.get(1).is_some_and(|next| next == "if") => {
            words.drain(..2);
            let left = sum(words, names)?;
            let sign = words.pop_front()?;
            let right = sum(words, names)?;
            let rest: Vec<String> = words.drain(..4.min(words.len())).collect();
            (rest == [",", "else", "0", ")"]).then_some(())?;
            f64::from(u8::from(match sign.as_str() {
                ">" => left > right,
                "<" => left < right,
                ">=" => left >= right,
                _ => return None,
            }))
        }
        "(" => {
            let inner = sum(words, names)?;
            takes(words, &[")"]).then_some(inner)?
        }
        "−" => -factor(words, names)?,
        function
            if ["sigmoid", "hard_sigmoid", "tanh", "np.tanh", "relu", "exp", "log"].contains(&function) =>
        {
            let argument = if takes(words, &["of"]) {
                factor(words, names)?
            } else {
                takes(words, &["("]).then_some(())?;
                let inner = sum(words, names)?;
                takes(words, &[")"]).then_some(inner)?
            };
            match function {
                "sigmoid" => 1.0 / (1.0 + (-argument).exp()),
                "hard_sigmoid" => (0.2 * argument + 0.5).clamp(0.0, 1.0),
                "relu" => argument.max(0.0),
                "exp" => argument.exp(),
                "log" => argument.ln(),
                _ => argument.tanh(),
            }
        }
        name => name.parse().ok().or_else(|| names(name))?,
    };
    Some(if takes(words, &["²"]) { value * value } else { value })
}

#[test]
fn a_phrase_is_computed() {
    let names = |name: &str| match name {
        "a[1]" => Some(2.0),
        "W[0, 3]" => Some(-3.0),
        _ => None,
    };
    let value = |phrase: &str| match read(phrase, &names) {
        Some(Phrase::Value(value)) => Some(value),
        _ => None,
    };
    assert_eq!(value("a[1] times W[0, 3] plus (1 − a[1])"), Some(-7.0));
    assert_eq!(value("a[1] times (1 − a[1]²)"), Some(-6.0));
    assert_eq!(value("tanh of (a[1] − 2)"), Some(0.0));
    assert_eq!(value("3 times (1 if a[1] > 0, else 0)"), Some(3.0));
    assert_eq!(value("1 − relu(a[1])²"), Some(-3.0));
    assert_eq!(value("b[1]"), None);
}
