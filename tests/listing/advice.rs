//! Whoever follows the advice of a message gets a listing that is accepted, runs and passes its gradients.

use unrolled::listing::CheckedListing;

/// The line that is refused, the advice, and the line that follows it; `b` is a vector of weights, `V` a matrix.
const LINES: [(&str, &str, &str); 97] = [
    ("a = x @ W if h > 0 else h", "np.where(a > 0, a, b)", "a = np.where(h > 0, x @ W, h)"),
    ("if h > 1:\n        h = b", "np.where(a > 0, a, b)", "h = np.where(h > 1, b, h)"),
    ("if len(h) > 2\n        h = b", "if n > 2:", "if len(h) > 2:\n        h = b"),
    ("if len(h) > 2:", "indent the next lines", "if len(h) > 2:\n        h = b"),
    ("else:\n        h = b", "write if n > 2:", "if len(h) > 2:\n        h = h\n    else:\n        h = b"),
    (
        "for k in range(3):\n        if h[0] > 1:\n            break\n        h = h * b",
        "np.where(a > 0, a, b)",
        "for k in range(3):\n        h = np.where(h[0] > 1, h, h * b)",
    ),
    ("a = np.tile(h, b)", "np.tile(a, 2)", "a = np.tile(h, 2)"),
    ("a = h > 0 and h < 1", "(a > 0) * (a < 1)", "a = (h > 0) * (h < 1)"),
    ("a = not h", "1 - (a > 0)", "a = 1 - (h > 0)"),
    ("a = 0 < h < 1", "(a > b) * (b > c)", "a = (0 < h) * (h < 1)"),
    ("a = (h > 0) - (b > 0)", "1.0 * (a > b)", "a = 1.0 * (h > 0) - (b > 0)"),
    ("a = -(h > 0)", "1 - (a > b)", "a = 1 - (h > 0)"),
    (
        "while np.sum(h) > 1:\n        h = h * b",
        "for i in range(3):",
        "for i in range(3):\n        h = h * b",
    ),
    (
        "for t in range(len(x)):\n        h = h * b",
        "for i in range(3):",
        "for i in range(3):\n        h = h * b",
    ),
    ("a = torch.tanh(h)", "np.tanh(a)", "a = np.tanh(h)"),
    ("a = F.softmax(h)", "softmax(a)", "a = softmax(h)"),
    ("a = torch.cat([x, h])", "np.concatenate", "a = np.concatenate([x, h])"),
    ("a = h[b > 0]", "np.where(a > 0, a, b)", "a = np.where(b > 0, h, b)"),
    ("a = np.sum(h[h > 0])", "np.sum(np.where(z > 0, z, 0))", "a = np.sum(np.where(h > 0, h, 0))"),
    ("a = h[h > 0] + 1\n    z = z + a", "z[mask] = np.exp(z[mask])", "h[h > 0] = np.exp(h[h > 0])"),
    ("z[z > 0] = h", "z[mask] = h[mask]", "z[z > 0] = h[z > 0]"),
    (
        "m = z > 0\n    z[m] = z[m] * h",
        "z = np.where(mask, h, z)",
        "m = z > 0\n    z = np.where(m, z * h, z)",
    ),
    ("a = np.zeros(1)\n    a += h", "write a = a + b for a += b", "a = np.zeros(1)\n    a = a + h"),
    ("a = np.arange(4)\n    a[0] = 0.5", "a = a * 1.0", "a = np.arange(4)\n    a = a * 1.0\n    a[0] = 0.5"),
    ("a = np.full(4, 1)\n    a /= 2", "a = a * 1.0", "a = np.full(4, 1)\n    a = a * 1.0\n    a /= 2"),
    ("a = np.arange(1, 5) ** -1", "a ** -1.0", "a = np.arange(1, 5) ** -1.0"),
    ("a = np.sum(np.squeeze(V))", "leave it out", "a = np.sum(V)"),
    ("a = h.reshape(2, -1).squeeze()", "leave it out", "a = h.reshape(2, -1)"),
    ("a = np.roll(V, 1)", "take its rows, a[0]", "a = np.roll(V[0], 1)"),
    (
        "a = np.hstack([h, V])",
        "np.concatenate([a, b], axis=1)",
        "a = np.concatenate([h[:, None], V], axis=1)",
    ),
    ("a = getattr(np, b)(h)", "getattr(np, \"tanh\")", "a = getattr(np, \"tanh\")(h)"),
    ("a = z > 0\n    a *= 2", "a = a * 1.0", "a = z > 0\n    a = a * 1.0\n    a *= 2"),
    ("a = (z > 0) & h", "(a > 0) & (b > 0)", "a = (z > 0) & (h > 0)"),
    ("a = np.einsum(x, W)", "a @ b", "a = x @ W"),
    ("a = torch.einsum('ij,j->i', V, h)", "a @ b", "a = V @ h"),
    ("a = np.einsum('ijk,k->ij', V, h)", "np.einsum('ij,j->i', a, b)", "a = np.einsum('ij,j->i', V, h)"),
    ("a = np.tanh", "np.tanh(a)", "a = np.tanh(h)"),
    ("a = h.tanh()", "np.tanh(a)", "a = np.tanh(h)"),
    ("a = h.transpose(1, 0)", "a.T", "a = V.T @ h"),
    ("a = h.sum", "np.sum(a)", "a = np.sum(h)"),
    ("a = h.shape", "H = h.shape[0]", "H = h.shape[0]"),
    ("a = h[:b]", "a[:H]", "H = h.shape[0]\n    a = h[:H]"),
    ("a = h[:b]", "np.split(a, n)", "a, c = np.split(h, 2)"),
    ("a = h[b]", "a[0]", "a = h[0]"),
    ("a = h[0.5]", "a[0]", "a = h[0]"),
    ("a = h[::0]", "a[::2]", "a = h[::2]"),
    ("a = x[:, :2]", "a[:n]", "a = x[:2]"),
    ("a = h[None, :, None]", "a[:, None]", "a = h[:, None]"),
    ("a = V[:, None]", "only a vector gets a new axis", "a = h[:, None]"),
    ("a = np.split(h, b)", "np.split(a, 4)", "a = np.split(h, 4)"),
    ("a = np.split(h, b)", "np.split(a, [H, 2 * H])", "H = 1\n    a = np.split(h, [H, 2 * H])"),
    ("a = np.tanh(np.split(h, 2))", "np.split(z, 2)[0]", "a = np.tanh(np.split(h, 2)[0])"),
    ("a, c = np.split(h, 4)", "write 4 names", "a, c, d, e = np.split(h, 4)"),
    ("a, c = z", "np.split(a, 2)", "a, c = np.split(h, 2)"),
    ("c = np.split(h, 2)\n    a = np.tanh(c)", "c[0]", "c = np.split(h, 2)\n    a = np.tanh(c[0])"),
    ("a = h.reshape(-1, -1)", "a.reshape(4, -1)", "a = h.reshape(4, -1)"),
    ("a = h.reshape(1, 2, 2)", "a.reshape(-1)", "a = h.reshape(-1)"),
    ("a = np.expand_dims(h, 2)", "np.expand_dims(a, 1)", "a = np.expand_dims(h, 1)"),
    ("a = np.zeros(0)", "np.zeros(len(h))", "a = np.zeros(len(h))"),
    ("a = np.arange(len(h), 8)", "np.arange(1, n)", "a = np.arange(1, len(h))"),
    ("a = np.linspace(0, 1, len(h))", "np.linspace(0, 1, 5)", "a = np.linspace(0, 1, 5)"),
    ("a = np.clip(h, 1, -1)", "np.clip(a, -1, 1)", "a = np.clip(h, -1, 1)"),
    ("a = np.sum(h, axis=2)", "axis=0", "a = np.sum(h, axis=0)"),
    ("a = h[1:]\n    h += 1", "h = h …", "a = h[1:]\n    h = h + 1"),
    ("a = h[1:]\n    h[0] = 1", "a = a * 1", "a = h[1:]\n    a = a * 1\n    h[0] = 1"),
    ("a = h + [h, b]", "np.stack([a, b])", "a = np.stack([h, b])"),
    ("a = (h)(b)", "write * for a product", "a = b * h"),
    ("a = h @ 2", "write * to multiply with a number", "a = h * 2"),
    ("a = x @ w", "did you mean `W`?", "a = x @ W"),
    ("a = np.random.rand(4) * h", "def step(x, h, W, U, noise):", "a = b * h"),
    ("a = h << 2", "+ - * / // % ** @", "a = h // 2 + h % 2"),
    ("a = h +\n        b", "the line ends with `+`", "a = (h +\n        b)"),
    ("a = ...", "write it in its place", "a = np.tanh(h)"),
    ("a = h *", "write the other value behind it", "a = h * b"),
    ("a = 01 * h", "2, 0.5 or 1e-3", "a = 1e-3 * h"),
    ("sigmoid = h", "sigmoid_1", "sigmoid_1 = h"),
    ("a, a = np.split(h, 2)", "give each part its own name", "a, c = np.split(h, 2)"),
    ("import os", "remove this line", "a = h"),
    ("a = 'h", "close it with '", "a = h"),
    ("\"\"\"text\n    a = h", "close it with three", "\"\"\"text\"\"\"\n    a = h"),
    ("a = h $ b", "remove it", "a = h * b"),
    ("a = (h]", "write `)` here", "a = (h)"),
    ("a = h)", "remove it or open it before", "a = (h)"),
    ("a = (h", "add the closing bracket", "a = (h)"),
    ("a = if h else b", "np.where(a > 0, a, b)", "a = np.where(h > 0, h, b)"),
    ("a = np * h", "np.tanh(a)", "a = np.tanh(h)"),
    ("a = np.(h)", "np.tanh(a)", "a = np.tanh(h)"),
    ("raise h", "h = np.tanh(a)", "h = np.tanh(h)"),
    ("3 = h", "h = np.tanh(a)", "h = np.tanh(h)"),
    ("h = h, b", "np.stack([a, b])", "a = np.stack([h, b])"),
    ("a = np.tanh((h, b))", "np.stack([a, b])", "a = np.tanh(np.stack([h, b]))"),
    ("h = {'h': h}", "return the states themselves", "h = np.tanh(h)"),
    (
        "for i in range(2000):\n        h = h * b",
        "use a smaller bound",
        "for i in range(2):\n        h = h * b",
    ),
    ("import", "remove this line", "a = h"),
    ("a = np.zeros(len(h) // 3)", "choose other units", "a = np.zeros(len(h) // 2)"),
    ("a = np.zeros(len(h) - 4)", "choose other units", "a = np.zeros(len(h) - 2)"),
    ("a = h.reshape(3, len(h))", "both need as many numbers", "a = h.reshape(1, len(h))"),
];

/// Whole texts: what is refused, the advice, and what follows it.
const TEXTS: [(&str, &str, &str); 23] = [
    (
        "def step(x, h, layers):\n    for W in layers:\n        h = np.tanh(h @ W + x)\n    return h\n",
        "list them in the step: layers = [layers_1, layers_2]",
        "def step(x, h, layers_1, layers_2):\n    layers = [layers_1, layers_2]\n    for W in layers:\n        \
         h = np.tanh(h @ W + x)\n    return h\n",
    ),
    (
        "def step(x, h, weights):\n    h = np.tanh(x * \"W\" + h)\n    return h\n",
        "parameters[\"W\"]",
        "def step(x, h, parameters):\n    h = np.tanh(x @ parameters[\"W\"] + h)\n    return h\n",
    ),
    (
        "class RNN:\n    units = 3\n",
        "def step(self, x, h):",
        "class RNN:\n    def step(self, x, h):\n        return np.tanh(x @ self.W + h)\n",
    ),
    (
        "def step(x, h, W):\n    if np.sum(h) > 1:\n        return h, x\n    return x @ W + h\n",
        "return as many here",
        "def step(x, h, W):\n    if np.sum(h) > 1:\n        return h\n    return x @ W + h\n",
    ),
    (
        "import torch\ndef step(x, h, W):\n    h = torch.tanh(x @ W + h)\n    return h\n",
        "remove this line",
        "def step(x, h, W):\n    h = np.tanh(x @ W + h)\n    return h\n",
    ),
    (
        "def step(x, *states, W):\n    h = np.tanh(x @ W + states[0])\n    return h\n",
        "def step(x, h, c, …)",
        "def step(x, h, W):\n    h = np.tanh(x @ W + h)\n    return h\n",
    ),
    (
        "def step(x, h, **weights):\n    h = np.tanh(x + h)\n    return h\n",
        "def step(x, h, W, U, b):",
        "def step(x, h, W, U, b):\n    h = np.tanh(x @ W + h @ U + b)\n    return h\n",
    ),
    (
        "def step(x, h, W):\n    h = np.tanh(x @ W + h)\n",
        "return h",
        "def step(x, h, W):\n    h = np.tanh(x @ W + h)\n    return h\n",
    ),
    (
        "def step(x):\n    return np.tanh(x)\n",
        "def step(x, h, …)",
        "def step(x, h):\n    return np.tanh(x + h)\n",
    ),
    (
        "def step(x, h, W):\n    h = np.tanh(x @ W + q)\n    return h\n",
        "add it to the parameters of def",
        "def step(x, h, W, q):\n    h = np.tanh(x @ W + q)\n    return h\n",
    ),
    (
        "def step(x, h, W):\n    return\n",
        "return h",
        "def step(x, h, W):\n    h = np.tanh(x @ W + h)\n    return h\n",
    ),
    (
        "def step(x, h, W):\n    return h\n    h = x @ W + h\n",
        "move this line before it or remove it",
        "def step(x, h, W):\n    h = x @ W + h\n    return h\n",
    ),
    (
        "def step(x, h, W):\nh = x @ W + h\n    return h\n",
        "indent this line by 4 spaces",
        "def step(x, h, W):\n    h = x @ W + h\n    return h\n",
    ),
    (
        "def step(x, h, W):\n    h = x @ W + h\n    return h\nnonsense\n",
        "remove it",
        "def step(x, h, W):\n    h = x @ W + h\n    return h\n",
    ),
    (
        "class RNN:\n    def step(self, x, h):\n        return self.act(x @ self.W + h)\n",
        "def __init__(self): self.act = np.tanh",
        "class RNN:\n    def __init__(self): self.act = np.tanh\n    def step(self, x, h):\n        return \
         self.act(x @ self.W + h)\n",
    ),
    (
        "class RNN:\n    def __init__(self, act):\n        self.act = act\n    def step(self, x, h):\n        return \
         self.act(x @ self.W + h)\n",
        "self.act = np.tanh",
        "class RNN:\n    def __init__(self, act):\n        self.act = np.tanh\n    def step(self, x, h):\n        \
         return self.act(x @ self.W + h)\n",
    ),
    (
        "def step(x, h, p):\n    return p[\"act\"](x @ p[\"W\"] + h)\n",
        "call one by its name: np.tanh(a)",
        "def step(x, h, p):\n    return np.tanh(x @ p[\"W\"] + h)\n",
    ),
    (
        "def step(x, h, W, act=None):\n    return act(x @ W + h)\n",
        "the last parameter, act=np.tanh",
        "def step(x, h, W, act=np.tanh):\n    return act(x @ W + h)\n",
    ),
    (
        "def step(x, h, W, act):\n    return act(x @ W + h)\n",
        "the last parameter, act=np.tanh",
        "def step(x, h, W, act=lambda z: np.maximum(z, 0)):\n    return act(x @ W + h)\n",
    ),
    (
        "def step(x, h, W):\n    z = x @ W + h\n    s = np.sum(z)\n    if s > 0:\n        if s > 1:\n          \x20 \
         return np.tanh(z)\n        z = z + 1\n    return z\n",
        "let it return in every case",
        "def step(x, h, W):\n    z = x @ W + h\n    s = np.sum(z)\n    if s > 0:\n        if s > 1:\n          \x20 \
         return np.tanh(z)\n        return z + 1\n    return z\n",
    ),
    (
        "def step(x, h, W):\n    return bend(x @ W + h)\n",
        "def bend(a): return np.tanh(a)",
        "def bend(a): return np.tanh(a)\ndef step(x, h, W):\n    return bend(x @ W + h)\n",
    ),
    (
        "def step(x, h, W, W):\n    h = x @ W + h\n    return h\n",
        "give one of them another name",
        "def step(x, h, W, W2):\n    h = x @ W + h * W2\n    return h\n",
    ),
    (
        "def step(x, h, w):\n    h = np.tanh(x @ w + h) + np.sum(w, axis=-1)[0]\n    return h\n",
        "write the number of the last one",
        "def step(x, h, w):\n    h = np.tanh(x @ w + h) + np.sum(w, axis=1)[0]\n    return h\n",
    ),
];

fn cell(line: &str) -> String {
    format!(
        "def step(x, h, W, V, b):\n    z = x @ W + V @ h + b\n    {line}\n    h = np.tanh(z + h)\n    return h\n"
    )
}

/// What is said of the texts that are refused.
pub fn refused() -> Vec<String> {
    let lines = LINES.map(|(wrong, ..)| cell(wrong));
    let texts = TEXTS.map(|(wrong, ..)| wrong.to_string());
    let messages = lines
        .iter()
        .chain(&texts)
        .filter_map(|wrong| CheckedListing::new(wrong).and_then(|listing| listing.sized(4, 4)).err());
    messages.flatten().map(|mistake| mistake.message).collect()
}

#[test]
fn who_follows_the_advice_is_accepted() {
    let lines = LINES.map(|(wrong, advice, right)| (cell(wrong), advice, cell(right)));
    let texts = TEXTS.map(|(wrong, advice, right)| (wrong.to_string(), advice, right.to_string()));
    let mut wrong_advice = Vec::new();
    for (wrong, advice, right) in lines.iter().chain(&texts) {
        match CheckedListing::new(wrong).and_then(|listing| listing.sized(4, 4)) {
            Ok(_) => wrong_advice.push(format!("accepted:\n{wrong}")),
            Err(mistakes) if !mistakes.iter().any(|m| m.message.contains(advice)) => {
                wrong_advice.push(format!("no `{advice}`:\n{}", mistakes[0].render(wrong)));
            }
            Err(_) => {}
        }
        let followed = CheckedListing::new(right).and_then(|listing| listing.sized(4, 4));
        wrong_advice.extend(followed.err().map(|mistakes| mistakes[0].render(right)));
    }
    assert!(wrong_advice.is_empty(), "{}", wrong_advice.join("\n"));
}

#[test]
fn a_cell_for_one_number_of_units_says_which() {
    let eight = "def step(x, h, W):\n    h = np.tanh(np.eye(8) @ h + x @ W)\n    return h\n";
    let as_many = "def step(x, h, W):\n    h = np.tanh(h) + x * sigmoid(x @ W)\n    return h\n";
    for (source, advice) in [(eight, "choose 8 units"), (as_many, "choose 5 units")] {
        let checked = CheckedListing::new(source).unwrap();
        let message = checked.sized(5, 6).unwrap_err()[0].message.clone();
        assert!(message.contains(advice), "{message}");
        let units = advice.split(' ').nth(1).unwrap().parse().unwrap();
        assert!(checked.sized(5, units).is_ok(), "{advice}");
    }
}
