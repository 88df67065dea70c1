//! Whether an adjoint is right: its gradients against differences of losses, on small numbers of its own.

use super::choice::{Choice, InputChoice, WeightChoice};
use super::failure::Failure;
use super::session::Stepping;
use super::walk::Part;
use crate::listing::{
    Binary, CheckedListing, Function, Op, ParameterShape, Pass, Recording, Reduction, Shapes, significant,
};
use serde::Serialize;

/// What a gradient check found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Check {
    /// How many weights were moved.
    pub numbers: usize,
    /// How many more would have been, had no comparison, maximum or the like changed its side on the way: the loss has
    /// a kink or a jump there.
    pub kinks: usize,
    /// The largest difference, as a share of the largest gradient.
    pub worst: f32,
    /// The weight whose gradient differs most: `U[2, 5]`.
    pub place: String,
    /// Its gradient by the adjoint.
    pub exact: f32,
    /// The slope of the loss that moving it gave.
    pub slope: f32,
    /// Slope and gradient as they are printed: with the first digits in which they differ, alike where they agree to
    /// [`AGREED`] digits.
    pub printed: [String; 2],
    /// Whether that is within what f32 allows.
    pub passed: bool,
    /// The first value of the listing that is no finite number: then nothing can be compared.
    pub overflow: Option<Overflow>,
}

/// A value that is infinite or not a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Overflow {
    /// The line of the listing that makes it.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// At which timestep, from 0.
    pub timestep: usize,
}

/// More digits than this single precision does not hold for certain.
pub const AGREED: i32 = 6;

/// How far a weight is moved. Of the five-point formula this leaves an error of `STEP`⁴, 1.6e-7, and a rounding
/// error of about 1e-7 / `STEP`.
const STEP: f32 = 0.02;

/// Rounding of a loss near 1 divided by [`STEP`], with room for losses of some more operations; a wrong adjoint is
/// off by a tenth and more.
const TOLERANCE: f32 = 2e-3;

/// A weight is moved again by this share of [`STEP`] where the loss bends too much for a whole one, as it does behind
/// many products.
const NEARER: f32 = 0.1;

/// Rounding of a loss near 1 in the five-point formula: what no gradient can be told from.
const ROUNDING: f32 = 5e-6;

/// Weights moved at most.
const MOST: usize = 48;

/// Weights moved, times operations of the listing: keeps the check of the longest one below 30 ms in a browser.
const MOST_WORK: usize = 1_600;

/// Numbers computed while weights are moved, products counted: about 20 ms.
const MOST_NUMBERS: usize = 20_000_000;

/// Checks the adjoint of a listing on four timesteps with a few units.
///
/// # Errors
/// If it works with none of the sizes that are tried.
pub fn check(checked: &CheckedListing, units: usize) -> Result<Check, Failure> {
    let listing = checked.listing();
    let sizes = [(4, 6), (4, 4), (units, units), (1, 1)];
    let fitting = sizes.iter().find(|(features, units)| listing.shapes(*features, *units).is_ok());
    let (features, units) = *fitting.unwrap_or(&sizes[0]);
    let choice = Choice {
        shapes: vec![],
        source: listing.source().to_string(),
        units,
        sizes: vec![],
        seed: 5,
        input: InputChoice::Sentence { text: "a b c d".into(), features },
        weights: WeightChoice::Random,
        target: 1.0,
        classes: vec![],
    };
    let mut session = Stepping::of(checked, choice)?;
    let names: Vec<String> =
        session.recording(Part::Cell).listing().weights().iter().map(|n| n.to_string()).collect();
    let cell = session.recording(Part::Cell);
    let first = listing.states().len() + 1;
    let gradient = |k: usize| match listing.is_fixed(first + k) {
        true => vec![],
        false => cell.weight_gradient(k).iter().copied().collect(),
    };
    let gradients: Vec<Vec<f32>> = (0..names.len()).map(gradient).collect();
    let largest = gradients.iter().flatten().fold(0.0f32, |most, g| most.max(g.abs()));
    let total: usize = gradients.iter().map(Vec::len).sum();
    let count = (MOST_WORK / listing.graph().nodes.len().max(1)).clamp(1, MOST);
    // Each weight is moved to four places, twice where the loss bends.
    let work = checked.sized(features, units)?.work().0.max(1);
    let count = count.min(MOST_NUMBERS / (8 * session.recording(Part::Cell).timesteps() * work)).max(1);
    let stride = total.div_ceil(count).max(1);
    let places =
        gradients.iter().enumerate().flat_map(|(k, all)| (0..all.len()).map(move |index| (k, index)));
    let (mut numbers, mut kinks) = (0, 0);
    let root = has_root_of_zero(session.recording(Part::Cell));
    // Where the two differ most: by how much, of which weight which number, the gradient and the slope.
    let mut most = (-1.0f32, (0, 0), 0.0, 0.0);
    for (k, index) in places.skip(stride - 1).step_by(stride) {
        let exact = gradients[k][index];
        let (mut slope, mut smooth) = slope(&mut session, (&names[k], index), STEP)?;
        let mut difference = distance(slope, exact);
        if !smooth || difference > TOLERANCE * largest + ROUNDING {
            let (nearer, smooth_near) = self::slope(&mut session, (&names[k], index), NEARER * STEP)?;
            if (smooth_near && !smooth) || distance(nearer, exact) < difference {
                (slope, difference, smooth) = (nearer, distance(nearer, exact), smooth_near);
            }
        }
        if !smooth || (root && exact.is_nan()) {
            kinks += 1;
            continue;
        }
        if difference > most.0 {
            most = (difference, (k, index), exact, slope);
        }
        numbers += 1;
    }
    let (difference, (k, index), exact, slope) = most;
    let worst = if largest > 0.0 { difference / largest } else { difference }.max(0.0);
    let place = written(session.recording(Part::Cell).shapes(), k, index);
    let passed = difference <= TOLERANCE * largest + ROUNDING;
    let overflow = first_overflow(session.recording(Part::Cell));
    let printed = printed_apart(slope, exact);
    let exact = if numbers == 0 { 0.0 } else { exact };
    Ok(Check { numbers, kinks, worst, place, exact, slope, printed, passed, overflow })
}

/// Two numbers with so many digits that one sees the difference.
fn printed_apart(one: f32, other: f32) -> [String; 2] {
    let printed = |digits| [one, other].map(|value| significant(value, digits));
    let apart = (3..=AGREED).map(printed).find(|[one, other]| one != other);
    apart.unwrap_or_else(|| printed(AGREED))
}

/// The first value that is no finite number, in the order in which the listing is run.
fn first_overflow(cell: &Recording) -> Option<Overflow> {
    let (graph, lines) = (cell.listing().graph(), &cell.listing().definition().body);
    let places = (0..cell.timesteps()).flat_map(|t| graph.assigned.iter().map(move |made| (t, made)));
    places.into_iter().find_map(|(timestep, made)| {
        let line = lines.get(made.statement)?.span.line;
        let values = cell.named(Pass::Forward, timestep, line, &made.name)?;
        let finite = values.iter().all(|value| value.is_finite());
        (!finite).then(|| Overflow { line, name: made.name.clone(), timestep })
    })
}

/// How far two numbers are apart; no number is far from everything.
fn distance(one: f32, other: f32) -> f32 {
    let difference = (one - other).abs();
    if difference.is_nan() { f32::INFINITY } else { difference }
}

/// Number `index` of weight `k`, as it is written in a listing: `U[2, 5]`.
fn written(shapes: &Shapes, k: usize, index: usize) -> String {
    match shapes.weights().nth(k) {
        Some(ParameterShape { name, shape, .. }) => match shape.as_slice() {
            [] => name.clone(),
            [_, columns] => format!("{name}[{}, {}]", index / columns, index % columns),
            _ => format!("{name}[{index}]"),
        },
        None => String::new(),
    }
}

/// The slope of the loss by the five-point formula, and whether every value stays on its side on the way.
fn slope(session: &mut Stepping, (name, index): (&str, usize), step: f32) -> Result<(f32, bool), Failure> {
    let here = session.current(Part::Cell, name, 0, index)?;
    let (mut losses, mut smooth, mut first) = ([0.0; 4], true, None);
    for (k, times) in [1.0, -1.0, 2.0, -2.0].into_iter().enumerate() {
        losses[k] = session.loss_with(name, index, here + times * step)?;
        let sides = sides(session.recording(Part::Cell));
        smooth &= first.get_or_insert_with(|| sides.clone()) == &sides;
    }
    session.loss_with(name, index, here)?;
    let [near, before, far, far_before] = losses;
    Ok(((8.0 * (near - before) - (far - far_before)) / (12.0 * step), smooth))
}

/// On which side every value is that is made in pieces: of a comparison, of two values the larger one, and so on.
fn sides(cell: &Recording) -> Vec<bool> {
    let graph = cell.listing().graph();
    let numbers = |t: usize, node: usize| cell.value(Pass::Forward, t, node);
    let mut sides = Vec::new();
    for (id, node) in graph.nodes.iter().enumerate() {
        let pieces = match node.op {
            Op::Binary(operation) => operation.compares(),
            Op::Function(function) => is_in_pieces(function),
            Op::Reduce { by, .. } => by != Reduction::Product,
            Op::Clip(..) => true,
            _ => false,
        };
        for t in (0..cell.timesteps()).filter(|_| pieces) {
            let (made, from) = (numbers(t, id), numbers(t, node.inputs[0]));
            match node.op {
                Op::Function(Function::Floor | Function::Rint) => sides.extend(made.iter().flat_map(bits)),
                Op::Function(Function::HardSigmoid) => {
                    sides.extend(made.iter().flat_map(|made| [*made <= 0.0, *made >= 1.0]));
                }
                Op::Reduce { .. } => {
                    sides.extend(from.iter().map(|from| made.iter().any(|made| made == from)))
                }
                // The first of two values, or 1 of a comparison.
                _ => sides.extend(made.iter().enumerate().map(|(k, made)| {
                    let from = if from.len() == 1 { from.first() } else { from.iter().nth(k) };
                    from.is_some_and(|from| made == from) || *made > 0.5
                })),
            }
        }
    }
    sides
}

/// Whether a root of 0 is taken, as in the standard deviation of equal numbers: it has no slope there.
fn has_root_of_zero(cell: &Recording) -> bool {
    let nodes = &cell.listing().graph().nodes;
    let is_root = |power: &Op| matches!(power, Op::Number(power) if *power > 0.0 && *power < 1.0);
    let roots = nodes
        .iter()
        .filter(|node| matches!(node.op, Op::Binary(Binary::Power)) && is_root(&nodes[node.inputs[1]].op));
    let is_zero =
        |t: usize, node: usize| cell.value(Pass::Forward, t, node).iter().any(|value| *value == 0.0);
    roots.into_iter().any(|node| (0..cell.timesteps()).any(|t| is_zero(t, node.inputs[0])))
}

fn is_in_pieces(function: Function) -> bool {
    use Function as F;
    matches!(function, F::Relu | F::HardSigmoid | F::Maximum | F::Minimum | F::Sign | F::Floor | F::Rint)
}

fn bits(value: &f32) -> impl Iterator<Item = bool> {
    let bits = value.to_bits();
    (0..32).map(move |k| bits >> k & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::cells;

    fn check(source: &str, units: usize) -> Result<Check, Failure> {
        super::check(&CheckedListing::new(source)?, units)
    }

    #[test]
    fn a_right_adjoint_passes_where_gradients_vanish() {
        let line = "    a = np.tanh(a * 0.9 + h)\n";
        let source = format!("def step(x, h, W):\n    a = x @ W\n{}    return a\n", line.repeat(60));
        let found = check(&source, 4).expect("it can be checked");
        assert!(found.passed, "{found:?}");
    }

    #[test]
    fn numbers_that_overflow_are_found_at_their_line_and_name() {
        let lines = "    z = x @ W + 10 * h @ U + b\n    h = np.exp(np.exp(z))\n    return h\n";
        let source = &format!("def step(x, h, W, U, b):\n{lines}");
        let found = check(source, 12).expect("it can be run");
        let Some(Overflow { line, name, .. }) = found.overflow else { panic!("{:?}", found) };
        assert_eq!((line, name.as_str(), found.passed), (3, "h", false));
        let tame = "def step(x, h, W, U, b):\n    h = np.tanh(x @ W + h @ U + b)\n    return h\n";
        assert_eq!(check(tame, 4).expect("it can be checked").overflow, None);
    }

    #[test]
    fn slope_and_gradient_are_printed_apart_or_alike_to_six_digits() {
        let cases = [
            (-0.084_13, -0.084_12, ["−0.08413", "−0.08412"]),
            (0.5, 0.7, ["0.500", "0.700"]),
            (0.123_456, 0.123_456, ["0.123456", "0.123456"]),
        ];
        for (one, other, expected) in cases {
            assert_eq!(printed_apart(one, other), expected);
        }
    }

    #[test]
    fn what_is_made_in_pieces_passes_and_its_kinks_are_counted() {
        let pieces = [
            "np.where(z > 0, z, 0.1 * z)",
            "np.maximum(z, h) + np.abs(z)",
            "z * (z > 0.1) + np.floor(4 * z) * z",
            "z - np.max(z) + relu(z)",
            "np.clip(z, -0.3, 0.3) + hard_sigmoid(z)",
            "np.mod(z, 0.25) + np.sign(z) * z",
            "z + 0.01 * np.floor(30 * z)",
        ];
        let mut kinks = 0;
        for piece in pieces {
            let source = format!(
                "def step(x, h, W, U):\n    z = x @ W + h @ U\n    h = np.tanh({piece})\n    return h\n"
            );
            let found = check(&source, 4).expect("it can be checked");
            assert!(found.passed && found.numbers > 5, "{piece}: {found:?}");
            kinks += found.kinks;
        }
        assert!(kinks > 0, "some weight stands beside a kink");
    }

    #[test]
    fn a_deviation_of_equal_numbers_stands_beside_a_kink() {
        let spread = "    e = np.ones(len(h)) * np.sum(z)\n    h = np.tanh(z) + np.std(e)\n    return h\n";
        let source = format!("def step(x, h, W, U):\n    z = x @ W + h @ U\n{spread}");
        let found = check(&source, 4).expect("it can be checked");
        assert!(found.passed && found.kinks > 5, "{found:?}");
    }

    #[test]
    fn a_matrix_as_a_state_passes() {
        let lines = "    k = W_k @ x\n    S = 0.5 * S + np.outer(np.tanh(S @ k), k)\n    S = np.tanh(S)\n";
        let found =
            check(&format!("def step(x, S, W_k):\n{lines}    return S\n"), 4).expect("it can be checked");
        assert!(found.passed && found.numbers > 5, "{found:?}");
    }

    #[test]
    fn fewer_weights_of_a_longer_listing_are_moved() {
        let source = |lines: usize| {
            let line = "    a = np.tanh(a * 0.9 + h)\n";
            format!("def step(x, h, W):\n    a = x @ W\n{}    return a\n", line.repeat(lines))
        };
        let numbers = |lines| check(&source(lines), 4).expect("it can be checked").numbers;
        assert!(numbers(90) < numbers(1) / 2, "{} and {}", numbers(90), numbers(1));
    }

    #[test]
    fn the_adjoints_of_all_cells_pass_their_check() {
        for cell in cells::all() {
            let found = check(cell.source, 4).expect("it can be checked");
            assert!(found.passed && found.numbers > 10, "{}: {found:?}", cell.name);
            let difference = (found.slope - found.exact).abs();
            assert!(difference.is_finite() && found.place.contains('['), "{}: {found:?}", cell.name);
        }
    }
}
