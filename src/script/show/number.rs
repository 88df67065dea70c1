//! One number as Python prints it: the fewest digits that read back as the same number.

/// `repr(value)` of a float.
pub(super) fn float(value: f64) -> String {
    shortest(value, &format!("{value:e}"))
}

/// As [`float`], of a float32.
pub(super) fn single(value: f32) -> String {
    shortest(f64::from(value), &format!("{value:e}"))
}

/// From Rust's shortest `1.5e-7`.
fn shortest(value: f64, scientific: &str) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return positional(mantissa, exponent);
    }
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// `-1.25`, 1 to `-12.5`, with `.0` behind a whole number.
pub(super) fn positional(mantissa: &str, exponent: i32) -> String {
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |digits| ("-", digits));
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let (whole, part) = if exponent < 0 {
        ("0".to_owned(), "0".repeat((-exponent - 1) as usize) + &digits)
    } else {
        let length = exponent as usize + 1;
        let padded = format!("{digits:0<length$}");
        (padded[..length].to_owned(), padded[length..].to_owned())
    };
    let part = if part.is_empty() { "0" } else { &part };
    format!("{sign}{whole}.{part}")
}
