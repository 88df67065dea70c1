//! A plan on a batch gives what the same listing gives for every sequence alone; masked steps change nothing.

use crate::material::{Material, Numbers, TIMESTEPS, all};
use unrolled::listing::{Inputs, Plan, Tape};

/// Enough rows for the engine's packed product.
const BATCH: usize = 5;

/// Different orders of addition over the batch: a few roundings of sums of a few numbers of size 1.
const TOLERANCE: f32 = 1e-5;

fn near(what: &str, a: &[f32], b: &[f32]) {
    assert_eq!(a.len(), b.len(), "{what}");
    for (k, (a, b)) in a.iter().zip(b).enumerate() {
        assert!((a - b).abs() <= TOLERANCE * a.abs().max(1.0), "{what}[{k}]: {a} and {b}");
    }
}

struct Run {
    plan: Plan,
    tape: Tape,
}

/// `x`, `initial` and `upstream` for so many samples, run forwards and backwards.
fn run(material: &Material, batch: usize, arrays: (&[f32], &[Vec<f32>], &[Vec<f32>]), mask: &[u8]) -> Run {
    let adjoint = material.listing.differentiate_for(&material.shapes).unwrap();
    let plan = Plan::new(&material.listing, &adjoint, &material.shapes).unwrap();
    let timesteps = arrays.0.len() / batch / material.shapes.parameters[0].shape[0];
    let mut tape = Tape::new(&plan, timesteps, batch);
    let slices = |all: &[Vec<f32>]| all.iter().map(|a| a.to_vec()).collect::<Vec<_>>();
    let (initial, weights, upstream) =
        (slices(arrays.1), slices(&material.sequence.weights), slices(arrays.2));
    let initial: Vec<&[f32]> = initial.iter().map(Vec::as_slice).collect();
    let weights: Vec<&[f32]> = weights.iter().map(Vec::as_slice).collect();
    let upstream: Vec<&[f32]> = upstream.iter().map(Vec::as_slice).collect();
    tape.forward(&plan, &Inputs { x: arrays.0, initial: &initial, weights: &weights, mask }).unwrap();
    tape.backward(&plan, &upstream).unwrap();
    Run { plan, tape }
}

/// Sample `sample` of `[timesteps, batch, width]`.
fn sample(all: &[f32], width: usize, batch: usize, sample: usize) -> Vec<f32> {
    all.chunks_exact(width).skip(sample).step_by(batch).flatten().copied().collect()
}

#[test]
fn a_batch_is_its_sequences_side_by_side() {
    for material in all() {
        let mut numbers = Numbers::new(99);
        let size = |shape: &[usize]| shape.iter().product::<usize>();
        let features = size(&material.shapes.parameters[0].shape);
        let x = numbers.array(TIMESTEPS * BATCH * features, 1.0);
        let widths: Vec<usize> = material.shapes.states().map(|s| size(&s.shape)).collect();
        let initial: Vec<Vec<f32>> = widths.iter().map(|w| numbers.array(BATCH * w, 0.5)).collect();
        let upstream: Vec<Vec<f32>> =
            widths.iter().map(|w| numbers.array(TIMESTEPS * BATCH * w, 1.0)).collect();
        let together = run(&material, BATCH, (&x, &initial, &upstream), &[]);
        let weights = material.shapes.weights().count();
        let mut sums: Vec<Vec<f32>> = material.shapes.weights().map(|w| vec![0.0; size(&w.shape)]).collect();
        for b in 0..BATCH {
            let own = |all: &[Vec<f32>]| -> Vec<Vec<f32>> {
                all.iter().zip(&widths).map(|(a, w)| sample(a, *w, BATCH, b)).collect()
            };
            let alone =
                run(&material, 1, (&sample(&x, features, BATCH, b), &own(&initial), &own(&upstream)), &[]);
            let name = &material.name;
            for (k, width) in widths.iter().enumerate() {
                near(
                    &format!("{name} state {k}"),
                    &sample(together.tape.state(k), *width, BATCH, b),
                    alone.tape.state(k),
                );
                let initial = sample(together.tape.initial_gradient(k), *width, BATCH, b);
                near(&format!("{name} initial {k}"), &initial, alone.tape.initial_gradient(k));
            }
            let gradient = together.tape.input_gradient(&together.plan);
            near(
                &format!("{name} x"),
                &sample(&gradient, features, BATCH, b),
                &alone.tape.input_gradient(&alone.plan),
            );
            for (k, sum) in sums.iter_mut().enumerate() {
                for (s, g) in sum.iter_mut().zip(alone.tape.weight_gradient(&alone.plan, k)) {
                    *s += g;
                }
            }
        }
        for k in 0..weights {
            near(
                &format!("{} weight {k}", material.name),
                &sums[k],
                together.tape.weight_gradient(&together.plan, k),
            );
        }
    }
}

#[test]
fn masked_timesteps_carry_the_state_over_and_its_gradient_back() {
    for material in all() {
        let widths: Vec<usize> = material.shapes.states().map(|s| s.shape.iter().product()).collect();
        let features: usize = material.shapes.parameters[0].shape.iter().product();
        let sequence = &material.sequence;
        // Timestep 2 is left out by the mask, or not there at all: its upstream gradient then belongs to step 1.
        let mut mask = vec![1u8; TIMESTEPS];
        mask[2] = 0;
        let masked = run(&material, 1, (&sequence.x, &sequence.initial, &sequence.upstream), &mask);
        let without = |all: &[f32], width: usize| [&all[..2 * width], &all[3 * width..]].concat();
        let x = without(&sequence.x, features);
        let upstream: Vec<Vec<f32>> = (sequence.upstream.iter().zip(&widths))
            .map(|(u, w)| {
                let mut rest = without(u, *w);
                (0..*w).for_each(|k| rest[w + k] += u[2 * w + k]);
                rest
            })
            .collect();
        let shorter = run(&material, 1, (&x, &sequence.initial, &upstream), &[]);
        let name = &material.name;
        for (k, w) in widths.iter().enumerate() {
            let (a, b) = (masked.tape.state(k), shorter.tape.state(k));
            assert_eq!(a[2 * w..3 * w], a[3 * w..4 * w], "{name}: the masked step changed the state");
            near(&format!("{name} final {k}"), &a[TIMESTEPS * w..], &b[(TIMESTEPS - 1) * w..]);
            near(
                &format!("{name} initial {k}"),
                masked.tape.initial_gradient(k),
                shorter.tape.initial_gradient(k),
            );
        }
        let gradient = masked.tape.input_gradient(&masked.plan);
        assert!(
            gradient[2 * features..3 * features].iter().all(|g| *g == 0.0),
            "{name}: a masked input has a gradient"
        );
        near(
            &format!("{name} x"),
            &without(&gradient, features),
            &shorter.tape.input_gradient(&shorter.plan),
        );
        for k in 0..material.shapes.weights().count() {
            let (a, b) = (
                masked.tape.weight_gradient(&masked.plan, k),
                shorter.tape.weight_gradient(&shorter.plan, k),
            );
            near(&format!("{name} weight {k}"), a, b);
        }
    }
}

#[test]
fn the_adjoint_reads_the_forward_pass_instead_of_repeating_it() {
    let lstm = all().into_iter().find(|m| m.name == "lstm").unwrap();
    let run = run(&lstm, 1, (&lstm.sequence.x, &lstm.sequence.initial, &lstm.sequence.upstream), &[]);
    let products = run
        .plan
        .values
        .iter()
        .filter(|v| matches!(v.instruction, unrolled::listing::Instruction::Product { .. }));
    // x @ W, h @ U, dz @ W.T, dz @ U.T
    assert_eq!(products.count(), 4);
}

#[test]
fn arrays_of_a_wrong_size_are_refused_by_name() {
    let lstm = all().into_iter().find(|m| m.name == "lstm").unwrap();
    let adjoint = lstm.listing.differentiate().unwrap();
    let plan = Plan::new(&lstm.listing, &adjoint, &lstm.shapes).unwrap();
    let mut tape = Tape::new(&plan, 2, 1);
    let weights: Vec<&[f32]> = lstm.sequence.weights.iter().map(Vec::as_slice).collect();
    let short = Inputs { x: &[0.0; 3], weights: &weights, ..Inputs::default() };
    assert_eq!(tape.forward(&plan, &short).unwrap_err().to_string(), "`x (6,)` must be [12], found [3]");
    let few = Inputs { x: &[0.0; 12], weights: &weights[..2], ..Inputs::default() };
    assert!(tape.forward(&plan, &few).unwrap_err().to_string().contains("must be [3], found [2]"));
}
