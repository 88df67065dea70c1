//! Numbers as they are printed, with so many digits that what is printed can be added up.

use crate::decimal;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind};
use crate::math::{elementary, waves};

/// The power of ten of the smallest numbers that are printed without one.
const SMALLEST_PLAIN: i32 = -5;

const MINUS: &str = "−";

/// The power of ten of a number's first digit.
fn exponent(size: f64) -> i32 {
    format!("{size:e}").split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

/// The power of ten of the last digit that [`shown`] prints.
pub(super) fn unit(value: f32) -> i32 {
    let size = f64::from(value.abs());
    if size == 0.0 || !size.is_finite() {
        return -3;
    }
    match exponent(size) {
        power if power >= 3 => power - 5,
        power if power >= -1 => -3,
        power if power >= -5 => power - 2,
        power => power - 1,
    }
}

/// The last digit of a sum whose largest part is `size` that single precision leaves.
pub(super) fn finest(size: f32) -> i32 {
    if size == 0.0 || !size.is_finite() { i32::MIN } else { exponent(f64::from(size)) - 4 }
}

/// The last digit that is printed of `count` parts of a sum, so that they add up to within one of the sum's `unit`.
pub(super) fn unit_of_terms(unit: i32, count: usize) -> i32 {
    unit - 1 - i32::from(count > 10) - i32::from(count > 100)
}

/// A number as the page prints it: three decimals, three digits that count for small numbers, six for large ones; with
/// a true minus sign.
pub fn shown(value: f32) -> String {
    let text = to_unit(f64::from(value), unit(value));
    if value.is_finite() && value.abs() < 0.1 && text.contains('.') && !text.contains('e') {
        let cut = text.trim_end_matches('0').trim_end_matches('.');
        return if cut.is_empty() || cut == MINUS { "0".to_string() } else { cut.to_string() };
    }
    text
}

/// A number rounded to a power of ten.
pub(super) fn to_unit(value: f64, unit: i32) -> String {
    if value.is_nan() {
        return "not a number".to_string();
    }
    let sign = if value < 0.0 { MINUS } else { "" };
    let size = value.abs();
    if size.is_infinite() {
        return format!("{sign}∞");
    }
    let power = exponent(size);
    // A few more decimals are read more easily than a power of ten.
    let finest = if power >= SMALLEST_PLAIN { -10 } else { -7 };
    let plain = (finest..=0).contains(&unit) || size == 0.0;
    let text = if plain {
        format!("{size:.*}", (-unit).clamp(0, -finest) as usize)
    } else if power < unit {
        "0".to_string()
    } else {
        let text = format!("{size:.*e}", (power - unit) as usize);
        text.replace("e-", &format!("e{MINUS}"))
    };
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    if is_zero { text } else { format!("{sign}{text}") }
}

/// A number with so many digits that count.
pub fn significant(value: f32, digits: i32) -> String {
    to_unit(f64::from(value), exponent(f64::from(value.abs())) - digits + 1)
}

/// 10 to the power of `unit`, rounded once.
pub(super) fn power_of_ten(unit: i32) -> f64 {
    decimal::parse(&format!("1e{unit}")).unwrap_or(f64::NAN)
}

/// What a printed number says.
pub(super) fn read(text: &str) -> f64 {
    decimal::parse(&text.replace(MINUS, "-")).unwrap_or(f64::NAN)
}

/// The power of ten of the last digit of a printed number; `None` for one with an exponent.
pub(super) fn unit_of_text(text: &str) -> Option<i32> {
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    (!text.contains('e')).then_some(-decimals)
}

/// Two factors with so many digits that their printed values make `product` to within half of `unit`.
pub(super) fn factors(a: f32, b: f32, product: f32, unit: i32) -> (String, String) {
    let limit = 0.5 * power_of_ten(unit);
    let fits = |(a, b): &(String, String)| {
        let wrong = (read(a) * read(b)).abs() - f64::from(product.abs());
        wrong.abs() <= limit
    };
    let candidates = (3..=9).map(|digits| (significant(a, digits), significant(b, digits)));
    let mut last = (shown(a), shown(b));
    for candidate in candidates {
        last = candidate;
        if fits(&last) {
            break;
        }
    }
    (as_shown(last.0, a), as_shown(last.1, b))
}

/// `text`, or the number as it is [`shown`] elsewhere if that says the same: 0.619 for 0.6190, 0.500 for 0.5.
pub(super) fn as_shown(text: String, value: f32) -> String {
    let usual = shown(value);
    if read(&text) == read(&usual) {
        return usual;
    }
    let cut = if text.contains('e') { &text } else { text.trim_end_matches('0') };
    cut.to_string()
}

/// A number as it is filled in.
pub(super) fn filled_in(value: f32, extra: usize) -> String {
    let sign = if value < 0.0 { MINUS } else { "" };
    format!("{sign}{}", size_text(value.abs(), extra).replace("e-", "e−"))
}

/// A number without its sign, with four decimals or more.
pub(super) fn size_text(size: f32, extra: usize) -> String {
    if size.is_nan() {
        return "nan".to_string();
    }
    if size.is_infinite() {
        return "inf".to_string();
    }
    let power = exponent(f64::from(size));
    if size != 0.0 && !(SMALLEST_PLAIN..=4).contains(&power) {
        return format!("{size:.*e}", 2 + extra);
    }
    let digits = match size {
        _ if size >= 1000.0 => 1,
        _ if size >= 10.0 => 2,
        _ if size == 0.0 => 4,
        _ => (2 - power).max(4) as usize,
    };
    let text = format!("{size:.*}", digits + extra);
    as_shown(text.trim_end_matches('0').trim_end_matches('.').to_string(), size)
}

/// Small whole powers and square roots.
fn power(base: f64, exponent: f64) -> Option<f64> {
    if exponent == 0.5 {
        return Some(base.sqrt());
    }
    let whole = (exponent.abs() <= 9.0 && exponent.fract() == 0.0).then_some(exponent.abs() as usize)?;
    let value = std::iter::repeat_n(base, whole).product::<f64>();
    Some(if exponent < 0.0 { 1.0 / value } else { value })
}

/// The value of an expression whose names are written numbers, `None` where it reads anything else.
pub(super) fn evaluate(expression: &Expression) -> Option<f64> {
    let narrow = |f: fn(f32) -> f32, x: f64| f64::from(f(x as f32));
    Some(match &expression.kind {
        ExpressionKind::Number(value) => *value,
        ExpressionKind::Name(text) => decimal::parse(text)?,
        ExpressionKind::Negate(inner) => -evaluate(inner)?,
        ExpressionKind::Binary(operation, left, right) => {
            let (a, b) = (evaluate(left)?, evaluate(right)?);
            match operation {
                Binary::Add => a + b,
                Binary::Subtract => a - b,
                Binary::Multiply => a * b,
                Binary::Divide => a / b,
                Binary::Power => power(a, b)?,
                Binary::Greater => f64::from(u8::from(a > b)),
                Binary::Less => f64::from(u8::from(a < b)),
                Binary::GreaterEqual => f64::from(u8::from(a >= b)),
                Binary::LessEqual => f64::from(u8::from(a <= b)),
                Binary::Equal => f64::from(u8::from(a == b)),
                Binary::NotEqual => f64::from(u8::from(a != b)),
                _ => return None,
            }
        }
        ExpressionKind::Call(function, arguments, _) => {
            let values: Vec<f64> = arguments.iter().map(evaluate).collect::<Option<_>>()?;
            let first = *values.first()?;
            match function {
                Function::Tanh => narrow(elementary::tanh, first),
                Function::Exp => narrow(elementary::exp, first),
                Function::Log => narrow(elementary::ln, first),
                Function::Sigmoid => narrow(elementary::sigmoid, first),
                Function::HardSigmoid => (0.2 * first + 0.5).clamp(0.0, 1.0),
                Function::Relu => first.max(0.0),
                Function::Maximum => first.max(*values.get(1)?),
                Function::Minimum => first.min(*values.get(1)?),
                Function::Where if first != 0.0 => *values.get(1)?,
                Function::Where => *values.get(2)?,
                Function::Sin => narrow(waves::sin, first),
                Function::Cos => narrow(waves::cos, first),
                Function::Log1p => narrow(waves::ln_1p, first),
                Function::Expm1 => narrow(waves::exp_m1, first),
                Function::Arctan => narrow(waves::arctan, first),
                Function::Floor => first.floor(),
                Function::Rint => first.round_ties_even(),
                Function::Sign => f64::from(u8::from(first > 0.0)) - f64::from(u8::from(first < 0.0)),
                Function::Clip => first.max(*values.get(1)?).min(*values.get(2)?),
                _ => return None,
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_with_the_digits_that_count() {
        let cases: [(f32, &str); 9] = [
            (0.5, "0.500"),
            (-1.25, "−1.250"),
            (0.012_345, "0.0123"),
            (-0.01, "−0.01"),
            (0.0, "0"),
            (1_234.567_8, "1234.57"),
            (2.0e-9, "2.0e−9"),
            (f32::NAN, "not a number"),
            (f32::NEG_INFINITY, "−∞"),
        ];
        for (value, text) in cases {
            assert_eq!(shown(value), text, "{value}");
        }
    }

    #[test]
    fn small_numbers_that_can_be_read_have_no_power_of_ten() {
        let filled = [0.5, -0.003_121_2, 1.171e-4, 2.0e-5].map(|value| filled_in(value, 0));
        assert_eq!(filled, ["0.500", "−0.00312", "0.000117", "0.00002"]);
        assert_eq!(filled_in(-2.0e-7, 0), "−2.00e−7");
        assert_eq!(to_unit(1.1731e-4, -8), "0.00011731");
    }

    #[test]
    fn a_value_has_the_same_digits_wherever_they_say_the_same() {
        assert_eq!(factors(0.619, 0.5, 0.3095, -6), ("0.619".to_string(), "0.500".to_string()));
        assert_eq!(as_shown("0.67450".into(), 0.674_5), "0.6745");
        assert_eq!(as_shown("−0.6204".into(), -0.620_4), "−0.6204");
        assert_eq!(as_shown("-0.62".into(), -0.62), "−0.620");
    }

    #[test]
    fn printed_factors_make_the_printed_product() {
        for (a, b) in [(0.123_456, -2.345_67), (123.456, 0.001_234_5), (1e-6, 1e5), (0.0, 3.0)] {
            let (left, right) = factors(a, b, a * b, -4);
            assert!((read(&left) * read(&right) - f64::from(a * b)).abs() <= 0.5e-4, "{left} × {right}");
        }
    }
}
