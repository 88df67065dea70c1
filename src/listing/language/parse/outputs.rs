//! Which of the returned values are states: cells are often published with an output or a cache behind them.
//!
//! Every value that a listing assigns is shown, so an output need not be returned; it is only left out of the states.

use crate::listing::language::functions::Function;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, Parameter, Statement};
use crate::ordering::sort_by_key;

/// What states are called.
const STATES: [&str; 14] =
    ["h", "c", "s", "hx", "cx", "S", "H", "C", "hidden", "state", "states", "carry", "memory", "cell"];

/// What is known about the names of a function.
pub(super) struct Names<'a> {
    pub(super) parameters: &'a [Parameter],
    /// Parameters that were read out of a dictionary of weights.
    pub(super) weights: &'a [String],
    /// Names of tuples, which hold what is kept for the way back.
    pub(super) caches: &'a [String],
    pub(super) body: &'a [Statement],
}

impl Names<'_> {
    /// The places of the states, if weights stand between them as they are written: `step(x, h, W, A)` that gives `A` a
    /// value and returns it has the states `h` and `A`. Empty if the states stand behind the input.
    pub(super) fn states_behind(&self, returns: &[Expression]) -> Vec<usize> {
        let (mut places, mut count, mut others) = (Vec::new(), 0, 0);
        for value in returns {
            if self.is_cache(value) {
                continue;
            }
            count += 1;
            match self.state_of(value) {
                Some(place) if !places.contains(&place) => places.push(place),
                Some(_) => {}
                None => others += usize::from(!is_output(value)),
            }
        }
        sort_by_key(&mut places, |place| *place);
        if places.last().is_none_or(|last| *last <= count) {
            return Vec::new();
        }
        // What is returned under another name is the state that is written first, if that is none of these.
        let first = places.iter().zip(1..).take_while(|(place, k)| *place == k).count() + 1;
        let name = &self.parameters[first].name;
        if others == 1 && (is_called_state(&stem(name)) || !self.is_weight(name, &places)) {
            places.insert(first - 1, first);
        }
        places
    }

    /// The returned values that are new states, in the order of the parameters, and the others.
    pub(super) fn states(&self, returns: Vec<Expression>) -> (Vec<Expression>, Vec<Expression>) {
        let mut values: Vec<Expression> = returns.into_iter().filter(|value| !self.is_cache(value)).collect();
        // Behind the states stand the weights of an object: what is returned before its states is an output.
        let is_known = |parameter: &Parameter| self.weights.contains(&parameter.name);
        let most = self.parameters.iter().position(is_known).map_or(usize::MAX, |at| at.saturating_sub(1));
        let named = values.iter().any(|value| self.parameter_of(value).is_some());
        let mut outputs = Vec::new();
        if (1..values.len()).contains(&most) && !named {
            outputs.extend(values.drain(..values.len() - most));
        }
        let matched: Vec<Option<usize>> = values.iter().map(|value| self.parameter_of(value)).collect();
        let mut places: Vec<usize> = matched.iter().flatten().copied().collect();
        sort_by_key(&mut places, |place| *place);
        let is_a_beginning =
            !places.is_empty() && places.iter().enumerate().all(|(k, place)| k + 1 == *place);
        let next = self.parameters.get(places.len() + 1);
        // `return y, h` for the one state `h`: what stands first is not the new `h`. An old `h` may go to a later
        // state.
        let mut all = matched.iter().zip(&values).enumerate();
        let moved = all.any(|(k, (place, value))| match place {
            Some(place) => *place != k + 1 && !self.is_old(value),
            None => is_output(value),
        });
        if places.len() == values.len()
            || !is_a_beginning
            || !(moved || next.is_none_or(|p| self.is_weight(&p.name, &places)))
        {
            return (self.in_order(values), outputs);
        }
        let mut states = Vec::new();
        for (place, value) in matched.into_iter().zip(values) {
            match place {
                Some(place) => states.push((place, value)),
                None => outputs.push(value),
            }
        }
        (sorted(states), outputs)
    }

    /// New states in the order of the parameters, where their names say which they are: `return c, h` of
    /// `step(x, h, c)`. What is returned under another name is the new value of a state that no other is.
    fn in_order(&self, values: Vec<Expression>) -> Vec<Expression> {
        let known: Vec<Option<usize>> = values.iter().map(|value| self.state_of(value)).collect();
        let mut free = 0;
        let mut placed = Vec::new();
        for (value, place) in values.into_iter().zip(&known) {
            let place = place.unwrap_or_else(|| {
                free += 1;
                while known.contains(&Some(free)) {
                    free += 1;
                }
                free
            });
            placed.push((place, value));
        }
        sorted(placed)
    }

    fn is_cache(&self, value: &Expression) -> bool {
        name(value).is_some_and(|n| self.caches.iter().any(|cache| cache == n))
    }

    /// The state whose new value this is: a name that is given a value, and is that of a parameter.
    fn state_of(&self, value: &Expression) -> Option<usize> {
        self.parameter_of(value).filter(|_| name(value).is_some_and(|n| self.is_given(n)))
    }

    /// Whether a value is a state as the step was given it.
    fn is_old(&self, value: &Expression) -> bool {
        name(value).is_some_and(|n| !self.is_given(n) && self.parameters.iter().skip(1).any(|p| p.name == n))
    }

    fn is_given(&self, name: &str) -> bool {
        self.body.iter().any(|line| line.targets.iter().any(|target| target.name == name))
    }

    /// The parameter whose new value this is by its name: `h` or `next_h` for `h`, `prev_h` or `h_prev`.
    fn parameter_of(&self, value: &Expression) -> Option<usize> {
        let name = name(value)?;
        let may_be = |at: &(usize, &Parameter)| !self.weights.contains(&at.1.name);
        let all = || self.parameters.iter().enumerate().skip(1).filter(may_be);
        let same = all().find(|(_, parameter)| parameter.name == name);
        same.or_else(|| all().find(|(_, parameter)| stem(&parameter.name) == stem(name)))
            .map(|(place, _)| place)
    }

    /// Whether a parameter can only be a weight: it came out of a dictionary, or stands in a product with something
    /// that the input or a state made, and is never given a value.
    fn is_weight(&self, name: &str, states: &[usize]) -> bool {
        let mut made: Vec<&str> =
            std::iter::once(&0).chain(states).map(|at| self.parameters[*at].name.as_str()).collect();
        for statement in self.body {
            if mentions(&statement.value, &made) {
                made.extend(statement.targets.iter().map(|target| target.name.as_str()));
            }
        }
        self.weights.iter().any(|weight| weight == name)
            || (!self.is_given(name) && self.body.iter().any(|s| meets(&s.value, name, &made)))
    }
}

/// Values in the order of their places.
fn sorted(mut placed: Vec<(usize, Expression)>) -> Vec<Expression> {
    sort_by_key(&mut placed, |(place, _)| *place);
    placed.into_iter().map(|(_, value)| value).collect()
}

fn name(value: &Expression) -> Option<&str> {
    match &value.kind {
        ExpressionKind::Name(name) => Some(name),
        _ => None,
    }
}

/// Whether a value is called like what leaves a cell.
fn is_output(value: &Expression) -> bool {
    const OUTPUTS: [&str; 8] = ["y", "o", "out", "output", "logits", "probs", "pred", "y_hat"];
    name(value).is_some_and(|name| OUTPUTS.contains(&name))
}

/// Whether states are called so.
pub(super) fn is_called_state(stem: &str) -> bool {
    STATES.contains(&stem)
}

/// A name without what says when its value holds.
pub(super) fn stem(name: &str) -> String {
    const WHEN: [&str; 14] = [
        "prev", "previous", "next", "new", "old", "last", "before", "after", "current", "cur", "curr", "t",
        "tm1", "0",
    ];
    let parts: Vec<&str> = name.split('_').filter(|part| !WHEN.contains(part) && !part.is_empty()).collect();
    let joined = parts.join("_");
    let joined = ["prev", "next", "new"].iter().fold(joined, |n, when| match n.strip_suffix(when) {
        Some(rest) if !rest.is_empty() => rest.to_string(),
        _ => n,
    });
    if joined.len() > 1 {
        joined.strip_suffix('t').map(str::to_string).filter(|s| s.len() == 1).unwrap_or(joined)
    } else {
        joined
    }
}

fn mentions(expression: &Expression, names: &[&str]) -> bool {
    let mut found = name(expression).is_some_and(|name| names.contains(&name));
    expression.parts(&mut |part| found |= mentions(part, names));
    found
}

/// Whether `weight` stands in a product with something that one of `others` is part of.
fn meets(expression: &Expression, weight: &str, others: &[&str]) -> bool {
    let is_weight = |e: &Expression| match &e.kind {
        ExpressionKind::Transpose(inner) => name(inner) == Some(weight),
        _ => name(e) == Some(weight),
    };
    let product = |a: &Expression, b: &Expression| {
        (is_weight(a) && mentions(b, others)) || (is_weight(b) && mentions(a, others))
    };
    let mut found = match &expression.kind {
        ExpressionKind::Binary(Binary::MatMul, a, b) => product(a, b),
        ExpressionKind::Call(Function::Dot, arguments, _) => product(&arguments[0], &arguments[1]),
        // `q, k = (M @ x for M in (Wq, Wk))`
        ExpressionKind::Each(value, each, over) => mentions(over, &[weight]) && meets(value, each, others),
        _ => false,
    };
    expression.parts(&mut |part| found |= meets(part, weight, others));
    found
}
