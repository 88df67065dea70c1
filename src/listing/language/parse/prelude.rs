//! Functions of numpy that are other functions put together, as the listings that they are.

use super::reader::Reader;
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Dialect;
use crate::listing::language::tokens::{LogicalLine, Token, tokenize};
use crate::listing::language::tree::{Definition, Parameter};

/// Name, parameters and value.
const FUNCTIONS: [(&str, &str, &str); 31] = [
    ("np.sinh", "a", "(np.exp(a) - np.exp(-a)) / 2"),
    ("np.cosh", "a", "(np.exp(a) + np.exp(-a)) / 2"),
    ("np.exp2", "a", "np.exp(0.6931471805599453 * a)"),
    ("np.log2", "a", "np.log(a) / 0.6931471805599453"),
    ("np.log10", "a", "np.log(a) / 2.302585092994046"),
    ("np.reciprocal", "a", "1 / a"),
    ("np.negative", "a", "-a"),
    ("np.ceil", "a", "-np.floor(-a)"),
    ("np.logical_and", "a b", "np.where(a, 1, 0) * np.where(b, 1, 0)"),
    ("np.logical_or", "a b", "np.maximum(np.where(a, 1, 0), np.where(b, 1, 0))"),
    ("np.logical_not", "a", "np.where(a, 0, 1)"),
    ("np.cumsum", "a", "np.where(np.arange(len(a))[:, None] >= np.arange(len(a))[None, :], 1, 0) @ a"),
    ("np.roll", "a n", "np.concatenate([a[-n:], a[:-n]])"),
    ("np.vdot", "a b", "np.sum(a * b)"),
    ("np.inner", "a b", "np.dot(a, b.T)"),
    ("np.trace", "a", "np.sum(a * np.eye(len(a)))"),
    ("np.append", "a b", "np.hstack([a, b])"),
    ("np.squeeze", "a", "a.reshape(-1)"),
    ("np.atleast_2d", "a", "a[None, :]"),
    ("np.heaviside", "a b", "np.where(a > 0, 1, np.where(a < 0, 0, b))"),
    ("np.tan", "a", "np.sin(a) / np.cos(a)"),
    ("np.arcsinh", "a", "np.where(a < 0, -1, 1) * np.log(np.abs(a) + np.sqrt(a * a + 1))"),
    ("np.arccosh", "a", "np.log(a + np.sqrt(a * a - 1))"),
    ("np.arctanh", "a", "0.5 * (np.log1p(a) - np.log1p(-a))"),
    ("np.hypot", "a b", "np.sqrt(a * a + b * b)"),
    ("np.flip", "a", "a[::-1]"),
    ("np.ptp", "a", "np.max(a) - np.min(a)"),
    ("np.diag", "a", "a[:, None] * np.eye(len(a))"),
    ("np.diagonal", "a", "np.sum(a * np.eye(len(a)), axis=1)"),
    ("np.tril", "a", "a * np.where(np.arange(len(a))[:, None] >= np.arange(a.shape[1])[None, :], 1, 0)"),
    ("np.triu", "a", "a * np.where(np.arange(len(a))[:, None] <= np.arange(a.shape[1])[None, :], 1, 0)"),
];

/// The signs that are functions of numpy between truth values.
pub(super) fn of_sign(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "&" => "np.logical_and",
        "|" => "np.logical_or",
        "~" => "np.logical_not",
        _ => return None,
    })
}

/// Those that a text may call.
pub(super) fn called(lines: &[LogicalLine], dialect: Dialect) -> Vec<Definition> {
    let tokens = || lines.iter().flat_map(|line| &line.tokens);
    let is_written = |name: &str| {
        tokens().any(|found| match &found.token {
            Token::Name(word) => name.strip_prefix("np.") == Some(word),
            Token::Sign(sign) => of_sign(sign) == Some(name),
            _ => false,
        })
    };
    // Of a matrix np.diag takes the diagonal.
    let is_meant = |name: &str| is_written(name) || (name == "np.diagonal" && is_written("np.diag"));
    FUNCTIONS.iter().filter(|row| is_meant(row.0)).filter_map(|row| definition(row, dialect)).collect()
}

fn definition((name, parameters, value): &(&str, &str, &str), dialect: Dialect) -> Option<Definition> {
    let (lines, _) = tokenize(value);
    let value = Reader::new(lines.first()?, dialect, &[]).expression().ok()?;
    let span = Span::default();
    Some(Definition {
        above: Vec::new(),
        helpers: Vec::new(),
        name: (*name).to_string(),
        parameters: parameters.split(' ').map(|name| Parameter { name: name.into(), span }).collect(),
        constants: Vec::new(),
        comment: None,
        body: Vec::new(),
        returns: vec![value],
        return_comment: None,
        return_above: Vec::new(),
        return_span: span,
        span,
    })
}
