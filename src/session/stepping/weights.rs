//! The weights of a session.

use super::choice::WeightChoice;
use crate::layers::initializer::Initializer;
use crate::listing::{Binary, Listing, Op, ParameterShape, Shapes, SizedListing, cells};
use crate::rng::{RngExt, Stream, Unit};
use crate::{Error, Result};
use ndarray::{ArrayD, IxDyn};

/// Every weight of the listing in the order of its parameters.
pub fn weights(choice: &WeightChoice, sized: &SizedListing, seed: u64) -> Result<Vec<ArrayD<f32>>> {
    sized.shapes().weights().map(|weight| one(choice, sized, weight, seed)).collect()
}

/// Every state before the first step, `None` for zeros.
pub fn initial(choice: &WeightChoice, shapes: &Shapes) -> Result<Vec<Option<ArrayD<f32>>>> {
    let WeightChoice::Trained { initial, .. } = choice else { return Ok(vec![]) };
    let of = |state: &ParameterShape| {
        let size: usize = state.shape.iter().product();
        let found = initial.iter().find(|(name, values)| *name == state.name && values.len() == size);
        found.map(|(name, values)| array(name, &state.shape, values.clone())).transpose()
    };
    shapes.states().map(of).collect()
}

/// `values`, row after row, as an array of `shape`.
pub(super) fn array(name: &str, shape: &[usize], values: Vec<f32>) -> Result<ArrayD<f32>> {
    let found = values.len();
    ArrayD::from_shape_vec(IxDyn(shape), values).map_err(|_| {
        let numbers: usize = shape.iter().product();
        let expected = format!("{numbers} numbers, for the shape {shape:?}");
        Error::value(format!("`{name}`"), expected, found)
    })
}

fn one(
    choice: &WeightChoice,
    sized: &SizedListing,
    weight: &ParameterShape,
    seed: u64,
) -> Result<ArrayD<f32>> {
    let size = weight.shape.iter().product();
    let values = match choice {
        WeightChoice::Random => {
            let mut values = vec![0.0; size];
            let initializer = initializer(sized.listing(), sized.shapes(), weight);
            initializer.fill(&mut values, &weight.shape, seed, &format!("weight/{}", weight.name));
            values
        }
        WeightChoice::Uniform => {
            let mut stream = Stream::new(seed, &format!("weight/{}", weight.name), 0);
            (0..size).map(|_| stream.sample(Unit)).collect()
        }
        WeightChoice::Trained { weights, .. } => {
            let found = weights.iter().find(|(name, _)| *name == weight.name);
            let (_, values) = found.ok_or_else(|| {
                let names: Vec<&str> = weights.iter().map(|(name, _)| name.as_str()).collect();
                Error::value(
                    format!(
                        "the trained network for this listing, which needs the weight `{}`,",
                        weight.name
                    ),
                    "one with the same equations",
                    format!("one with {}", names.join(", ")),
                )
            })?;
            values.clone()
        }
    };
    array(&weight.name, &weight.shape, values)
}

/// Keras' defaults where the listing's use of a weight shows which one is meant.
fn initializer(listing: &Listing, shapes: &Shapes, weight: &ParameterShape) -> Initializer {
    let recurrent = multiplies_a_state(listing, &weight.name);
    match weight.shape.as_slice() {
        [rows, columns] if *rows > 1 || *columns > 1 => {
            let irnn = cells::named("irnn").is_some_and(|irnn| irnn.source == listing.source());
            match (recurrent, irnn) {
                (true, true) => Initializer::Identity { gain: 1.0 },
                // A bias of two rows, as GRU's with reset_after, meets no product.
                (false, _) if !multiplies(listing, &weight.name) => Initializer::Zeros,
                (true, false) => Initializer::Orthogonal { gain: 1.0 },
                (false, _) => Initializer::GlorotUniform,
            }
        }
        [length] if forgets_in_second_quarter(listing) && *length == 4 * units_of(shapes) => {
            Initializer::UnitForget
        }
        [_] if scales(listing, &weight.name) => Initializer::RandomUniform { minval: -0.5, maxval: 0.5 },
        _ => Initializer::Zeros,
    }
}

/// Whether a weight multiplies something element by element, as a peephole does; zero would switch it off.
fn scales(listing: &Listing, weight: &str) -> bool {
    let graph = listing.graph();
    let own = graph.parameters.iter().position(|name| name == weight);
    let multiplied = |node: &crate::listing::Node| node.inputs.iter().any(|input| Some(*input) == own);
    graph.nodes.iter().any(|node| matches!(node.op, Op::Binary(Binary::Multiply)) && multiplied(node))
}

fn units_of(shapes: &Shapes) -> usize {
    shapes.parameters.get(1).map_or(0, |state| state.shape.iter().product())
}

/// Whether the second of four parts of a sum is named after the forget gate: then its bias starts at 1.
fn forgets_in_second_quarter(listing: &Listing) -> bool {
    let graph = listing.graph();
    graph.assigned.iter().any(|assigned| {
        matches!(graph.nodes[assigned.node].op, Op::Part { index: 1, count: 4, .. })
            && assigned.name.ends_with('f')
    })
}

fn multiplies(listing: &Listing, weight: &str) -> bool {
    partners(listing, weight).next().is_some()
}

fn multiplies_a_state(listing: &Listing, weight: &str) -> bool {
    let states = 1..=listing.graph().returns.len();
    let depends = listing.graph().depends_on(|parameter| states.contains(&parameter));
    partners(listing, weight).any(|node| depends[node])
}

/// What a weight is multiplied with in matrix products.
fn partners<'a>(listing: &'a Listing, weight: &str) -> impl Iterator<Item = usize> + 'a {
    let graph = listing.graph();
    let own = graph.parameters.iter().position(|name| name == weight);
    (graph.nodes.iter())
        .filter(|node| matches!(node.op, Op::MatMul { .. }))
        .filter(move |node| node.inputs.iter().any(|input| Some(*input) == own))
        .filter_map(move |node| node.inputs.iter().copied().find(|input| Some(*input) != own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::CheckedListing;

    fn sized(name: &str) -> SizedListing {
        let checked = CheckedListing::new(cells::named(name).expect("it is there").source);
        checked.expect("it is right").sized(3, 4).expect("sizes fit")
    }

    fn of(name: &str, choice: &WeightChoice) -> Vec<Vec<f32>> {
        let weights = weights(choice, &sized(name), 7).expect("they can be made");
        weights.into_iter().map(|weight| weight.into_iter().collect()).collect()
    }

    #[test]
    fn an_lstm_starts_as_in_keras_with_a_forget_bias_of_one() {
        let weights = of("lstm", &WeightChoice::Random);
        assert_eq!(weights[2], [[0.0; 4], [1.0; 4], [0.0; 4], [0.0; 4]].concat());
        let rows: Vec<f32> = weights[1].chunks(16).map(|row| row.iter().map(|v| v * v).sum()).collect();
        assert!(rows.iter().all(|norm| (norm - 1.0).abs() < 1e-5), "U is orthogonal: {rows:?}");
        let limit = (6.0f32 / 19.0).sqrt();
        assert!(weights[0].iter().all(|v| v.abs() <= limit));
    }

    #[test]
    fn biases_of_a_gru_are_zero_and_an_irnn_starts_with_the_identity() {
        assert!(of("gru", &WeightChoice::Random)[2].iter().all(|v| *v == 0.0));
        let identity = &of("irnn", &WeightChoice::Random)[1];
        assert_eq!(identity[..6], [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn a_trained_network_without_the_listings_weights_is_refused_by_name() {
        let choice = WeightChoice::Trained {
            weights: vec![("W".into(), vec![0.0; 48])],
            output: None,
            initial: vec![],
        };
        assert!(weights(&choice, &sized("lstm"), 0).unwrap_err().to_string().contains("`U`"));
    }
}
