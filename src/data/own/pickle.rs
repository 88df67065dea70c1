//! Lists of whole numbers in a pickle of numpy: what object arrays of an npz file hold.
//!
//! A pickle is a program that may call anything. This reader knows only what numpy writes for an array of lists of
//! whole numbers and refuses all else; it never calls a function. Opcodes: CPython's `Lib/pickletools.py`.

use crate::{Error, Result};

/// An item of the machine's stack.
#[derive(Debug, Clone)]
enum Item {
    Number(i64),
    /// A list by its place among all lists, so that a list that stands twice is the same one.
    List(usize),
    Tuple(Vec<Item>),
    /// The name of something in a module, or what would have been made by calling it.
    Named(String),
    Text(String),
    Nothing,
    Mark,
}

/// What a stack of a pickle that numpy wrote needs at most; a damaged one must not fill the memory.
const MOST_ITEMS: usize = 1 << 26;

/// What numpy names in the pickle of an array.
const KNOWN: [&str; 6] = [
    "numpy.core.multiarray _reconstruct",
    "numpy._core.multiarray _reconstruct",
    "numpy ndarray",
    "numpy dtype",
    "_codecs encode",
    "builtins list",
];

/// The lists of an array of objects; `name` names the array in errors.
///
/// # Errors
/// If the pickle is anything but an array of lists of whole numbers from 0 to 2³¹ - 1.
pub fn lists(bytes: &[u8], name: &str, file: &str) -> Result<Vec<Vec<u32>>> {
    let refused = |found: String| {
        let expected = "an array of lists of whole numbers, as in Keras' imdb.npz";
        Error::value(format!("`{name}` of {file}"), expected, found)
    };
    let mut machine = Machine { bytes, stack: Vec::new(), memo: Vec::new(), lists: Vec::new(), array: None };
    machine.run().map_err(refused)?;
    let lists = std::mem::take(&mut machine.lists);
    let number = |item: &Item| match item {
        Item::Number(number) => u32::try_from(*number).ok().filter(|id| *id <= i32::MAX as u32),
        _ => None,
    };
    let rows = machine.array.and_then(|at| lists.get(at)).ok_or_else(|| refused("no array".into()))?;
    let list = |(k, item): (usize, &Item)| -> Result<Vec<u32>> {
        let Item::List(at) = item else { return Err(refused(format!("something else as element {k}"))) };
        let ids: Option<Vec<u32>> = lists.get(*at).into_iter().flatten().map(number).collect();
        ids.ok_or_else(|| refused(format!("a list with something else as element {k}")))
    };
    rows.iter().enumerate().map(list).collect()
}

struct Machine<'a> {
    bytes: &'a [u8],
    stack: Vec<Item>,
    memo: Vec<Item>,
    lists: Vec<Vec<Item>>,
    /// The list that holds the elements of the array, once its state was set.
    array: Option<usize>,
}

type Step<T> = std::result::Result<T, String>;

impl Machine<'_> {
    fn run(&mut self) -> Step<()> {
        loop {
            let opcode = self.take(1)?[0];
            if self.stack.len() + self.memo.len() > MOST_ITEMS {
                return Err("too many objects".into());
            }
            match opcode {
                b'.' => return Ok(()),
                b'\x80' => drop(self.take(1)?),
                b'\x95' => drop(self.take(8)?),
                b'(' => self.stack.push(Item::Mark),
                b'N' => self.stack.push(Item::Nothing),
                b'\x88' | b'\x89' => self.stack.push(Item::Number(i64::from(opcode == b'\x88'))),
                b'K' | b'M' | b'J' | b'\x8a' => self.number(opcode)?,
                b'X' | b'\x8c' | b'U' | b'T' | b'C' | b'B' => self.text(opcode)?,
                b'c' | b'\x93' => self.named(opcode)?,
                b']' => self.new_list(Vec::new()),
                b'a' | b'e' => self.append(opcode)?,
                b')' => self.stack.push(Item::Tuple(Vec::new())),
                b't' | b'\x85' | b'\x86' | b'\x87' => self.tuple(opcode)?,
                b'q' | b'r' | b'\x94' => self.remember(opcode)?,
                b'h' | b'j' => self.recall(opcode)?,
                b'R' => {
                    self.pop()?;
                    let Item::Named(name) = self.pop()? else { return Err("a call of no function".into()) };
                    self.stack.push(Item::Named(name));
                }
                b'b' => self.set_state()?,
                other => return Err(format!("the opcode {other:#04x}")),
            }
        }
    }

    fn take(&mut self, count: usize) -> Step<&[u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or("an end in the middle")?;
        self.bytes = rest;
        Ok(taken)
    }

    fn size(&mut self, bytes: usize) -> Step<usize> {
        let taken = self.take(bytes)?;
        Ok(taken.iter().rev().fold(0, |size, byte| size << 8 | usize::from(*byte)))
    }

    fn line(&mut self) -> Step<String> {
        let end = self.bytes.iter().position(|byte| *byte == b'\n').ok_or("an end in the middle")?;
        let line = String::from_utf8_lossy(self.take(end)?).into_owned();
        self.take(1)?;
        Ok(line)
    }

    fn pop(&mut self) -> Step<Item> {
        self.stack.pop().ok_or_else(|| "an empty stack".into())
    }

    /// What stands above the last mark.
    fn above_mark(&mut self) -> Step<Vec<Item>> {
        let mark = self.stack.iter().rposition(|item| matches!(item, Item::Mark)).ok_or("no mark")?;
        let above = self.stack.split_off(mark + 1);
        self.stack.pop();
        Ok(above)
    }

    fn number(&mut self, opcode: u8) -> Step<()> {
        let number = match opcode {
            b'K' => self.size(1)? as i64,
            b'M' => self.size(2)? as i64,
            b'J' => i64::from(self.size(4)? as u32 as i32),
            _ => {
                let length = self.size(1)?;
                if length > 8 {
                    return Err("a number of more than 64 bits".into());
                }
                // Little-endian with a sign, as short as possible.
                let bytes = self.take(length)?;
                let sign = if bytes.last().is_some_and(|byte| *byte >= 0x80) { 0xff } else { 0 };
                let mut all = [sign; 8];
                all[..length].copy_from_slice(bytes);
                i64::from_le_bytes(all)
            }
        };
        self.stack.push(Item::Number(number));
        Ok(())
    }

    fn text(&mut self, opcode: u8) -> Step<()> {
        let length = self.size(if matches!(opcode, b'X' | b'T' | b'B') { 4 } else { 1 })?;
        let text = String::from_utf8_lossy(self.take(length)?).into_owned();
        self.stack.push(Item::Text(text));
        Ok(())
    }

    fn named(&mut self, opcode: u8) -> Step<()> {
        let name = if opcode == b'c' {
            format!("{} {}", self.line()?, self.line()?)
        } else {
            let (Item::Text(name), Item::Text(module)) = (self.pop()?, self.pop()?) else {
                return Err("a name that is no text".into());
            };
            format!("{module} {name}")
        };
        if !KNOWN.contains(&name.as_str()) {
            return Err(format!("`{}`", name.replace(' ', ".")));
        }
        self.stack.push(Item::Named(name));
        Ok(())
    }

    fn new_list(&mut self, items: Vec<Item>) {
        self.stack.push(Item::List(self.lists.len()));
        self.lists.push(items);
    }

    fn append(&mut self, opcode: u8) -> Step<()> {
        let items = if opcode == b'e' { self.above_mark()? } else { vec![self.pop()?] };
        let Some(Item::List(at)) = self.stack.last() else { return Err("an element without a list".into()) };
        self.lists[*at].extend(items);
        Ok(())
    }

    fn tuple(&mut self, opcode: u8) -> Step<()> {
        let items = match opcode {
            b't' => self.above_mark()?,
            _ => {
                let count = usize::from(opcode - b'\x84');
                let from = self.stack.len().checked_sub(count).ok_or("an empty stack")?;
                self.stack.split_off(from)
            }
        };
        self.stack.push(Item::Tuple(items));
        Ok(())
    }

    fn remember(&mut self, opcode: u8) -> Step<()> {
        let at = match opcode {
            b'q' => self.size(1)?,
            b'r' => self.size(4)?,
            _ => self.memo.len(),
        };
        let item = self.stack.last().cloned().ok_or("an empty stack")?;
        if at > self.memo.len() {
            return Err("a gap in the memo".into());
        }
        match self.memo.get_mut(at) {
            Some(place) => *place = item,
            None => self.memo.push(item),
        }
        Ok(())
    }

    fn recall(&mut self, opcode: u8) -> Step<()> {
        let at = self.size(if opcode == b'h' { 1 } else { 4 })?;
        let item = self.memo.get(at).cloned().ok_or("an unknown object")?;
        self.stack.push(item);
        Ok(())
    }

    /// The state of an array is (version, shape, type, order, elements), that of a type does not matter.
    fn set_state(&mut self) -> Step<()> {
        let state = self.pop()?;
        if let (Some(Item::Named(name)), Item::Tuple(state)) = (self.stack.last(), &state)
            && name.ends_with("_reconstruct")
        {
            match state.as_slice() {
                [_, Item::Tuple(shape), _, _, Item::List(elements)] if shape.len() == 1 => {
                    self.array = Some(*elements);
                }
                _ => return Err("an array of another shape or type".into()),
            }
        }
        Ok(())
    }
}
