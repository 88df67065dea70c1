//! The step that is taken out of a script is the script's: run over the same input from the same states with the same
//! weights it gives the states that the script has, and its gradients agree with differences.

use ndarray::{ArrayD, Axis, IxDyn};
use unrolled::listing::{Listing, Recording, Sequence, SizedListing};
use unrolled::script::{Array, Given, Run, Step};
use unrolled::session::stepping::{Choice, InputChoice, Part, Stepping, WeightChoice};

use crate::against_python::{run, scripts};

/// Scripts whose loop is no step, with a word of the reason.
const NO_STEP: [(&str, &str); 0] = [];

fn float(array: &Array) -> ArrayD<f32> {
    let numbers = array.numbers().into_iter().map(|value| value as f32).collect();
    ArrayD::from_shape_vec(IxDyn(array.shape()), numbers).unwrap()
}

/// The states of the listing after every timestep.
fn recorded(step: &Step) -> Recording {
    let listing = Listing::parse(&step.text).unwrap();
    let mut given: Vec<(&str, &[usize])> = vec![(&step.input.name, &step.input.array.shape()[1..])];
    given.extend(step.states.iter().chain(&step.weights).map(|g| (g.name.as_str(), g.array.shape())));
    let shapes = listing.shapes_given(&given).unwrap();
    let sized = SizedListing::new(&listing, &shapes).unwrap();
    let initial = step.states.iter().map(|given| Some(float(&given.array))).collect();
    let weights = step.weights.iter().map(|given| float(&given.array)).collect();
    Recording::new(&sized, Sequence { x: float(&step.input.array), initial, weights, upstream: vec![] })
        .unwrap()
}

/// What the script has for a state after every timestep: under its name, or in what keeps it. An array with one row
/// more has the first state before or behind the others.
fn in_script(run: &Run, state: &Given, timesteps: usize) -> Vec<ArrayD<f32>> {
    let base = state.from.split('[').next().unwrap();
    let arrays = run.arrays();
    let Some((_, array)) = arrays.iter().find(|(name, _)| *name == state.name || name == base) else {
        return vec![];
    };
    let array = float(array);
    let from = |row: usize| array.slice_axis(Axis(0), (row..row + timesteps).into()).to_owned();
    (0..(array.shape()[0] + 1).saturating_sub(timesteps).min(2)).map(from).collect()
}

#[test]
fn the_step_of_a_script_gives_its_states() {
    let mut compared = 0;
    for (name, source) in scripts() {
        let run = run(&name, &source);
        let step = match (run.step(), NO_STEP.iter().find(|(known, _)| *known == name)) {
            (Ok(step), None) => step,
            (Err(why), Some((_, reason))) => {
                assert!(why.message.contains(reason), "{name}: {}", why.render(&source));
                continue;
            }
            (Ok(step), Some(_)) => panic!("{name} has a step now:\n{}", step.text),
            (Err(why), None) => panic!("{name}: {}", why.render(&source)),
        };
        let listing = Listing::parse(&step.text).unwrap();
        listing.symbolic_shapes().unwrap();
        let recording = recorded(step);
        assert_eq!(recording.timesteps(), step.timesteps, "{name}");
        for (k, state) in step.states.iter().enumerate() {
            // Its loop runs again with other weights, and the dictionary holds the last run.
            let runs_again = name == "trained_through_time";
            let mut wanted = in_script(&run, state, step.timesteps);
            // The loop itself makes the next number of a timestep, the step makes it at its end.
            if step.text.contains(&format!("    {0} = {0} + 1\n", state.name)) {
                wanted.iter_mut().for_each(|all| all.map_inplace(|number| *number += 1.0));
            }
            if wanted.is_empty() || runs_again {
                continue;
            }
            let got = recording.state(k);
            let got = got.slice_axis(Axis(0), (1..).into());
            let worst = |want: &ArrayD<f32>| {
                assert_eq!(got.shape(), want.shape(), "{name}: {}", state.name);
                got.iter().zip(want).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
            };
            let worst = wanted.iter().map(worst).fold(f32::INFINITY, f32::min);
            assert!(worst < 1e-5, "{name}: {} differs by {worst}", state.name);
            compared += 1;
        }
    }
    assert!(compared >= 15, "{compared} states were compared");
}

/// Scripts whose step is not stepped through as a cell, with a word of the reason.
const NO_CELL: [(&str, &str); 0] = [];

/// The step as the page steps through it: the input as numbers a line, everything in the script's own shapes.
fn stepping(step: &Step) -> Result<Stepping, String> {
    let width: usize = step.input.array.shape()[1..].iter().product();
    let numbers = float(&step.input.array).into_raw_vec_and_offset().0;
    let rows =
        numbers.chunks(width.max(1)).map(|row| row.iter().map(f32::to_string).collect::<Vec<_>>().join(" "));
    let named = |all: &[Given]| -> Vec<(String, Vec<f32>)> {
        all.iter()
            .map(|given| (given.name.clone(), float(&given.array).into_raw_vec_and_offset().0))
            .collect()
    };
    let mut shapes = vec![(step.input.name.clone(), step.input.array.shape()[1..].to_vec())];
    shapes
        .extend(step.states.iter().chain(&step.weights).map(|g| (g.name.clone(), g.array.shape().to_vec())));
    let choice = Choice {
        source: step.text.clone(),
        units: 4,
        sizes: vec![],
        shapes,
        seed: 1,
        input: InputChoice::Numbers { text: rows.collect::<Vec<_>>().join("\n") },
        weights: WeightChoice::Trained {
            weights: named(&step.weights),
            output: None,
            initial: named(&step.states),
        },
        target: 0.0,
        classes: vec![],
    };
    Stepping::new(choice).map_err(|failure| format!("{failure:?}"))
}

#[test]
fn the_step_of_a_script_is_stepped_through_with_the_numbers_of_the_script() {
    let (mut columns, mut wrong) = (0, Vec::new());
    for (name, source) in scripts() {
        let run = run(&name, &source);
        let Ok(step) = run.step() else { continue };
        // A sequence is longer, and has 200 timesteps at most.
        if !(2..=200).contains(&step.timesteps) {
            continue;
        }
        let session = match (stepping(step), NO_CELL.iter().find(|(known, _)| *known == name)) {
            (Ok(session), None) => session,
            (Err(why), Some((_, reason))) if why.contains(reason) => continue,
            (found, _) => {
                wrong.push(format!("{name}: {}", found.err().unwrap_or_default()));
                continue;
            }
        };
        let (own, wanted) = (session.recording(Part::Cell), recorded(step));
        for k in 0..step.states.len() {
            assert_eq!(own.state(k), wanted.state(k), "{name}: {}", step.states[k].name);
        }
        columns += usize::from(step.states[0].array.shape().len() == 2);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(columns >= 6, "{columns} have states with two axes");
}
