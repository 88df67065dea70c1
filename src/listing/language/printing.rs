//! From tree to text: what is printed reads back as the same tree.

use crate::listing::language::functions::Function;
use crate::listing::language::tree::{
    Binary, Definition, Expression, ExpressionKind, LAST, NEGATE_PRECEDENCE, Options, Statement, Subscript,
};
use std::fmt::Write;

/// The text of a whole listing.
pub(in crate::listing) fn print(definition: &Definition) -> String {
    let mut text = String::new();
    for helper in definition.helpers.iter().filter(|helper| !helper.name.contains('.')) {
        text.push_str(&print(helper));
        text.push_str("\n\n");
    }
    for comment in &definition.above {
        push_comment(&mut text, "", comment);
    }
    let names = definition.parameters.iter().map(|p| p.name.clone());
    let constants = definition.constants.iter().map(|c| format!("{}={}", c.name, print_number(c.value)));
    let names: Vec<String> = names.chain(constants).collect();
    let head = format!("def {}({}):", definition.name, names.join(", "));
    push_line(&mut text, &head, definition.comment.as_deref());
    for statement in &definition.body {
        for comment in &statement.above {
            push_comment(&mut text, "    ", comment);
        }
        let line = format!("    {}", print_statement(statement));
        push_line(&mut text, &line, statement.comment.as_deref());
    }
    for comment in &definition.return_above {
        push_comment(&mut text, "    ", comment);
    }
    let values: Vec<String> = definition.returns.iter().map(print_expression).collect();
    let line = format!("    return {}", values.join(", "));
    push_line(&mut text, &line, definition.return_comment.as_deref());
    text
}

fn push_comment(text: &mut String, indent: &str, comment: &str) {
    let _ = writeln!(text, "{}", format!("{indent}# {comment}").trim_end());
}

fn push_line(text: &mut String, line: &str, comment: Option<&str>) {
    match comment {
        Some(comment) => {
            let _ = writeln!(text, "{}", format!("{line}  # {comment}").trim_end());
        }
        None => {
            let _ = writeln!(text, "{line}");
        }
    }
}

/// One assignment, without comments.
pub(in crate::listing) fn print_statement(statement: &Statement) -> String {
    let value = print_expression(&statement.value);
    if let [target] = statement.targets.as_slice()
        && let Some(parts) = &target.part
    {
        let sign = if statement.in_place { "+=" } else { "=" };
        return format!("{}[{}] {sign} {value}", target.name, print_subscripts(parts));
    }
    let names: Vec<&str> = statement.targets.iter().map(|t| t.name.as_str()).collect();
    if let (true, ExpressionKind::Binary(operation, _, right)) = (statement.in_place, &statement.value.kind) {
        return format!("{} {}= {}", names.join(", "), operation.sign(), print_expression(right));
    }
    format!("{} = {value}", names.join(", "))
}

/// An expression with only the parentheses that it needs.
pub(in crate::listing) fn print_expression(expression: &Expression) -> String {
    let mut text = String::new();
    push(&mut text, expression, 0);
    text
}

/// Binds tighter than every operation.
const ATOM: u8 = 9;

fn precedence(expression: &Expression) -> u8 {
    match &expression.kind {
        ExpressionKind::Binary(operation, ..) => operation.precedence(),
        ExpressionKind::Negate(_) => NEGATE_PRECEDENCE,
        ExpressionKind::Choice(_) => 0,
        _ => ATOM,
    }
}

fn push(text: &mut String, expression: &Expression, lowest: u8) {
    // `a > b > c` would be something else in Python.
    let compared = precedence(expression) == 1 && lowest == 1;
    let needs = precedence(expression) < lowest || compared;
    if needs {
        text.push('(');
    }
    match &expression.kind {
        ExpressionKind::Number(value) => text.push_str(&print_number(*value)),
        ExpressionKind::Name(name) => text.push_str(name),
        ExpressionKind::Negate(inner) => {
            text.push('-');
            // `--x` reads back as the same tree, but is easily misread.
            push(text, inner, NEGATE_PRECEDENCE + 1);
        }
        ExpressionKind::Binary(operation, left, right) => {
            let own = operation.precedence();
            // ** groups to the right and takes a minus on its right side only.
            let (mut low, high) =
                if *operation == Binary::Power { (own + 1, NEGATE_PRECEDENCE) } else { (own, own + 1) };
            // `a * b @ c` would be correct, but is easily misread.
            if let ExpressionKind::Binary(inner, ..) = &left.kind
                && (*inner == Binary::MatMul) != (*operation == Binary::MatMul)
                && inner.precedence() == own
            {
                low = own + 1;
            }
            push(text, left, low);
            let _ = write!(text, " {} ", operation.sign());
            push(text, right, high);
        }
        ExpressionKind::Call(function, arguments, options) => push_call(text, *function, arguments, *options),
        ExpressionKind::Helper(name, arguments) => {
            let shown: Vec<String> = arguments.iter().map(print_expression).collect();
            let _ = write!(text, "{name}({})", shown.join(", "));
        }
        ExpressionKind::Tuple(values) => {
            let shown: Vec<String> = values.iter().map(print_expression).collect();
            text.push_str(&shown.join(", "));
        }
        ExpressionKind::Subscript(inner, parts) => {
            push(text, inner, ATOM);
            let _ = write!(text, "[{}]", print_subscripts(parts));
        }
        ExpressionKind::Transpose(inner) => {
            push(text, inner, ATOM);
            text.push_str(".T");
        }
        ExpressionKind::Choice(parts) => {
            if let [condition, first, other] = parts.as_slice() {
                push(text, first, 1);
                text.push_str(" if ");
                push(text, condition, 1);
                text.push_str(" else ");
                push(text, other, 0);
            }
        }
        ExpressionKind::Each(value, name, over) => {
            let (value, over) = (print_expression(value), print_expression(over));
            let _ = write!(text, "[{value} for {name} in {over}]");
        }
        ExpressionKind::List(values) => {
            let shown: Vec<String> = values.iter().map(print_expression).collect();
            let _ = write!(text, "[{}]", shown.join(", "));
        }
        ExpressionKind::Reshape(inner, sizes) => {
            push(text, inner, ATOM);
            let shown: Vec<String> = sizes.iter().map(print_expression).collect();
            let _ = write!(text, ".reshape({})", shown.join(", "));
        }
        ExpressionKind::Length(inner, LAST) => {
            push(text, inner, ATOM);
            text.push_str(".shape[-1]");
        }
        ExpressionKind::Length(inner, 0) => {
            text.push_str("len(");
            push(text, inner, 0);
            text.push(')');
        }
        ExpressionKind::Length(inner, axis) => {
            push(text, inner, ATOM);
            let _ = write!(text, ".shape[{axis}]");
        }
    }
    if needs {
        text.push(')');
    }
}

fn push_call(text: &mut String, function: Function, arguments: &[Expression], options: Options) {
    let mut shown: Vec<String> = arguments.iter().map(print_expression).collect();
    if function.takes_list() {
        shown = vec![format!("[{}]", shown.join(", "))];
    } else if function.takes_shape() && shown.len() != 1 {
        shown = vec![format!("({})", shown.join(", "))];
    }
    match options.axis {
        Some(LAST) => shown.push("axis=-1".into()),
        Some(axis) => shown.push(format!("axis={axis}")),
        None => {}
    }
    if options.keep {
        shown.push("keepdims=True".into());
    }
    let _ = write!(text, "{}({})", function.name(), shown.join(", "));
}

fn print_subscripts(parts: &[Subscript]) -> String {
    let bound = |b: &Option<Expression>| b.as_ref().map(print_expression).unwrap_or_default();
    let shown: Vec<String> = parts
        .iter()
        .map(|part| match part {
            Subscript::Index(index) => index.to_string(),
            Subscript::Range(start, end) => format!("{}:{}", bound(start), bound(end)),
            Subscript::Stepped(start, end, by) => format!("{}:{}:{by}", bound(start), bound(end)),
            Subscript::NewAxis => "None".into(),
        })
        .collect();
    if shown.is_empty() { "()".into() } else { shown.join(", ") }
}

/// A number as Python reads it back: whole numbers without a point, tiny and huge ones with an exponent.
pub(in crate::listing) fn print_number(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) { format!("{value:e}") } else { format!("{value}") }
}
