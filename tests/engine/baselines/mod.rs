//! Baselines against numpy, which computes them by other methods: `make.py` writes the numbers.

use ndarray::{Array2, Array3, Axis};
use serde_json::Value;
use unrolled::train::baseline::{
    BagOfWords, BigramModel, Ngrams, Reached, UnigramModel, mean_label_error, repeat_error,
};

fn golden() -> Value {
    serde_json::from_str(include_str!("golden.json")).unwrap()
}

fn integers(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as u32).collect()
}

fn table(value: &Value) -> Array2<u32> {
    let rows: Vec<Vec<u32>> = value.as_array().unwrap().iter().map(integers).collect();
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).unwrap()
}

fn block(value: &Value) -> Array3<f32> {
    let values: Vec<Vec<Vec<f32>>> = serde_json::from_value(value.clone()).unwrap();
    let shape = (values.len(), values[0].len(), values[0][0].len());
    Array3::from_shape_vec(shape, values.concat().concat()).unwrap()
}

fn close(found: f64, golden: &Value, tolerance: f64) {
    let wanted = golden.as_f64().unwrap();
    assert!((found - wanted).abs() < tolerance, "{found} instead of {wanted}");
}

#[test]
fn a_bag_of_words_reaches_the_optimum_of_its_function() {
    for case in golden()["regressions"].as_array().unwrap() {
        let (train, held) = (table(&case["train"]), table(&case["held"]));
        let (labels, held_labels) = (integers(&case["train_labels"]), integers(&case["held_labels"]));
        let sizes = ["classes", "first_word"].map(|key| case[key].as_u64().unwrap());
        let sizes = (sizes[0] as usize, sizes[1] as u32);
        let mut bag = BagOfWords::new((&train, &labels), (&held, &held_labels), sizes);
        let reached = loop {
            if let Some(reached) = bag.advance() {
                break reached;
            }
        };
        close(reached.loss, &case["loss"], 5e-3);
        close(reached.accuracy.unwrap(), &case["accuracy"], 1e-9);
    }
}

#[test]
fn a_bag_of_words_works_in_parts_of_500_texts() {
    let ids = Array2::from_shape_fn((1201, 3), |(text, at)| 2 + ((text + at) % 5) as u32);
    let labels: Vec<u32> = (0..1201).map(|text| u32::from(text % 5 == 0)).collect();
    let mut bag = BagOfWords::new((&ids, &labels), (&ids, &labels), (2, 2));
    let parts = 1 + (0..10_000).take_while(|_| bag.advance().is_none()).count();
    // Three to count each of the two sets, one for their weights, three for each point at which the function is asked.
    assert!(parts >= 10 && (parts - 7) % 3 == 0, "{parts} parts");
}

#[test]
fn unigrams_and_bigrams_cost_what_their_frequencies_say() {
    let case = &golden()["next_id"];
    let (train, held) = (integers(&case["train"]), integers(&case["held"]));
    let vocabulary = case["vocabulary"].as_u64().unwrap() as usize;
    let pairs = |ids: &[u32]| ids.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>();
    let unigrams = UnigramModel::new(train[1..].iter().copied(), vocabulary);
    close(unigrams.judge(held[1..].iter().copied()).loss, &case["unigram"], 1e-5);
    let bigrams = BigramModel::new(pairs(&train).into_iter(), vocabulary);
    close(bigrams.judge(pairs(&held).into_iter()).loss, &case["bigram"], 1e-5);
}

#[test]
fn a_text_in_which_each_id_has_one_follower_is_free_for_bigrams() {
    let pairs: Vec<(u32, u32)> = (0..400).map(|k| (k % 4, (k + 1) % 4)).collect();
    let Reached { loss, accuracy } = BigramModel::new(pairs.iter().copied(), 4).judge(pairs.iter().copied());
    assert!(loss < 0.01 && accuracy == Some(1.0), "{loss}");
}

fn cost_of(mut ngrams: Ngrams) -> f64 {
    loop {
        if let Some(reached) = ngrams.advance() {
            return reached.loss;
        }
    }
}

#[test]
fn ngrams_cost_what_kneser_and_ney_say() {
    let case = &golden()["ngrams"];
    let texts = |key: &str| case[key].as_array().unwrap().iter().map(integers).collect::<Vec<_>>();
    let vocabulary = case["vocabulary"].as_u64().unwrap() as usize;
    for (length, cost) in case["costs"].as_object().unwrap() {
        let ngrams = Ngrams::new(length.parse().unwrap(), vocabulary, texts("train"), texts("held"));
        close(cost_of(ngrams), cost, 1e-5);
    }
}

#[test]
fn longer_grams_tell_a_longer_period_apart() {
    // 0 1 0 2 0 1 0 2 …: after a 0 only the id before it tells which comes next.
    let text: Vec<u32> = (0..200_000).map(|k| [0, 1, 0, 2][k % 4]).collect();
    let cost = |length| cost_of(Ngrams::new(length, 3, [text.clone()], [text[..999].to_vec()]));
    let (two, three) = (cost(2), cost(3));
    assert!((two - 0.5 * std::f64::consts::LN_2).abs() < 0.01 && three < 0.01, "{two} {three}");
}

#[test]
fn numbers_are_compared_with_their_mean_and_with_the_last_input() {
    let case = &golden()["numbers"];
    let [x, y, train] = ["x", "y", "train"].map(|key| block(&case[key]));
    close(mean_label_error(&train, &y).loss, &case["mean"], 1e-5);
    close(repeat_error(&x, &y).unwrap().loss, &case["repeat"], 1e-5);
    let last = y.slice_axis(Axis(1), (4..5).into()).to_owned();
    close(repeat_error(&x, &last).unwrap().loss, &case["repeat_last"], 1e-5);
    assert_eq!(repeat_error(&x, &y.slice_axis(Axis(2), (0..1).into()).to_owned()), None);
}
