//! The functions that a listing may call, and the two dialects.

/// Which text is read: what a student writes, or what differentiation writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// A step function.
    Step,
    /// An adjoint: also `.T`, comparisons, `np.outer`, `np.zeros_like`, `np.ones_like`, `len` and `a[0] += …`.
    Adjoint,
    /// A step function that is only read, never differentiated: also `np.mean` and comparisons.
    Watched,
}

/// A function of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// `np.tanh(a)`
    Tanh,
    /// `np.exp(a)`
    Exp,
    /// `np.log(a)`
    Log,
    /// `sigmoid(a)`: 1 / (1 + exp(-a))
    Sigmoid,
    /// `hard_sigmoid(a)`: clip(0.2 a + 0.5, 0, 1), as Keras before 2.3
    HardSigmoid,
    /// `relu(a)`: max(a, 0)
    Relu,
    /// `softmax(a)` of a vector
    Softmax,
    /// `np.maximum(a, b)`
    Maximum,
    /// `np.minimum(a, b)`
    Minimum,
    /// `np.clip(a, low, high)` with two numbers
    Clip,
    /// `np.split(a, n)`, n equal parts
    Split,
    /// `np.concatenate([a, b])`
    Concatenate,
    /// `np.stack([a, b])`
    Stack,
    /// `np.sum(a)`
    Sum,
    /// `np.mean(a)` (only in what is watched)
    Mean,
    /// `np.zeros(n)`
    Zeros,
    /// `np.ones(n)`
    Ones,
    /// `np.dot(a, b)`
    Dot,
    /// `np.outer(a, b)` (only in adjoints)
    Outer,
    /// `np.zeros_like(a)` (only in adjoints)
    ZerosLike,
    /// `np.ones_like(a)` (only in adjoints)
    OnesLike,
}

use Function as F;

/// Name, function, number of positional arguments, and an example of its use.
const TABLE: [(&str, Function, usize, &str); 21] = [
    ("np.tanh", F::Tanh, 1, "np.tanh(a)"),
    ("np.exp", F::Exp, 1, "np.exp(a)"),
    ("np.log", F::Log, 1, "np.log(a)"),
    ("sigmoid", F::Sigmoid, 1, "sigmoid(a)"),
    ("hard_sigmoid", F::HardSigmoid, 1, "hard_sigmoid(a)"),
    ("relu", F::Relu, 1, "relu(a)"),
    ("softmax", F::Softmax, 1, "softmax(a)"),
    ("np.maximum", F::Maximum, 2, "np.maximum(a, b)"),
    ("np.minimum", F::Minimum, 2, "np.minimum(a, b)"),
    ("np.clip", F::Clip, 3, "np.clip(a, -1, 1)"),
    ("np.split", F::Split, 2, "np.split(a, 4)"),
    ("np.concatenate", F::Concatenate, 1, "np.concatenate([a, b])"),
    ("np.stack", F::Stack, 1, "np.stack([a, b])"),
    ("np.sum", F::Sum, 1, "np.sum(a)"),
    ("np.zeros", F::Zeros, 1, "np.zeros(3)"),
    ("np.ones", F::Ones, 1, "np.ones(3)"),
    ("np.dot", F::Dot, 2, "np.dot(W, x)"),
    ("np.outer", F::Outer, 2, "np.outer(a, b)"),
    ("np.zeros_like", F::ZerosLike, 1, "np.zeros_like(a)"),
    ("np.ones_like", F::OnesLike, 1, "np.ones_like(a)"),
    ("np.mean", F::Mean, 1, "np.mean(a)"),
];

impl Function {
    /// The function with this written name (`np.tanh`, `sigmoid`) in `dialect`.
    pub(in crate::listing) fn named(name: &str, dialect: Dialect) -> Option<Self> {
        let (_, function, ..) = TABLE.iter().find(|row| row.0 == name)?;
        let is_known = match function {
            F::Outer | F::ZerosLike | F::OnesLike => dialect == Dialect::Adjoint,
            F::Mean => dialect == Dialect::Watched,
            _ => true,
        };
        is_known.then_some(*function)
    }

    fn row(self) -> &'static (&'static str, Function, usize, &'static str) {
        TABLE.iter().find(|row| row.1 == self).unwrap_or(&TABLE[0])
    }

    /// As it is written: `np.tanh`.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// How many positional arguments it takes.
    pub(in crate::listing) fn arity(self) -> usize {
        self.row().2
    }

    /// How a call looks.
    pub(in crate::listing) fn example(self) -> &'static str {
        self.row().3
    }

    /// Whether its argument is a list of arrays.
    pub(in crate::listing) fn takes_list(self) -> bool {
        matches!(self, F::Concatenate | F::Stack)
    }

    /// Whether its argument is a shape.
    pub(in crate::listing) fn takes_shape(self) -> bool {
        matches!(self, F::Zeros | F::Ones)
    }

    /// Whether `axis=` may be given.
    pub(in crate::listing) fn takes_axis(self) -> bool {
        matches!(self, F::Concatenate | F::Stack | F::Sum | F::Mean | F::Split)
    }
}

/// What to write instead of a function that a listing does not have.
pub(in crate::listing) fn instead_of(name: &str) -> String {
    let bare = name.rsplit('.').next().unwrap_or(name);
    let known = TABLE.iter().take(17).find(|row| row.0.rsplit('.').next() == Some(bare));
    match (known, bare) {
        (Some(row), _) => format!("write {}", row.3),
        (None, "matmul" | "inner" | "einsum") => "write a @ b".into(),
        (None, "abs" | "absolute") => "write np.maximum(a, -a)".into(),
        (None, "square") => "write a ** 2".into(),
        (None, "sqrt") => "write a ** 0.5".into(),
        (None, "multiply") => "write a * b".into(),
        (None, "add") => "write a + b".into(),
        (None, "mean" | "average") => "write np.sum(a) / n".into(),
        (None, "hstack" | "append" | "vstack") => "write np.concatenate([a, b])".into(),
        (None, "zeros_like" | "ones_like") => "write 0 * a or 0 * a + 1".into(),
        (None, "expit" | "logistic") => "write sigmoid(a)".into(),
        _ => "there are np.tanh, np.exp, np.log, np.maximum, np.minimum, np.clip, np.split, np.concatenate, \
              np.stack, np.sum, np.zeros, np.ones, np.dot, sigmoid, hard_sigmoid, relu and softmax"
            .into(),
    }
}

/// Words that Python keeps for itself, and names that the functions need.
pub(crate) fn is_reserved(name: &str) -> bool {
    const WORDS: [&str; 35] = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
        "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in",
        "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ];
    WORDS.contains(&name) || is_function_name(name)
}

/// Names that the text itself uses: `np`, `len` and the four functions without `np.`.
pub(in crate::listing) fn is_function_name(name: &str) -> bool {
    matches!(name, "np" | "len" | "sigmoid" | "hard_sigmoid" | "relu" | "softmax")
}
