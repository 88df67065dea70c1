//! The Python that turns the samples in the file of the run into the arrays that the model is trained on.

use super::run_file::is_packed;
use crate::data::Side;
use crate::experiment::{Experiment, OWN, Reading, Validation, Words};
use crate::train::Loss;
use crate::{Error, Result};

/// Explanation and code of the section that loads the data.
pub(super) fn section(experiment: &Experiment) -> Result<(String, String)> {
    let (text, read) = match is_packed(experiment) {
        true => packed(experiment)?,
        false => {
            let text = "The samples stand as arrays in the file of the run.";
            (
                text.into(),
                String::from("def read(part):\n    return run[part + \"/x\"], run[part + \"/y\"]\n"),
            )
        }
    };
    let train = match (experiment.data.limit, is_packed(experiment)) {
        (Some(limit), true) => format!("read(\"train\", {limit})"),
        _ => "read(\"train\")".into(),
    };
    let validation = match experiment.data.validation {
        Validation::Share(share) if is_packed(experiment) => format!(
            "first = int(np.floor(len(x_train) * (1 - {share})))\n\
             x_test, y_test = x_train[first:], y_train[first:]\n\
             x_train, y_train = x_train[:first], y_train[:first]\n"
        ),
        _ => "x_test, y_test = read(\"test\")\n".into(),
    };
    // The reader's own data need not have a test part.
    let validation = match experiment.data.set == OWN {
        true => format!("x_test, y_test = x_train, y_train\nif \"test/x\" in run:\n    {validation}"),
        false => validation,
    };
    let code =
        format!("{read}\n\nx_train, y_train = {train}\n{validation}print(x_train.shape, y_train.shape)\n");
    Ok((text, code))
}

fn packed(experiment: &Experiment) -> Result<(String, String)> {
    let classes = match experiment.loss()? {
        Loss::SparseCategoricalCrossentropy { .. } => ".astype(\"int32\")",
        _ => ".astype(\"float32\")[:, None]",
    };
    let labels = format!("run[part + \"/labels\"]{classes}");
    let (text, code) = match &experiment.data.reading {
        Reading::Words(words) => (WORDS, of_words(words, &labels)),
        Reading::Numbers { below } => (NUMBERS, of_numbers(*below, &labels)),
        Reading::Rows => (ROWS, ROWS_CODE.replace("LABELS", &labels)),
        Reading::Characters { timesteps, stateful } => {
            let code = if *stateful { STREAMS_CODE } else { WINDOWS_CODE };
            (WINDOWS, code.replace("TIMESTEPS", &timesteps.to_string()))
        }
        _ => return Err(Error::format("the script", "this reading has no packed file")),
    };
    Ok((text.into(), code))
}

const WORDS: &str =
    "All texts stand one behind the other as ids of words: 0 fills short texts up, 1 starts a text, 2 is an
unknown word, words count from 3 by their frequency.";

fn of_words(words: &Words, labels: &str) -> String {
    let side = |side: Side| if side == Side::Post { "post" } else { "pre" };
    let mut parts = String::new();
    if !words.start {
        parts.push_str(
            "    parts = [ids[1:] if ids[0] == 1 else ids for ids in parts]  # without the start\n",
        );
    }
    if !words.oov {
        parts.push_str("    parts = [ids[ids != 2] for ids in parts]  # without unknown words\n");
    }
    format!(
        "def read(part, limit=None):\n\
         \x20   ids = run[part + \"/ids\"].astype(\"int32\")\n\
         \x20   ids[ids >= {}] = 2\n\
         \x20   parts = np.split(ids, run[part + \"/offsets\"][1:-1])[:limit]\n\
         {parts}\
         \x20   x = keras.utils.pad_sequences(parts, maxlen={}, padding=\"{}\", truncating=\"{}\")\n\
         \x20   return x, {labels}[:limit]\n",
        words.num_words,
        words.maxlen,
        side(words.padding),
        side(words.truncating),
    )
}

const NUMBERS: &str = "Each text is a sequence of plain numbers, the ids of its words, one a timestep; longer texts \
                       are left out.";

fn of_numbers(below: usize, labels: &str) -> String {
    format!(
        "def read(part, limit=None):\n\
         \x20   parts = np.split(run[part + \"/ids\"], run[part + \"/offsets\"][1:-1])\n\
         \x20   kept = [k for k, ids in enumerate(parts) if len(ids) < {below}][:limit]\n\
         \x20   x = keras.utils.pad_sequences([parts[k] for k in kept], maxlen={}, padding=\"post\")\n\
         \x20   return x.astype(\"float32\")[..., None], {labels}[kept]\n",
        below - 1,
    )
}

const ROWS: &str = "Each image is a sequence of its 28 rows of 28 pixels from 0 to 1.";

const ROWS_CODE: &str = "def read(part, limit=None):
    x = run[part + \"/ids\"].reshape(-1, 28, 28).astype(\"float32\") / np.float32(255)
    return x[:limit], LABELS[:limit]
";

const WINDOWS: &str = "The text is cut into windows; the label of each character is the character after it.";

const WINDOWS_CODE: &str = "def read(part, limit=None):
    ids = run[part + \"/ids\"].astype(\"int32\")[:limit]
    count = (len(ids) - 1) // TIMESTEPS
    return [part[: count * TIMESTEPS].reshape(count, TIMESTEPS) for part in (ids, ids[1:])]
";

/// As `Examples::streams`.
const STREAMS_CODE: &str = "def windows(ids, length):
    count = length // TIMESTEPS
    streams = ids[: BATCH * length].reshape(BATCH, length)[:, : count * TIMESTEPS]
    return streams.reshape(BATCH, count, TIMESTEPS).swapaxes(0, 1).reshape(-1, TIMESTEPS)


# Row b of each batch goes on where row b of the batch before it ended.
def read(part, limit=None):
    ids = run[part + \"/ids\"].astype(\"int32\")[:limit]
    length = (len(ids) - 1) // BATCH
    return windows(ids, length), windows(ids[1:], length)
";
