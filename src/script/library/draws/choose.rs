//! Choices, permutations and shuffles.

use super::super::super::array::{Array, Buffer, Fault, Kind, Outcome, count};
use super::super::super::random::Generator;
use super::super::super::value::Value;
use super::super::{Arguments, shape_of};
use super::{Source, many};

/// With replacement; with probabilities by where a uniform draw falls.
pub(super) fn choice(source: &mut Source, given: &mut Arguments) -> Outcome<Value> {
    let from = given.need(0, "a")?;
    let size = given.take(1, "size");
    let replaces = given.take(2, "replace").map_or(Ok(true), |value| value.truth())?;
    let weights = given.take(3, "p").filter(|value| !matches!(value, Value::None));
    let values = match &from {
        Value::Int(_) => None,
        Value::List(_) | Value::Tuple(_) | Value::Range(..) => match from.array() {
            Ok(array) => Some(array),
            // Texts, of which the places are chosen.
            Err(_) => {
                let mut again = vec![Value::Int(from.length()? as i64), size.unwrap_or(Value::None)];
                again.push(Value::Bool(replaces));
                again.extend(weights);
                let places = choice(source, &mut Arguments::new("choice", again, vec![]))?;
                let items = from.items()?;
                let of = |place: f64| items[place as usize].clone();
                return Ok(match &places {
                    Value::Array(places) => Value::list(places.numbers().into_iter().map(of).collect()),
                    one => of(one.float()?),
                });
            }
        },
        other => Some(other.array()?),
    };
    let population = values.as_ref().map_or(from.integer(), |array| Ok(array.rows().unwrap_or(0) as i64))?;
    if population < 1 {
        return Err(Fault::new("there is nothing to choose from"));
    }
    let places = match weights {
        Some(_) if !replaces => {
            return Err(Fault::new(
                "choice with p and without replacement is not read here; write the choice down as a list",
            ));
        }
        None if !replaces => {
            let shape = match &size {
                None | Some(Value::None) => vec![],
                Some(size) => shape_of(size)?,
            };
            let wanted = count(&shape)?;
            if wanted as i64 > population {
                return Err(Fault::new("more are chosen than there are, and none may be chosen twice"));
            }
            Buffer::room_for(population as usize)?;
            let chosen = match source {
                Source::Legacy(_) => {
                    let mut all = shuffled(source, population as usize);
                    all.truncate(wanted);
                    all
                }
                Source::Generator(rng) => without_replacement(rng, population as usize, wanted),
            };
            let numbers = chosen.into_iter().map(|k| k as f64).collect();
            Value::Array(Array::new(shape, Kind::Int, numbers)?)
        }
        Some(weights) => {
            let cumulated = weights.array()?.reshaped(&[-1])?.cumulated(0, false)?.numbers();
            let Some(total) = cumulated.last().copied().filter(|_| cumulated.len() as i64 == population)
            else {
                return Err(Fault::new("p needs one probability for each value"));
            };
            many(size, Kind::Int, || {
                let draw = source.random();
                cumulated.iter().filter(|bound| **bound / total <= draw).count().min(cumulated.len() - 1)
                    as f64
            })?
        }
        None => many(size, Kind::Int, || source.integer(0, population) as f64)?,
    };
    match values {
        None => Ok(places),
        Some(array) => {
            let places = places.array()?;
            array.subscript(&[super::super::super::array::Subscript::Chosen(places)]).map(Value::Array)
        }
    }
}

/// The places 0, 1, … in another order.
fn shuffled(source: &mut Source, length: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    for k in (1..length).rev() {
        let other = match source {
            Source::Legacy(rng) => rng.integer(0, k as i64 + 1) as usize,
            Source::Generator(rng) => rng.interval(k as u64) as usize,
        };
        order.swap(k, other);
    }
    order
}

/// What a generator chooses of a population, none twice: the last ones of a shuffle of many, or else Floyd's way
/// (Bentley and Floyd, Programming Pearls: A Sample of Brilliance, Communications of the ACM 30, 1987), shuffled.
fn without_replacement(rng: &mut Generator, population: usize, wanted: usize) -> Vec<usize> {
    if population > 10_000 && wanted > population / 50 {
        let mut order: Vec<usize> = (0..population).collect();
        for k in ((population - wanted).max(1)..population).rev() {
            order.swap(k, rng.integer(0, k as i64 + 1) as usize);
        }
        return order.split_off(population - wanted);
    }
    let mut known = std::collections::HashSet::new();
    let mut chosen = Vec::with_capacity(wanted);
    for k in population - wanted..population {
        let draw = rng.integer(0, k as i64 + 1) as usize;
        let own = if known.insert(draw) { draw } else { k };
        known.insert(own);
        chosen.push(own);
    }
    for k in (1..wanted).rev() {
        chosen.swap(k, rng.integer(0, k as i64 + 1) as usize);
    }
    chosen
}

/// Fisher and Yates' shuffle along the first axis, from the end.
pub(super) fn permutation(source: &mut Source, name: &str, given: &mut Arguments) -> Outcome<Value> {
    let from = given.need(0, "x")?;
    if let Value::List(list) = &from {
        let items = from.items()?;
        let order = shuffled(source, items.len());
        if name == "shuffle" {
            *list.borrow_mut() = order.into_iter().map(|k| items[k].clone()).collect();
            return Ok(Value::None);
        }
        let array = from.array()?;
        let places = Array::new(vec![items.len()], Kind::Int, order.into_iter().map(|k| k as f64).collect())?;
        return array.subscript(&[super::super::super::array::Subscript::Chosen(places)]).map(Value::Array);
    }
    let array = match &from {
        Value::Int(size) => {
            let size = Buffer::room_for(count(&[usize::try_from(*size).unwrap_or(0)])?)?;
            Array::new(vec![size], Kind::Int, (0..size).map(|k| k as f64).collect())?
        }
        other => other.array()?,
    };
    let rows = array.rows().unwrap_or(0);
    let order = shuffled(source, rows).into_iter().map(|k| k as f64).collect();
    let places = Array::new(vec![rows], Kind::Int, order)?;
    let shuffled = array.subscript(&[super::super::super::array::Subscript::Chosen(places)])?;
    if name == "permutation" {
        return Ok(Value::Array(shuffled));
    }
    array.write(&shuffled)?;
    Ok(Value::None)
}
