//! The cells that come with the project, as texts that one can read, run and change.
//!
//! The module that every reader of the page loads holds the texts of Keras' cells alone, and of the others the name and
//! a fingerprint: the page fetches a text when it is asked for and hands it over ([`provide`]). Everywhere else all
//! texts are part of the program.

use std::cell::RefCell;

use crate::{Error, Result};

/// A listing of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellSource {
    /// The name of its file, without `.py`.
    pub name: &'static str,
    /// What a menu calls it.
    pub title: &'static str,
    /// When its paper came out first.
    pub year: u16,
    /// The text.
    pub source: &'static str,
    /// Keras' class of the same cell with its default configuration, where there is one.
    pub keras: Option<&'static str>,
}

/// What is known of a listing without its text.
struct Known {
    name: &'static str,
    keras: Option<&'static str>,
    fingerprint: u64,
}

macro_rules! cells {
    (@class) => { None };
    (@class $keras:literal) => { Some($keras) };
    (@text $name:literal) => { include_str!(concat!("../../cells/", $name, ".py")) };
    ($($name:literal: $title:literal, $year:literal $(= $keras:literal)?;)*) => {
        const CELLS: &[CellSource] = &[$(CellSource {
            name: $name,
            title: $title,
            year: $year,
            source: cells!(@text $name),
            keras: cells!(@class $($keras)?),
        }),*];

        const KNOWN: &[Known] = &[$(Known {
            name: $name,
            keras: cells!(@class $($keras)?),
            fingerprint: fingerprint(cells!(@text $name)),
        }),*];
    };
}

// The three best known first, then by year.
cells! {
    "simple_rnn": "SimpleRNN", 1990 = "SimpleRNN";
    "lstm": "LSTM", 2000 = "LSTM";
    "gru": "GRU", 2014 = "GRU";
    "jordan": "Output-recurrent (Jordan)", 1986;
    "elman": "Hidden-recurrent with output (Elman)", 1990;
    "lstm_1997": "LSTM without forget gate", 1997;
    "peephole_lstm": "LSTM with peepholes", 2000;
    "stacked_lstm": "Two LSTMs on top of each other", 2013;
    "gru_reset_before": "GRU, reset before the product", 2014;
    "lstm_projection": "LSTM with projection", 2014;
    "coupled_lstm": "LSTM with coupled gates", 2015;
    "grid_lstm": "Grid LSTM of time and depth", 2015;
    "irnn": "IRNN", 2015;
    "bidirectional_grid_lstm": "Grid LSTM of both directions of frequency", 2016;
    "frequency_grid_lstm": "Grid LSTM of time and frequency", 2016;
    "mgu": "Minimal gated unit (MGU)", 2016;
    "nas": "NAS cell", 2016;
    "ugrnn": "Update-gate RNN", 2016;
    "group_lstm": "LSTM in two groups", 2017;
    "gru_tutorial": "GRU of tutorial 004, without its reset gate", 2018;
    "gru_tutorial_corrected": "Corrected GRU of tutorial 004", 2018;
    "lmu": "Legendre memory unit (LMU)", 2019;
    "tutorial_003": "Step of tutorial 003", 2019;
    "tutorial_003_bug": "Mistaken step of tutorial 003", 2019;
    "cornn": "Coupled oscillators (coRNN)", 2020;
    "linear_attention": "Linear attention", 2020;
    "lipschitz_rnn": "Lipschitz RNN", 2020;
    "cfc": "Closed-form continuous-time (CfC)", 2021;
    "lem": "Long expressive memory (LEM)", 2021;
    "s4d": "S4D", 2022;
    "s5": "S5", 2022;
    "gla": "Gated linear attention (GLA)", 2023;
    "hgrn": "HGRN", 2023;
    "lru": "Linear recurrent unit (LRU)", 2023;
    "mamba": "Mamba (S6)", 2023;
    "retnet": "RetNet", 2023;
    "rwkv4": "RWKV-4", 2023;
    "deltanet": "DeltaNet", 2024;
    "gated_deltanet": "Gated DeltaNet", 2024;
    "hgrn2": "HGRN2", 2024;
    "mamba2": "Mamba-2", 2024;
    "mingru": "minGRU", 2024;
    "minlstm": "minLSTM", 2024;
    "mlstm": "mLSTM", 2024;
    "rglru": "RG-LRU (Griffin)", 2024;
    "rwkv6": "RWKV-6", 2024;
    "slstm": "sLSTM", 2024;
    "ttt_linear": "TTT-linear", 2024;
    "kda": "Kimi delta attention (KDA)", 2025;
    "rwkv7": "RWKV-7", 2025;
    "titans": "Titans, linear memory", 2025;
}

/// All listings, the three best known first, the others by year.
///
/// What the page loads first asks for [`names`] and [`text`] instead, which need no texts.
pub fn all() -> &'static [CellSource] {
    CELLS
}

/// The listing with this name.
pub fn named(name: &str) -> Option<&'static CellSource> {
    CELLS.iter().find(|cell| cell.name == name)
}

/// The names of all listings, in the order of [`all`].
pub fn names() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|cell| cell.name)
}

/// FNV-1a with 64 bits: which listing a text is.
const fn fingerprint(text: &str) -> u64 {
    let (bytes, mut hash, mut at) = (text.as_bytes(), 0xcbf2_9ce4_8422_2325_u64, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

thread_local! {
    /// The texts that were handed over, by name.
    static PROVIDED: RefCell<Vec<(&'static str, &'static str)>> = const { RefCell::new(Vec::new()) };
}

/// The text of the listing with this name; none where there is no such listing, or its text was not handed over yet.
pub fn text(name: &str) -> Option<&'static str> {
    let provided =
        |all: &[(&str, &'static str)]| all.iter().find(|(of, _)| *of == name).map(|(_, text)| *text);
    held(name).or_else(|| PROVIDED.with_borrow(|all| provided(all)))
}

/// The text of Keras' cell of this class.
pub fn of_keras(class: &str) -> Option<&'static str> {
    text(KNOWN.iter().find(|cell| cell.keras == Some(class))?.name)
}

/// The text that is part of the program.
#[cfg(any(not(target_arch = "wasm32"), feature = "analysis"))]
fn held(name: &str) -> Option<&'static str> {
    named(name).map(|cell| cell.source)
}

/// The text that is part of what the page loads first.
#[cfg(not(any(not(target_arch = "wasm32"), feature = "analysis")))]
fn held(name: &str) -> Option<&'static str> {
    match name {
        "simple_rnn" => Some(cells!(@text "simple_rnn")),
        "lstm" => Some(cells!(@text "lstm")),
        "gru" => Some(cells!(@text "gru")),
        _ => None,
    }
}

/// Hands over the text of a listing of the project that is not part of the program.
///
/// # Errors
/// If there is no listing of this name, or the text is not the one that this engine was built with.
pub fn provide(name: &str, text: &str) -> Result<()> {
    let known = KNOWN.iter().find(|cell| cell.name == name);
    let known = known.ok_or_else(|| Error::value("a cell of the project", "a name in its menu", name))?;
    if known.fingerprint != fingerprint(text) {
        let problem = "the engine was built with another text; load the page anew";
        return Err(Error::format(format!("cells/{name}.py"), problem));
    }
    if self::text(name).is_none() {
        // There are as many as listings, and each is handed over once.
        let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
        PROVIDED.with_borrow_mut(|all| all.push((known.name, text)));
    }
    Ok(())
}

/// The name of the listing with this name, as it is kept.
pub(in crate::listing) fn known_name(name: &str) -> Option<&'static str> {
    names().find(|known| *known == name)
}

/// The weights of Keras' cells, and the names that the listings of the same cells give them.
pub const KERAS_WEIGHTS: [(&str, &str); 3] = [("kernel", "W"), ("recurrent_kernel", "U"), ("bias", "b")];

/// The name of a weight in the model that trains a listing, by which its first numbers are drawn: `lstm/kernel` for
/// Keras' cells, `irnn/U` for the other listings of the project, `own_cell/W` for all others.
pub fn weight_path(source: &str, weight: &str) -> String {
    let own = fingerprint(source);
    let Some(cell) = KNOWN.iter().find(|cell| cell.fingerprint == own) else {
        return format!("own_cell/{weight}");
    };
    let keras = cell.keras.zip(KERAS_WEIGHTS.iter().find(|(_, name)| *name == weight));
    match keras {
        Some((class, (name, _))) => format!("{}/{name}", class.to_lowercase()),
        None => format!("{}/{weight}", cell.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_from_all_others() {
        assert_eq!(fingerprint(""), 0xcbf2_9ce4_8422_2325);
        // Of the authors' own table of test vectors.
        assert_eq!(fingerprint("foobar"), 0x8594_4171_f739_67e8);
        for (k, cell) in KNOWN.iter().enumerate() {
            let same = KNOWN.iter().filter(|other| other.fingerprint == cell.fingerprint).count();
            assert_eq!((same, CELLS[k].name, fingerprint(CELLS[k].source)), (1, cell.name, cell.fingerprint));
        }
    }

    #[test]
    fn another_text_is_refused() {
        assert!(provide("nas", named("nas").expect("it is there").source).is_ok());
        let error = provide("nas", "def step(x, h):\n    return h\n").expect_err("it is another text");
        assert!(error.to_string().contains("load the page anew"), "{error}");
        assert!(provide("nobody", "").is_err());
    }
}
