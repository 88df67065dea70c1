//! Functions of numpy that are other functions put together, as the listings that they are.

use super::reader::Reader;
use crate::decimal;
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Dialect;
use crate::listing::language::tokens::{LogicalLine, Token, tokenize};
use crate::listing::language::tree::{Constant, Definition, Parameter};

/// Name, parameters with the numbers that they are where nothing is given, and value.
const FUNCTIONS: [(&str, &str, &str); 53] = [
    ("np.sinh", "a", "(np.exp(a) - np.exp(-a)) / 2"),
    ("np.cosh", "a", "(np.exp(a) + np.exp(-a)) / 2"),
    ("np.exp2", "a", "np.exp(0.6931471805599453 * a)"),
    ("np.log2", "a", "np.log(a) / 0.6931471805599453"),
    ("np.log10", "a", "np.log(a) / 2.302585092994046"),
    ("np.reciprocal", "a", "1 / a"),
    ("np.negative", "a", "-a"),
    ("np.ceil", "a", "-np.floor(-a)"),
    ("np.logical_xor", "a b", "np.abs(np.where(a, 1, 0) - np.where(b, 1, 0))"),
    ("np.logical_and", "a b", "np.where(a, 1, 0) * np.where(b, 1, 0)"),
    ("np.logical_or", "a b", "np.maximum(np.where(a, 1, 0), np.where(b, 1, 0))"),
    ("np.logical_not", "a", "np.where(a, 0, 1)"),
    ("np.bitwise_and", "a b", "np.where(a, 1, 0) * np.where(b, 1, 0)"),
    ("np.bitwise_or", "a b", "np.maximum(np.where(a, 1, 0), np.where(b, 1, 0))"),
    ("np.invert", "a", "np.where(a, 0, 1)"),
    ("np.cumsum", "a", "np.where(np.arange(len(a))[:, None] >= np.arange(len(a))[None, :], 1, 0) @ a"),
    ("np.roll", "a n", "np.concatenate([a[-n:], a[:-n]])"),
    ("np.vdot", "a b", "np.sum(a * b)"),
    ("np.inner", "a b", "np.dot(a, b.T)"),
    ("np.trace", "a", "np.sum(a * np.eye(len(a)))"),
    ("np.append", "a b", "np.hstack([a, b])"),
    ("np.squeeze", "a", "a.reshape(-1)"),
    ("np.atleast_2d", "a", "a[None, :]"),
    ("np.heaviside", "a b", "np.where(a > 0, 1, np.where(a < 0, 0, b))"),
    ("np.round", "a decimals=0", "np.rint(a * 10 ** decimals) / 10 ** decimals"),
    ("np.around", "a decimals=0", "np.rint(a * 10 ** decimals) / 10 ** decimals"),
    ("np.trunc", "a", "np.where(a < 0, -np.floor(-a), np.floor(a))"),
    ("np.fix", "a", "np.where(a < 0, -np.floor(-a), np.floor(a))"),
    ("np.arcsin", "a", "np.arctan(a / np.sqrt((1 - a) * (1 + a)))"),
    ("np.arccos", "a", "1.5707963267948966 - np.arctan(a / np.sqrt((1 - a) * (1 + a)))"),
    (
        "np.arctan2",
        "a b",
        "np.arctan(a / b) + np.where(b < 0, np.where(a < 0, -3.141592653589793, 3.141592653589793), 0)",
    ),
    ("np.cbrt", "a", "np.where(a < 0, -1, 1) * np.abs(a) ** 0.3333333333333333"),
    ("np.isnan", "a", "a != a"),
    ("np.isfinite", "a", "a - a == 0"),
    ("np.isinf", "a", "(a == a) * (a - a != 0)"),
    ("np.nan_to_num", "a", "np.where(a == a, np.clip(a, -3.4e38, 3.4e38), 0)"),
    ("np.any", "a", "np.max(np.where(a, 1, 0)) > 0"),
    ("np.all", "a", "np.min(np.where(a, 1, 0)) > 0"),
    ("np.swapaxes", "a b c", "a.T"),
    (
        "np.cumprod",
        "a",
        "np.prod(np.where(np.arange(len(a))[:, None] >= np.arange(len(a))[None, :], a[None, :], 1), axis=1)",
    ),
    ("np.positive", "a", "a"),
    ("np.deg2rad", "a", "a * 0.017453292519943295"),
    ("np.tan", "a", "np.sin(a) / np.cos(a)"),
    ("np.arcsinh", "a", "np.where(a < 0, -1, 1) * np.log(np.abs(a) + np.sqrt(a * a + 1))"),
    ("np.arccosh", "a", "np.log(a + np.sqrt(a * a - 1))"),
    ("np.arctanh", "a", "0.5 * (np.log1p(a) - np.log1p(-a))"),
    ("np.hypot", "a b", "np.sqrt(a * a + b * b)"),
    ("np.flip", "a", "a[::-1]"),
    ("np.ptp", "a", "np.max(a) - np.min(a)"),
    ("np.diag", "a", "a[:, None] * np.eye(len(a))"),
    ("np.diagonal", "a", "np.sum(a * np.eye(len(a)), axis=1)"),
    (
        "np.tril",
        "a k=0",
        "a * np.where(np.arange(len(a))[:, None] + k >= np.arange(a.shape[1])[None, :], 1, 0)",
    ),
    (
        "np.triu",
        "a k=0",
        "a * np.where(np.arange(len(a))[:, None] + k <= np.arange(a.shape[1])[None, :], 1, 0)",
    ),
];

/// The signs that are functions of numpy between truth values.
pub(super) fn of_sign(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "&" => "np.bitwise_and",
        "|" => "np.bitwise_or",
        "~" => "np.invert",
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
    // Of a matrix np.diag takes the diagonal; whole numbers are cut off.
    let is_meant = |name: &str| {
        is_written(name)
            || (name == "np.diagonal" && is_written("np.diag"))
            || (name == "np.trunc" && (is_written("np.astype") || is_written("np.dtype")))
    };
    FUNCTIONS.iter().filter(|row| is_meant(row.0)).filter_map(|row| definition(row, dialect)).collect()
}

fn definition((name, parameters, value): &(&str, &str, &str), dialect: Dialect) -> Option<Definition> {
    let (lines, _) = tokenize(value);
    let value = Reader::new(lines.first()?, dialect, &[]).expression().ok()?;
    let span = Span::default();
    let (names, given): (Vec<&str>, Vec<&str>) = parameters.split(' ').partition(|name| !name.contains('='));
    let constants = given.iter().filter_map(|name| name.split_once('=')).map(|(name, value)| Constant {
        name: name.into(),
        value: decimal::parse(value).unwrap_or_default(),
        span,
    });
    let constants = constants.collect();
    Some(Definition {
        above: Vec::new(),
        helpers: Vec::new(),
        name: (*name).to_string(),
        parameters: names.iter().map(|name| Parameter { name: (*name).into(), span }).collect(),
        constants,
        comment: None,
        body: Vec::new(),
        returns: vec![value],
        outputs: (0, span),
        return_comment: None,
        return_above: Vec::new(),
        return_span: span,
        span,
    })
}
