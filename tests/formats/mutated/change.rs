//! Changes of bytes, of JSON, of texts, and of what zip and safetensors files hold.

use serde_json::{Value, json};
use unrolled::tensors::archive;

/// Random numbers of one case.
pub struct Draws(u64);

impl Draws {
    pub fn of_case(seed: u64, case: u64) -> Self {
        // splitmix64 spreads neighbours apart.
        let mut mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ case.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self((mixed ^ (mixed >> 31)) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, count: usize) -> usize {
        ((self.next() >> 11) % count.max(1) as u64) as usize
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn word(&mut self) -> u64 {
        let odd = [0, 1, u64::MAX, u64::from(u32::MAX), 1 << 31, 1 << 40, i64::MAX as u64];
        match self.below(3) {
            0 => *self.of(&odd),
            1 => self.next(),
            _ => self.next() % 4096,
        }
    }
}

/// A few bytes of a file in another way; mostly one.
pub fn bytes(mut file: Vec<u8>, draws: &mut Draws) -> Vec<u8> {
    for _ in 0..=draws.below(4) / 2 {
        if file.is_empty() {
            return file;
        }
        let at = draws.below(file.len());
        match draws.below(12) {
            0..=3 => file[at] = draws.next() as u8,
            4..=7 => file[at] ^= 1 << draws.below(8),
            8 => {
                let end = (at + [2, 4, 8][draws.below(3)]).min(file.len());
                let word = draws.word().to_le_bytes();
                file[at..end].copy_from_slice(&word[..end - at]);
            }
            9 => file.truncate(at),
            10 => {
                let end = (at + draws.below(200)).min(file.len());
                file.drain(at..end);
            }
            _ => {
                let end = (at + draws.below(200)).min(file.len());
                let part = file[at..end].to_vec();
                let to = draws.below(file.len());
                file.splice(to..to, part);
            }
        }
    }
    file
}

/// Names and numbers that somewhere mean something, in places where they should not stand.
const WORDS: [&str; 30] = [
    "LSTM",
    "GRU",
    "SimpleRNN",
    "Dense",
    "Embedding",
    "Bidirectional",
    "TimeDistributed",
    "Conv1D",
    "Masking",
    "Flatten",
    "RepeatVector",
    "Dropout",
    "relu",
    "softmax",
    "linear",
    "same",
    "Adam",
    "RMSprop",
    "SGD",
    "mean_squared_error",
    "binary_crossentropy",
    "words",
    "characters",
    "adding",
    "__proto__",
    "constructor",
    "<img src=x onerror=alert(1)>",
    "\u{202e}\u{0}\u{ffff}",
    "",
    "inf",
];

fn odd_value(draws: &mut Draws) -> Value {
    match draws.below(9) {
        0 => Value::Null,
        1 => json!(draws.one_in(2)),
        2 | 3 => json!(draws.below(9) as i64 - 3),
        4 => json!(draws.word()),
        5 => json!(*draws.of(&[0.5, -0.5, 1e300, 1e-300, 1e38, 3.5e38, f64::MIN_POSITIVE, -0.0])),
        6 => json!(*draws.of(&WORDS)),
        7 => draws
            .of(&[json!([]), json!({}), json!([null, 3]), json!([null, null, 2]), json!([[[[]]]])])
            .clone(),
        _ => json!(draws.of(&WORDS).repeat(1 + draws.below(2) * 10_000)),
    }
}

fn count(json: &Value) -> usize {
    1 + match json {
        Value::Array(list) => list.iter().map(count).sum::<usize>(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// The value that stands at place `left` of all, counted from above.
fn place<'a>(json: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(json);
    }
    *left -= 1;
    match json {
        Value::Array(list) => list.iter_mut().find_map(|value| place(value, left)),
        Value::Object(map) => map.values_mut().find_map(|value| place(value, left)),
        _ => None,
    }
}

/// One or two values of a document in another way: replaced, removed, copied from elsewhere, or a number near it.
pub fn json(mut document: Value, draws: &mut Draws) -> Value {
    for _ in 0..=draws.below(3) / 2 {
        let all = count(&document);
        let other = place(&mut document, &mut draws.below(all)).map_or(Value::Null, |value| value.clone());
        let Some(value) = place(&mut document, &mut draws.below(all)) else { continue };
        let new = match (draws.below(6), &mut *value) {
            (0, _) => other,
            (1 | 2, Value::Number(number)) => json!(number.as_i64().unwrap_or(1) + draws.below(7) as i64 - 3),
            (1, Value::Object(map)) => {
                let key = map.keys().nth(draws.below(map.len())).cloned();
                key.and_then(|key| map.remove(&key));
                continue;
            }
            (2, Value::Object(map)) => {
                map.insert((*draws.of(&WORDS)).to_owned(), other);
                continue;
            }
            (1, Value::Array(list)) if !list.is_empty() => {
                let at = draws.below(list.len());
                list.remove(at);
                continue;
            }
            (2, Value::Array(list)) if !list.is_empty() => {
                let again = draws.of(list).clone();
                list.insert(draws.below(list.len()), again);
                continue;
            }
            _ => odd_value(draws),
        };
        *value = new;
    }
    document
}

/// A document as text: changed as JSON, as text, or both.
pub fn document(text: &str, draws: &mut Draws) -> Vec<u8> {
    let Ok(parsed) = serde_json::from_str(text) else { return bytes(text.as_bytes().to_vec(), draws) };
    let changed = json(parsed, draws).to_string().into_bytes();
    if draws.one_in(16) { bytes(changed, draws) } else { changed }
}

/// Lines and words of a text in another way.
pub fn text(text: &str, pieces: &[&str], draws: &mut Draws) -> Vec<u8> {
    let mut parts: Vec<String> = Vec::new();
    for c in text.chars() {
        let goes_on = parts
            .last()
            .and_then(|part| part.chars().last())
            .is_some_and(|last| (last.is_alphanumeric() && c.is_alphanumeric()) || (last == ' ' && c == ' '));
        match parts.last_mut() {
            Some(part) if goes_on => part.push(c),
            _ => parts.push(c.to_string()),
        }
    }
    for _ in 0..=draws.below(4) / 2 {
        if parts.is_empty() {
            break;
        }
        let at = draws.below(parts.len());
        match draws.below(6) {
            0 => {
                let end = (at + 1 + draws.below(5)).min(parts.len());
                parts.drain(at..end);
            }
            1 => parts.insert(at, (*draws.of(pieces)).to_owned()),
            2 => parts[at] = (*draws.of(pieces)).to_owned(),
            3 => {
                let to = draws.below(parts.len());
                parts.swap(at, to);
            }
            4 => {
                let end = (at + draws.below(40)).min(parts.len());
                let copy = parts[at..end].to_vec();
                let to = draws.below(parts.len());
                parts.splice(to..to, copy);
            }
            _ => parts[at] = draws.of(pieces).repeat(1 + draws.below(2) * 3000),
        }
    }
    let changed = parts.concat().into_bytes();
    if draws.one_in(12) { bytes(changed, draws) } else { changed }
}

/// One file of a zip archive in another way, packed anew, so that its checksum is right; now and then the archive.
pub fn zip(file: &[u8], draws: &mut Draws) -> Vec<u8> {
    if draws.one_in(4) {
        return bytes(file.to_vec(), draws);
    }
    let mut files = archive::unpack(file, "a fixture").unwrap();
    let at = draws.below(files.len());
    let (name, content) = &mut files[at];
    *content = match (name.ends_with(".json"), std::str::from_utf8(content)) {
        (true, Ok(text)) => document(text, draws),
        _ => bytes(std::mem::take(content), draws),
    };
    if draws.one_in(30) {
        *name = (*draws.of(&WORDS)).to_owned();
    }
    archive::pack(&files).unwrap()
}

/// The header of a safetensors file as JSON, also where it holds more JSON as text, or its bytes.
pub fn safetensors(file: &[u8], draws: &mut Draws) -> Vec<u8> {
    let length = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    let mut header: Value = serde_json::from_slice(&file[8..8 + length]).unwrap();
    let said = header.get("__metadata__").and_then(Value::as_object).cloned().unwrap_or_default();
    match draws.below(5) {
        0 | 1 => return bytes(file.to_vec(), draws),
        2 => header = json(header, draws),
        3 if said.is_empty() => header = json(header, draws),
        // Numbers alone: the last bytes of the file.
        4 => {
            let data = bytes(file[8 + length..].to_vec(), draws);
            return [&file[..8 + length], &data].concat();
        }
        _ => {
            let key = said.keys().nth(draws.below(said.len())).unwrap();
            let inner = said[key].as_str().unwrap_or_default();
            let changed = String::from_utf8_lossy(&document(inner, draws)).into_owned();
            header["__metadata__"][key] = json!(changed);
        }
    }
    let header = header.to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &file[8 + length..]].concat()
}

/// A sealed safetensors file with an array in the seal's place that means nothing, as if it had none.
pub fn unsealed(file: &[u8]) -> Vec<u8> {
    let length = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    let header = std::str::from_utf8(&file[8..8 + length]).unwrap();
    assert!(header.contains("\"seal\":"), "the file is sealed");
    let other = header.replace("\"seal\":", "\"leas\":");
    [&file[..8], other.as_bytes(), &file[8 + length..]].concat()
}
