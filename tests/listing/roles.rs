//! Which parameter is the input, which are states, and which are weights: told by names where the order does not.

use unrolled::listing::Listing;

use crate::material::means;

/// A text, then its input, its states and its weights.
const TEXTS: [(&str, &str, &str, &str); 18] = [
    ("def step(x, h, W, U, b):\n    return np.tanh(W @ x + U @ h + b)", "x", "h", "W U b"),
    ("def step(h, x, W, U, b):\n    return np.tanh(W @ x + U @ h + b)", "x", "h", "W U b"),
    ("def step(W, U, b, x, h):\n    return np.tanh(W @ x + U @ h + b)", "x", "h", "W U b"),
    ("def step(x, W, U, h):\n    return np.tanh(W @ x + U @ h)", "x", "h", "W U"),
    ("def f(h_prev, x_t, Wx, Wh):\n    return np.tanh(Wx @ x_t + Wh @ h_prev)", "x_t", "h_prev", "Wx Wh"),
    ("def f(h, u, W, V, a=0.3):\n    return a * h + np.tanh(V @ u + W @ h)", "u", "h", "W V"),
    ("def f(params, h, x):\n    return np.tanh(params['W'] @ x + params['U'] @ h)", "x", "h", "W U"),
    ("def f(w, state, x):\n    W, U = w\n    return np.tanh(W @ x + U @ state)", "x", "state", "W U"),
    ("def f(carry, x, W):\n    h, c = carry\n    c = c + W @ x\n    return (h * c, c), h", "x", "h c", "W"),
    ("def f(self, h, x):\n    return np.tanh(self.W @ x + self.U @ h)", "x", "h", "W U"),
    ("def f(x, u, A, B):\n    return A @ x + B @ u", "u", "x", "A B"),
    ("def f(x, u, A, B):\n    x = A.dot(x) + B.dot(u)\n    return x", "u", "x", "A B"),
    (
        "def f(p, y, h, x):\n    h = np.tanh(p['W'] @ x + p['V'] @ y)\n    y = h * y\n    return y, h",
        "x",
        "y h",
        "W V",
    ),
    // A returned value may be called like a key.
    ("def f(x, h, p):\n    z = p['z'] @ x + h\n    h = np.tanh(z)\n    return h, z", "x", "h", "z"),
    // What stands in the usual order stays there, whatever it is called.
    ("def f(q, r, M):\n    return np.tanh(M @ q + r)", "q", "r", "M"),
    ("def f(x, y, s, W):\n    s = s + W @ x\n    y = 0.5 * y + s\n    return y, s", "x", "y s", "W"),
    ("def f(x, C, n, W):\n    C = C + W @ x\n    return C, n + 1", "x", "C n", "W"),
    ("def f(token, h, E, U):\n    return np.tanh(E @ token + U @ h)", "token", "h", "E U"),
];

#[test]
fn the_input_and_the_states_are_told_by_their_names() {
    for (text, input, states, weights) in TEXTS {
        let listing = Listing::parse(text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
        assert_eq!(listing.input(), input, "{text}");
        assert_eq!(listing.states(), states.split(' ').collect::<Vec<_>>(), "{text}");
        assert_eq!(listing.weights(), weights.split(' ').collect::<Vec<_>>(), "{text}");
    }
}

/// A text whose states stand behind weights, or are returned in another order than that of its parameters; then the
/// head and the last line that say the same in the usual order.
const BEHIND: [(&str, &str, &str); 12] = [
    ("x, h, W, U, c\n    c = c + W @ x\n    h = U @ h + c\n    return h, c", "x, h, c, W, U", "h, c"),
    ("x, h, W, c\n    c_new = c + W @ x\n    return h + c_new, c_new", "x, h, c, W", "h + c_new, c_new"),
    (
        "x, h, W, A\n    new = W @ x + A @ h\n    A = A + np.outer(new, h)\n    return new, A",
        "x, h, A, W",
        "new, A",
    ),
    ("x, W, h, U, m\n    m = m + U @ h\n    h = W @ x + m\n    return h, m", "x, h, m, W, U", "h, m"),
    (
        "x, v, W, k, a\n    v_next = v - k * a + W @ x\n    a_next = a + v\n    return v_next, a_next",
        "x, v, a, W, k",
        "v_next, a_next",
    ),
    (
        "x, h, W, V, c\n    c = c + W @ x\n    h = h + c\n    y = V @ h\n    return y, h, c",
        "x, h, c, W, V",
        "h, c",
    ),
    ("x, h, W, c, a=0.1\n    c = a * c + W @ x\n    h = h + c\n    return h, c", "x, h, c, W, a=0.1", "h, c"),
    ("x, h, c, W\n    c = c + W @ x\n    h = np.tanh(c)\n    return c, h", "x, h, c, W", "h, c"),
    (
        "x, h, c, W\n    c_new = c + W @ x + h\n    return c_new, np.tanh(c_new)",
        "x, h, c, W",
        "np.tanh(c_new), c_new",
    ),
    ("x, h, W\n    h = W @ x + h\n    W = W + np.outer(h, x)\n    return W, h", "x, h, W", "h, W"),
    // A name that is not given a value says nothing: of a delay line the order counts.
    ("x, a, b, W\n    return b, a + b + W @ x", "x, a, b, W", "b, a + b + W @ x"),
    ("x, a, b, W\n    new = W @ x + b\n    return new, a", "x, a, b, W", "new, a"),
];

#[test]
fn states_are_told_by_the_values_that_are_returned_for_them() {
    for (text, head, returned) in BEHIND {
        let (written, body) = text.split_once('\n').unwrap();
        let (lines, _) = body.rsplit_once("    return").unwrap();
        let (source, plain) =
            (format!("def f({written}):\n{body}"), format!("def f({head}):\n{lines}    return {returned}"));
        means(&source, &source, &plain);
        let states: Vec<&str> = head.split(", ").skip(1).take(returned.matches(", ").count() + 1).collect();
        assert_eq!(Listing::parse(&source).unwrap().states(), states, "{source}");
    }
}

#[test]
fn members_of_several_dictionaries_and_local_names_stay_apart() {
    let text = "def step(x, h, first, second):\n    W = first[\"W\"] @ x\n    \
                return np.tanh(W + second[\"W\"] @ h + first[\"W\"] @ x)";
    assert_eq!(Listing::parse(text).unwrap().weights(), ["first_W", "second_W"]);
    let text = "def step(x, h, params):\n    return np.tanh(params[\"x\"] @ x + params[\"h\"] @ h)";
    assert_eq!(Listing::parse(text).unwrap().weights(), ["params_x", "params_h"]);
    // Nothing is called otherwise without need.
    let text = "def step(x, h, params):\n    W = params[\"W\"]\n    return np.tanh(W @ x + h)";
    assert_eq!(Listing::parse(text).unwrap().weights(), ["W"]);
}
