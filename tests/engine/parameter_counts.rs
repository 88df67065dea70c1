//! The parameter counts that the tutorials print, or that follow from their models, for every model with a recurrent
//! layer.

use serde_json::{Value, json};
use unrolled::model::Sequential;

fn layer(class: &str, config: Value) -> Value {
    json!({ "class_name": class, "config": config })
}

fn named(mut layers: Vec<Value>) -> Vec<Value> {
    for (k, layer) in layers.iter_mut().enumerate() {
        layer["config"]["name"] = json!(format!("layer_{k}"));
    }
    layers
}

/// Checks the parameters of every layer and their sum.
fn check(layers: Vec<Value>, params: &[usize], total: usize) {
    let json = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": named(layers) } });
    let summary = Sequential::with_zero_weights(&json.to_string()).unwrap().summary();
    let found: Vec<usize> = summary.layers.iter().map(|layer| layer.params).collect();
    assert_eq!(found, params);
    assert_eq!((summary.total, summary.trainable), (total, total));
}

fn embedding(input: usize, output: usize) -> Value {
    layer("Embedding", json!({ "input_dim": input, "output_dim": output }))
}

fn recurrent(class: &str, units: usize) -> Value {
    layer(class, json!({ "units": units }))
}

fn dense(units: usize) -> Value {
    layer("Dense", json!({ "units": units }))
}

fn first(mut layer: Value, shape: [usize; 2]) -> Value {
    layer["config"]["batch_input_shape"] = json!([null, shape[0], shape[1]]);
    layer
}

fn sequence(mut layer: Value) -> Value {
    layer["config"]["return_sequences"] = json!(true);
    layer
}

#[test]
fn reuters_models_have_their_parameters() {
    let start = |class| first(recurrent(class, 50), [49, 1]);
    let softmax = || layer("Activation", json!({ "activation": "softmax" }));
    check(vec![start("SimpleRNN"), dense(46), softmax()], &[2600, 2346, 0], 4946);
    check(
        vec![sequence(start("SimpleRNN")), recurrent("SimpleRNN", 50), dense(46)],
        &[2600, 5050, 2346],
        9996,
    );
    check(vec![start("LSTM"), dense(46)], &[10_400, 2346], 12_746);
    check(vec![sequence(start("LSTM")), recurrent("LSTM", 50), dense(46)], &[10_400, 20_200, 2346], 32_946);
}

#[test]
fn the_imdb_lstm_with_dropout_has_its_parameters() {
    let lstm = layer("LSTM", json!({ "units": 128, "dropout": 0.2, "recurrent_dropout": 0.2 }));
    check(vec![embedding(20_000, 128), lstm, dense(1)], &[2_560_000, 131_584, 129], 2_691_713);
}

#[test]
fn elman_lstm_and_conv_lstm_on_imdb_have_their_parameters() {
    check(vec![embedding(5000, 32), recurrent("SimpleRNN", 100), dense(1)], &[160_000, 13_300, 101], 173_401);
    check(vec![embedding(5000, 32), recurrent("LSTM", 100), dense(1)], &[160_000, 53_200, 101], 213_301);
    let convolution = layer(
        "Conv1D",
        json!({ "filters": 32, "kernel_size": [3], "padding": "same", "activation": "relu" }),
    );
    let pooling = layer("MaxPooling1D", json!({ "pool_size": [2] }));
    check(
        vec![embedding(5000, 32), convolution, pooling, recurrent("LSTM", 100), dense(1)],
        &[160_000, 3104, 0, 53_200, 101],
        216_405,
    );
}

#[test]
fn the_moby_dick_language_model_has_its_parameters() {
    check(
        vec![embedding(10_001, 100), recurrent("LSTM", 500), dense(10_001)],
        &[1_000_100, 1_202_000, 5_010_501],
        7_212_601,
    );
}

#[test]
fn simple_rnns_on_top_of_an_embedding_have_their_parameters() {
    let rnn = || recurrent("SimpleRNN", 32);
    check(vec![embedding(10_000, 32), rnn()], &[320_000, 2080], 322_080);
    check(vec![embedding(10_000, 32), sequence(rnn())], &[320_000, 2080], 322_080);
    let stack = vec![embedding(10_000, 32), sequence(rnn()), sequence(rnn()), sequence(rnn()), rnn()];
    check(stack, &[320_000, 2080, 2080, 2080, 2080], 328_320);
    check(vec![embedding(10_000, 32), rnn(), dense(1)], &[320_000, 2080, 33], 322_113);
    check(vec![embedding(10_000, 32), recurrent("LSTM", 32), dense(1)], &[320_000, 8320, 33], 328_353);
}

#[test]
fn the_loop_in_numpy_has_its_parameters() {
    check(vec![first(recurrent("SimpleRNN", 64), [100, 32])], &[6208], 6208);
}

#[test]
fn a_gru_has_its_parameters_in_both_forms() {
    let gru =
        |reset_after| first(layer("GRU", json!({ "units": 32, "reset_after": reset_after })), [500, 32]);
    check(vec![gru(false)], &[6240], 6240);
    check(vec![gru(true)], &[6336], 6336);
}

#[test]
fn the_model_of_digits_row_by_row_has_its_parameters() {
    let rnn = first(layer("SimpleRNN", json!({ "units": 16, "activation": "relu" })), [28, 28]);
    let softmax = layer("Activation", json!({ "activation": "softmax" }));
    check(vec![rnn, dense(10), softmax], &[720, 170, 0], 890);
}
