//! numpy's random numbers against numpy: `tests/script/draws.py` wrote what it drew.

use serde_json::Value;
use unrolled::script::random::{Generator, RandomState};

enum Source {
    Legacy(Box<RandomState>),
    Generator(Generator),
}

impl Source {
    fn new(case: &Value) -> Self {
        let seed = case["seed"].as_u64().unwrap();
        match case["kind"].as_str().unwrap() {
            "RandomState" => Self::Legacy(Box::new(RandomState::new(seed as u32))),
            _ => Self::Generator(Generator::new(seed)),
        }
    }

    /// One draw; a float as its bits.
    fn draw(&mut self, call: &str, arguments: &[Value]) -> i64 {
        let f = |k: usize| arguments[k].as_f64().unwrap();
        let i = |k: usize| arguments[k].as_i64().unwrap();
        let float = match (self, call) {
            (Self::Legacy(rng), "integer") => return rng.integer(i(0), i(1)),
            (Self::Generator(rng), "integer") => return rng.integer(i(0), i(1)),
            (Self::Legacy(rng), "random") => rng.random(),
            (Self::Generator(rng), "random") => rng.random(),
            (Self::Legacy(rng), "uniform") => rng.uniform(f(0), f(1)),
            (Self::Generator(rng), "uniform") => rng.uniform(f(0), f(1)),
            (Self::Legacy(rng), _) => rng.normal(f(0), f(1)),
            (Self::Generator(rng), _) => rng.normal(f(0), f(1)),
        };
        float.to_bits() as i64
    }
}

fn cases() -> (usize, Vec<Value>) {
    let golden: Value = serde_json::from_str(include_str!("draws.json")).unwrap();
    (golden["many"].as_u64().unwrap() as usize, golden["cases"].as_array().unwrap().clone())
}

#[test]
fn calls_that_follow_each_other_draw_what_numpy_draws() {
    for case in cases().1 {
        let mut source = Source::new(&case);
        for call in case["sequence"].as_array().unwrap() {
            let (name, arguments) = (call["call"].as_str().unwrap(), call["arguments"].as_array().unwrap());
            for want in call["values"].as_array().unwrap() {
                let want = want.as_i64().or(want.as_u64().map(|bits| bits as i64)).unwrap();
                let got = source.draw(name, arguments);
                assert_eq!(got, want, "{} {}: {call}", case["kind"], case["seed"]);
            }
        }
    }
}

#[test]
fn normal_numbers_from_the_tail_are_numpys() {
    let (many, cases) = cases();
    for case in cases {
        let mut source = Source::new(&case);
        let draws: Vec<i64> = (0..many).map(|_| source.draw("normal", &[0.0.into(), 1.0.into()])).collect();
        let (at, values) =
            (case["normal"]["at"].as_array().unwrap(), case["normal"]["values"].as_array().unwrap());
        assert!(at.len() > 1, "{case}");
        for (at, want) in at.iter().zip(values) {
            let got = f64::from_bits(draws[at.as_u64().unwrap() as usize] as u64);
            let want = f64::from_bits(want.as_u64().unwrap());
            // One unit in the last place: both take a logarithm, of different libraries.
            assert!(
                (got - want).abs() <= f64::EPSILON * want.abs(),
                "{} {}: {got} {want}",
                case["kind"],
                case["seed"]
            );
        }
    }
}
