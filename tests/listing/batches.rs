//! Training and stepping are one executor: a batch in a layer gives what stepping gives for every sequence alone, and
//! masked steps change nothing.

use crate::material::{Numbers, TIMESTEPS, all};
use ndarray::{Array3, ArrayD, Axis, s};
use serde_json::json;
use unrolled::listing::{CheckedListing, Listing, Pass, Plan, Recording, Sequence, Shapes, SizedListing};
use unrolled::model::{Mode, Sequential};

/// Enough rows for the engine's packed product.
const BATCH: usize = 5;
const FEATURES: usize = 6;
const UNITS: usize = 4;

/// Different orders of addition over the batch: a few roundings of sums of a few numbers of size 1.
const TOLERANCE: f32 = 1e-5;

fn near<'a>(what: &str, a: impl IntoIterator<Item = &'a f32>, b: impl IntoIterator<Item = &'a f32>) {
    let (a, b): (Vec<_>, Vec<_>) = (a.into_iter().collect(), b.into_iter().collect());
    assert_eq!(a.len(), b.len(), "{what}");
    for (k, (a, b)) in a.into_iter().zip(b).enumerate() {
        assert!((a - b).abs() <= TOLERANCE * a.abs().max(1.0), "{what}[{k}]: {a} and {b}");
    }
}

/// Every listing that works with these sizes.
fn listings() -> Vec<(String, Listing, Shapes)> {
    let sized = |listing: Listing| listing.shapes(FEATURES, UNITS).ok().map(|shapes| (listing, shapes));
    let found =
        all().into_iter().filter_map(|m| sized(m.listing).map(|(listing, shapes)| (m.name, listing, shapes)));
    found.collect()
}

/// One layer that is the listing, with these weights.
pub fn model(listing: &Listing, (features, units): (usize, usize), weights: &[ArrayD<f32>]) -> Sequential {
    let config = json!({ "name": "cell", "units": units, "source": listing.source(), "return_sequences": true,
        "batch_input_shape": [null, null, features] });
    let layers = json!([{ "class_name": "Listing", "config": config }]);
    let json = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": layers } });
    let mut model = Sequential::from_json(&json.to_string(), 1).unwrap();
    let numbers: Vec<f32> = weights.iter().flatten().copied().collect();
    model.parameters.values_mut().copy_from_slice(&numbers);
    model
}

/// Output and gradient of the input, `[timesteps, batch, …]`, and the gradients of the weights.
pub struct Run {
    output: Array3<f32>,
    dx: Array3<f32>,
    pub weights: Vec<Vec<f32>>,
}

pub fn run(model: &mut Sequential, x: &Array3<f32>, dy: &Array3<f32>, mask: &[bool]) -> Run {
    let (timesteps, batch, features) = x.dim();
    let input = model.input_mut();
    input.set_sequence(timesteps, batch, features);
    input.data.copy_from_slice(x.as_slice().unwrap());
    input.mask.extend(mask);
    model.forward(Mode::INFERENCE).unwrap();
    let output = Array3::from_shape_vec(dy.dim(), model.output().data.clone()).unwrap();
    model.output_gradient_mut().copy_from_slice(dy.as_slice().unwrap());
    let mut gradients = model.new_gradients();
    let dx = model.backward(Mode::INFERENCE, true, &mut gradients).unwrap().to_vec();
    let dx = Array3::from_shape_vec(x.dim(), dx).unwrap();
    Run {
        output,
        dx,
        weights: gradients.to_dense().into_iter().map(|(_, values)| values.into_iter().collect()).collect(),
    }
}

pub fn cube(numbers: &mut Numbers, shape: [usize; 3]) -> Array3<f32> {
    numbers.array(&shape, 1.0).into_dimensionality().unwrap()
}

/// How many numbers a layer gives out for each sample: the first state, row after row if it is a matrix.
fn width(shapes: &Shapes) -> usize {
    shapes.states().next().unwrap().shape.iter().product()
}

#[test]
fn a_layer_over_a_batch_gives_what_stepping_gives_for_every_sequence_alone() {
    for (name, listing, shapes) in listings() {
        let mut numbers = Numbers::new(99);
        let weights: Vec<ArrayD<f32>> = shapes.weights().map(|w| numbers.array(&w.shape, 0.5)).collect();
        let x = cube(&mut numbers, [TIMESTEPS, BATCH, FEATURES]);
        let dy = cube(&mut numbers, [TIMESTEPS, BATCH, width(&shapes)]);
        let together = run(&mut model(&listing, (FEATURES, UNITS), &weights), &x, &dy, &[]);
        let sized = SizedListing::new(&listing, &shapes).unwrap();
        let mut sums: Vec<ArrayD<f32>> = weights.iter().map(|w| ArrayD::zeros(w.raw_dim())).collect();
        for b in 0..BATCH {
            let own = |all: &Array3<f32>| all.index_axis(Axis(1), b).to_owned().into_dyn();
            let state = [&[TIMESTEPS], shapes.states().next().unwrap().shape.as_slice()].concat();
            let upstream = vec![Some(own(&dy).into_shape_with_order(state).unwrap())];
            let sequence = Sequence { x: own(&x), initial: vec![], weights: weights.clone(), upstream };
            let alone = Recording::new(&sized, sequence).unwrap();
            let after = alone.state(0);
            let after = after.slice_axis(Axis(0), (1..).into());
            near(&format!("{name} output"), together.output.index_axis(Axis(1), b), &after);
            near(&format!("{name} dx"), together.dx.index_axis(Axis(1), b), alone.input_gradient());
            sums.iter_mut().enumerate().for_each(|(k, sum)| *sum += &alone.weight_gradient(k));
        }
        for (k, sum) in sums.iter().enumerate() {
            near(&format!("{name} weight {k}"), &together.weights[k], sum);
        }
    }
}

#[test]
fn masked_timesteps_carry_the_state_over_and_its_gradient_back() {
    for (name, listing, shapes) in listings() {
        let mut numbers = Numbers::new(7);
        let weights: Vec<ArrayD<f32>> = shapes.weights().map(|w| numbers.array(&w.shape, 0.5)).collect();
        let mut model = model(&listing, (FEATURES, UNITS), &weights);
        let x = cube(&mut numbers, [TIMESTEPS, 1, FEATURES]);
        let dy = cube(&mut numbers, [TIMESTEPS, 1, width(&shapes)]);
        // Timestep 2 is left out by the mask, or not there at all: its upstream gradient then belongs to step 1.
        let mask: Vec<bool> = (0..TIMESTEPS).map(|t| t != 2).collect();
        let masked = run(&mut model, &x, &dy, &mask);
        let without = |all: &Array3<f32>| all.select(Axis(0), &[0, 1, 3, 4]);
        let mut upstream = without(&dy);
        upstream.slice_mut(s![1, .., ..]).scaled_add(1.0, &dy.slice(s![2, .., ..]));
        let shorter = run(&mut model, &without(&x), &upstream, &[]);
        let (before, during) = (masked.output.index_axis(Axis(0), 1), masked.output.index_axis(Axis(0), 2));
        assert_eq!(before, during, "{name}: the masked step changed the state");
        near(&format!("{name} output"), &without(&masked.output), &shorter.output);
        assert!(
            masked.dx.index_axis(Axis(0), 2).iter().all(|g| *g == 0.0),
            "{name}: a masked input has a gradient"
        );
        near(&format!("{name} x"), &without(&masked.dx), &shorter.dx);
        for (k, (a, b)) in masked.weights.iter().zip(&shorter.weights).enumerate() {
            near(&format!("{name} weight {k}"), a, b);
        }
    }
}

#[test]
fn the_adjoint_reads_the_forward_pass_instead_of_repeating_it() {
    let (_, listing, shapes) = listings().into_iter().find(|(name, ..)| name == "lstm").unwrap();
    let plan = Plan::new(&listing, &listing.differentiate_for(&shapes).unwrap(), &shapes).unwrap();
    let is_product = |v: &&unrolled::listing::Value| {
        matches!(v.instruction, unrolled::listing::Instruction::Product { .. })
    };
    // x @ W, h @ U, dz @ W.T, dz @ U.T
    assert_eq!(plan.values.iter().filter(is_product).count(), 4);
}

#[test]
fn a_checked_listing_needs_no_other_adjoint_once_its_sizes_are_known() {
    for (name, listing, shapes) in listings() {
        let checked = CheckedListing::new(listing.source()).unwrap();
        let sized = checked.sized(FEATURES, UNITS).unwrap();
        let plan = |sized: &SizedListing| format!("{:?}", sized.plan().values);
        assert_eq!(plan(&sized), plan(&SizedListing::new(&listing, &shapes).unwrap()), "{name}");
        assert!(std::ptr::eq(sized.adjoint(), checked.adjoint()), "{name}: the adjoint was made again");
    }
}

#[test]
fn arrays_of_a_wrong_shape_are_refused_by_name() {
    let material = all().into_iter().find(|m| m.name == "lstm").unwrap();
    let sized = SizedListing::new(&material.listing, &material.shapes).unwrap();
    let message = |change: &dyn Fn(&mut Sequence)| {
        let mut sequence = material.sequence.clone();
        change(&mut sequence);
        Recording::new(&sized, sequence).err().unwrap().to_string()
    };
    let zeros = |shape: &[usize]| ArrayD::zeros(shape);
    assert_eq!(
        message(&|sequence| sequence.weights[0] = zeros(&[16, 6])),
        "`W` must be [features, 4·units] = [6, 16], found [16, 6]"
    );
    assert!(
        message(&|sequence| sequence.x = zeros(&[2, 3]))
            .contains("`x` must be [timesteps, features] = [2, 6]")
    );
    assert!(message(&|sequence| sequence.x = zeros(&[0, 6])).contains("[timesteps, features] = [1, 6]"));
    assert!(message(&|sequence| sequence.upstream[1] = Some(zeros(&[4]))).contains("`upstream/c`"));
    assert!(message(&|sequence| drop(sequence.weights.pop())).contains("the list of weights"));
    let recording = material.record();
    assert_eq!(recording.values(Pass::Forward, 0).shape(), [TIMESTEPS, FEATURES]);
}
