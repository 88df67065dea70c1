//! What is known of the value of an expression.

use serde_json::{Map, Number, Value};

use super::Mistake;
use super::known::Known;
use super::reader::Reader;
use super::syntax::{Expression, Kind};

impl Reader {
    pub fn evaluate(&mut self, expression: &Expression) -> Result<Known, Mistake> {
        Ok(match &expression.kind {
            Kind::Literal(value) => Known::Constant(value.clone()),
            Kind::Name(name) => match self.scope.get(name) {
                Some(known) => known.clone(),
                None => Known::Name(self.imported(name)),
            },
            Kind::List(items) => {
                let items = items.iter().map(|item| self.value(item)).collect::<Result<Vec<_>, _>>()?;
                let constant = |(item, _): &(Known, usize)| match item {
                    Known::Constant(value) => Some(value.clone()),
                    _ => None,
                };
                let constants: Option<Vec<Value>> = items.iter().map(constant).collect();
                constants.map_or(Known::Items(items), |values| Known::Constant(values.into())).bounded()
            }
            Kind::Dictionary(entries) => self.dictionary(entries)?,
            Kind::Negate(value) => self.operation("-", Known::Constant(0.into()), value)?,
            Kind::Binary(sign, left, right) => {
                let left = self.evaluate(left)?;
                self.operation(sign, left, right)?
            }
            Kind::Call(function, arguments) => self.call(function, arguments, expression.line)?,
            Kind::Other => Known::Unknown,
        })
    }

    fn dictionary(&mut self, entries: &[(Expression, Expression)]) -> Result<Known, Mistake> {
        let mut map = Map::new();
        for (key, value) in entries {
            let (key, value) = (self.evaluate(key)?, self.evaluate(value)?);
            let key = match key {
                Known::Constant(Value::String(text)) => text,
                Known::Constant(value) => value.to_string(),
                _ => return Ok(Known::Unknown),
            };
            let Known::Constant(value) = value else { return Ok(Known::Unknown) };
            map.insert(key, value);
        }
        Ok(Known::Constant(map.into()).bounded())
    }

    fn operation(&mut self, sign: &str, left: Known, right: &Expression) -> Result<Known, Mistake> {
        let right = self.evaluate(right)?;
        let (Known::Constant(left), Known::Constant(right)) = (left, right) else {
            return Ok(Known::Unknown);
        };
        Ok(arithmetic(sign, &left, &right).map_or(Known::Unknown, Known::Constant))
    }
}

/// What Python computes of two numbers; whole numbers stay whole.
fn arithmetic(sign: &str, left: &Value, right: &Value) -> Option<Value> {
    if let (Some(a), Some(b)) = (left.as_i64(), right.as_i64()) {
        let whole = match sign {
            "+" => a.checked_add(b),
            "-" => a.checked_sub(b),
            "*" => a.checked_mul(b),
            "//" => a.checked_div_euclid(b).filter(|_| b > 0),
            "%" => a.checked_rem_euclid(b).filter(|_| b > 0),
            "**" => a.checked_pow(u32::try_from(b).ok()?),
            _ => None,
        };
        if whole.is_some() || sign != "/" {
            return whole.map(Value::from);
        }
    }
    let (a, b) = (left.as_f64()?, right.as_f64()?);
    let result = match sign {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        _ => return power_of_ten(sign, a, right.as_i64()?),
    };
    Number::from_f64(result).map(Value::Number)
}

/// `10. ** -3`: the only power of a fraction that is written for a learning rate.
fn power_of_ten(sign: &str, base: f64, exponent: i64) -> Option<Value> {
    if sign != "**" || base != 10.0 {
        return None;
    }
    let value: f64 = format!("1e{exponent}").parse().ok()?;
    Number::from_f64(value).map(Value::Number)
}
