//! The first weights of a listing: one answer for training and for stepping.
//!
//! Keras' defaults, where a weight's use shows which one is meant:
//! - a matrix that multiplies the input, or what follows from the input alone, is a `kernel`: `glorot_uniform`; so is
//!   one that multiplies the input and a state side by side;
//! - a matrix that multiplies something that depends on a state is a `recurrent_kernel`: `orthogonal`;
//! - a vector that multiplies element by element, as a peephole does, is `glorot_uniform`, as in
//!   `tf.keras.experimental.PeepholeLSTMCell`;
//! - a bias has `unit_forget_bias`, ones for the forget gate, where there is one: a gate called `f` (`f`, `z_f`, `f_1`)
//!   that multiplies a state from before, element by element. The name is needed, since Keras starts the update gate
//!   of a GRU, which multiplies a state too, at zero;
//! - everything else is zero.
//!
//! A comment says otherwise: `# init: U = identity`, or above the function `# U starts as identity`, with any
//! initializer of Keras by its name.

use serde_json::Value;

use crate::layers::initializer::Initializer;
use crate::listing::graph::{Graph, Node, NodeId, Op};
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::language::tree::Binary;
use crate::listing::parsed::Listing;
use crate::listing::shapes::Shapes;

/// The initializer of every weight, in the order of the listing's parameters.
///
/// # Errors
/// If a comment names an initializer that there is not.
pub fn initializers(listing: &Listing, shapes: &Shapes) -> Result<Vec<Initializer>, Vec<Diagnostic>> {
    let declared = declared(listing)?;
    let first = listing.graph().returns.len() + 1;
    let of = |(k, weight): (usize, &crate::listing::shapes::ParameterShape)| {
        let said = declared.iter().find(|(name, _)| *name == weight.name);
        said.map_or_else(
            || by_use(listing.graph(), first + k, &weight.shape),
            |(_, initializer)| *initializer,
        )
    };
    Ok(shapes.weights().enumerate().map(of).collect())
}

/// What the comments above the function say: `U starts as identity`.
pub(in crate::listing) fn declared(listing: &Listing) -> Result<Vec<(String, Initializer)>, Vec<Diagnostic>> {
    let weights = listing.weights();
    let mut found = listing.hints().initializers.clone();
    for comment in &listing.definition().above {
        let words: Vec<&str> = comment.trim_end_matches('.').split_whitespace().collect();
        let [name, "starts", "as", initializer] = words[..] else { continue };
        if !weights.contains(&name) {
            continue;
        }
        match Initializer::from_keras(&Value::String(initializer.to_owned()), name) {
            Ok(initializer) => found.push((name.to_owned(), initializer)),
            Err(error) => {
                return Err(vec![Diagnostic::new(
                    listing.definition().span,
                    format!("the comment above: {error}"),
                )]);
            }
        }
    }
    Ok(found)
}

/// Keras' default for what the weight `own` is used for.
fn by_use(graph: &Graph, own: NodeId, shape: &[usize]) -> Initializer {
    let parts = parts_of(graph, own);
    match shape {
        [_, _] => {
            let (partners, carry) = (partners(graph, &parts), carry_input(graph));
            match partners.iter().any(|partner| carry[*partner]) {
                _ if partners.is_empty() => Initializer::Zeros,
                true => Initializer::GlorotUniform,
                false => Initializer::Orthogonal { gain: 1.0 },
            }
        }
        [_] => match forget_gate(graph, own) {
            Some(open) => open,
            None if scales(graph, own) => Initializer::GlorotUniform,
            None => Initializer::Zeros,
        },
        _ => Initializer::Zeros,
    }
}

/// Whether a node is the weight itself, or a part of it.
fn parts_of(graph: &Graph, own: NodeId) -> Vec<bool> {
    let mut parts = vec![false; graph.nodes.len()];
    parts[own] = true;
    for (id, node) in graph.nodes.iter().enumerate() {
        if matches!(node.op, Op::Part { .. } | Op::Slice(_) | Op::Transpose) {
            parts[id] |= parts[node.inputs[0]];
        }
    }
    parts
}

/// What a weight is multiplied with in matrix products.
fn partners(graph: &Graph, parts: &[bool]) -> Vec<NodeId> {
    let products = graph.nodes.iter().filter(|node| matches!(node.op, Op::MatMul { .. }));
    let mut found = Vec::new();
    for node in products {
        match (parts[node.inputs[0]], parts[node.inputs[1]]) {
            (true, false) => found.push(node.inputs[1]),
            (false, true) => found.push(node.inputs[0]),
            _ => {}
        }
    }
    found
}

/// Which values follow from the input and no state, or have such a value side by side with others.
fn carry_input(graph: &Graph) -> Vec<bool> {
    let states = 1..=graph.returns.len();
    let on_state = graph.depends_on(|parameter| states.contains(&parameter));
    let mut carry = graph.depends_on(|parameter| parameter == 0);
    for (id, node) in graph.nodes.iter().enumerate() {
        carry[id] &= !on_state[id];
        if matches!(node.op, Op::Concatenate(_) | Op::Stack(_)) {
            carry[id] = node.inputs.iter().any(|input| carry[*input]);
        }
    }
    carry
}

/// Whether a weight multiplies something element by element; zero would switch it off.
fn scales(graph: &Graph, own: NodeId) -> bool {
    let multiply = |op: &Op| matches!(op, Op::Binary(Binary::Multiply));
    graph.nodes.iter().any(|node| multiply(&node.op) && node.inputs.contains(&own))
}

/// The initializer of a bias that the forget gate of a listing reads, alone or with other gates.
fn forget_gate(graph: &Graph, own: NodeId) -> Option<Initializer> {
    let products = graph.nodes.iter().filter(|node| matches!(node.op, Op::Binary(Binary::Multiply)));
    products.flat_map(|node| [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])]).find_map(
        |(gate, state)| {
            let before = match graph.nodes[gate].op {
                Op::Function(_) | Op::Clip(..) => graph.nodes[gate].inputs[0],
                _ => return None,
            };
            if !is_state(graph, state) {
                return None;
            }
            let is_f = |node: &NodeId| {
                let mut names = graph.assigned.iter().filter(|assigned| assigned.node == *node);
                names.any(|assigned| assigned.name.split('_').any(|part| part == "f"))
            };
            let terms = terms(graph, before);
            if terms[own] && (is_f(&gate) || is_f(&before)) {
                return Some(Initializer::Ones);
            }
            let part = |(id, node): (NodeId, &Node)| match node.op {
                Op::Part { index, count, .. }
                    if terms[id] && self::terms(graph, node.inputs[0])[own] && (is_f(&gate) || is_f(&id)) =>
                {
                    Some(Initializer::UnitForget { gate: index, gates: count })
                }
                _ => None,
            };
            graph.nodes.iter().enumerate().find_map(part)
        },
    )
}

/// Whether a node is a state as the step was given it, or a part of one.
fn is_state(graph: &Graph, node: NodeId) -> bool {
    match &graph.nodes[node].op {
        Op::Parameter(parameter) => (1..=graph.returns.len()).contains(parameter),
        Op::Part { .. } | Op::Slice(_) => is_state(graph, graph.nodes[node].inputs[0]),
        _ => false,
    }
}

/// Which nodes are terms of the sum `sum`; a node that is no sum is its own term.
fn terms(graph: &Graph, sum: NodeId) -> Vec<bool> {
    let mut terms = vec![false; graph.nodes.len()];
    terms[sum] = true;
    for (id, node) in graph.nodes.iter().enumerate().rev() {
        if terms[id] && matches!(node.op, Op::Binary(Binary::Add)) {
            node.inputs.iter().for_each(|term| terms[*term] = true);
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::cells;

    /// Name and initializer of every weight, for 6 features and 4 units.
    fn of(source: &str) -> Vec<(String, Initializer)> {
        let listing = Listing::parse(source).expect("it is right");
        let shapes = listing.shapes(6, 4).expect("sizes fit");
        let found = initializers(&listing, &shapes).expect("the comments are right");
        shapes.weights().map(|weight| weight.name.clone()).zip(found).collect()
    }

    fn cell(name: &str, weight: &str) -> Initializer {
        let all = of(cells::named(name).expect("it is there").source);
        all.into_iter().find(|(name, _)| name == weight).expect("it has the weight").1
    }

    const KERNEL: Initializer = Initializer::GlorotUniform;
    const RECURRENT: Initializer = Initializer::Orthogonal { gain: 1.0 };
    const FORGET: Initializer = Initializer::UnitForget { gate: 1, gates: 4 };

    #[test]
    fn weights_begin_as_in_keras() {
        for name in ["lstm", "peephole_lstm", "lstm_projection"] {
            let found = ["W", "U", "b"].map(|weight| cell(name, weight));
            assert_eq!(found, [KERNEL, RECURRENT, FORGET], "{name}");
        }
        for name in ["simple_rnn", "gru", "gru_reset_before", "ugrnn"] {
            let found = ["W", "U", "b"].map(|weight| cell(name, weight));
            assert_eq!(found, [KERNEL, RECURRENT, Initializer::Zeros], "{name}");
        }
        assert_eq!(cell("gru_tutorial_corrected", "U_h"), RECURRENT);
        assert_eq!(["b_1", "b_2"].map(|bias| cell("group_lstm", bias)), [FORGET; 2]);
        // The forget gate of a coupled LSTM is the first of three.
        assert_eq!(cell("coupled_lstm", "b"), Initializer::UnitForget { gate: 0, gates: 3 });
        assert_eq!(cell("peephole_lstm", "p_f"), KERNEL);
        // What comes from the layer below is an input.
        assert_eq!(["V", "W_d", "U_d"].map(|weight| cell("grid_lstm", weight)), [KERNEL, KERNEL, RECURRENT]);
    }

    #[test]
    fn a_forget_gate_with_a_bias_of_its_own_starts_open_and_one_that_keeps_no_state_does_not() {
        let source = |kept: &str| {
            format!(
                "def step(x, h, W, U, b_f):\n    g = np.tanh(x @ W)\n    f = sigmoid(x @ W + h @ U + b_f)\n    \
                 h = f * {kept} + (1 - f) * g\n    return h\n"
            )
        };
        assert_eq!(of(&source("h"))[2].1, Initializer::Ones);
        assert_eq!(of(&source("g"))[2].1, Initializer::Zeros);
    }

    #[test]
    fn a_kernel_of_input_and_state_side_by_side_is_drawn_as_a_kernel() {
        let source = "def step(x, h, W):\n    h = np.tanh(np.concatenate([x, h]) @ W)\n    return h\n";
        assert_eq!(of(source), [("W".to_owned(), KERNEL)]);
    }

    #[test]
    fn a_comment_chooses_an_initializer() {
        assert_eq!(cell("irnn", "U"), Initializer::Identity { gain: 1.0 });
        let source = |name: &str| {
            format!(
                "# b starts as {name}.\ndef step(x, h, W, b):\n    h = np.tanh(x @ W + h + b)\n    return h\n"
            )
        };
        assert_eq!(of(&source("ones"))[1].1, Initializer::Ones);
        let wrong = Listing::parse(&source("tee")).expect("it is right");
        let shapes = wrong.shapes(4, 4).expect("sizes fit");
        let mistakes = initializers(&wrong, &shapes).expect_err("there is no such initializer");
        assert!(mistakes[0].message.contains("tee"), "{mistakes:?}");
    }
}
