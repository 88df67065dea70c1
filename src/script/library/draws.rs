//! Random numbers: `np.random`, its old functions and its generators.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::array::{Array, Binary, Buffer, Fault, Kind, Outcome, count};
use super::super::operate::elementwise;
use super::super::random::{Generator, RandomState};
use super::super::value::Value;
use super::super::world::World;
use super::{Arguments, shape_of};

/// What a generator can draw.
pub(super) const NAMES: [&str; 15] = [
    "random",
    "random_sample",
    "rand",
    "randn",
    "uniform",
    "normal",
    "standard_normal",
    "randint",
    "integers",
    "choice",
    "permutation",
    "shuffle",
    "sample",
    "ranf",
    "seed",
];

/// `np.random.name(…)`
pub(super) fn call(world: &mut World, name: &str, given: &mut Arguments) -> Outcome<Option<Value>> {
    match name {
        "seed" => {
            let seed = given.take(0, "seed").unwrap_or(Value::None);
            let seed = seed_of(world, &seed)?;
            world.is_seeded = true;
            *world.legacy.borrow_mut() = RandomState::new(seed_of_32_bits(seed)?);
            Ok(Some(Value::None))
        }
        "default_rng" => {
            let seed = given.take(0, "seed").unwrap_or(Value::None);
            let seed = seed_of(world, &seed)?;
            Ok(Some(Value::Generator(Rc::new(RefCell::new(Generator::new(seed))))))
        }
        "RandomState" => {
            let seed = given.take(0, "seed").unwrap_or(Value::None);
            let seed = seed_of_32_bits(seed_of(world, &seed)?)?;
            Ok(Some(Value::RandomState(Rc::new(RefCell::new(RandomState::new(seed))))))
        }
        _ if NAMES.contains(&name) && name != "integers" => {
            world.draws_unseeded |= !world.is_seeded;
            drawn(&Value::RandomState(Rc::clone(&world.legacy)), name, given).map(Some)
        }
        _ => Ok(None),
    }
}

fn seed_of(world: &mut World, value: &Value) -> Outcome<u64> {
    if matches!(value, Value::None) {
        world.draws_unseeded = true;
        return Ok(u64::from(world.seed));
    }
    let seed = value.integer()?;
    u64::try_from(seed).map_err(|_| Fault::new(format!("{seed} is no seed; seeds are 0 or more")))
}

fn seed_of_32_bits(seed: u64) -> Outcome<u32> {
    u32::try_from(seed).map_err(|_| Fault::new("Seed must be between 0 and 2**32 - 1"))
}

/// Either of numpy's generators.
enum Source<'a> {
    Legacy(&'a mut RandomState),
    Generator(&'a mut Generator),
}

impl Source<'_> {
    fn random(&mut self) -> f64 {
        match self {
            Self::Legacy(rng) => rng.random(),
            Self::Generator(rng) => rng.random(),
        }
    }

    fn standard_normal(&mut self) -> f64 {
        match self {
            Self::Legacy(rng) => rng.standard_normal(),
            Self::Generator(rng) => rng.standard_normal(),
        }
    }

    fn integer(&mut self, low: i64, high: i64) -> i64 {
        match self {
            Self::Legacy(rng) => rng.integer(low, high),
            Self::Generator(rng) => rng.integer(low, high),
        }
    }
}

/// What a generator draws.
pub(super) fn drawn(generator: &Value, name: &str, given: &mut Arguments) -> Outcome<Value> {
    match generator {
        Value::Generator(rng) => {
            if matches!(name, "rand" | "randn" | "randint" | "random_sample" | "seed" | "sample" | "ranf") {
                let advice = match name {
                    "randn" => "rng.standard_normal((…))",
                    "randint" => "rng.integers(low, high)",
                    "seed" => "np.random.default_rng(seed)",
                    _ => "rng.random((…))",
                };
                return Err(Fault::new(format!(
                    "a generator of default_rng has no `{name}`; write {advice}"
                )));
            }
            draw(&mut Source::Generator(&mut rng.borrow_mut()), name, given)
        }
        Value::RandomState(rng) if name == "seed" => {
            let seed = given.need(0, "seed")?.integer()?;
            *rng.borrow_mut() = RandomState::new(seed_of_32_bits(u64::try_from(seed).unwrap_or(u64::MAX))?);
            Ok(Value::None)
        }
        Value::RandomState(rng) => draw(&mut Source::Legacy(&mut rng.borrow_mut()), name, given),
        other => Err(Fault::new(format!("{} draws no numbers", other.described()))),
    }
}

fn draw(source: &mut Source, name: &str, given: &mut Arguments) -> Outcome<Value> {
    match name {
        "random" | "random_sample" | "sample" | "ranf" => {
            let size = given.take(0, "size");
            many(size, Kind::Float, || source.random())
        }
        "rand" | "randn" => {
            let sizes = given.rest();
            let size = if sizes.is_empty() { None } else { Some(Value::tuple(sizes)) };
            let normal = name == "randn";
            many(size, Kind::Float, || if normal { source.standard_normal() } else { source.random() })
        }
        "standard_normal" => {
            let size = given.take(0, "size");
            many(size, Kind::Float, || source.standard_normal())
        }
        "normal" => {
            let mean = given.take(0, "loc").unwrap_or(Value::Float(0.0));
            let deviation = given.take(1, "scale").unwrap_or(Value::Float(1.0));
            spread(given, 2, &mean, &deviation, |mean, deviation| mean + deviation * source.standard_normal())
        }
        "uniform" => {
            let low = given.take(0, "low").unwrap_or(Value::Float(0.0));
            let high = given.take(1, "high").unwrap_or(Value::Float(1.0));
            spread(given, 2, &low, &high, |low, high| low + (high - low) * source.random())
        }
        "randint" | "integers" => integers(source, given),
        "choice" => choice(source, given),
        "permutation" | "shuffle" => {
            let Source::Legacy(_) = source else {
                return Err(Fault::new(
                    "permutations of default_rng are not read here; use np.random.permutation",
                ));
            };
            permutation(source, name, given)
        }
        _ => Err(Fault::new(format!(
            "`{name}` is not known here; draw with random, uniform, normal or integers"
        ))),
    }
}

/// One number, or an array of them.
fn many(size: Option<Value>, kind: Kind, mut draw: impl FnMut() -> f64) -> Outcome<Value> {
    match size {
        None | Some(Value::None) => {
            Ok(if kind == Kind::Int { Value::Int(draw() as i64) } else { Value::Float(draw()) })
        }
        Some(size) => {
            let shape = shape_of(&size)?;
            let length = Buffer::room_for(count(&shape)?)?;
            Array::new(shape, kind, (0..length).map(|_| draw()).collect()).map(Value::Array)
        }
    }
}

/// Draws with two parameters, which may be arrays.
fn spread(
    given: &mut Arguments,
    position: usize,
    a: &Value,
    b: &Value,
    mut draw: impl FnMut(f64, f64) -> f64,
) -> Outcome<Value> {
    let size = given.take(position, "size").filter(|size| !matches!(size, Value::None));
    if let (Ok(a), Ok(b)) = (a.float(), b.float()) {
        return many(size, Kind::Float, || draw(a, b));
    }
    let shape = match size {
        Some(size) => shape_of(&size)?,
        None => elementwise(Binary::Add, a, b)?.array()?.shape().to_vec(),
    };
    let (a, b) = (a.array()?.broadcast_to(&shape)?.numbers(), b.array()?.broadcast_to(&shape)?.numbers());
    Array::new(shape, Kind::Float, a.iter().zip(&b).map(|(a, b)| draw(*a, *b)).collect()).map(Value::Array)
}

fn integers(source: &mut Source, given: &mut Arguments) -> Outcome<Value> {
    let first = given.need(0, "low")?.integer()?;
    let (low, high) = match given.take(1, "high") {
        None | Some(Value::None) => (0, first),
        Some(high) => (first, high.integer()?),
    };
    let size = given.take(2, "size");
    given.named("dtype");
    let high = if given.flag("endpoint")? { high.saturating_add(1) } else { high };
    if low >= high {
        return Err(Fault::new(format!(
            "there is no integer from {low} to below {high}; the second bound is left out"
        )));
    }
    many(size, Kind::Int, || source.integer(low, high) as f64)
}

/// With replacement; with probabilities by where a uniform draw falls.
fn choice(source: &mut Source, given: &mut Arguments) -> Outcome<Value> {
    let from = given.need(0, "a")?;
    let size = given.take(1, "size");
    let replaces = given.take(2, "replace").map_or(Ok(true), |value| value.truth())?;
    let weights = given.take(3, "p").filter(|value| !matches!(value, Value::None));
    if !replaces {
        return Err(Fault::new(
            "choice without replacement is not read here; write the choice down as a list",
        ));
    }
    let values = match &from {
        Value::Int(_) => None,
        other => Some(other.array()?),
    };
    let population = values.as_ref().map_or(from.integer(), |array| Ok(array.rows().unwrap_or(0) as i64))?;
    if population < 1 {
        return Err(Fault::new("there is nothing to choose from"));
    }
    let places = match weights {
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
            array.subscript(&[super::super::array::Subscript::Chosen(places)]).map(Value::Array)
        }
    }
}

/// Fisher and Yates' shuffle along the first axis, from the end.
fn permutation(source: &mut Source, name: &str, given: &mut Arguments) -> Outcome<Value> {
    let from = given.need(0, "x")?;
    let array = match &from {
        Value::Int(size) => {
            let size = Buffer::room_for(count(&[usize::try_from(*size).unwrap_or(0)])?)?;
            Array::new(vec![size], Kind::Int, (0..size).map(|k| k as f64).collect())?
        }
        other => other.array()?,
    };
    let rows = array.rows().unwrap_or(0);
    let mut order: Vec<f64> = (0..rows).map(|k| k as f64).collect();
    for k in (1..rows).rev() {
        let other = source.integer(0, k as i64 + 1) as usize;
        order.swap(k, other);
    }
    let places = Array::new(vec![rows], Kind::Int, order)?;
    let shuffled = array.subscript(&[super::super::array::Subscript::Chosen(places)])?;
    if name == "permutation" {
        return Ok(Value::Array(shuffled));
    }
    if let Value::List(list) = &from {
        *list.borrow_mut() = Value::Array(shuffled).items()?;
    } else {
        array.write(&shuffled)?;
    }
    Ok(Value::None)
}
