//! Texts that are made to take long: each is read, checked or refused in the time between two keys.

use std::sync::mpsc;
use std::time::Duration;

use unrolled::listing::CheckedListing;
use unrolled::session::stepping;

use crate::clock::time_on_processor;

/// What the page does at a key; the listing, if it is accepted.
pub fn read(text: &str) -> Option<CheckedListing> {
    let listing = match CheckedListing::new(text) {
        Ok(listing) => listing,
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "{text}");
            mistakes.iter().for_each(|mistake| drop(mistake.render(text)));
            return None;
        }
    };
    listing.listing().fixed_units();
    if listing.sized(12, 12).is_ok() {
        drop(stepping::check(&listing, 12));
    }
    listing.cleaned();
    Some(listing)
}

/// A line many times; `#` is its number.
fn lines(line: &str, count: usize) -> String {
    (0..count).map(|k| format!("    {}\n", line.replace('#', &k.to_string()))).collect()
}

fn step(body: &str) -> String {
    format!("def step(x, h, W, U):\n{body}    return h\n")
}

/// Name and text of each.
fn texts() -> Vec<(&'static str, String)> {
    let doubled = |before: &str, line: &str, after: &str| {
        step(&format!("    {before}\n{}    {after}\n", lines(line, 60)))
    };
    let helper = |line: &str, call: &str| {
        let line = lines(line, 60);
        format!(
            "def f(a):\n{line}    return a\n\ndef step(x, h, W, U):\n    h = np.tanh({call})\n    return h\n"
        )
    };
    let chain = |count: usize, each: &str| {
        let defs: String = (1..count)
            .map(|k| format!("def f{k}(a):\n    return {}\n", each.replace('#', &(k - 1).to_string())))
            .collect();
        format!(
            "def f0(a):\n    return a\n{defs}def step(x, h, W):\n    h = f{}(x @ W)\n    return h\n",
            count - 1
        )
    };
    let repeated = |before: &str, middle: &str, count: usize, after: &str| {
        step(&format!("    {before}{}{after}\n", middle.repeat(count)))
    };
    vec![
        ("axes of a sum of sums", doubled("a = W + W", "a = a + a", "h = np.sum(a, axis=-1) + h")),
        ("what moves", doubled("a = W * W", "a = a * a", "h = (a @ h) + h @ (x @ a)")),
        ("products", doubled("a = U @ U", "a = a @ a", "h = h + a[0] * a.shape[-1]")),
        ("numbers", doubled("a = np.sum(h)", "a = a + a", "h = h if a > 0 else -h")),
        ("truths", doubled("a = h > 0", "a = a * a", "h = -a")),
        ("rows", doubled("a = x @ W", "a = a + a", "b, c = a")),
        ("a helper of doubled sums", helper("a = a + a", "f(x @ W + h)")),
        ("a helper of doubled weights", helper("a = a + a", "x @ f(W) + h")),
        ("a helper of doubled sums, unused", helper("a = a + a", "x @ W + h) + 0 * np.sum(f(h)")),
        ("a helper of sizes", helper("a = a + np.zeros_like(a)", "f(x @ W + h)")),
        ("helpers of helpers", chain(32, "f#(f#(a))")),
        ("helpers of sums of helpers", chain(32, "f#(a) + f#(a)")),
        ("helpers of choices", chain(30, "f#(a) if np.sum(f#(a)) > 0 else f#(a)")),
        ("largest of two", repeated("h = ", "max(", 60, &format!("h{}", ", 1)".repeat(60)))),
        ("whole numbers", repeated("h = h[:", "int(", 60, &format!("len(h){}]", ")".repeat(60)))),
        (
            "long lines in a loop",
            step(&format!("    for i in range(999):\n        h = h{}\n", " + x".repeat(5000))),
        ),
        (
            "loops in loops",
            step(&format!(
                "    for i in range(31):\n        for j in range(31):\n            h = h{}\n",
                " * 1".repeat(40)
            )),
        ),
        ("many long ranges", step(&lines("for i in range(10000): h = h", 700))),
        (
            "lists of lists",
            step(&format!(
                "    for i in {}range(5000){}:\n        h = h + 1\n",
                "enumerate(".repeat(300),
                ")".repeat(300)
            )),
        ),
        (
            "zips of zips",
            step(&format!("    for i in zip({}):\n        h = h + 1\n", ["range(9999)"; 1500].join(", "))),
        ),
        ("many parts", step(&format!("    h = np.concatenate([{}])[:4]\n", ["h"; 9000].join(", ")))),
        ("many rows", step(&format!("    h = np.sum(np.stack([{}]), axis=0)\n", ["h"; 9000].join(", ")))),
        ("many names of one value", step(&lines("a# = h", 2000))),
        ("many copies", step(&lines("h = h", 3000))),
        ("many changes in place", step(&format!("{}    h += 1\n", lines("a# = h", 1500)))),
        ("many unknown names", step(&lines("a# = b#", 1800))),
        ("many mistakes", step(&lines("# a # b", 3000))),
        ("many signs", "? ".repeat(16000)),
        ("many lines without meaning", "a\n".repeat(16000)),
        ("many named values", step(&format!("    h = {}h{}\n", "(a := ".repeat(3000), ")".repeat(3000)))),
        (
            "many named values in a row",
            step(&format!("    h = np.stack([{}])\n", ["a := 1"; 3000].join(", "))),
        ),
        (
            "many functions",
            format!(
                "{}def step(x, h, W):\n    return h\n",
                (0..1200).map(|k| format!("f{k} = lambda a: a\n")).collect::<String>()
            ),
        ),
        ("many functions inside", step(&lines("f# = lambda a: a", 1100))),
        (
            "many constants",
            format!(
                "{}{}",
                (0..2000).map(|k| format!("c{k} = {k}\n")).collect::<String>(),
                step(&lines("h = h", 500))
            ),
        ),
        ("many imports", format!("{}{}", "import os\n".repeat(1500), step(&lines("h = h", 1000)))),
        (
            "many names of numpy",
            format!("{}{}", "import numpy as np\n".repeat(700), step(&lines("h = h + 1", 700))),
        ),
        (
            "many parameters",
            format!(
                "def step({}):\n    return x0\n",
                (0..5000).map(|k| format!("x{k}")).collect::<Vec<_>>().join(", ")
            ),
        ),
        ("many members", format!("def step(x, h, p):\n{}    return h\n", lines("h = h * p['W#']", 1000))),
        (
            "many owners",
            format!(
                "def step(x, h, {}):\n    return h\n",
                (0..2500).map(|k| format!("p{k}")).collect::<Vec<_>>().join(", ")
            )
            .replace("return h", &(0..1500).map(|k| format!("h = p{k}.W")).collect::<Vec<_>>().join("; ")),
        ),
        ("many conditions", step(&lines("if use: h = h", 1600))),
        ("many splits", step(&lines("a = np.split(x @ W, 256)", 300))),
        (
            "many parts of one split",
            step(&format!("    a = np.split(x @ W, 256)\n{}", lines("h = h + a[#]", 120))),
        ),
        ("many slices", step(&lines("h = h + (x @ W)[#:]", 60))),
        (
            "many parts assigned",
            step(&format!("    a = x @ W\n{}    h = a[:2]\n", lines("a[#] = h[0]", 130))),
        ),
        (
            "weights in chains",
            format!(
                "def step(x, h, {}):\n{}    return h\n",
                (0..61).map(|k| format!("W{k}")).collect::<Vec<_>>().join(", "),
                lines("h = np.where(h > 0, W# * h, W# + h)", 61)
            ),
        ),
        (
            "weights of weights",
            format!(
                "def step(x, h, {}):\n    a = W0\n{}    h = h @ a\n    return h\n",
                (0..61).map(|k| format!("W{k}")).collect::<Vec<_>>().join(", "),
                lines("a = np.where(a > W#, a, W#.T @ a)", 61)
            ),
        ),
        (
            "unknown products",
            format!(
                "def step(x, h, {}):\n    a = W0 @ W1\n{}    h = h @ a\n    return h\n",
                (0..61).map(|k| format!("W{k}")).collect::<Vec<_>>().join(", "),
                lines("a = a @ W# + W#", 61)
            ),
        ),
        (
            "states that are matrices",
            format!(
                "def step(x, {s}, W):\n{}    return {s}\n",
                lines("s# = np.outer(s#, s#) @ W", 30),
                s = (0..30).map(|k| format!("s{k}")).collect::<Vec<_>>().join(", ")
            ),
        ),
        (
            "states of the wrong shape",
            format!(
                "def step(x, {s}, W):\n{}    return {s}\n",
                lines("s# = np.outer(x, s#) @ W + x", 30),
                s = (0..30).map(|k| format!("s{k}")).collect::<Vec<_>>().join(", ")
            ),
        ),
        ("large arrays", step("    h = h + np.sum(np.outer(np.ones(4000), np.arange(4000)))\n")),
        (
            "large products",
            step("    a = np.outer(np.ones(1000), np.arange(1000))\n    h = h + np.sum(a @ a)\n"),
        ),
        ("large vectors", step(&lines("h = h + np.sum(np.arange(65536) * x[0])", 40))),
        (
            "large rows",
            step("    a = np.eye(2000) * np.sum(h)\n    h = h + np.sum(softplus(a), axis=0)[0]\n"),
        ),
        ("large cumulative sums", step("    h = h + np.cumsum(np.cumsum(np.arange(3000)))[0]\n")),
        ("large whole numbers", step("    h = np.tanh(x @ W)[60000:60001] + h\n")),
        ("large matrix", step("    h = h * U[4000, 4000]\n")),
        ("as many operations as there may be", step(&lines("h = np.tanh(h @ U + x @ W) * sigmoid(h)", 66))),
        ("as many gelus as there may be", step(&lines("h = gelu(h * x[0])", 33))),
        ("as many softmaxes as there may be", step(&lines("h = softmax(h @ U)", 190))),
        ("as many deviations as there may be", step(&lines("h = h - np.std(h)", 28))),
        ("deep brackets", repeated("h = ", "(", 8000, &format!("h{}", ")".repeat(8000)))),
        ("long sums", repeated("h = h", " + h", 6000, "")),
        ("long powers", repeated("h = h", " ** h", 5000, "")),
        ("many signs before", repeated("h = ", "-", 15000, "h")),
        ("many suffixes", repeated("h = h", "[0]", 9000, "")),
        ("many transposes", repeated("h = h", ".T", 9000, "")),
        ("many comparisons", repeated("h = h", " > h", 6000, "")),
        ("many choices", repeated("h = h", " if h else h", 2500, "")),
        ("many comments", format!("{}{}", "# size: a = 1\n".repeat(2000), step("    h = h\n"))),
        (
            "many sizes",
            format!(
                "{}{}",
                (0..900).map(|k| format!("# size: s{k} = {}\n", k + 1)).collect::<String>(),
                step("    h = h\n")
            ),
        ),
        ("many shapes", format!("{}{}", "# shape: W = (units, units)\n".repeat(1000), step("    h = h\n"))),
        (
            "a long formula",
            format!(
                "# init: W = {}1\n{}",
                "np.exp(".repeat(3000) + "1" + &")".repeat(3000) + " + ",
                step("    h = h @ U + x @ W\n")
            ),
        ),
        (
            "a wide formula",
            format!(
                "# init: W = 1{}\n{}",
                " + random * np.arange(1, units * units + 1)".repeat(600),
                step("    h = h @ U + x @ W\n")
            ),
        ),
        (
            "a large formula",
            format!(
                "# init: W = np.sum(np.arange(1, 65536)) + {}1\n{}",
                "np.arange(1, 60000) + ".repeat(30),
                step("    h = h @ U + x @ W\n")
            ),
        ),
        ("many texts", step(&format!("    h = {}\n", "'a' ".repeat(8000)))),
        ("many fences", "```\n".repeat(8000)),
        ("many prompts", ">>> h = h\n".repeat(3000)),
        ("many continued lines", step(&format!("    h = h{}\n", " + \\\n    h".repeat(3000)))),
        ("many returned values", format!("def step(x, h):\n    return {}\n", ["h"; 9000].join(", "))),
        (
            "many targets",
            step(&format!("    {} = h\n", (0..4000).map(|k| format!("a{k}")).collect::<Vec<_>>().join(", "))),
        ),
        (
            "many chained targets",
            step(&format!("    {}h\n", (0..4000).map(|k| format!("a{k} = ")).collect::<String>())),
        ),
        (
            "lists of lists that double",
            step(&format!("    a = [h]\n{}    h = sum(a)\n", lines("a = [*a, *a]", 60))),
        ),
        (
            "a long list on many lines",
            step(&format!("    a = [{}]\n{}", ["h"; 5000].join(", "), lines("h = sum(a)", 900))),
        ),
        (
            "functions handed on",
            format!(
                "def f0(g, a):\n    return g(a)\n{}def step(x, h, W):\n    return f30(np.tanh, h)\n",
                (1..31)
                    .map(|k| format!("def f{k}(g, a):\n    return f{j}(g, g(a)) + f{j}(g, a)\n", j = k - 1))
                    .collect::<String>()
            ),
        ),
        (
            "parts of a value whose shape is not known",
            step(&format!(
                "    z = (x @ + h @ U + W).reshape(4, -1)\n{}",
                lines("i, f, o = sigmoid(z[:3])", 70)
            )),
        ),
        (
            "a matrix changed many times",
            format!(
                "def step(x, o, S, W, U, V, w):\n    k = x @ W\n    v = x @ U\n    q = x @ V\n    b = \
                 sigmoid(np.sum(x * w))\n    u = S @ k\n{}    o = S @ q\n    return o, S\n",
                lines("S = S + np.outer(b * (v - u), k)", 75)
            ),
        ),
        ("deep lists", step(&format!("    h = {}h{}\n", "[".repeat(3000), "][0]".repeat(3000)))),
        (
            "objects of objects of their own class",
            format!(
                "class A:\n    def __init__(self, n):\n{}    def forward(self, z):\n        return self.W @ z\n    \
                 def step(self, x, h):\n        return self.a0.forward(x)\n",
                lines("    self.a# = A(n)", 40)
            ),
        ),
        (
            "parts of many calls",
            format!(
                "def gates(z, W, b, use_bias=True):\n    out = W @ z\n    if use_bias:\n        out += b\n    return \
                 np.split(out, 3)\ndef step(x, h, W, U, b, d):\n{}    return (1 - xz) * np.tanh(xn + hn) + hz * h\n",
                lines("(xr, xz, xn), (hr, hz, hn) = gates(x, W, b), gates(h, U, d)", 117)
            ),
        ),
        (
            "many lines in the brackets of a head",
            format!(
                "def(step(x, W, U):\n{}    return h\n",
                lines("h = np.array(h, dtype='float64').astype(float)", 69)
            ),
        ),
        (
            "methods inside of a value",
            format!(
                "class A:\n    ACT = dict(tanh=np.tanh, f=lambda z: 1 / (1 + )\n\n    def act(self, z, kind):\n        \
                 return self.ACT[kind(z)))\n\n    \
                 def g(self, x, W, kind):\n        return self.act(x @ W, kind)\n\n    \
                 def step(self, x, h):\n{}        return f * h\n",
                lines("    f = self.g(x, self.W, 'f')", 32)
            ),
        ),
        ("many handed functions", step(&lines("h = (lambda a: a)(h)", 600))),
        ("many comprehensions", step(&lines("a, b = [h + k for k in (1, 2)]", 900))),
        (
            "methods that call themselves",
            "class A:\n    def f(self, z):\n        z = self.f(z) + self.f(z)\n        return z + self.g(z)\n    \
             def g(self, z):\n        return self.f(z) + self.f(z) + self.g(z)\n    @property\n    def p(self):\n\
             \x20       return self.p + 1\n    def step(self, x, h):\n        return self.f(h) + self.p\n"
                .to_string(),
        ),
        (
            "objects that make themselves",
            format!(
                "class A:\n    def __init__(self):\n{}    def step(self, x, h):\n        return self.a.step(x, h)\n",
                "        self.a = A()\n".repeat(600)
            ),
        ),
        (
            "reductions that double",
            step(&format!("    h = reduce(lambda a, b: {}b, [{}])\n", "a + ".repeat(900), "h, ".repeat(200))),
        ),
        (
            "tuples that double",
            format!(
                "{}def step(x, h):\n    return f0((h, x))\n",
                (0..30).rev().map(|k| format!("def f{k}(p):\n    return f{}((p, p))\n", k + 1)).collect::<String>()
            ),
        ),
        (
            "comprehensions in comprehensions",
            step(&format!("    a, b = {}h{}\n", "[".repeat(50), " for k in (1, 2)]".repeat(50))),
        ),
    ]
}

#[test]
fn texts_made_to_take_long_are_read_or_refused_in_time() {
    // An optimised build stays below 50 ms.
    let bound = std::env::var("LISTING_BOUND_MS").ok().and_then(|ms| ms.parse().ok()).unwrap_or(2_000);
    let mut late = Vec::new();
    for (name, text) in texts() {
        // One that does not end at all ends with the program.
        let (send, receive) = mpsc::channel();
        let worker = std::thread::Builder::new().stack_size(8 << 20).spawn(move || {
            let start = time_on_processor();
            let accepted = read(&text).is_some();
            let _ = send.send((accepted, time_on_processor().saturating_sub(start)));
        });
        worker.unwrap();
        let answer = receive.recv_timeout(Duration::from_millis(10 * bound));
        println!("{name}: {answer:?}");
        if !answer.is_ok_and(|(_, took)| took <= Duration::from_millis(bound)) {
            late.push((name, answer.ok()));
        }
    }
    assert!(late.is_empty(), "longer than {bound} ms, or a panic: {late:#?}");
}
