//! Choices of a next id against numpy's on the same logits and random numbers: `make.py` writes the numbers.

mod tree;

use proptest::prelude::*;
use serde_json::Value;
use unrolled::generate::choice::{Choice, Rule};
use unrolled::generate::rows::Row;
use unrolled::generate::{Numbers, Sampler, drawn};

/// Logits are divided alike in both; eˣ differs by up to 2 units in the last place from the right one here and by 2 in
/// numpy, and a quotient adds half of one: 8 units of 2⁻²³ leave room for numpy's order of additions.
const RELATIVE: f64 = 8.0 * 1.2e-7;

/// Below single precision's normal numbers the engine gives 0.
const SMALLEST: f64 = 1.2e-38;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden.json")).unwrap()
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Null => f64::NAN,
        Value::String(_) => f64::INFINITY,
        value => value.as_f64().unwrap(),
    }
}

fn floats(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|value| number(value) as f32).collect()
}

fn same(found: &[f32], wanted: &Value, what: &str) {
    let wanted = wanted.as_array().unwrap();
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        let (found, wanted) = (f64::from(*found), number(wanted));
        let close = (found - wanted).abs() <= RELATIVE * wanted.abs() + SMALLEST;
        let alike = found == wanted || (found.is_nan() && wanted.is_nan());
        assert!(close || alike, "{what}: {found} instead of {wanted}");
    }
}

fn rule_of(choice: &Value) -> Rule {
    Rule {
        temperature: number(&choice["temperature"]) as f32,
        greedy: false,
        top_k: choice["top_k"].as_u64().map(|k| k as usize),
        top_p: choice["top_p"].as_f64().map(|p| p as f32),
    }
}

/// Compares every choice of a case; returns how many there were.
fn compare(case: &Value, logits: &[f32]) -> usize {
    let mut compared = 0;
    for wanted in case["choices"].as_array().unwrap() {
        let rule = rule_of(wanted);
        for (number, token) in floats(&case["numbers"]).iter().zip(wanted["tokens"].as_array().unwrap()) {
            let found = Choice::new(logits, &rule, *number).unwrap();
            assert_eq!(Some(found.chosen as u64), token.as_u64(), "{rule:?} with {number}");
            compared += 1;
        }
        let found = Choice::new(logits, &rule, 0.0).unwrap();
        assert_eq!(found.kept.iter().filter(|kept| **kept).count() as u64, wanted["kept"].as_u64().unwrap());
        let bits = number(&wanted["entropy_bits"]);
        // Products of probabilities and logarithms with errors as above, added up in double precision.
        assert!((found.entropy_bits - bits).abs() < 1e-5, "{} instead of {bits} bits", found.entropy_bits);
        for (name, stage) in [
            ("scaled", &found.scaled),
            ("naive", &found.naive),
            ("naive_probabilities", &found.naive_probabilities),
            ("shifted", &found.shifted),
            ("weights", &found.weights),
            ("probabilities", &found.probabilities),
        ] {
            if let Some(wanted) = wanted.get(name) {
                same(stage, wanted, name);
            }
        }
    }
    compared
}

#[test]
fn every_stage_is_numpys_and_so_is_the_id() {
    for name in ["small", "overflowing"] {
        let case = &golden()[name];
        assert!(compare(case, &floats(&case["logits"])) > 200, "{name}");
    }
}

#[test]
fn numpy_draws_the_same_of_two_thousand_ids() {
    let logit = |k: u64| (((k * 2_654_435_761) % (1 << 32)) >> 8) as f32 / (1 << 20) as f32 - 8.0;
    let logits: Vec<f32> = (0..2000).map(logit).collect();
    assert!(compare(&golden()["large"], &logits) > 200);
}

#[test]
fn the_plain_exponential_overflows_where_the_shifted_one_does_not() {
    let choice = Choice::new(&[95.0, 93.0, -120.0], &Rule::default(), 0.5).unwrap();
    assert!(choice.naive[0].is_infinite() && choice.naive_sum.is_infinite());
    assert!(choice.naive_probabilities[0].is_nan() && choice.naive_probabilities[2] == 0.0);
    assert!((choice.probabilities[0] - 0.880_797).abs() < 1e-6, "{:?}", choice.probabilities);
    // All of them 0 is as bad: 0 / 0.
    let choice = Choice::new(&[-120.0, -121.0], &Rule::default(), 0.5).unwrap();
    assert!(choice.naive_sum == 0.0 && choice.naive_probabilities[0].is_nan());
    assert!((choice.probabilities[0] - 0.731_058_6).abs() < 1e-6);
}

#[test]
fn single_precision_is_used_to_its_end() {
    let naive = |z: f32| Choice::new(&[z], &Rule::default(), 0.0).unwrap().naive[0];
    assert!(naive(88.7).is_finite() && naive(88.73).is_infinite());
}

#[test]
fn equal_logits_are_kept_and_taken_in_their_order() {
    let logits = [1.0, 2.0, 2.0, 2.0, 0.0];
    let top = |k| Rule { top_k: Some(k), ..Rule::default() };
    let kept = Choice::new(&logits, &top(2), 0.9).unwrap();
    assert_eq!(kept.kept, [false, true, true, false, false]);
    assert_eq!((kept.chosen, kept.entropy_bits.round()), (2, 1.0));
    let greedy = Rule { greedy: true, ..Rule::default() };
    assert_eq!(Choice::new(&logits, &greedy, 0.99).unwrap().chosen, 1);
    let nucleus = Rule { top_p: Some(1e-9), ..Rule::default() };
    assert_eq!(Choice::new(&logits, &nucleus, 0.99).unwrap().chosen, 1);
}

#[test]
fn each_number_of_a_seed_has_its_place() {
    let logits = [0.3, 0.1, -0.4, 1.0];
    let mut sampler = Sampler::new(0.8, 11).unwrap();
    let drawn: Vec<usize> = (0..30).map(|_| sampler.next_of_logits(&logits).unwrap()).collect();
    let mut numbers = Numbers::new(11);
    let rule = Rule::of_temperature(0.8);
    for place in (0..30).rev() {
        let choice = Choice::new(&logits, &rule, numbers.at(place)).unwrap();
        assert_eq!(choice.chosen, drawn[place], "place {place}");
    }
}

#[test]
fn what_is_no_rule_is_refused() {
    let refused = |rule: Rule| Choice::new(&[0.0, 1.0], &rule, 0.5).unwrap_err().to_string();
    let rule = Rule::default();
    assert!(refused(Rule { temperature: 0.0, ..rule }).contains("`temperature`"));
    assert!(refused(Rule { temperature: f32::NAN, ..rule }).contains("`temperature`"));
    assert!(refused(Rule { top_k: Some(0), ..rule }).contains("`top_k`"));
    assert!(refused(Rule { top_p: Some(1.5), ..rule }).contains("`top_p`"));
    assert!(Choice::new(&[0.0], &rule, 1.0).is_err() && Choice::new(&[f32::NAN], &rule, 0.0).is_err());
    assert!(Choice::new(&[], &rule, 0.0).is_err());
}

fn rules() -> impl Strategy<Value = Rule> {
    (0.05_f32..10.0, prop::option::of(1_usize..12), prop::option::of(0.01_f32..=1.0))
        .prop_map(|(temperature, top_k, top_p)| Rule { temperature, greedy: false, top_k, top_p })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_choice_is_a_distribution_and_its_table_is_whole(
        logits in prop::collection::vec(-30.0_f32..30.0, 1..40), rule in rules(), number in 0.0_f32..1.0,
        most in 0_usize..50,
    ) {
        let choice = Choice::new(&logits, &rule, number).unwrap();
        let sum: f64 = choice.probabilities.iter().map(|p| f64::from(*p)).sum();
        // Each probability is rounded once, by at most half of 2⁻²⁴ of itself.
        prop_assert!((sum - 1.0).abs() < 1e-6);
        prop_assert!(choice.cumulated.windows(2).all(|pair| pair[0] <= pair[1]));
        prop_assert_eq!(choice.cumulated.last(), Some(&1.0));
        let (from, to) = choice.part(choice.chosen);
        prop_assert!(from <= f64::from(number) && f64::from(number) < to);
        prop_assert!(choice.kept[choice.chosen] && choice.probabilities[choice.chosen] > 0.0);
        let kept = choice.kept.iter().filter(|kept| **kept).count();
        prop_assert!(kept >= 1 && kept <= rule.top_k.unwrap_or(usize::MAX));
        if rule.top_p.is_none() {
            prop_assert_eq!(kept, rule.top_k.unwrap_or(usize::MAX).min(logits.len()));
        }
        let least = choice.weights.iter().zip(&choice.kept).filter(|(_, k)| **k).map(|(w, _)| *w);
        let least = least.fold(f32::INFINITY, f32::min);
        prop_assert!(choice.weights.iter().zip(&choice.kept).all(|(w, kept)| *kept || *w <= least));
        prop_assert!(choice.entropy_bits >= -1e-6 && choice.perplexity() <= kept as f64 * 1.00001);

        let rows = choice.rows(most, &[0]);
        prop_assert_eq!(rows.iter().map(|row| row.count).sum::<usize>(), logits.len());
        let follow = |two: &[Row]| two[0].first + two[0].count == two[1].first && two[0].to == two[1].from;
        prop_assert!(rows.windows(2).all(follow));
        prop_assert!(rows.iter().any(|row| row.first == choice.chosen && row.one.is_some()));
        prop_assert!(rows.iter().filter(|row| row.count == 1).count() >= most.min(logits.len()));
    }

    #[test]
    fn the_short_way_draws_what_the_choice_shows(
        logits in prop::collection::vec(-30.0_f32..30.0, 1..40), number in 0.0_f32..1.0,
        temperature in prop_oneof![Just(0.0_f32), Just(1e-44), 0.05_f32..10.0],
    ) {
        let rule = Rule::of_temperature(temperature);
        let choice = Choice::new(&logits, &rule, number).unwrap();
        let (id, probability) = drawn(&logits, temperature, number, &mut Vec::new()).unwrap();
        prop_assert_eq!(id, choice.chosen);
        prop_assert_eq!(probability, if rule.greedy { 1.0 } else { choice.probabilities[id] });
    }

    #[test]
    fn a_colder_choice_is_surer_and_the_coldest_is_greedy(
        logits in prop::collection::vec(-5_i32..5, 2..12), number in 0.0_f32..1.0,
    ) {
        let logits: Vec<f32> = logits.into_iter().map(|z| z as f32).collect();
        let at = |temperature| Choice::new(&logits, &Rule { temperature, ..Rule::default() }, number).unwrap();
        let bits = [0.05, 0.2, 1.0, 4.0, 10.0].map(|temperature| at(temperature).entropy_bits);
        prop_assert!(bits.windows(2).all(|two| two[0] <= two[1] + 1e-5), "{:?}", bits);
        let best = logits.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
        // A logit that is lower by 1 has at most e⁻²⁰⁰⁰⁰ of its probability.
        prop_assert_eq!(logits[at(5e-5).chosen], best);
        prop_assert_eq!(logits[at(1e-44).chosen], best);
        let greedy = Choice::new(&logits, &Rule::of_temperature(0.0), number).unwrap();
        prop_assert_eq!(logits.iter().position(|z| *z == best), Some(greedy.chosen));
    }
}
