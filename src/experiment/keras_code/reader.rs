//! Walks through the statements of a Python text and keeps what they say of a model and its training.

use std::collections::HashMap;

use serde_json::Value;

use super::known::{Known, Object};
use super::syntax::{Expression, Parser};
use super::tokens::{Statement, Token};
use super::{Mistake, Note};

/// A model as far as the code has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub line: usize,
    pub name: Option<String>,
    pub layers: Vec<Object>,
    pub compile: Option<Call>,
    /// What a wrapper for scikit-learn was given for a later `fit`.
    pub wrapper: Option<Call>,
    pub fit: Option<Call>,
}

/// The arguments of a call by their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Call {
    pub line: usize,
    pub arguments: Vec<(String, Known, usize)>,
}

impl Call {
    /// The argument `name` and its line.
    pub fn get(&self, name: &str) -> Option<(&Known, usize)> {
        self.arguments.iter().find(|(key, ..)| key == name).map(|(_, value, line)| (value, *line))
    }
}

/// Everything that was found.
#[derive(Default)]
pub(super) struct Reader {
    pub scope: HashMap<String, Known>,
    pub models: Vec<Draft>,
    /// Calls that prepare data: `load_data` and `pad_sequences`, with the name of the set.
    pub data: Vec<(String, Call)>,
    pub notes: Vec<Note>,
    /// Lines that say nothing of the model.
    pub passed_over: Vec<usize>,
    /// Whether the present statement said something.
    pub taken: bool,
    /// What the names of imports stand for.
    aliases: HashMap<String, String>,
    /// The function whose body is read, with its indentation.
    function: Option<(String, usize)>,
    /// The model that each function makes.
    functions: HashMap<String, usize>,
    done: usize,
}

/// A loop over more statements than this is not followed.
const MOST_STATEMENTS: usize = 20_000;

/// Words that begin a statement with a body.
const HEADS: [&str; 11] =
    ["if", "elif", "else", "while", "with", "try", "except", "finally", "class", "for", "async"];

impl Reader {
    /// Reads statements one after the other.
    pub fn run(&mut self, statements: &[Statement]) -> Result<(), Mistake> {
        let mut at = 0;
        while let Some(statement) = statements.get(at) {
            self.done += 1;
            if self.done > MOST_STATEMENTS {
                return Err(Mistake::new(statement.line, "the loops are too long; write the layers out"));
            }
            at += 1;
            if self.function.as_ref().is_some_and(|(_, indent)| statement.indent <= *indent) {
                self.function = None;
            }
            if let Some((name, count)) = self.repetition(statement) {
                let inside = |other: &&Statement| other.indent > statement.indent;
                let body = statements[at..].iter().take_while(inside).count();
                let rounds = if body == 0 { 0 } else { count };
                for round in 0..rounds {
                    self.scope.insert(name.clone(), Known::Constant(Value::from(round)));
                    self.run(&statements[at..at + body])?;
                }
                at += body;
                continue;
            }
            self.taken = false;
            self.statement(statement)?;
            if !self.taken && self.passed_over.last() != Some(&statement.line) {
                self.passed_over.push(statement.line);
            }
        }
        Ok(())
    }

    /// The variable and the number of rounds of `for … in range(…):`.
    fn repetition(&mut self, statement: &Statement) -> Option<(String, u64)> {
        let [(Token::Name(word), _), (Token::Name(name), _), (Token::Name(within), _), rest @ ..] =
            &statement.tokens[..]
        else {
            return None;
        };
        let [(Token::Name(range), _), call @ .., (Token::Sign(":"), _)] = rest else { return None };
        if (word.as_str(), within.as_str(), range.as_str()) != ("for", "in", "range") {
            return None;
        }
        let count = Parser::new(call, statement.line).whole().ok()?;
        match self.evaluate(&count).ok()? {
            Known::Constant(count) => Some((name.clone(), count.as_u64()?)),
            _ => None,
        }
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Mistake> {
        if let Some((line, problem)) = &statement.problem {
            // Behind an open bracket stands what may be all right by itself.
            let first = statement.tokens.iter().take_while(|(_, line)| *line == statement.line).count();
            return match concerns_model(&statement.tokens[..first]) {
                true => Err(Mistake::new(*line, problem.as_str())),
                false => Ok(()),
            };
        }
        let tokens = &statement.tokens[..];
        let Some((Token::Name(word), _)) = tokens.first() else { return self.assignment(tokens, statement) };
        match word.as_str() {
            "import" | "from" => {
                self.import(tokens);
                Ok(())
            }
            "def" => self.definition(tokens, statement),
            "return" => self.assignment(&tokens[1..], statement),
            word if HEADS.contains(&word) => match colon(tokens) {
                Some(colon) => self.assignment(&tokens[colon + 1..], statement),
                None => Ok(()),
            },
            _ => self.assignment(tokens, statement),
        }
    }

    /// `import keras.layers as L`, `from keras.layers import LSTM as L, Dense`.
    fn import(&mut self, tokens: &[(Token, usize)]) {
        let words: Vec<&str> = tokens.iter().filter_map(|(token, _)| name_of(token)).collect();
        for (k, word) in words.iter().enumerate() {
            if let (true, Some(alias), Some(before)) = (*word == "as", words.get(k + 1), words[..k].last()) {
                self.aliases.insert((*alias).to_owned(), (*before).to_owned());
            }
        }
    }

    /// `def build(units=50):` gives its parameters the values that stand there.
    fn definition(&mut self, tokens: &[(Token, usize)], statement: &Statement) -> Result<(), Mistake> {
        let Some(name) = tokens.get(1).and_then(|(token, _)| name_of(token)) else { return Ok(()) };
        self.function = Some((name.to_owned(), statement.indent));
        self.functions.remove(name);
        let Some(colon) = colon(tokens) else { return Ok(()) };
        for parameter in parts(tokens.get(3..colon.saturating_sub(1)).unwrap_or_default(), ",") {
            self.assignment(parameter, statement)?;
        }
        self.assignment(&tokens[colon + 1..], statement)
    }

    /// An assignment to some targets, or an expression alone.
    fn assignment(&mut self, tokens: &[(Token, usize)], statement: &Statement) -> Result<(), Mistake> {
        let sides: Vec<&[(Token, usize)]> = parts(tokens, "=").collect();
        let Some((value, targets)) = sides.split_last().filter(|(value, _)| !value.is_empty()) else {
            return Ok(());
        };
        let Ok(expression) = Parser::new(value, statement.line).whole() else {
            return match concerns_model(tokens) {
                true => Err(Mistake::new(statement.line, UNREADABLE)),
                false => Ok(()),
            };
        };
        let known = self.evaluate(&expression)?;
        for target in targets {
            self.bind(target, &known);
        }
        Ok(())
    }

    fn bind(&mut self, target: &[(Token, usize)], known: &Known) {
        let names: Vec<Option<String>> = parts(target, ",").map(path).collect();
        if let [name] = &names[..] {
            let Some(name) = name else { return };
            self.taken |= matches!(known, Known::Constant(_) | Known::Object(_) | Known::Output(_));
            self.scope.insert(name.clone(), known.clone());
            return;
        }
        for (k, name) in names.into_iter().enumerate() {
            let item = match known {
                Known::Constant(Value::Array(values)) => values.get(k).cloned().map(Known::Constant),
                Known::Items(items) => items.get(k).map(|(item, _)| item.clone()),
                _ => None,
            };
            self.taken |= item.is_some();
            if let Some(name) = name {
                self.scope.insert(name, item.unwrap_or(Known::Unknown));
            }
        }
    }

    /// A name as it was imported: the alias in front replaced by what it stands for.
    pub fn imported(&self, name: &str) -> String {
        let (first, rest) = name.split_at(name.find('.').unwrap_or(name.len()));
        format!("{}{rest}", self.aliases.get(first).map_or(first, String::as_str))
    }

    /// Begins a model; a function that is being read makes it.
    pub fn begin_model(&mut self, draft: Draft) -> usize {
        self.models.push(draft);
        let index = self.models.len() - 1;
        if let Some((name, _)) = &self.function {
            self.functions.insert(name.clone(), index);
        }
        self.taken = true;
        index
    }

    /// The model that the function `name` makes.
    pub fn made_by(&self, name: &str) -> Option<usize> {
        self.functions.get(name).copied()
    }

    /// Reads an expression that may stand at the place of an argument.
    pub fn value(&mut self, expression: &Expression) -> Result<(Known, usize), Mistake> {
        Ok((self.evaluate(expression)?, expression.line))
    }
}

const UNREADABLE: &str = "this line is not Python that can be read; write it as model.add(LSTM(32))";

fn name_of(token: &Token) -> Option<&str> {
    match token {
        Token::Name(name) => Some(name),
        _ => None,
    }
}

/// A name with its dots, without the type that may stand behind it.
fn path(tokens: &[(Token, usize)]) -> Option<String> {
    let end = colon(tokens).unwrap_or(tokens.len());
    let mut path = String::new();
    for (token, _) in &tokens[..end] {
        match token {
            Token::Name(name) => path.push_str(name),
            Token::Sign(".") => path.push('.'),
            _ => return None,
        }
    }
    (!path.is_empty()).then_some(path)
}

/// The first colon outside of brackets.
fn colon(tokens: &[(Token, usize)]) -> Option<usize> {
    let first = parts(tokens, ":").next()?;
    (first.len() < tokens.len()).then_some(first.len())
}

/// The pieces between the signs `sign` that stand outside of brackets.
fn parts<'a>(tokens: &'a [(Token, usize)], sign: &'a str) -> impl Iterator<Item = &'a [(Token, usize)]> {
    let mut open = 0usize;
    tokens.split(move |(token, _)| {
        match token {
            Token::Sign("(" | "[" | "{") => open += 1,
            Token::Sign(")" | "]" | "}") => open = open.saturating_sub(1),
            _ => {}
        }
        open == 0 && matches!(token, Token::Sign(found) if *found == sign)
    })
}

/// Whether a line that cannot be read is about a model: then it must not be passed over.
fn concerns_model(tokens: &[(Token, usize)]) -> bool {
    let starts_like_code = matches!(
        tokens,
        [(Token::Name(_), _), (Token::Sign("=" | "." | "("), _), ..] | [(Token::Name(_), _)]
    );
    let calls = |pair: &[(Token, usize)]| match pair {
        [(Token::Name(name), _), (Token::Sign("("), _)] => {
            ["Sequential", "add", "compile", "fit"].contains(&name.as_str())
        }
        _ => false,
    };
    starts_like_code && tokens.windows(2).any(calls)
}
