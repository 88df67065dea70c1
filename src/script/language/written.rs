//! An expression as text again.

use super::tree::*;

/// Python's precedence of what an expression is, from loose to tight.
fn precedence(expression: &Expression) -> u8 {
    use ExpressionKind::*;
    match &expression.kind {
        Tuple(_) | Starred(_) | Spread(_) | Named(..) => 0,
        Lambda(_) => 1,
        Conditional(_) => 2,
        Or(..) => 3,
        And(..) => 4,
        Not(_) => 5,
        Compare(..) => 6,
        Binary(Operator::And | Operator::Or | Operator::ShiftLeft | Operator::ShiftRight, ..) => 6,
        Binary(Operator::Add | Operator::Subtract, ..) => 7,
        Binary(Operator::Power, ..) => 10,
        Binary(..) => 8,
        Negate(_) | Invert(_) => 9,
        Int(value) if *value < 0 => 9,
        _ => 12,
    }
}

/// The text, with brackets where it stands in something that binds at least as tightly as `least`.
fn within(expression: &Expression, least: u8) -> String {
    let text = written(expression);
    if precedence(expression) < least { format!("({text})") } else { text }
}

fn listed(all: &[Expression]) -> String {
    all.iter().map(|one| within(one, 1)).collect::<Vec<_>>().join(", ")
}

/// The text of an expression; it reads back as the same tree.
pub(in crate::script) fn written(expression: &Expression) -> String {
    use ExpressionKind::*;
    match &expression.kind {
        None => "None".to_owned(),
        Bool(true) => "True".to_owned(),
        Bool(false) => "False".to_owned(),
        Int(value) => value.to_string(),
        Float(value) => format!("{value:?}"),
        Text(text) => format!("{text:?}"),
        Format(_) => "\"\"".to_owned(),
        Name(name) => name.clone(),
        Tuple(all) => match all.as_slice() {
            [] => "()".to_owned(),
            [one] => format!("{},", within(one, 1)),
            _ => listed(all),
        },
        List(all) => format!("[{}]", listed(all)),
        Dict(all) => {
            let pairs: Vec<String> = all
                .iter()
                .map(|(key, value)| match &key.kind {
                    Spread(_) => written(key),
                    _ => format!("{}: {}", written(key), written(value)),
                })
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Comprehension(all) => {
            let condition = all.condition.as_ref().map(|c| format!(" if {}", written(c))).unwrap_or_default();
            let (element, over) = (within(&all.element, 1), within(&all.over, 1));
            let inside = format!("{element} for {} in {over}{condition}", written(&all.target));
            match &all.key {
                Some(key) => format!("{{{}: {inside}}}", written(key)),
                Option::None => format!("[{inside}]"),
            }
        }
        Negate(value) => format!("-{}", within(value, 9)),
        Invert(value) => format!("~{}", within(value, 9)),
        Not(value) => format!("not {}", within(value, 5)),
        Binary(Operator::Power, a, b) => format!("{}**{}", within(a, 11), within(b, 9)),
        Binary(operator, a, b) => {
            let own = precedence(expression);
            // `(r * h) @ U` and `(a / b) * c` need no brackets, but are read more easily with them.
            let is_other = matches!(own, 6 | 8) && matches!(&a.kind, Binary(inner, ..) if inner != operator);
            format!("{} {} {}", within(a, own + u8::from(is_other)), operator.sign(), within(b, own + 1))
        }
        Compare(first, rest) => {
            let rest = rest.iter().map(|(sign, value)| format!(" {} {}", sign.sign(), within(value, 7)));
            format!("{}{}", within(first, 7), rest.collect::<String>())
        }
        And(a, b) => format!("{} and {}", within(a, 4), within(b, 5)),
        Or(a, b) => format!("{} or {}", within(a, 3), within(b, 4)),
        Conditional(parts) => {
            let [test, then, otherwise] = &**parts;
            format!("{} if {} else {}", within(then, 3), within(test, 3), within(otherwise, 2))
        }
        Call(function, arguments) => {
            let shown = |argument: &Argument| match &argument.name {
                Some(name) => format!("{name}={}", within(&argument.value, 1)),
                Option::None => match &argument.value.kind {
                    Starred(_) | Spread(_) => written(&argument.value),
                    _ => within(&argument.value, 1),
                },
            };
            let arguments: Vec<String> = arguments.iter().map(shown).collect();
            format!("{}({})", within(function, 12), arguments.join(", "))
        }
        Attribute(value, name) => format!("{}.{name}", within(value, 12)),
        Subscript(value, index) => format!("{}[{}]", within(value, 12), written(index)),
        Slice([from, to, step]) => {
            let shown =
                |bound: &Option<Box<Expression>>| bound.as_ref().map(|b| written(b)).unwrap_or_default();
            let step = step.as_ref().map(|step| format!(":{}", written(step))).unwrap_or_default();
            format!("{}:{}{step}", shown(from), shown(to))
        }
        Ellipsis => "...".to_owned(),
        Spread(value) => format!("**{}", within(value, 3)),
        Named(name, value) => format!("({name} := {})", within(value, 1)),
        Starred(value) => format!("*{}", within(value, 3)),
        Lambda(function) => match function.body.first().map(|statement| &statement.kind) {
            Some(StatementKind::Return(Some(value))) => {
                let names: Vec<&str> = function.parameters.iter().map(|p| p.name.as_str()).collect();
                format!("lambda {}: {}", names.join(", "), within(value, 1))
            }
            _ => String::new(),
        },
    }
}
