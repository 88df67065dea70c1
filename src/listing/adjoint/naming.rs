//! Lines of an adjoint, and the names of what has none in the listing.

use crate::listing::graph::Op;
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::is_reserved;
use crate::listing::language::tree::{Binary, Expression, Statement, Target};
use std::collections::HashSet;

/// A line that gives `names` a value.
pub(super) fn statement(names: Vec<String>, value: Expression, comment: Option<String>) -> Statement {
    let target = |name| Target { name, part: None, span: Span::default() };
    Statement {
        targets: names.into_iter().map(target).collect(),
        value,
        in_place: false,
        comment,
        above: vec![],
        span: Span::default(),
        last_line: 0,
    }
}

/// What a part of a line without a name of its own is called: `tanh_c` is a tanh in the line of `c`.
pub(super) fn part_name(op: &Op, line: Option<&str>) -> String {
    let what = match op {
        Op::Function(function) => function.name().trim_start_matches("np."),
        Op::Binary(Binary::Add) => "sum",
        Op::Binary(Binary::Multiply) | Op::MatMul { .. } => "product",
        _ => "part",
    };
    line.map_or(what.to_string(), |line| format!("{what}_{line}"))
}

/// `base`, or `base_2`, `base_3` … if that is taken or means something else.
pub(super) fn unused(base: &str, used: &mut HashSet<String>) -> String {
    let free = |name: &String| !used.contains(name) && !is_reserved(name);
    let mut candidates = std::iter::once(base.to_string()).chain((2..).map(|k| format!("{base}_{k}")));
    let chosen = candidates.find(free).unwrap_or_else(|| base.to_string());
    used.insert(chosen.clone());
    chosen
}

/// `dz` for `z_i, z_f, …`, `dz_x` for `x_z, x_r, …`, `dz_1` for `i_1, f_1, …`.
pub(super) fn family_name(names: &[&str]) -> String {
    let Some(first) = names.first() else {
        return "dz".into();
    };
    if let Some((prefix, _)) = first.split_once('_')
        && names.iter().all(|n| n.split_once('_').is_some_and(|(p, _)| p == prefix))
    {
        return if prefix == "z" { "dz".into() } else { format!("dz_{prefix}") };
    }
    if let Some((_, suffix)) = first.rsplit_once('_')
        && names.iter().all(|n| n.rsplit_once('_').is_some_and(|(_, s)| s == suffix))
    {
        return format!("dz_{suffix}");
    }
    "dz".into()
}
