//! Which parameter is the input, which are states, and which are weights: told by names where the order does not.

use unrolled::listing::Listing;

/// A text, then its input, its states and its weights.
const TEXTS: [(&str, &str, &str, &str); 16] = [
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
