//! `functools.partial`.

use std::cell::RefCell;
use std::rc::Rc;

use crate::listing::{Diagnostic, Span};

use super::super::language::*;
use super::super::value::{Closure, Scope, Value};
use super::given::Given;
use super::{Done, Interpreter};

impl Interpreter {
    /// `partial(f, a, n=3)`: a function with the parameters that are left. Its text is that of the call, so that the
    /// step of a loop can be written with it.
    pub(super) fn partial(&mut self, arguments: &[Argument], given: Given, span: Span) -> Done<Value> {
        let (mut positional, named) = given;
        if positional.is_empty()
            || arguments.iter().any(|one| matches!(one.value.kind, ExpressionKind::Starred(_)))
        {
            let message = "partial takes a function and values for its first parameters, written one by one";
            return Err(Diagnostic::new(span, message));
        }
        let function = positional.remove(0);
        let mut scope = Scope { around: Some(Rc::clone(&self.scope)), ..Scope::default() };
        let mut call = Vec::new();
        let expressions: Vec<&Argument> = arguments.iter().filter(|one| one.name.is_none()).skip(1).collect();
        let (mut parameters, mut defaults) = (Vec::new(), Vec::new());
        for (k, value) in positional.into_iter().enumerate() {
            let own = &expressions[k].value;
            // What is a name or a plain value stays as it is written; all else is computed once, under a name.
            let text = written(own);
            let is_made = ["np.zeros(", "np.ones(", "np.eye("].iter().any(|begin| text.starts_with(begin));
            let is_plain = is_made || matches!(own.kind, ExpressionKind::Int(_) | ExpressionKind::Float(_));
            if let Some(name) = as_name(own) {
                scope.names.insert(name.to_owned(), value);
                call.push(Argument { name: None, value: own.clone() });
            } else if is_plain {
                call.push(Argument { name: None, value: own.clone() });
            } else {
                let name = format!("value_{}", k + 1);
                call.push(Argument { name: None, value: name_at(&name, own) });
                scope.names.insert(name, value);
            }
        }
        let called = arguments.first().map(|one| one.value.clone());
        let called = called.unwrap_or(Expression { kind: ExpressionKind::None, span });
        let callee = name_at("function_of_partial", &called);
        let callee = if as_name(&called).is_some() { called } else { callee };
        if let Some(name) = as_name(&callee) {
            scope.names.insert(name.to_owned(), function.clone());
        }
        let plain = |name: &str, is_rest| Parameter {
            name: name.to_owned(),
            default: None,
            is_rest,
            is_options: false,
        };
        match &function {
            Value::Function(closure) => {
                let left = closure.function.parameters.iter().zip(&closure.defaults).skip(call.len());
                for (parameter, default) in left {
                    let own = named.iter().find(|(name, _)| *name == parameter.name);
                    let written = arguments.iter().find(|one| one.name.as_deref() == Some(&parameter.name));
                    let default = own.map(|(_, value)| value.clone()).or_else(|| default.clone());
                    let text = written.map(|one| one.value.clone()).or_else(|| parameter.default.clone());
                    let value = name_at(&parameter.name, &callee);
                    let kind =
                        if parameter.is_rest { ExpressionKind::Starred(Box::new(value)) } else { value.kind };
                    call.push(Argument { name: None, value: Expression { kind, span } });
                    parameters.push(Parameter { default: text, ..plain(&parameter.name, parameter.is_rest) });
                    defaults.push(default);
                }
            }
            _ => {
                let rest = Box::new(name_at("rest", &callee));
                call.push(Argument {
                    name: None,
                    value: Expression { kind: ExpressionKind::Starred(rest), span },
                });
                parameters.push(plain("rest", true));
                defaults.push(None);
                for one in arguments.iter().filter(|one| one.name.is_some()) {
                    call.push(one.clone());
                }
            }
        }
        let value = Expression { kind: ExpressionKind::Call(Box::new(callee), call), span };
        let body = vec![Statement { kind: StatementKind::Return(Some(value)), span, comment: None }];
        let made = Function {
            name: "partial".to_owned(),
            parameters,
            body,
            method: Method::default(),
            is_generator: false,
        };
        let around = Rc::new(RefCell::new(scope));
        self.held.push(Rc::clone(&around));
        Ok(Value::Function(Rc::new(Closure { function: Rc::new(made), around, defaults })))
    }
}
