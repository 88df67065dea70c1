//! A listing as a tree: what was written, and where.

use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Function;

/// An operation written between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Binary {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`
    Divide,
    /// `a ** b`
    Power,
    /// `a @ b`
    MatMul,
    /// `a > b`, 1 or 0
    Greater,
    /// `a < b`, 1 or 0
    Less,
    /// `a >= b`, 1 or 0
    GreaterEqual,
    /// `a <= b`, 1 or 0
    LessEqual,
    /// `a == b`, 1 or 0
    Equal,
    /// `a != b`, 1 or 0
    NotEqual,
    /// `a // b`
    FloorDivide,
    /// `a % b`
    Modulo,
}

impl Binary {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "**",
            Self::MatMul => "@",
            Self::Greater => ">",
            Self::Less => "<",
            Self::GreaterEqual => ">=",
            Self::LessEqual => "<=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::FloorDivide => "//",
            Self::Modulo => "%",
        }
    }

    /// The operation that numpy also has as a function: `np.add(a, b)`.
    pub(in crate::listing) fn of_numpy(name: &str) -> Option<Self> {
        Some(match name {
            "np.matmul" => Self::MatMul,
            "np.multiply" => Self::Multiply,
            "np.add" => Self::Add,
            "np.subtract" => Self::Subtract,
            "np.divide" | "np.true_divide" => Self::Divide,
            "np.power" | "np.pow" => Self::Power,
            "np.mod" | "np.remainder" => Self::Modulo,
            "np.floor_divide" => Self::FloorDivide,
            "np.greater" => Self::Greater,
            "np.less" => Self::Less,
            "np.greater_equal" => Self::GreaterEqual,
            "np.less_equal" => Self::LessEqual,
            "np.equal" => Self::Equal,
            "np.not_equal" => Self::NotEqual,
            _ => return None,
        })
    }

    /// The operation of `+=` and its kin.
    pub(in crate::listing) fn augmented(sign: &str) -> Option<Self> {
        Some(match sign {
            "+=" => Self::Add,
            "-=" => Self::Subtract,
            "%=" => Self::Modulo,
            "//=" => Self::FloorDivide,
            "*=" => Self::Multiply,
            "/=" => Self::Divide,
            "@=" => Self::MatMul,
            "**=" => Self::Power,
            _ => return None,
        })
    }

    /// What is done with two values: `added`.
    pub(in crate::listing) fn done(self) -> &'static str {
        match self {
            Self::Add => "added",
            Self::Subtract => "subtracted",
            Self::Multiply | Self::MatMul => "multiplied",
            Self::Divide | Self::FloorDivide | Self::Modulo => "divided",
            Self::Power => "raised to a power",
            _ => "compared",
        }
    }

    /// Whether it says true or false.
    pub fn compares(self) -> bool {
        self.precedence() == 1
    }

    /// The higher, the tighter it binds, as in Python.
    pub(in crate::listing) fn precedence(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => 2,
            Self::Multiply | Self::Divide | Self::MatMul | Self::FloorDivide | Self::Modulo => 3,
            Self::Power => 5,
            _ => 1,
        }
    }
}

/// Unary minus binds tighter than `*` and looser than `**`.
pub(in crate::listing) const NEGATE_PRECEDENCE: u8 = 4;

/// An expression and where it was written; two expressions are equal if they say the same.
#[derive(Debug, Clone)]
pub struct Expression {
    /// Which expression.
    pub kind: ExpressionKind,
    /// Where.
    pub span: Span,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Expression {
    /// Calls `f` with every direct part.
    pub(in crate::listing) fn parts<'a>(&'a self, f: &mut dyn FnMut(&'a Expression)) {
        match &self.kind {
            ExpressionKind::Number(_) | ExpressionKind::Name(_) => {}
            ExpressionKind::Negate(a) | ExpressionKind::Transpose(a) | ExpressionKind::Length(a, _) => f(a),
            ExpressionKind::Binary(_, a, b) | ExpressionKind::Each(a, _, b) => {
                f(a);
                f(b);
            }
            ExpressionKind::Call(_, arguments, _)
            | ExpressionKind::Helper(_, arguments)
            | ExpressionKind::Choice(arguments)
            | ExpressionKind::List(arguments)
            | ExpressionKind::Tuple(arguments) => arguments.iter().for_each(f),
            ExpressionKind::Reshape(inner, sizes) => {
                f(inner);
                sizes.iter().for_each(f);
            }
            ExpressionKind::Subscript(inner, parts) => {
                f(inner);
                for part in parts {
                    if let Subscript::Range(start, end) | Subscript::Stepped(start, end, _) = part {
                        start.iter().chain(end).for_each(&mut *f);
                    }
                }
            }
        }
    }
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind {
    /// `0.5`
    Number(f64),
    /// `h`
    Name(String),
    /// `-a`
    Negate(Box<Expression>),
    /// `a + b`
    Binary(Binary, Box<Expression>, Box<Expression>),
    /// `np.tanh(a)`; `concatenate`, `stack`, `zeros` and `ones` have the members of their list as arguments.
    Call(Function, Vec<Expression>, Options),
    /// A call of a function that the text defines.
    Helper(String, Vec<Expression>),
    /// `a, b` right of `=`, one value for each name
    Tuple(Vec<Expression>),
    /// `a[0]`, `a[:, 1:3]`
    Subscript(Box<Expression>, Vec<Subscript>),
    /// `a.T`
    Transpose(Box<Expression>),
    /// `len(a)` is axis 0, `a.shape[1]` axis 1, `a.shape[-1]` and `a.size` axis [`LAST`]
    Length(Box<Expression>, usize),
    /// `a if c else b`: the condition, then the two values
    Choice(Vec<Expression>),
    /// `[sigmoid(z) for z in list]`: the value, what each is called in it, and the list
    Each(Box<Expression>, String, Box<Expression>),
    /// `[H, 2 * H]` of np.split, and what a list holds
    List(Vec<Expression>),
    /// `a.reshape(4, -1)`: the sizes, -1 for the one that follows from the others
    Reshape(Box<Expression>, Vec<Expression>),
}

/// The last axis, whichever that is: `axis=-1`.
pub(in crate::listing) const LAST: usize = usize::MAX;

/// Named arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Options {
    /// `axis=0`
    pub axis: Option<usize>,
    /// `keepdims=True`
    pub keep: bool,
}

/// One subscript. Bounds are whole numbers and sizes.
#[derive(Debug, Clone, PartialEq)]
pub enum Subscript {
    /// `2`
    Index(i64),
    /// `1:3`, with either end left out
    Range(Option<Expression>, Option<Expression>),
    /// `1:6:2`, with either end left out
    Stepped(Option<Expression>, Option<Expression>, i64),
    /// `None` or `np.newaxis`
    NewAxis,
}

/// One line of the body.
#[derive(Debug, Clone)]
pub struct Statement {
    /// What is assigned to; several for a tuple.
    pub targets: Vec<Target>,
    /// What is assigned.
    pub value: Expression,
    /// Whether the array itself changes, as in `h += a`, with all names that it has; the value is `h + a`.
    pub in_place: bool,
    /// The comment at its end.
    pub comment: Option<String>,
    /// Comment lines before it.
    pub above: Vec<String>,
    /// The statement without its comment.
    pub span: Span,
    /// The last line of the text it reaches to.
    pub last_line: usize,
}

impl PartialEq for Statement {
    fn eq(&self, other: &Self) -> bool {
        (&self.targets, &self.value, self.in_place, &self.comment, &self.above)
            == (&other.targets, &other.value, other.in_place, &other.comment, &other.above)
    }
}

/// A name that a line gives a value.
#[derive(Debug, Clone)]
pub struct Target {
    /// The name.
    pub name: String,
    /// For `name[:3] = …`, and `name[0] += …` in adjoints: which part.
    pub part: Option<Vec<Subscript>>,
    /// Where.
    pub span: Span,
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.part) == (&other.name, &other.part)
    }
}

/// A parameter of the function.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// Where.
    pub span: Span,
}

impl PartialEq for Parameter {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// A parameter with a number in its place where nothing is given: `alpha=0.1`.
#[derive(Debug, Clone)]
pub struct Constant {
    /// The name.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Where.
    pub span: Span,
}

impl PartialEq for Constant {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.value) == (&other.name, other.value)
    }
}

/// A whole listing.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Comment lines before the function.
    pub above: Vec<String>,
    /// The functions that a step calls, each of which may call those before it; they hold none themselves.
    pub helpers: Vec<Definition>,
    /// `step`, or `step_back` for an adjoint.
    pub name: String,
    /// `x`, the states, the weights.
    pub parameters: Vec<Parameter>,
    /// Parameters that are numbers.
    pub constants: Vec<Constant>,
    /// The comment behind the colon.
    pub comment: Option<String>,
    /// The assignments.
    pub body: Vec<Statement>,
    /// What is returned.
    pub returns: Vec<Expression>,
    /// How many of the returned values are no states, and where the first one stands: nothing behind the cell reads
    /// them.
    pub outputs: (usize, Span),
    /// The comment behind `return`.
    pub return_comment: Option<String>,
    /// Comment lines before `return`.
    pub return_above: Vec<String>,
    /// The span of `return …`.
    pub return_span: Span,
    /// The span of `def …`.
    pub span: Span,
}

impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        (&self.above, &self.helpers, &self.name, &self.parameters, &self.constants)
            == (&other.above, &other.helpers, &other.name, &other.parameters, &other.constants)
            && (&self.comment, &self.body) == (&other.comment, &other.body)
            && (&self.returns, &self.return_comment, &self.return_above)
                == (&other.returns, &other.return_comment, &other.return_above)
    }
}
