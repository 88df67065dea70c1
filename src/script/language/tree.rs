//! The tree of a script.

use std::rc::Rc;

use crate::listing::Span;

/// An operation written between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::script) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    MatMul,
    And,
    Or,
    ShiftLeft,
    ShiftRight,
}

impl Operator {
    /// As it is written.
    pub(in crate::script) fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::FloorDivide => "//",
            Self::Modulo => "%",
            Self::Power => "**",
            Self::MatMul => "@",
            Self::And => "&",
            Self::Or => "|",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
        }
    }
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::script) enum Comparison {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    In,
    NotIn,
    Is,
    IsNot,
}

impl Comparison {
    /// As it is written.
    pub(in crate::script) fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Is => "is",
            Self::IsNot => "is not",
        }
    }
}

/// An expression and where it stands.
#[derive(Debug, Clone)]
pub(in crate::script) struct Expression {
    pub(in crate::script) kind: ExpressionKind,
    pub(in crate::script) span: Span,
}

/// A piece of `f"…"`: text, or an expression with its `!r` and its format.
#[derive(Debug, Clone)]
pub(in crate::script) enum Piece {
    Text(String),
    Value { value: Expression, is_repr: bool, format: String },
}

/// The kinds of expressions.
#[derive(Debug, Clone)]
pub(in crate::script) enum ExpressionKind {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Format(Vec<Piece>),
    Name(String),
    Tuple(Vec<Expression>),
    List(Vec<Expression>),
    Dict(Vec<(Expression, Expression)>),
    /// `[element for target in over if condition]`; its key if it makes a dictionary.
    Comprehension(Box<Comprehension>),
    Negate(Box<Expression>),
    /// `~value`
    Invert(Box<Expression>),
    Not(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// `a < b <= c`
    Compare(Box<Expression>, Vec<(Comparison, Expression)>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    /// `then if test else otherwise`
    Conditional(Box<[Expression; 3]>),
    Call(Box<Expression>, Vec<Argument>),
    Attribute(Box<Expression>, String),
    Subscript(Box<Expression>, Box<Expression>),
    /// `a:b:c` in brackets.
    Slice([Option<Box<Expression>>; 3]),
    /// `...`
    Ellipsis,
    Starred(Box<Expression>),
    /// `**options`: in a call, and in a dictionary as a key whose value counts for nothing.
    Spread(Box<Expression>),
    /// `name := value`
    Named(String, Box<Expression>),
    Lambda(Rc<Function>),
}

/// `[element for target in over if condition]`
#[derive(Debug, Clone)]
pub(in crate::script) struct Comprehension {
    pub(in crate::script) key: Option<Expression>,
    pub(in crate::script) element: Expression,
    pub(in crate::script) target: Expression,
    pub(in crate::script) over: Expression,
    pub(in crate::script) condition: Option<Expression>,
    /// Whether its element is the comprehension of a second `for`, whose members are its own.
    pub(in crate::script) is_nested: bool,
}

/// What is handed to a function.
#[derive(Debug, Clone)]
pub(in crate::script) struct Argument {
    /// `name=` before it.
    pub(in crate::script) name: Option<String>,
    pub(in crate::script) value: Expression,
}

/// A statement and where it stands.
#[derive(Debug, Clone)]
pub(in crate::script) struct Statement {
    pub(in crate::script) kind: StatementKind,
    pub(in crate::script) span: Span,
    /// The comment at its end.
    pub(in crate::script) comment: Option<String>,
}

/// The kinds of statements.
#[derive(Debug, Clone)]
pub(in crate::script) enum StatementKind {
    Expression(Expression),
    /// Several targets for `a = b = value`.
    Assign(Vec<Expression>, Expression),
    /// `target += value`
    Augmented(Expression, Operator, Expression),
    For(Rc<For>),
    While(Expression, Vec<Statement>),
    /// Conditions with their blocks, and the block behind `else`.
    If(Vec<(Expression, Vec<Statement>)>, Vec<Statement>),
    Function(Rc<Function>),
    Class(Rc<Class>),
    /// Names of a function that belong to what is around it.
    Outside(Vec<String>),
    Return(Option<Expression>),
    /// `yield value`, and `yield from values` where it is said.
    Yield(Option<Expression>, bool),
    /// The module or what is taken from it, each with the name that it gets.
    Import(Vec<(String, String)>),
    Assert(Expression),
    Delete(Vec<Expression>),
    /// `raise ValueError(…)`
    Raise(Option<Expression>),
    /// `name: type` without a value.
    Declared(String),
    Pass,
    Break,
    Continue,
}

/// `for target in over:`
#[derive(Debug)]
pub(in crate::script) struct For {
    pub(in crate::script) target: Expression,
    pub(in crate::script) over: Expression,
    pub(in crate::script) body: Vec<Statement>,
    /// What is done behind the last turn, unless the loop is left before.
    pub(in crate::script) otherwise: Vec<Statement>,
}

/// `def name(parameters):`, or a lambda.
#[derive(Debug)]
pub(in crate::script) struct Function {
    pub(in crate::script) name: String,
    pub(in crate::script) parameters: Vec<Parameter>,
    pub(in crate::script) body: Vec<Statement>,
    pub(in crate::script) method: Method,
    /// Whether it yields values one by one.
    pub(in crate::script) is_generator: bool,
}

/// What a function in a class is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::script) enum Method {
    /// The object.
    #[default]
    OfObject,
    /// The class: `@classmethod`.
    OfClass,
    /// Neither: `@staticmethod`.
    Static,
    /// The object, as soon as it is named: `@property`.
    Property,
}

/// `class name(bases):` with its methods, and values that all its objects have.
#[derive(Debug)]
pub(in crate::script) struct Class {
    pub(in crate::script) name: String,
    pub(in crate::script) bases: Vec<Expression>,
    /// Whether its objects are made of the values that it declares: `@dataclass`, and a `NamedTuple`.
    pub(in crate::script) is_record: bool,
    pub(in crate::script) body: Vec<Statement>,
}

/// A parameter of a function.
#[derive(Debug)]
pub(in crate::script) struct Parameter {
    pub(in crate::script) name: String,
    pub(in crate::script) default: Option<Expression>,
    /// `*name`
    pub(in crate::script) is_rest: bool,
    /// `**name`
    pub(in crate::script) is_options: bool,
}

/// The deepest nesting of expressions, and of blocks.
pub(in crate::script) const MOST_NESTED: usize = 60;

/// Whether a block yields values.
pub(super) fn yields(body: &[Statement]) -> bool {
    body.iter().any(|statement| match &statement.kind {
        StatementKind::Yield(..) => true,
        StatementKind::For(each) => yields(&each.body) || yields(&each.otherwise),
        StatementKind::While(_, body) => yields(body),
        StatementKind::If(branches, otherwise) => {
            branches.iter().any(|(_, body)| yields(body)) || yields(otherwise)
        }
        _ => false,
    })
}
