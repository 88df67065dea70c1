//! Sentences with slots.

/// What stands in the slots `{}` of `template`, if `text` is such a sentence.
pub fn slots<'t>(template: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = template.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut found = Vec::new();
    let pieces: Vec<&str> = pieces.collect();
    for (k, piece) in pieces.iter().enumerate() {
        let last = k + 1 == pieces.len();
        let at = if last { rest.len().checked_sub(piece.len())? } else { rest.find(piece)? };
        if !rest.is_char_boundary(at) || &rest[at..at + piece.len()] != *piece {
            return None;
        }
        found.push(&rest[..at]);
        rest = &rest[at + piece.len()..];
    }
    (rest.is_empty() && found.iter().all(|slot| !slot.is_empty())).then_some(found)
}

/// Whether a printed number says `value`, up to its last digit.
pub fn says(text: &str, value: f32) -> bool {
    let plain = text.replace('−', "-");
    let Ok(number) = plain.parse::<f64>() else { return false };
    let (mantissa, power) = plain.split_once('e').unwrap_or((&plain, "0"));
    let digits = mantissa.split_once('.').map_or(0, |(_, digits)| digits.len() as i32);
    let Ok(power) = power.parse::<i32>() else { return false };
    let zero = number == 0.0 && value.abs() < 5.1e-4;
    zero || (number - f64::from(value)).abs() <= 0.501 * 10f64.powi(power - digits)
}

/// Whether a printed share in percent says `share`.
pub fn says_percent(text: &str, share: f32) -> bool {
    let share = 100.0 * f64::from(share);
    let Some(number) = text.strip_suffix(" %") else { return false };
    let last = |number: &str| if number.contains('.') { 0.1 } else { 1.0 };
    if let Some(bound) = number.strip_prefix("less than ") {
        return share > 0.0 && share < bound.parse().unwrap_or(0.0);
    }
    if let Some(bound) = number.strip_prefix("more than ") {
        return share < 100.0 && share > bound.parse().unwrap_or(100.0);
    }
    number.parse::<f64>().is_ok_and(|n| (n - share).abs() <= 0.501 * last(number))
}

#[test]
fn slots_are_found_and_numbers_are_compared() {
    assert_eq!(slots("Unit {} keeps {} of it.", "Unit 5 keeps 73 % of it."), Some(vec!["5", "73 %"]));
    assert_eq!(slots("Unit {} keeps {} of it.", "Unit 5 forgets 73 % of it."), None);
    assert!(says("−0.208", -0.2081) && !says("0.208", -0.2081) && !says("−0.21", -0.2081 + 0.01));
    assert!(
        says_percent("73 %", 0.734) && !says_percent("74 %", 0.734) && says_percent("less than 1 %", 0.001)
    );
}
