//! Helpers that say what a function of the language says.

use crate::listing::language::functions::Function;
use crate::listing::language::tree::{Binary, Definition, Expression, ExpressionKind};

/// Whether a helper is a function of the language under its own name, such as `sigmoid` written as
/// `1 / (1 + np.exp(-x))`: that one is computed without overflow.
pub(super) fn is_known(helper: &Definition) -> bool {
    let ([parameter], [value], true) =
        (helper.parameters.as_slice(), helper.returns.as_slice(), helper.body.is_empty())
    else {
        return false;
    };
    let x = Argument(&parameter.name);
    match helper.name.as_str() {
        "sigmoid" => x.is_sigmoid(value),
        "relu" => x.is_relu(value),
        _ => false,
    }
}

struct Argument<'a>(&'a str);

impl Argument<'_> {
    fn is(&self, expression: &Expression) -> bool {
        matches!(&expression.kind, ExpressionKind::Name(name) if name == self.0)
    }

    /// `1 / (1 + np.exp(-x))`
    fn is_sigmoid(&self, value: &Expression) -> bool {
        let ExpressionKind::Binary(Binary::Divide, one, below) = &value.kind else { return false };
        let ExpressionKind::Binary(Binary::Add, a, b) = &below.kind else { return false };
        let (number, exp) = if is_number(a, 1.0) { (a, b) } else { (b, a) };
        is_number(one, 1.0) && is_number(number, 1.0) && self.is_exp_of_minus(exp)
    }

    fn is_exp_of_minus(&self, value: &Expression) -> bool {
        let ExpressionKind::Call(Function::Exp, arguments, _) = &value.kind else { return false };
        matches!(&arguments[0].kind, ExpressionKind::Negate(x) if self.is(x))
    }

    /// `np.maximum(0, x)`
    fn is_relu(&self, value: &Expression) -> bool {
        let ExpressionKind::Call(Function::Maximum, arguments, _) = &value.kind else { return false };
        let [a, b] = arguments.as_slice() else { return false };
        (is_number(a, 0.0) && self.is(b)) || (is_number(b, 0.0) && self.is(a))
    }
}

fn is_number(expression: &Expression, wanted: f64) -> bool {
    matches!(expression.kind, ExpressionKind::Number(value) if value == wanted)
}
