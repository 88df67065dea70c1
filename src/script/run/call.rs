//! Calls: of functions of the script, of numpy's, of methods.

use std::cell::RefCell;
use std::rc::Rc;

use crate::listing::{Diagnostic, Span};

use super::super::language::*;
use super::super::library::{self, Arguments};
use super::super::value::{Closure, Object, Scope, Value};
use super::statement::Flow;
use super::{Done, Interpreter, MOST_CALLS, at};

impl Interpreter {
    pub(super) fn call_expression(
        &mut self,
        function: &Expression,
        arguments: &[Argument],
        span: Span,
    ) -> Done<Value> {
        let of_base = self.called_of_base(function)?;
        let callee = if of_base.is_some() { Value::None } else { self.evaluate(function)? };
        let (mut positional, mut named) = (Vec::new(), Vec::new());
        for argument in arguments {
            match (&argument.name, &argument.value.kind) {
                (Some(name), _) => named.push((name.clone(), self.evaluate(&argument.value)?)),
                (None, ExpressionKind::Starred(inner)) => {
                    let spread = self.evaluate(inner)?;
                    positional.extend(at(argument.value.span, spread.items())?);
                }
                (None, ExpressionKind::Spread(inner)) => {
                    let spread = self.evaluate(inner)?;
                    let Value::Dict(pairs) = &spread else {
                        let message =
                            format!("`**` spreads a dictionary, and this is {}", spread.described());
                        return Err(Diagnostic::new(argument.value.span, message));
                    };
                    let pairs = pairs.borrow();
                    named.extend(
                        pairs.iter().map(|(name, value)| (super::super::show::text(name), value.clone())),
                    );
                }
                (None, _) => positional.push(self.evaluate(&argument.value)?),
            }
        }
        if let Some((object, method)) = of_base {
            if let Some((object, method)) = object.zip(method) {
                let with_self = std::iter::once(Value::Object(object)).chain(positional).collect();
                return self.call_closure(&method, with_self, named, span);
            }
            return Ok(Value::None);
        }
        if matches!(&callee, Value::Library(path) if &**path == "functools.partial") {
            return self.partial(arguments, (positional, named), span);
        }
        let joins = matches!(&callee, Value::Library(path) if &**path == "numpy.concatenate");
        let joined = (joins && self.recorder.is_some()).then(|| {
            let axis = named.iter().find(|(name, _)| name == "axis").map(|(_, axis)| axis);
            (positional.first().cloned(), positional.get(1).or(axis).cloned())
        });
        let result = self.call(&callee, positional, named, function, span)?;
        if let Some((Some(parts), axis)) = joined {
            self.note_join(arguments, (&parts, axis), &result);
        }
        Ok(result)
    }

    /// What `super().name` names, if a function is called so; `__init__` of a class that is made from no other does
    /// nothing.
    #[allow(clippy::type_complexity)]
    fn called_of_base(
        &mut self,
        function: &Expression,
    ) -> Done<Option<(Option<Rc<Object>>, Option<Rc<Closure>>)>> {
        let ExpressionKind::Attribute(of, name) = &function.kind else { return Ok(None) };
        let ExpressionKind::Call(word, _) = &of.kind else { return Ok(None) };
        if as_name(word) != Some("super") || self.lookup("super").is_some() {
            return Ok(None);
        }
        match self.of_base(name, function.span) {
            Ok((object, method)) => Ok(Some((Some(object), Some(method)))),
            Err(_) if name == "__init__" => Ok(Some((None, None))),
            Err(mistake) => Err(mistake),
        }
    }

    pub(super) fn call(
        &mut self,
        callee: &Value,
        positional: Vec<Value>,
        named: Vec<(String, Value)>,
        function: &Expression,
        span: Span,
    ) -> Done<Value> {
        match callee {
            Value::Function(closure) => self.call_closure(closure, positional, named, span),
            Value::Library(path) => {
                let given = (positional, named);
                if let Some(result) = self.functional(path, &given, span)? {
                    return Ok(result);
                }
                let (mut positional, named) = given;
                if let ("python.repr", [one]) = (&**path, positional.as_slice()) {
                    let one = one.clone();
                    return self.printable(&one, true, span);
                }
                if matches!(&**path, "python.print" | "python.str" | "python.format") {
                    for value in &mut positional {
                        *value = self.printable(value, false, span)?;
                    }
                }
                if let ("python.len", [Value::Object(object)]) = (&**path, positional.as_slice())
                    && object.class.parts.contains_key("__len__")
                {
                    let object = Rc::clone(object);
                    return self.call_method(&object, "__len__", vec![], vec![], span);
                }
                let arguments = Arguments::new(path, positional, named);
                at(span, library::call(&mut self.world, path, arguments))
            }
            Value::Class(class) => self.object(class, positional, named, span),
            Value::Object(object) => self.call_method(object, "__call__", positional, named, span),
            Value::Method(value, name) if matches!(&**value, Value::Object(_)) => match &**value {
                Value::Object(object) => self.call_method(object, name, positional, named, span),
                _ => Ok(Value::None),
            },
            Value::Method(class, name) if matches!(&**class, Value::Class(_)) => {
                let Value::Class(known) = &**class else { return Ok(Value::None) };
                let Some(Value::Function(method)) = known.parts.get(&**name).cloned() else {
                    return Ok(Value::None);
                };
                let with_class = std::iter::once((**class).clone()).chain(positional).collect();
                self.call_closure(&method, with_class, named, span)
            }
            Value::Method(list, name) if &**name == "sort" && matches!(&**list, Value::List(_)) => {
                let items = at(span, list.items())?;
                let option =
                    |name: &str| named.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
                let reverse = option("reverse").map_or(Ok(false), |value| at(span, value.truth()))?;
                let sorted = self.by_key(items, &option("key").unwrap_or(Value::None), reverse, span)?;
                if let Value::List(list) = &**list {
                    *list.borrow_mut() = sorted;
                }
                Ok(Value::None)
            }
            Value::Method(value, name) => {
                let mut positional = positional;
                if &**name == "format" {
                    for value in &mut positional {
                        *value = self.printable(value, false, span)?;
                    }
                }
                let arguments = Arguments::new(name, positional, named);
                at(span, library::method(value, name, arguments))
            }
            other => {
                let message = format!("`{}` is {}, no function", written(function), other.described());
                Err(Diagnostic::new(span, message))
            }
        }
    }

    pub(super) fn call_closure(
        &mut self,
        closure: &Closure,
        positional: Vec<Value>,
        named: Vec<(String, Value)>,
        span: Span,
    ) -> Done<Value> {
        let function = &closure.function;
        let mut scope = Scope { around: Some(Rc::clone(&closure.around)), ..Scope::default() };
        let mut put = |name: &str, value: Value| {
            scope.order.push(name.to_owned());
            scope.names.insert(name.to_owned(), value).is_none()
        };
        let refuse = |problem: String| {
            let names: Vec<&str> = function.parameters.iter().map(|p| p.name.as_str()).collect();
            Err(Diagnostic::new(span, format!("{problem}; {} takes ({})", function.name, names.join(", "))))
        };
        let mut positional = positional.into_iter();
        for parameter in &function.parameters {
            if parameter.is_options {
                continue;
            } else if parameter.is_rest {
                put(&parameter.name, Value::tuple(positional.by_ref().collect()));
            } else if let Some(value) = positional.next() {
                put(&parameter.name, value);
            }
        }
        if positional.next().is_some() {
            return refuse("this call has too many arguments".to_owned());
        }
        let options = function.parameters.iter().find(|p| p.is_options);
        let (known, more): (Vec<_>, Vec<_>) = named
            .into_iter()
            .partition(|(name, _)| options.is_none() || function.parameters.iter().any(|p| p.name == *name));
        if let Some(options) = options {
            let pairs: Vec<_> = more.into_iter().map(|(name, value)| (Value::text(name), value)).collect();
            put(&options.name, Value::Dict(Rc::new(pairs.into())));
        }
        for (name, value) in known {
            if !function.parameters.iter().any(|p| p.name == name) {
                return refuse(format!("there is no argument `{name}`"));
            }
            if !put(&name, value) {
                return refuse(format!("`{name}` is given twice"));
            }
        }
        for (parameter, default) in function.parameters.iter().zip(&closure.defaults) {
            if !scope.names.contains_key(&parameter.name) {
                let Some(default) = default else {
                    return refuse(format!("`{}` is not given", parameter.name));
                };
                scope.names.insert(parameter.name.clone(), default.clone());
                scope.order.push(parameter.name.clone());
            }
        }
        self.calls += 1;
        if self.calls > MOST_CALLS {
            let message = format!("`{}` calls itself too often; write it as a loop", function.name);
            return Err(Diagnostic::new(span, message));
        }
        let outer = std::mem::replace(&mut self.scope, Rc::new(RefCell::new(scope)));
        let comprehensions = std::mem::take(&mut self.comprehensions);
        self.note_call(function, span.line);
        self.running.push(Rc::clone(function));
        let generators = self.begin_generator(function);
        let flow = self.block(&function.body);
        let generated = self.end_generator(generators, span);
        self.running.pop();
        self.note_call_end();
        self.scope = outer;
        self.comprehensions = comprehensions;
        self.calls -= 1;
        let flow = flow?;
        if let Some(generated) = generated? {
            return Ok(generated);
        }
        Ok(match flow {
            Flow::Return(value) => value,
            _ => Value::None,
        })
    }

    /// Runs with names of its own, which fall away again.
    pub(super) fn inside<T>(&mut self, work: impl FnOnce(&mut Self) -> Done<T>) -> Done<T> {
        let scope = Scope { around: Some(Rc::clone(&self.scope)), ..Scope::default() };
        let outer = std::mem::replace(&mut self.scope, Rc::new(RefCell::new(scope)));
        let result = work(self);
        self.scope = outer;
        result
    }
}
