//! What a number is called: `b[17]` is `b_f[5]` where the sum that `b` enters is split and its second part is `z_f`.

use super::explanation::{Contribution, ValueAddress};
use super::write::position;
use crate::listing::cell::recording::{Pass, Recording};
use crate::listing::graph::{Cut, Graph, NodeId, Op};
use crate::listing::language::tree::Binary;
use crate::listing::shapes::Role;
use crate::ordering::sort_by_key;

/// How a weight is divided along one of its axes.
struct Pieces {
    /// What each piece is called: `W_i`, `W_f` …
    names: Vec<String>,
    /// What each piece makes: `z_i`, `z_f` …; `None` where the listing itself names the pieces.
    made: Option<Vec<String>>,
    axis: usize,
    /// Numbers of one piece along that axis.
    size: usize,
}

impl Recording {
    /// What number `index` of the value `name` is called: `h[3]`, `W_f[2, 5]`; a state that enters the timestep is
    /// `h_before[3]`. `node` is the one that the name stands for.
    pub fn label(&self, pass: Pass, node: NodeId, name: &str, index: usize) -> String {
        let mut place = position(self.shape(pass, node), index);
        let mut called = self.called(pass, node, name);
        if let Some(pieces) = self.weight_behind(pass, node, name).and_then(|weight| self.pieces(weight))
            && let Some(at) = place.get_mut(pieces.axis)
        {
            let prefix = if pass == Pass::Backward && name.starts_with("d_") { "d_" } else { "" };
            called = format!("{prefix}{}", pieces.names[(*at / pieces.size).min(pieces.names.len() - 1)]);
            *at %= pieces.size;
        }
        write_label(&called, &place)
    }

    /// The name of a value: that of a state which enters the timestep ends with `_before`.
    pub fn called(&self, pass: Pass, node: NodeId, name: &str) -> String {
        let graph = self.text(pass).graph();
        let Op::Parameter(position) = graph.nodes[node].op else { return name.to_string() };
        let parameter = self.shapes().parameters.get(position);
        match parameter.filter(|parameter| parameter.role == Role::State) {
            Some(state) => {
                let before = format!("{}_before", state.name);
                let taken = |graph: &Graph| graph.nodes.iter().any(|n| n.name.as_deref() == Some(&before));
                if taken(self.listing().graph()) { name.to_string() } else { before }
            }
            None => name.to_string(),
        }
    }

    /// The columns of a weight that make one number of a sum: `W_f[:, 5]` for `W[:, 17]`.
    pub(super) fn column_label(&self, pass: Pass, node: NodeId, name: &str, column: usize) -> String {
        match self.weight_behind(pass, node, name).and_then(|weight| self.pieces(weight)) {
            Some(Pieces { names, axis: 1, size, .. }) if column / size < names.len() => {
                format!("{}[:, {}]", names[column / size], column % size)
            }
            _ => format!("{name}[:, {column}]"),
        }
    }

    /// Which number of the listing's own array a number is that is called by a part of it, as a sentence.
    pub(super) fn own_piece(&self, pass: Pass, node: NodeId, name: &str, index: usize) -> Option<String> {
        let place = position(self.shape(pass, node), index);
        let [piece, whole, made] = self.piece_of(pass, node, name, &place)?;
        let own = write_label(name, &place);
        Some(format!("In the listing: {own}. {piece} is the part of {whole} that makes {made}."))
    }

    /// The piece that a number of a weight or of its gradient lies in, the whole, and what it makes.
    fn piece_of(&self, pass: Pass, node: NodeId, name: &str, place: &[usize]) -> Option<[String; 3]> {
        let pieces = self.pieces(self.weight_behind(pass, node, name)?)?;
        let at = place.get(pieces.axis)? / pieces.size;
        let whole = name.strip_prefix("d_").filter(|_| pass == Pass::Backward).unwrap_or(name);
        Some([pieces.names.get(at)?.clone(), whole.to_string(), pieces.made?.get(at)?.clone()])
    }

    /// The same for a number and the weights among the factors of its terms.
    pub(super) fn pieces_in(&self, address: &ValueAddress, node: NodeId, terms: &[Contribution]) -> String {
        if let Some(own) = self.own_piece(address.pass, node, &address.name, address.index) {
            return own;
        }
        let graph = self.text(address.pass).graph();
        let mut found: Vec<(usize, [String; 3])> = Vec::new();
        for address in
            terms.iter().flat_map(|term| &term.factors).filter_map(|factor| factor.address.as_ref())
        {
            let Some(node) = graph.parameters.iter().position(|known| *known == address.name) else {
                continue;
            };
            let place = position(self.shape(address.pass, node), address.index);
            let piece = self.piece_of(address.pass, node, &address.name, &place).map(|piece| (node, piece));
            found.extend(piece.filter(|piece| !found.contains(piece)));
        }
        let Some(made) = found.first().map(|(_, [.., made])| made.clone()) else { return String::new() };
        found.retain(|(_, piece)| piece[2] == made);
        sort_by_key(&mut found, |(node, _)| *node);
        let all = |k: usize| list(found.iter().map(|(_, piece)| piece[k].as_str()));
        let (are, parts) = if found.len() > 1 { ("are", "parts") } else { ("is", "part") };
        let make = if found.len() > 1 { "make" } else { "makes" };
        format!("{} {are} the {parts} of {} that {make} {made}.", all(0), all(1))
    }

    /// The weight that a node is, or whose gradient it is.
    fn weight_behind(&self, pass: Pass, node: NodeId, name: &str) -> Option<NodeId> {
        let parameters = &self.shapes().parameters;
        let of = |known: &str| parameters.iter().position(|p| p.name == known && p.role == Role::Weight);
        if matches!(self.text(pass).graph().nodes[node].op, Op::Parameter(_)) {
            return of(name);
        }
        let weight = of(name.strip_prefix("d_").filter(|_| pass == Pass::Backward)?)?;
        (self.shape(pass, node) == parameters[weight].shape).then_some(weight)
    }

    fn pieces(&self, weight: NodeId) -> Option<Pieces> {
        let graph = self.listing().graph();
        let shape = self.shape(Pass::Forward, weight);
        let found = graph.nodes.iter().find_map(|node| {
            let Op::Part { index: 0, count, axis } = node.op else { return None };
            let source = node.inputs[0];
            if source == weight {
                return Some((axis, targets(graph, source, count)?, true));
            }
            let axis = axis_in_sum(graph, shape, source, weight)?;
            let fits = self.shape(Pass::Forward, source) == [shape[axis]];
            Some((axis, targets(graph, source, count).filter(|_| fits)?, false))
        });
        let (axis, targets, is_cut_itself) = found?;
        let size = shape.get(axis)? / targets.len();
        let name = graph.parameters.get(weight)?;
        let (names, made) = if is_cut_itself {
            (targets, None)
        } else {
            (piece_names(graph, name, &targets)?, Some(targets))
        };
        (size > 0).then_some(Pieces { names, made, axis, size })
    }
}

/// The names of the parts of `source`.
fn targets(graph: &Graph, source: NodeId, count: usize) -> Option<Vec<String>> {
    let part = |index: usize| {
        let mut nodes = graph.nodes.iter();
        let node = nodes.find(|n| {
            matches!(n.op, Op::Part { index: i, count: c, .. } if (i, c) == (index, count))
                && n.inputs[0] == source
        });
        node?.name.clone()
    };
    (0..count).map(part).collect()
}

/// `W_i`, `W_f` … from `z_i`, `z_f` …; the whole names where the endings do not tell the parts apart.
fn piece_names(graph: &Graph, weight: &str, targets: &[String]) -> Option<Vec<String>> {
    let halves: Vec<(&str, &str)> = targets.iter().filter_map(|name| name.split_once('_')).collect();
    let distinct = |endings: &[&str]| {
        endings.len() == targets.len() && (0..endings.len()).all(|k| !endings[..k].contains(&endings[k]))
    };
    let backs: Vec<&str> = halves.iter().map(|half| half.1).collect();
    let fronts: Vec<&str> = halves.iter().map(|half| half.0).collect();
    let whole: Vec<&str> = targets.iter().map(String::as_str).collect();
    let is_free = |name: &String| {
        !graph.parameters.contains(name) && !graph.assigned.iter().any(|assigned| assigned.name == *name)
    };
    [backs, fronts, whole].into_iter().filter(|endings| distinct(endings)).find_map(|endings| {
        let names: Vec<String> = endings.iter().map(|ending| format!("{weight}_{ending}")).collect();
        names.iter().all(is_free).then_some(names)
    })
}

/// Along which axis of `weight` the positions of the sum at `from` run, if it is one of the sum's operands.
fn axis_in_sum(graph: &Graph, shape: &[usize], from: NodeId, weight: NodeId) -> Option<usize> {
    let node = &graph.nodes[from];
    match &node.op {
        Op::Parameter(_) => (from == weight && shape.len() == 1).then_some(0),
        Op::Binary(Binary::Add | Binary::Subtract) => {
            node.inputs.iter().find_map(|input| axis_in_sum(graph, shape, *input, weight))
        }
        Op::MatMul { .. } if shape.len() == 2 => {
            if node.inputs[1] == weight {
                Some(1)
            } else {
                (node.inputs[0] == weight).then_some(0)
            }
        }
        Op::Slice(cuts) if node.inputs[0] == weight && shape.len() == 2 => {
            matches!(cuts.as_slice(), [Cut::Index(_)]).then_some(1)
        }
        _ => None,
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        all => all.concat(),
    }
}

/// `h[3]`, `W[2, 7]`, `s`.
pub(super) fn write_label(name: &str, position: &[usize]) -> String {
    let position: Vec<String> = position.iter().map(ToString::to_string).collect();
    if position.is_empty() { name.to_string() } else { format!("{name}[{}]", position.join(", ")) }
}
