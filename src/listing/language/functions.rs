//! The functions that a listing may call, and its dialects.

/// Which text is read: what a student writes, or what differentiation writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// A step function.
    Step,
    /// An adjoint: also comparisons, `np.outer`, `len` and `a[0] += …`.
    Adjoint,
    /// A step function that is only read, never differentiated: also comparisons.
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
    /// `np.mean(a)`
    Mean,
    /// `np.var(a)`
    Var,
    /// `np.std(a)`
    Std,
    /// `np.abs(a)`
    Abs,
    /// `np.sqrt(a)`
    Sqrt,
    /// `np.square(a)`
    Square,
    /// `softplus(a)`: log(1 + exp(a))
    Softplus,
    /// `log_sigmoid(a)`: log(sigmoid(a))
    LogSigmoid,
    /// `silu(a)`: a sigmoid(a)
    Silu,
    /// `np.zeros(n)`
    Zeros,
    /// `np.ones(n)`
    Ones,
    /// `np.dot(a, b)`
    Dot,
    /// `np.outer(a, b)`
    Outer,
    /// `np.hstack([1, a])`: a number stands for a vector of one
    HorizontalStack,
    /// `np.vstack([a, b])`
    VerticalStack,
    /// `np.where(c, a, b)`
    Where,
    /// `np.prod(a)`
    Prod,
    /// `np.tile(a, 2)`
    Tile,
    /// `np.repeat(a, 2)`
    Repeat,
    /// `np.max(a)`
    Max,
    /// `np.min(a)`
    Min,
    /// `np.sin(a)`
    Sin,
    /// `np.cos(a)`
    Cos,
    /// `np.sign(a)`
    Sign,
    /// `np.arctan(a)`
    Arctan,
    /// `np.floor(a)`
    Floor,
    /// `np.rint(a)`: the nearest whole number, the even one of two
    Rint,
    /// `np.log1p(a)`: log(1 + a)
    Log1p,
    /// `np.expm1(a)`: exp(a) - 1
    Expm1,
    /// `np.logaddexp(a, b)`: log(exp(a) + exp(b))
    LogAddExp,
    /// `gelu(a)`: 0.5 a (1 + tanh(√(2/π) (a + 0.044715 a³)))
    Gelu,
    /// `np.argmax(a)`: where the largest number stands
    ArgMax,
    /// `np.argmin(a)`
    ArgMin,
    /// `np.linalg.norm(a)` of a vector
    Norm,
    /// `np.full(n, a)`
    Full,
    /// `np.full_like(a, b)`
    FullLike,
    /// `np.eye(n)`
    Eye,
    /// `np.arange(n)`: 0 to n - 1
    Arange,
    /// `np.linspace(a, b, n)`
    Linspace,
    /// `np.zeros_like(a)`
    ZerosLike,
    /// `np.ones_like(a)`
    OnesLike,
}

use Function as F;

/// Name, function, number of positional arguments, and an example of its use.
const TABLE: [(&str, Function, usize, &str); 55] = [
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
    ("np.zeros_like", F::ZerosLike, 1, "np.zeros_like(a)"),
    ("np.ones_like", F::OnesLike, 1, "np.ones_like(a)"),
    ("np.mean", F::Mean, 1, "np.mean(a)"),
    ("np.var", F::Var, 1, "np.var(a)"),
    ("np.std", F::Std, 1, "np.std(a)"),
    ("np.abs", F::Abs, 1, "np.abs(a)"),
    ("np.sqrt", F::Sqrt, 1, "np.sqrt(a)"),
    ("np.square", F::Square, 1, "np.square(a)"),
    ("softplus", F::Softplus, 1, "softplus(a)"),
    ("log_sigmoid", F::LogSigmoid, 1, "log_sigmoid(a)"),
    ("silu", F::Silu, 1, "silu(a)"),
    ("np.outer", F::Outer, 2, "np.outer(a, b)"),
    ("np.hstack", F::HorizontalStack, 1, "np.hstack([a, b])"),
    ("np.vstack", F::VerticalStack, 1, "np.vstack([a, b])"),
    ("np.where", F::Where, 3, "np.where(a > 0, a, b)"),
    ("np.prod", F::Prod, 1, "np.prod(a)"),
    ("np.tile", F::Tile, 2, "np.tile(a, 2)"),
    ("np.repeat", F::Repeat, 2, "np.repeat(a, 2)"),
    ("np.max", F::Max, 1, "np.max(a)"),
    ("np.min", F::Min, 1, "np.min(a)"),
    ("np.sin", F::Sin, 1, "np.sin(a)"),
    ("np.cos", F::Cos, 1, "np.cos(a)"),
    ("np.sign", F::Sign, 1, "np.sign(a)"),
    ("np.arctan", F::Arctan, 1, "np.arctan(a)"),
    ("np.floor", F::Floor, 1, "np.floor(a)"),
    ("np.rint", F::Rint, 1, "np.rint(a)"),
    ("np.log1p", F::Log1p, 1, "np.log1p(a)"),
    ("np.expm1", F::Expm1, 1, "np.expm1(a)"),
    ("np.logaddexp", F::LogAddExp, 2, "np.logaddexp(a, b)"),
    ("gelu", F::Gelu, 1, "gelu(a)"),
    ("np.argmax", F::ArgMax, 1, "np.argmax(a)"),
    ("np.argmin", F::ArgMin, 1, "np.argmin(a)"),
    ("np.linalg.norm", F::Norm, 1, "np.linalg.norm(a)"),
    ("np.full", F::Full, 2, "np.full(3, 0.5)"),
    ("np.full_like", F::FullLike, 2, "np.full_like(a, 0.5)"),
    ("np.eye", F::Eye, 1, "np.eye(3)"),
    ("np.arange", F::Arange, 2, "np.arange(3)"),
    ("np.linspace", F::Linspace, 3, "np.linspace(0, 1, 5)"),
];

/// Names of numpy that say the same as another one.
const ALIASES: [(&str, &str); 20] = [
    ("np.product", "np.prod"),
    ("np.atan", "np.arctan"),
    ("np.row_stack", "np.vstack"),
    ("np.amax", "np.max"),
    ("np.amin", "np.min"),
    ("np.identity", "np.eye"),
    ("np.absolute", "np.abs"),
    ("np.fabs", "np.abs"),
    ("np.average", "np.mean"),
    ("np.fmax", "np.maximum"),
    ("np.fmin", "np.minimum"),
    ("np.array_split", "np.split"),
    ("np.concat", "np.concatenate"),
    ("np.empty", "np.zeros"),
    ("np.empty_like", "np.zeros_like"),
    ("expit", "sigmoid"),
    ("np.expit", "sigmoid"),
    ("logistic", "sigmoid"),
    ("swish", "silu"),
    ("logsigmoid", "log_sigmoid"),
];

impl Function {
    /// The function with this written name (`np.tanh`, `sigmoid`) in `dialect`.
    pub(in crate::listing) fn named(name: &str, dialect: Dialect) -> Option<Self> {
        let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, known)| known);
        let (_, function, ..) = TABLE.iter().find(|row| row.0 == name)?;
        let _ = dialect;
        Some(*function)
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
        matches!(self, F::Concatenate | F::Stack | F::HorizontalStack | F::VerticalStack)
    }

    /// Whether its argument is a shape.
    pub(in crate::listing) fn takes_shape(self) -> bool {
        matches!(self, F::Zeros | F::Ones)
    }

    /// Whether it says where a number stands.
    pub(in crate::listing) fn finds(self) -> bool {
        matches!(self, F::ArgMax | F::ArgMin)
    }

    /// Whether it makes one number of many.
    pub(in crate::listing) fn reduces(self) -> bool {
        matches!(self, F::Sum | F::Mean | F::Var | F::Std | F::Max | F::Min | F::Prod)
    }

    /// Whether `axis=` may be given.
    pub(in crate::listing) fn takes_axis(self) -> bool {
        matches!(self, F::Concatenate | F::Stack | F::Split | F::Norm) || self.reduces()
    }
}

/// What to write instead of a function that a listing does not have.
pub(in crate::listing) fn instead_of(name: &str) -> String {
    let bare = name.rsplit('.').next().unwrap_or(name);
    let row = |is: fn(&str, &str) -> bool| {
        TABLE.iter().find(|row| row.0.rsplit('.').next().is_some_and(|known| is(bare, known)))
    };
    let known = row(|bare, known| bare == known).or_else(|| row(is_mistyped));
    match (known, bare) {
        (Some(row), _) => format!("write {}", row.3),
        (None, "einsum") => "write a @ b".into(),
        (None, "random") => {
            "a step makes no random numbers; draw them outside of it and give them as a parameter: \
             def step(x, h, W, U, noise):"
                .into()
        }
        _ => "there are np.tanh, np.exp, np.log, np.sqrt, np.abs, np.sin, np.cos, np.sign, np.maximum, np.minimum, \
              np.where, np.clip, np.split, np.concatenate, np.stack, np.outer, np.sum, np.mean, np.std, np.max, \
              np.prod, np.zeros, np.ones, np.dot, sigmoid, hard_sigmoid, relu, softplus, silu, gelu and softmax"
            .into(),
    }
}

/// Whether a name is another one with two letters exchanged, or, where it is long, with one too many, too few or wrong.
/// Short names and digits are what somebody meant: `np.tan` is no `np.tanh`, `np.log10` no `np.log1p`.
fn is_mistyped(name: &str, known: &str) -> bool {
    let [a, b] = [name, known].map(str::as_bytes);
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let [rest_a, rest_b] = [&a[same..], &b[same..]];
    let is_letter = |rest: &[u8]| rest.first().is_some_and(u8::is_ascii_alphabetic);
    match (rest_a, rest_b) {
        ([p, q, rest @ ..], [r, s, other @ ..]) if p == s && q == r && rest == other => a.len() > 3,
        ([_, rest @ ..], other) if rest == other => a.len() > 5 && is_letter(rest_a),
        (rest, [_, other @ ..]) if rest == other => b.len() > 5 && is_letter(rest_b),
        ([_, rest @ ..], [_, other @ ..]) => rest == other && a.len() > 6 && is_letter(rest_a),
        _ => false,
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
