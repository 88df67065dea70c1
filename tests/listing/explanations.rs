//! "Explain this number": terms add up, and the trail leads back to the input.

use crate::material::{Material, TIMESTEPS, all};
use ndarray::{Axis, Slice};
use unrolled::listing::{Origin, Pass, Recording, ValueAddress, cells};

fn lstm() -> (Material, Recording) {
    let material = all().into_iter().find(|m| m.name == "lstm").unwrap();
    let recording = material.record();
    (material, recording)
}

fn address(pass: Pass, timestep: usize, line: usize, name: &str, index: usize) -> ValueAddress {
    ValueAddress { pass, timestep, line, name: name.into(), index }
}

/// The line of the LSTM's listing that begins like this.
fn line(beginning: &str) -> usize {
    let source = cells::named("lstm").unwrap().source;
    1 + source.lines().position(|line| line.trim_start().starts_with(beginning)).unwrap()
}

#[test]
fn a_gate_is_explained_by_what_is_squashed() {
    let (_, recording) = lstm();
    let gate = recording.explain(&address(Pass::Forward, 2, line("f ="), "f", 1)).unwrap();
    assert_eq!(gate.text, "f = sigmoid(z_f)  # how much to keep");
    assert_eq!(gate.formula, "f[1] = sigmoid(z_f[1])");
    assert_eq!(gate.shape, [4]);
    assert_eq!(gate.sum_label, "z_f[1]");
    assert!(gate.filled.starts_with("sigmoid("), "{}", gate.filled);
    let operand = &gate.operands[0];
    assert_eq!(
        operand.origin,
        Origin::Line { address: address(Pass::Forward, 2, line("z_i, z_f"), "z_f", 1) }
    );
    assert_eq!(operand.value, gate.sum);
}

#[test]
fn the_terms_of_a_product_are_its_products_the_largest_first() {
    let (material, recording) = lstm();
    let z = recording.explain(&address(Pass::Forward, 2, line("z_i, z_f"), "z_f", 1)).unwrap();
    assert_eq!(z.formula, "z_f[1] = x @ W_f[:, 1] + h_before @ U_f[:, 1] + b_f[1]");
    // 6 features, 4 units, 1 bias
    assert_eq!(z.terms.len(), 11);
    assert!(z.terms.windows(2).all(|pair| pair[0].value.abs() >= pair[1].value.abs()));
    let sum: f32 = z.terms.iter().map(|t| t.value).sum();
    assert!((sum - z.value).abs() < 1e-5, "{sum} {}", z.value);
    let from_x = z.terms.iter().find(|t| t.label == "x[3] * W_f[3, 1]").unwrap();
    assert_eq!(from_x.factors[0].value, material.sequence.x[[2, 3]]);
    assert_eq!(from_x.factors[0].origin, Origin::Input { timestep: 2 });
    assert_eq!(from_x.factors[1].value, material.sequence.weights[0][[3, 5]]);
    assert_eq!(from_x.factors[1].origin, Origin::Weight);
    let bias = z.terms.iter().find(|t| t.label == "b_f[1]").unwrap();
    assert_eq!(bias.value, material.sequence.weights[2][[5]]);
}

#[test]
fn a_state_leads_to_the_step_before_and_at_last_to_the_initial_state() {
    let (_, recording) = lstm();
    let z = recording.explain(&address(Pass::Forward, 1, line("z_i, z_f"), "z_f", 0)).unwrap();
    let from_h = z.terms.iter().find(|t| t.label == "h_before[2] * U_f[2, 0]").unwrap();
    let before = address(Pass::Forward, 0, line("h ="), "h", 2);
    assert_eq!(from_h.factors[0].origin, Origin::Line { address: before.clone() });
    let h = recording.explain(&before).unwrap();
    assert_eq!(h.formula, "h[2] = o[2] * np.tanh(c[2])");
    assert_eq!(h.value, from_h.factors[0].value);
    let first = recording.explain(&address(Pass::Forward, 0, line("c ="), "c", 3)).unwrap();
    assert_eq!(first.formula, "c[3] = f[3] * c_before[3] + i[3] * g[3]");
    let c = first.operands.iter().find(|o| o.label == "c_before[3]").unwrap();
    assert_eq!(c.origin, Origin::Initial);
}

#[test]
fn a_gradient_leads_to_the_next_step_and_to_the_loss() {
    let (material, recording) = lstm();
    let adjoint = recording.adjoint();
    let back = |text: &str| adjoint.source().lines().position(|l| l.contains(text)).unwrap() + 1;
    let d_o = recording.explain(&address(Pass::Backward, 1, back("d_o ="), "d_o", 2)).unwrap();
    assert_eq!(d_o.formula, "d_o[2] = d_h[2] * np.tanh(c[2])");
    let Origin::Arriving { from_loss, from_next: Some((value, next)) } = &d_o.operands[0].origin else {
        panic!("{:?}", d_o.operands[0]);
    };
    assert_eq!(*from_loss, material.sequence.upstream[0].as_ref().unwrap()[[1, 2]]);
    assert!((from_loss + value - d_o.operands[0].value).abs() < 1e-6);
    assert_eq!((next.timestep, next.name.as_str(), next.index), (2, "d_h", 2));
    let returned = recording.explain(next).unwrap();
    assert_eq!(returned.value, *value);
    assert_eq!(returned.formula, "d_h[2] = dz @ U.T[:, 2]");
    assert_eq!(returned.terms.len(), 16);
    let sum: f32 = returned.terms.iter().map(|t| t.value).sum();
    assert!((sum - value).abs() < 1e-5);
}

#[test]
fn a_weights_gradient_is_its_sum_over_time() {
    let (_, recording) = lstm();
    let parts = recording.over_time("U", 3 * 16 + 7).unwrap();
    assert_eq!(parts.len(), TIMESTEPS);
    let total = recording.weight_gradient(1)[[3, 7]];
    assert!((parts.iter().sum::<f32>() - total).abs() < 1e-5);
    assert!(parts.iter().any(|p| *p != parts[0]));
    assert_eq!(recording.over_time("x", 0), None);
}

#[test]
fn every_number_of_every_listing_can_be_explained_and_its_terms_add_up() {
    for material in all() {
        let recording = material.record();
        for pass in [Pass::Forward, Pass::Backward] {
            for a in recording.assigned(pass).to_vec() {
                let count = recording.value(pass, 3, a.node).len();
                for index in [0, count / 2, count - 1] {
                    let address = address(pass, 3, a.line, &a.name, index);
                    let explained = recording
                        .explain(&address)
                        .unwrap_or_else(|| panic!("{} {address:?}", material.name));
                    if explained.origin.is_some() {
                        // Another name for a parameter: it has no sum, but an address it comes from.
                        assert!(explained.terms.is_empty());
                        continue;
                    }
                    let sum: f32 = explained.terms.iter().map(|t| t.value).sum();
                    let scale = explained.terms.iter().fold(1.0f32, |m, t| m.max(t.value.abs()));
                    assert!((sum - explained.sum).abs() <= 1e-4 * scale, "{} {explained:#?}", material.name);
                }
            }
        }
    }
}

#[test]
fn addresses_that_do_not_exist_are_not_explained() {
    let (_, recording) = lstm();
    assert!(recording.explain(&address(Pass::Forward, TIMESTEPS, line("z_i, z_f"), "z_f", 0)).is_none());
    assert!(recording.explain(&address(Pass::Forward, 0, line("z_i, z_f"), "z_f", 4)).is_none());
    assert!(recording.explain(&address(Pass::Forward, 0, line("z_i, z_f"), "nobody", 0)).is_none());
    assert!(recording.explain(&address(Pass::Forward, 0, 1, "f", 0)).is_none());
}

#[test]
fn a_changed_number_changes_what_comes_after_it_and_nothing_before() {
    let (_, original) = lstm();
    let mut changed = original.clone();
    changed.change("x", 2, 1, 5.0).unwrap();
    changed.rerun().unwrap();
    let before = Slice::from(..3);
    assert_eq!(original.state(0).slice_axis(Axis(0), before), changed.state(0).slice_axis(Axis(0), before));
    assert_ne!(original.state(0).index_axis(Axis(0), 3), changed.state(0).index_axis(Axis(0), 3));
    changed.change("x", 2, 1, original.sequence().x[[2, 1]]).unwrap();
    changed.rerun().unwrap();
    assert_eq!(original.state(0), changed.state(0));
    assert_eq!(original.weight_gradient(0), changed.weight_gradient(0));
    assert!(changed.change("W", 0, 9999, 0.0).is_err());
    assert!(changed.change("x", TIMESTEPS, 0, 0.0).is_err());
    assert!(changed.change("y", 0, 0, 0.0).is_err());
}

#[test]
fn a_call_of_silu_is_said_by_its_name_and_a_length_is_a_whole_number() {
    let said = |cell: &str, name: &str| {
        let material = all().into_iter().find(|m| m.name == cell).unwrap();
        let recording = material.record();
        let source = cells::named(cell).unwrap().source;
        let beginning = format!("{name} = ");
        let line = 1 + source.lines().position(|line| line.trim_start().starts_with(&beginning)).unwrap();
        let place = address(Pass::Forward, 1, line, name, 1);
        recording.in_words(&place).unwrap()
    };
    assert_eq!(said("deltanet", "q"), "SiLU of the weighted sum of x");
    assert_eq!(said("mlstm", "k"), "(x·W_k[:, 1]) / 3 ** 0.5");
}
