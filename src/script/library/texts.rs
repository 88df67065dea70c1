//! Methods of texts.

use super::super::array::{Fault, Outcome};
use super::super::show;
use super::super::value::Value;
use super::Arguments;

/// `text.name(…)`
pub(super) fn of_text(text: &str, name: &str, given: &mut Arguments) -> Outcome<Value> {
    Ok(match name {
        "upper" => Value::text(text.to_uppercase()),
        "lower" => Value::text(text.to_lowercase()),
        "strip" | "lstrip" | "rstrip" => {
            let all = given.take(0, "chars").filter(|value| !matches!(value, Value::None));
            let all = all.map(|value| show::text(&value));
            let is_out = |c: char| all.as_ref().map_or(c.is_whitespace(), |all| all.contains(c));
            Value::text(match name {
                "strip" => text.trim_matches(is_out),
                "lstrip" => text.trim_start_matches(is_out),
                _ => text.trim_end_matches(is_out),
            })
        }
        "ljust" | "rjust" | "center" | "zfill" => aligned(text, name, given)?,
        "startswith" | "endswith" => {
            let part = show::text(&given.need(0, "prefix")?);
            Value::Bool(if name == "startswith" { text.starts_with(&part) } else { text.ends_with(&part) })
        }
        "splitlines" => Value::list(text.lines().map(Value::text).collect()),
        "find" | "index" => {
            let at = text.find(&show::text(&given.need(0, "sub")?));
            let at = at.map_or(-1, |at| text[..at].chars().count() as i64);
            if at < 0 && name == "index" {
                return Err(Fault::new("this is not in the text"));
            }
            Value::Int(at)
        }
        "count" => {
            let part = show::text(&given.need(0, "sub")?);
            let found = if part.is_empty() { text.chars().count() + 1 } else { text.matches(&part).count() };
            Value::Int(found as i64)
        }
        "title" | "capitalize" => {
            let mut begins = true;
            let of = |c: char| {
                let upper = begins;
                begins = name == "title" && !c.is_alphabetic();
                if upper { c.to_uppercase().to_string() } else { c.to_lowercase().to_string() }
            };
            Value::text(text.chars().map(of).collect::<String>())
        }
        "isalpha" | "isdigit" | "isspace" | "isalnum" => {
            let is = |c: char| match name {
                "isalpha" => c.is_alphabetic(),
                "isdigit" => c.is_numeric(),
                "isspace" => c.is_whitespace(),
                _ => c.is_alphanumeric(),
            };
            Value::Bool(!text.is_empty() && text.chars().all(is))
        }
        "isupper" => {
            Value::Bool(text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase))
        }
        "islower" => {
            Value::Bool(text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase))
        }
        "join" => {
            let items = given.need(0, "iterable")?.items()?;
            Value::text(items.iter().map(show::text).collect::<Vec<_>>().join(text))
        }
        "replace" => {
            let (old, new) = (show::text(&given.need(0, "old")?), show::text(&given.need(1, "new")?));
            super::super::array::spend(text.len().saturating_mul(new.len().max(1)))?;
            Value::text(text.replace(&old, &new))
        }
        "split" => match given.take(0, "sep") {
            Some(separator) => Value::list(text.split(&show::text(&separator)).map(Value::text).collect()),
            None => Value::list(text.split_whitespace().map(Value::text).collect()),
        },
        _ => formatted(text, given)?,
    })
}

/// A text with characters around it, up to a width.
fn aligned(text: &str, name: &str, given: &mut Arguments) -> Outcome<Value> {
    let width = usize::try_from(given.need(0, "width")?.integer()?).unwrap_or(0);
    super::super::array::spend(width)?;
    let fill = given.take(1, "fillchar").map_or(" ".to_owned(), |fill| show::text(&fill));
    let left = width.saturating_sub(text.chars().count());
    Ok(Value::text(match name {
        "ljust" => text.to_owned() + &fill.repeat(left),
        "rjust" => fill.repeat(left) + text,
        "center" => {
            // Python puts the odd one before where the width is odd.
            let before = left / 2 + (left & width & 1);
            fill.repeat(before) + text + &fill.repeat(left - before)
        }
        _ => match text.strip_prefix(['-', '+']) {
            Some(digits) => text[..1].to_owned() + &"0".repeat(left) + digits,
            None => "0".repeat(left) + text,
        },
    }))
}

/// `"{:.3f} {}".format(a, b)`
fn formatted(pattern: &str, given: &mut Arguments) -> Outcome<Value> {
    let mut result = String::new();
    let mut rest = pattern;
    let values = given.rest();
    let mut next = 0;
    while let Some(at) = rest.find(['{', '}']) {
        result.push_str(&rest[..at]);
        if rest[at + 1..].starts_with(&rest[at..=at]) {
            result.push_str(&rest[at..=at]);
            rest = &rest[at + 2..];
            continue;
        }
        let inner = &rest[at + 1..];
        let Some(end) = inner.find('}') else { return Err(Fault::new("a brace of this text is not closed")) };
        let (name, format) = inner[..end].split_once(':').unwrap_or((&inner[..end], ""));
        let (name, is_repr) = match name.strip_suffix("!r") {
            Some(name) => (name, true),
            None => (name.strip_suffix("!s").unwrap_or(name), false),
        };
        let value = match name.parse::<usize>() {
            Ok(place) => values.get(place).cloned(),
            Err(_) if name.is_empty() => {
                next += 1;
                values.get(next - 1).cloned()
            }
            Err(_) => given.named(name),
        };
        let value = value.ok_or_else(|| Fault::new("this text has more braces than there are values"))?;
        let value = if is_repr { Value::text(show::repr(&value)) } else { value };
        result.push_str(&show::formatted(&value, format)?);
        rest = &inner[end + 1..];
    }
    result.push_str(rest);
    Ok(Value::text(result))
}
