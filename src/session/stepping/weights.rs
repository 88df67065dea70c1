//! The weights of a session.

use super::choice::WeightChoice;
use super::failure::Failure;
use crate::layers::initializer::Initializer;
use crate::listing::{ParameterShape, SizedListing, cells, formulas, initializers};
use crate::rng::{RngExt, Stream, Unit};
use crate::{Error, Result};
use ndarray::{ArrayD, IxDyn};

/// Every weight of the listing in the order of its parameters.
///
/// # Errors
/// If a trained network has other weights, or the listing asks for an initializer that there is not.
pub fn weights(
    choice: &WeightChoice,
    (source, sized): (&str, &SizedListing),
    seed: u64,
) -> std::result::Result<Vec<ArrayD<f32>>, Failure> {
    let initializers = initializers(sized.listing(), sized.shapes())?;
    let formulas = formulas(sized.listing(), sized.shapes())?;
    let one = |(weight, initializer): (&ParameterShape, Initializer)| {
        let path = cells::weight_path(source, &weight.name);
        let formula = formulas.iter().find(|(name, _)| *name == weight.name);
        match (choice, formula) {
            (WeightChoice::Random, Some((_, formula))) => {
                array(&weight.name, &weight.shape, formula.numbers(seed, &path))
            }
            _ => one(choice, &path, (weight, initializer), seed),
        }
    };
    Ok(sized.shapes().weights().zip(initializers).map(one).collect::<Result<_>>()?)
}

/// Every state before the first step, `None` for zeros: as it is given, or as the listing says.
pub fn initial(
    choice: &WeightChoice,
    sized: &SizedListing,
) -> std::result::Result<Vec<Option<ArrayD<f32>>>, Failure> {
    let (shapes, formulas) = (sized.shapes(), formulas(sized.listing(), sized.shapes())?);
    let given = match choice {
        WeightChoice::Trained { initial, .. } => initial.as_slice(),
        _ => &[],
    };
    let of = |state: &ParameterShape| {
        let size: usize = state.shape.iter().product();
        let found = given.iter().find(|(name, values)| *name == state.name && values.len() == size);
        let said = || formulas.iter().find(|(name, _)| *name == state.name).map(|(_, f)| f.numbers(0, ""));
        let values = found.map(|(_, values)| values.clone()).or_else(said);
        values.map(|values| array(&state.name, &state.shape, values)).transpose()
    };
    Ok(shapes.states().map(of).collect::<Result<_>>()?)
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
    path: &str,
    (weight, initializer): (&ParameterShape, Initializer),
    seed: u64,
) -> Result<ArrayD<f32>> {
    let size = weight.shape.iter().product();
    let values = match choice {
        WeightChoice::Random => {
            let mut values = vec![0.0; size];
            initializer.fill(&mut values, &weight.shape, seed, path);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::CheckedListing;

    fn sized(name: &str) -> SizedListing {
        let checked = CheckedListing::new(cells::named(name).expect("it is there").source);
        checked.expect("it is right").sized(3, 4).expect("sizes fit")
    }

    fn of(name: &str, choice: &WeightChoice) -> Vec<Vec<f32>> {
        let weights = weights(choice, (cells::named(name).expect("it is there").source, &sized(name)), 7)
            .expect("they can be made");
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
        assert!(matches!(
            weights(&choice, ("", &sized("lstm")), 0),
            Err(Failure::Engine(error)) if error.to_string().contains("`U`")
        ));
    }
}
