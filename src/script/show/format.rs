//! `f"{value:8.3f}"`, `"%.3f" % value` and `"{:.3f}".format(value)`.

use super::super::array::{Fault, Kind, Outcome};
use super::super::value::Value;
use super::{repr, text};

/// `[[fill]align][sign][0][width][,][.precision][kind]`
#[derive(Default)]
struct Format {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    width: usize,
    comma: bool,
    precision: Option<usize>,
    kind: Option<char>,
}

/// Wider than any line is a mistake.
const WIDEST: usize = 1000;

fn read(format: &str) -> Option<Format> {
    let mut read = Format::default();
    let characters: Vec<char> = format.chars().collect();
    let is_align = |c: Option<&char>| c.is_some_and(|c| matches!(c, '<' | '>' | '^' | '='));
    let mut at = 0;
    if is_align(characters.get(1)) {
        (read.fill, read.align, at) = (characters.first().copied(), characters.get(1).copied(), 2);
    } else if is_align(characters.first()) {
        (read.align, at) = (characters.first().copied(), 1);
    }
    if let Some(sign) = characters.get(at).filter(|c| matches!(c, '+' | '-' | ' ')) {
        (read.sign, at) = (Some(*sign), at + 1);
    }
    if characters.get(at) == Some(&'0') {
        (read.fill, read.align) = (read.fill.or(Some('0')), read.align.or(Some('=')));
    }
    let digits = |at: &mut usize| {
        let start = *at;
        *at += characters[start..].iter().take_while(|c| c.is_ascii_digit()).count();
        characters[start..*at].iter().collect::<String>().parse::<usize>().ok()
    };
    read.width = digits(&mut at).unwrap_or(0);
    if matches!(characters.get(at), Some(',' | '_')) {
        (read.comma, at) = (true, at + 1);
    }
    if characters.get(at) == Some(&'.') {
        at += 1;
        read.precision = Some(digits(&mut at)?);
    }
    read.kind = characters.get(at).copied();
    let is_whole = at + usize::from(read.kind.is_some()) == characters.len();
    (is_whole && read.width <= WIDEST && read.precision.unwrap_or(0) <= WIDEST).then_some(read)
}

/// `format(value, format)`
pub(in crate::script) fn formatted(value: &Value, format: &str) -> Outcome<String> {
    if format.is_empty() {
        // A float32 is formatted as the float of Python that it is.
        return Ok(match value {
            Value::Array(array) if array.kind() == Kind::Single && array.shape().is_empty() => {
                super::number::float(array.only().unwrap_or(0.0))
            }
            other => text(other),
        });
    }
    let unknown = || Fault::new(format!("`{format}` is no format; write one like .3f, 8.2e, >10 or d"));
    let read = read(format).ok_or_else(unknown)?;
    let is_text = matches!(value, Value::Text(_));
    let body = match read.kind {
        None | Some('s') if is_text || read.kind == Some('s') => {
            let all = text(value);
            read.precision.map_or(all.clone(), |most| all.chars().take(most).collect())
        }
        Some('r') => repr(value),
        kind => number(value, kind, &read).ok_or_else(unknown)??,
    };
    Ok(aligned(body, &read, !is_text))
}

fn number(value: &Value, kind: Option<char>, format: &Format) -> Option<Outcome<String>> {
    if let Value::Array(array) = value
        && !array.shape().is_empty()
    {
        let message = "an array takes no format; format its numbers, or use np.round and print";
        return Some(Err(Fault::new(message)));
    }
    let number = match value.float() {
        Ok(number) => number,
        Err(fault) => return Some(Err(fault)),
    };
    let is_whole = match value {
        Value::Int(_) | Value::Bool(_) => true,
        Value::Array(array) => array.kind() <= Kind::Int,
        _ => false,
    };
    let precision = format.precision.unwrap_or(6);
    let body = match kind {
        Some('d') | None if is_whole => format!("{number}"),
        Some('i') => format!("{}", number.trunc()),
        Some('d') => return None,
        Some('f' | 'F') => format!("{number:.precision$}"),
        Some('e' | 'E') => exponential(number, precision),
        Some('%') => format!("{:.precision$}%", number * 100.0),
        Some('g' | 'G') => general(number, precision.max(1)),
        None if format.precision.is_some() => general(number, precision.max(1)),
        None => super::number::float(number),
        _ => return None,
    };
    let body = if format.comma { with_commas(&body) } else { body };
    let sign = format.sign.filter(|sign| *sign != '-' && !body.starts_with('-'));
    Some(Ok(sign.map_or(body.clone(), |sign| format!("{sign}{body}"))))
}

fn exponential(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

fn general(number: f64, precision: usize) -> String {
    let scientific = exponential(number, precision - 1);
    let exponent: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if exponent < -4 || exponent >= precision as i32 {
        return match scientific.split_once('e') {
            Some((mantissa, power)) => format!("{}e{power}", trimmed(mantissa)),
            None => scientific,
        };
    }
    trimmed(&format!("{number:.digits$}", digits = (precision as i32 - 1 - exponent).max(0) as usize))
}

fn with_commas(body: &str) -> String {
    let (whole, part) = body.find('.').map_or((body, ""), |at| body.split_at(at));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::new();
    for (k, c) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(c);
    }
    format!("{sign}{grouped}{part}")
}

fn aligned(body: String, format: &Format, to_the_right: bool) -> String {
    let missing = format.width.saturating_sub(body.chars().count());
    let fill = |count: usize| format.fill.unwrap_or(' ').to_string().repeat(count);
    match format.align.unwrap_or(if to_the_right { '>' } else { '<' }) {
        '<' => body + &fill(missing),
        '^' => format!("{}{body}{}", fill(missing / 2), fill(missing - missing / 2)),
        '=' => {
            let sign = body.strip_prefix(['-', '+']).map_or("", |_| &body[..1]);
            format!("{sign}{}{}", fill(missing), &body[sign.len()..])
        }
        _ => fill(missing) + &body,
    }
}

/// `text % values`
pub(in crate::script) fn percent(pattern: &str, values: &[Value]) -> Outcome<String> {
    let mut result = String::new();
    let mut values = values.iter();
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        result.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            result.push('%');
            rest = after;
            continue;
        }
        let Some(end) = rest.find(|c: char| c.is_ascii_alphabetic()) else {
            return Err(Fault::new("a % of this text has no letter behind it; write %% for the sign itself"));
        };
        let Some(value) = values.next() else {
            return Err(Fault::new("this text has more % than there are values behind it"));
        };
        let (flags, kind) = (&rest[..end], &rest[end..=end]);
        let left = flags.strip_prefix('-');
        let flags = left.map_or(flags.to_owned(), |flags| format!("<{flags}"));
        result.push_str(&match kind {
            "s" if left.is_none() => aligned(text(value), &read(&flags).unwrap_or_default(), true),
            "s" => formatted(&Value::text(text(value)), &flags)?,
            "d" | "i" => formatted(&Value::Int(value.float()?.trunc() as i64), &format!("{flags}d"))?,
            "r" => repr(value),
            _ => formatted(&Value::Float(value.float()?), &format!("{flags}{kind}"))?,
        });
        rest = &rest[end + 1..];
    }
    if values.next().is_some() {
        return Err(Fault::new("not all values behind the text are used in it; give it one % for each"));
    }
    result.push_str(rest);
    Ok(result)
}
