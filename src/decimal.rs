//! Decimal numbers as people and programs write them.
//!
//! The reader of JSON does the work, which the engine needs in any case; Rust's own one would bring a second table of
//! powers of ten, a fiftieth of what a reader of the page downloads.

/// The f64 that is nearest to a number such as `2`, `-0.5`, `.5`, `1.` or `1e-3`; `None` for other texts, among them
/// `inf` and `nan`, and for what is beyond the largest number.
pub fn parse(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (number, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let power_digits = power.strip_prefix(['-', '+']).unwrap_or(power);
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + part.len() == 0 || power_digits.is_empty() {
        return None;
    }
    if ![whole, part, power_digits].into_iter().all(are_digits) {
        return None;
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    // JSON has digits on both sides of the point, and no zero before others.
    serde_json::from_str(&format!("{sign}{:0>1}.{part:0<1}e{power}", whole.trim_start_matches('0'))).ok()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn numbers_are_those_that_rust_reads() {
        let texts = [
            "0",
            "-0",
            "007",
            "2",
            "+2.5",
            ".5",
            "1.",
            "-1.e3",
            "1e-3",
            "1E+03",
            "0.1",
            "0.30000000000000004",
            "0.00999999976648258",
            "6.103515625e-05",
            "123456789012345678901234567890",
            "5e-324",
            "2e-324",
            "1.7976931348623157e308",
            "2.2250738585072011e-308",
            "9007199254740993",
            "1e-400",
            "0e999",
        ];
        for text in texts {
            let (read, want) = (parse(text), text.parse::<f64>().unwrap());
            assert_eq!(read.map(f64::to_bits), Some(want.to_bits()), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "", ".", "-", "e3", "1e", "1e+", "--1", "1.2.3", "1e2e3", "inf", "nan", "1_0", " 1", "1e999", "١",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
