//! What is refused, where exactly, and what the message says would work.

use unrolled::listing::{Diagnostic, Listing, cells};

/// Everything that is wrong with a text: reading, shapes, adjoint.
fn mistakes(source: &str) -> Vec<Diagnostic> {
    match Listing::parse(source) {
        Err(mistakes) => mistakes,
        Ok(listing) => match listing.symbolic_shapes() {
            Err(mistakes) => mistakes,
            Ok(_) => listing.differentiate().err().unwrap_or_default(),
        },
    }
}

/// The body of a step with x, h, W, U, b and where its mistakes are: line, column, length, a part of the message.
fn check(body: &str, expected: &[(usize, usize, usize, &str)]) {
    let source = format!("def step(x, h, W, U, b):\n{body}");
    check_source(&source, expected);
}

fn check_source(source: &str, expected: &[(usize, usize, usize, &str)]) {
    let found = mistakes(source);
    let places: Vec<(usize, usize, usize)> = found.iter().map(|m| (m.line, m.column, m.length)).collect();
    let wanted: Vec<(usize, usize, usize)> = expected.iter().map(|e| (e.0, e.1, e.2)).collect();
    assert_eq!(places, wanted, "{source}\n{found:#?}");
    for (mistake, (.., part)) in found.iter().zip(expected) {
        assert!(mistake.message.contains(part), "{source}\n{}", mistake.render(source));
    }
}

const GOOD: &str = "    h = np.tanh(x @ W + h @ U + b)\n    return h\n";

#[test]
fn the_text_around_the_mistakes_is_good() {
    check(GOOD, &[]);
    // As a web page or a word processor copies it.
    check(&GOOD.replace(' ', "\u{a0}"), &[]);
}

#[test]
fn words_of_python_that_a_listing_does_not_have() {
    check("    for t in x:\n        h = h\n    return h\n", &[(2, 5, 3, "the loop over time is outside")]);
    check("    if h > 0:\n        h = -h\n    return h\n", &[(2, 8, 5, "neither true nor false")]);
    check("    if h > 0:\n    return h\n", &[(2, 5, 2, "indent the next lines")]);
    check("    a = h[1:]\n    h += 1\n    return h\n", &[(3, 5, 6, "write the line as h = h …")]);
    check("    a = h.T\n    a *= 2\n    return h\n", &[(3, 5, 6, "`h` shares its numbers")]);
    check("    a = h[1:]\n    h[0] = 1\n    return h\n", &[(3, 5, 8, "`a` shares its numbers")]);
    check("    print(h)\n    assert h[0] < 1\n    return h\n", &[]);
    check("    raise h\n    return h\n", &[(2, 5, 5, "a line of a listing is an assignment")]);
    check("    h = x if x > 0 else h\n    return h\n", &[(2, 14, 5, "neither true nor false")]);
    check("    h = x * (0 < h < 1)\n    return h\n", &[(2, 14, 9, "compare two values at a time")]);
    check("    h = (h > 0) - (h < 1)\n    return h\n", &[(2, 10, 15, "numpy has truth values here")]);
    check("    h = lambda a: a\n    return h\n", &[(2, 9, 6, "is a word of Python")]);
    check("    h = x << 2\n    return h\n", &[(2, 11, 2, "its operations are + - * / // % ** @")]);
    check("    h = \"text\"\n    return h\n", &[(2, 9, 6, "has no text values")]);
}

#[test]
fn functions_and_members_that_are_not_there() {
    check("    h = np.tin(x)\n    return h\n", &[(2, 9, 6, "there are np.tanh, np.exp")]);
    check("    h = np.tanh\n    return h\n", &[(2, 9, 7, "call it: np.tanh(a)")]);
    check("    h = np.tanh(x, h)\n    return h\n", &[(2, 9, 7, "takes 1 argument, found 2")]);
    check("    h = np.sum(x, axis=2)\n    return h\n", &[(2, 19, 4, "axis must be 0, 1 or -1")]);
    check("    h = np.tanh(x, out=1)\n    return h\n", &[(2, 20, 3, "has no option `out`")]);
    check("    sigmoid = h\n    return h\n", &[(2, 5, 7, "choose another name")]);
}

#[test]
fn brackets_numbers_and_signs() {
    check("    h = np.tanh(x @ W\n    return h\n", &[(2, 16, 1, "never closed")]);
    check("    h = x)\n    return h\n", &[(2, 10, 1, "closes nothing")]);
    check("    h = (x]\n    return h\n", &[(2, 11, 1, "write `)` here")]);
    check("    h = 1.2.3 * x\n    return h\n", &[(2, 9, 5, "is not a number")]);
    check("    h = x $ h\n    return h\n", &[(2, 11, 1, "has no meaning")]);
    check("    h = x +\n    return h\n", &[(2, 11, 1, "the line ends with `+`")]);
    check("    h = x @ W +\n        h @ U\n    return h\n", &[(2, 15, 1, "the line ends with `+`")]);
    check("    h = x h\n    return h\n", &[(2, 11, 1, "expected an operation")]);
    check("    h = x, b\n    return h\n", &[(2, 10, 1, "np.stack")]);
    check("    h = x[0.5]\n    return h\n", &[(2, 11, 3, "must be a whole number")]);
    check("    h = x[::0]\n    return h\n", &[(2, 13, 1, "the step of a slice is a whole number")]);
    check("    h = x[:b]\n    return h\n", &[(2, 12, 1, "H = h.shape[0], or len(h)")]);
    check("    h = h + x[:, :2]\n    return h\n", &[(2, 13, 8, "write a[:n] for a[:, :n]")]);
}

#[test]
fn heads_and_ends() {
    check_source("", &[(1, 1, 1, "begin with `def step")]);
    check_source("# only a comment\n", &[(1, 1, 1, "begin with `def step")]);
    check_source("import numpy as np\n", &[(1, 1, 1, "begin with `def step")]);
    check_source("def step(x, h):\n    return h\nnonsense\n", &[(3, 1, 8, "does nothing; remove it")]);
    check_source("h = 3\n", &[(1, 1, 1, "a listing begins with `def step")]);
    check_source("import os\n", &[(1, 1, 6, "`os` cannot be imported: a listing has np, sigmoid,")]);
    check_source("import os\nos.system(\"ls (\")\n", &[(1, 1, 6, "`os` cannot be imported")]);
    check("    import os\n    return h\n", &[(2, 5, 6, "`os` cannot be imported")]);
    // A text is no bracket, and the brackets around it are closed.
    check("    h = np.concatenate([\n        \"a)\", x])\n    return h\n", &[(3, 9, 4, "no text values")]);
    check_source("def step(x, h)\n    return h\n", &[(1, 15, 1, "expected `:`")]);
    check_source("def step(x, h, h):\n    return h\n", &[(1, 16, 1, "is there twice")]);
    check_source("def step(x, h, np):\n    return h\n", &[(1, 16, 2, "choose another name")]);
    check_source("def step(x, h):\n    h = x\n", &[(2, 10, 1, "end it with return")]);
    check_source("def step(x, h):\n    return h\n    h = x\n", &[(3, 5, 1, "nothing may follow return")]);
    check_source("def step(x, h):\n    return\n", &[(2, 5, 6, "return needs the new states")]);
    check_source("def step(x):\n    return x\n", &[(2, 5, 8, "1 value is returned")]);
    check_source("def step(x, h):\nreturn h\n", &[(2, 1, 6, "indent this line by 4")]);
    check_source(
        "def step(x, h, d_h):\n    h = h * d_h + x\n    return h\n",
        &[(1, 16, 3, "name of a gradient")],
    );
}

#[test]
fn names_without_a_value() {
    check(
        "    h = np.tanh(x @ W + z)\n    return h\n",
        &[(2, 25, 1, "assign it on a line above, or add it")],
    );
    check("    h = np.tanh(x @ w)\n    return h\n", &[(2, 21, 1, "did you mean `W`?")]);
    check("    a, c = np.split(x, 3)\n    return h\n", &[(2, 5, 1, "write 3 names")]);
    check("    a, c = x\n    return h\n", &[(2, 12, 1, "np.split(a, 2)")]);
    check("    h = np.split(x, 2)\n    return h\n", &[(3, 12, 1, "take one of its members: h[0]")]);
    check(
        "    a = np.split(x, 2)\n    return h + a[2]\n",
        &[(3, 16, 4, "this list has 2 parts, from 0 to 1")],
    );
    check("    a, a = np.split(x, 2)\n    return h\n", &[(2, 5, 1, "assigned twice on one line")]);
}

/// Nothing is called `self` but what a method has; an adjoint could not be read back.
#[test]
fn no_value_is_read_as_self() {
    let source = "def step(self, x, h):\n    h = np.tanh(self.W @ x + self.U @ h . self.b)\n    return h\n";
    check_source(source, &[(2, 41, 6, "a value has no member `self`")]);
}

#[test]
fn several_mistakes_at_once() {
    check(
        "    a = np.tin(x)\n    c = q + 1\n    h(0) = a\n    return h\n",
        &[(2, 9, 6, "has no function"), (4, 6, 1, "expected `=` after the name")],
    );
    check(
        "    a = q + 1\n    c = p + q\n    return h\n",
        &[(2, 9, 1, "`q` has no value"), (3, 9, 1, "`p` has no value")],
    );
}

#[test]
fn shapes_that_do_not_fit_are_both_named() {
    check_source(
        "def step(x, h, W):\n    z = x @ W + h\n    h = np.concatenate([z, h])\n    return h\n",
        &[(4, 12, 1, "the state `h` has the shape (units,), but (2*units,) is returned for it")],
    );
    check_source(
        "def step(x, h, W):\n    h = np.tanh(x @ W + h)\n    a = h + np.ones(3) + np.zeros(4)\n    return h\n",
        &[(3, 9, 28, "+ cannot join the shapes (3,) and (4,)")],
    );
    check_source(
        "def step(x, h, W):\n    h = np.tanh(x @ W + h) @ 2\n    return h\n",
        &[(2, 9, 22, "write * to multiply with a number")],
    );
    check_source(
        "def step(x, h, W):\n    h = softmax(np.sum(x @ W)) * h\n    return h\n",
        &[(2, 9, 22, "softmax takes a vector, this value has the shape ()")],
    );
    let listing = Listing::parse("def step(x, h, W):\n    h = np.tanh(x @ W) + h\n    return h\n").unwrap();
    let wrong = listing.shapes_given(&[("x", &[5]), ("h", &[3]), ("W", &[4, 3])]).unwrap_err();
    assert_eq!((wrong[0].line, wrong[0].column, wrong[0].length), (2, 17, 5));
    assert!(wrong[0].message.contains("(5,) and (4, 3)"), "{}", wrong[0].message);
}

#[test]
fn a_caret_stands_below_the_place() {
    let source = "def step(x, h):\n    h = np.tin(x)\n    return h\n";
    let shown = mistakes(source)[0].render(source);
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[0].starts_with("line 2, column 9: "));
    assert_eq!(lines[1..], ["2 |     h = np.tin(x)", "  |         ^^^^^^"]);
}

#[test]
fn expressions_may_run_over_lines_in_brackets() {
    check(
        "    h = np.tanh(\n        x @ W  # the input\n        + h @ U\n        + b)\n    return (h)\n",
        &[],
    );
    check("    h = np.tanh(\n        x @ W\n        + q)\n    return h\n", &[(4, 11, 1, "`q` has no value")]);
}

#[test]
fn windows_line_ends_and_tabs_do_not_matter() {
    for cell in cells::all() {
        assert!(Listing::parse(&cell.source.replace('\n', "\r\n")).is_ok(), "{}", cell.name);
        assert!(Listing::parse(&cell.source.replace("    ", "\t")).is_ok(), "{}", cell.name);
        assert!(Listing::parse(&format!("\u{feff}{}\n\n", cell.source)).is_ok(), "{}", cell.name);
    }
}

#[test]
fn an_input_that_is_added_to_the_state_says_which_sizes_do_not_meet() {
    let source = "def step(x, h, W, U):\n    h = np.tanh(x @ W + h @ U + x)\n    return h\n";
    let found = Listing::parse(source).unwrap().shapes(8, 12).unwrap_err();
    let message = &found[0].message;
    assert_eq!(found[0].line, 2, "{message}");
    for part in ["`x` has 8 numbers", "`x @ W + h @ U` has 12", "cannot be added"] {
        assert!(message.contains(part), "{message}");
    }
    assert!(Listing::parse(source).unwrap().shapes(8, 8).is_ok(), "it works with as many units as numbers");
}

#[test]
fn a_method_without_its_brackets_is_no_method() {
    for head in
        ["def act\"self, z):", "def act:", "def act", "def", "def (self, z):", "def act(", "def act()"]
    {
        let source = format!(
            "class Cell:\n    {head}\n        return np.tanh(z)\n    def step(self, x, h):\n        \
             return self.act(x @ self.W + h)\n"
        );
        assert!(!mistakes(&source).is_empty(), "{source}");
    }
}

#[test]
fn a_part_that_a_condition_chooses_needs_a_value() {
    for line in ["h[h > 0]", "h[h > 0] =", "h[h > 0] + 1", "h[h > 0] == 1", "h[h > 0", "h[]", "h[h > 0] +="] {
        let source = format!("def step(x, h, W):\n    h = np.tanh(x @ W + h)\n    {line}\n    return h\n");
        assert!(!mistakes(&source).is_empty(), "{source}");
    }
}

/// The advice is followed: with the function that is named in the place of the wrong one the text is accepted.
#[test]
fn a_mistyped_function_is_told_which_one_is_meant_and_others_are_not_taken_for_it() {
    for (typed, meant) in [("np.tahn", "np.tanh"), ("np.tnah", "np.tanh"), ("sigmod", "sigmoid")] {
        let body = |function: &str| {
            format!("def step(x, h, W, U, b):\n    h = {function}(x @ W + h @ U + b)\n    return h\n")
        };
        let message = &mistakes(&body(typed))[0].message;
        assert!(message.contains(&format!("write {meant}(")), "{message}");
        assert!(Listing::parse(&body(meant)).is_ok());
    }
    for other in ["np.tan", "np.sinh", "np.cosh", "np.log10", "np.median", "np.cbrt", "np.hypot"] {
        let source = format!("def step(x, h, W, U, b):\n    h = {other}(x @ W + h @ U + b)\n    return h\n");
        let found = mistakes(&source);
        let is_guess = |m: &Diagnostic| m.message.contains("; write np") && !m.message.contains(other);
        assert!(!found.iter().any(is_guess), "{found:?}");
    }
}
