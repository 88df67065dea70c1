//! Random numbers: `np.random`, its old functions and its generators.

mod choose;

use std::cell::RefCell;
use std::rc::Rc;

use super::super::array::{Array, Binary, Buffer, Fault, Kind, Outcome, count};
use super::super::operate::elementwise;
use super::super::random::{Generator, RandomState};
use super::super::value::Value;
use super::super::world::World;
use super::{Arguments, shape_of};

/// What a generator can draw.
pub(super) const NAMES: [&str; 18] = [
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
    "exponential",
    "standard_exponential",
    "binomial",
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
        "PCG64" => {
            let seed = given.take(0, "seed").unwrap_or(Value::None);
            Ok(Some(Value::Int(seed_of(world, &seed)? as i64)))
        }
        "Generator" => {
            let Value::Int(seed) = given.need(0, "bit_generator")? else {
                return Err(Fault::new(
                    "a Generator is made of PCG64 here: np.random.Generator(np.random.PCG64(0))",
                ));
            };
            Ok(Some(Value::Generator(Rc::new(RefCell::new(Generator::new(seed as u64))))))
        }
        "RandomState" => {
            let seed = given.take(0, "seed").unwrap_or(Value::None);
            let seed = seed_of_32_bits(seed_of(world, &seed)?)?;
            Ok(Some(Value::RandomState(Rc::new(RefCell::new(RandomState::new(seed))))))
        }
        _ if NAMES.contains(&name) && name != "integers" => {
            world.draws_unseeded |= !world.is_seeded;
            DRAWS.set((DRAWS.get().0, DRAWS.get().1.wrapping_add(1)));
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

thread_local! {
    /// How often numbers were drawn, and how often from the generator of `np.random`.
    static DRAWS: std::cell::Cell<(u64, u64)> = const { std::cell::Cell::new((0, 0)) };
}

/// How often numbers were drawn in this thread: from the generator of `np.random` alone, or from any.
pub(in crate::script) fn draws(of_numpy_alone: bool) -> u64 {
    if of_numpy_alone { DRAWS.get().1 } else { DRAWS.get().0 }
}

/// What a generator draws.
pub(super) fn drawn(generator: &Value, name: &str, given: &mut Arguments) -> Outcome<Value> {
    DRAWS.set((DRAWS.get().0.wrapping_add(1), DRAWS.get().1));
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
        "exponential" | "standard_exponential" if matches!(source, Source::Legacy(_)) => {
            let is_plain = name.starts_with("standard");
            let scale = if is_plain { None } else { given.take(0, "scale") }.unwrap_or(Value::Float(1.0));
            let at = usize::from(!is_plain);
            spread(given, at, &scale, &Value::Float(0.0), |scale, _| {
                -scale * libm::log(1.0 - source.random())
            })
        }
        "binomial" => {
            let (times, chance) = (given.need(0, "n")?, given.need(1, "p")?);
            let (n, p) = (times.float()?, chance.float()?);
            if !(0.0..=1.0).contains(&p) || n < 0.0 || n * p.min(1.0 - p) > 30.0 {
                return Err(Fault::new(
                    "binomial draws are known here for p in [0, 1] and n·p of at most 30",
                ));
            }
            let size = given.take(2, "size");
            let turned = p > 0.5;
            let p = if turned { 1.0 - p } else { p };
            many(size, Kind::Int, || {
                let k = inverted_binomial(n, p, || source.random());
                if turned { n - k } else { k }
            })
        }
        "randint" | "integers" => integers(source, given),
        "choice" => choose::choice(source, given),
        "permutation" | "shuffle" => choose::permutation(source, name, given),
        _ => Err(Fault::new(format!(
            "`{name}` is not known here; draw with random, uniform, normal or integers"
        ))),
    }
}

/// The number of successes, by going through the distribution from 0 on.
fn inverted_binomial(n: f64, p: f64, mut random: impl FnMut() -> f64) -> f64 {
    if n == 0.0 || p == 0.0 {
        return 0.0;
    }
    let q = 1.0 - p;
    let none = libm::exp(n * libm::log(q));
    let bound = n.min(n * p + 10.0 * (n * p * q + 1.0).sqrt()).floor();
    let (mut k, mut chance, mut draw) = (0.0, none, random());
    while draw > chance {
        k += 1.0;
        if k > bound {
            (k, chance, draw) = (0.0, none, random());
        } else {
            draw -= chance;
            chance = (n - k + 1.0) * p * chance / (k * q);
        }
    }
    k
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
    // numpy takes bounds with nothing behind the point, `randint(256 / 2)`.
    let bound = |value: Value| match &value {
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => Ok(*number as i64),
        other => other.integer(),
    };
    let first = bound(given.need(0, "low")?)?;
    let (low, high) = match given.take(1, "high") {
        None | Some(Value::None) => (0, first),
        Some(high) => (first, bound(high)?),
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
