//! Arrays of a file as a data set: `x` and `y`, or Keras' lists of ids.

use super::table::{MOST_CLASSES, empty};
use super::{Own, OwnInfo, OwnKind};
use crate::data::vocabulary::{INDEX_FROM, START, UNKNOWN};
use crate::data::{Arrays, Dataset, Split, Task, Unit, Vocabulary};
use crate::tensors::{Tensor, Tensors};
use crate::{Error, Result};

/// What inputs and labels of the part that is trained on, and of the part that is judged with, are called.
const TRAIN: [[&str; 2]; 2] = [["x_train", "y_train"], ["x", "y"]];
const TEST: [[&str; 2]; 3] = [["x_test", "y_test"], ["x_val", "y_val"], ["x_validation", "y_validation"]];

/// Words of Keras' lists that get an id: those of a higher rank are unknown.
const MOST_RANKS: usize = 20_000;

/// The data set of arrays of numbers.
///
/// # Errors
/// If `x` or `y` is missing, or the arrays cannot be learned from.
pub fn own(tensors: &Tensors, file: &str) -> Result<Own> {
    let names: Vec<&str> = tensors.names().collect();
    let [x, y] = pair(&names, &TRAIN).ok_or_else(|| {
        let problem = format!(
            "the arrays `x` and `y` (or `x_train` and `y_train`) are needed; it holds {}",
            if names.is_empty() { "none".to_owned() } else { names.join(", ") }
        );
        Error::format(file, problem)
    })?;
    let part = |x: &str, y: &str| -> Result<Arrays> {
        Ok(Arrays { x: checked(tensors, x, file)?, y: checked(tensors, y, file)? })
    };
    let train = part(x, y)?;
    let test = pair(&names, &TEST).map(|[x, y]| part(x, y)).transpose()?;
    let class_names = class_names(&train, test.as_ref(), file)?;
    let (samples, has_test) = (train.count(), test.is_some());
    let start = empty(file)?;
    let dataset = Dataset {
        task: match class_names.len() {
            0 => Task::Values,
            2 => Task::Binary,
            _ => Task::Classes,
        },
        class_names,
        train: Split::of_arrays(train),
        test: test.map_or(start.test, Split::of_arrays),
        ..start
    };
    dataset.check()?;
    let notes =
        names.iter().filter_map(|name| Some(format!("`{name}` is {:?}.", tensors.get(name)?.shape())));
    let info = OwnInfo {
        notes: notes.collect(),
        samples,
        class_names: dataset.class_names.clone(),
        has_test,
        ..OwnInfo::of(OwnKind::Arrays, file)
    };
    Ok(Own { dataset, info })
}

/// The data set of lists of ids as Keras' `load_data` reads them: the id 1 in front of each, and 3 added to each rank.
///
/// # Errors
/// If there are no lists for the labels, or no two classes.
pub fn of_lists(lists: &[(String, Vec<Vec<u32>>)], tensors: &Tensors, file: &str) -> Result<Own> {
    let names: Vec<&str> = lists.iter().map(|(name, _)| name.as_str()).chain(tensors.names()).collect();
    let [x, y] = pair(&names, &TRAIN).ok_or_else(|| {
        Error::format(file, format!("lists `x` and labels `y` are needed; it holds {}", names.join(", ")))
    })?;
    let sequences =
        |name: &str| lists.iter().find(|(known, _)| known == name).map(|(_, rows)| rows.as_slice());
    let most = lists.iter().flat_map(|(_, rows)| rows.iter().flatten()).max().copied().unwrap_or(0);
    let ranks = (most as usize).min(MOST_RANKS);
    let split = |x: &str, y: &str| -> Result<Split> {
        let rows = sequences(x).ok_or_else(|| Error::format(file, format!("`{x}` holds no lists of ids")))?;
        let labels = tensors.need(y, file)?.ids(y)?;
        let id = |rank: &u32| match *rank as usize {
            rank if rank <= ranks => rank as u16 + INDEX_FROM,
            _ => UNKNOWN,
        };
        let read = |row: &Vec<u32>| std::iter::once(START).chain(row.iter().map(id)).collect::<Vec<u16>>();
        let read: Vec<Vec<u16>> = rows.iter().map(read).collect();
        let labels = labels.iter().map(|label| u16::try_from(*label).unwrap_or(u16::MAX)).collect();
        Split::new(read.iter().map(Vec::as_slice), labels)
    };
    let train = split(x, y)?;
    let test = pair(&names, &TEST).map(|[x, y]| split(x, y)).transpose()?;
    let classes = train
        .labels()
        .iter()
        .chain(test.iter().flat_map(Split::labels))
        .max()
        .map_or(0, |most| usize::from(*most) + 1);
    let class_names = numbered(classes, file)?;
    let (samples, has_test) = (train.len(), test.is_some());
    let start = empty(file)?;
    let dataset = Dataset {
        task: if class_names.len() == 2 { Task::Binary } else { Task::Classes },
        class_names,
        vocabulary: Vocabulary::new(Unit::Word, (1..=ranks).map(|rank| format!("#{rank}")).collect())?,
        train,
        test: test.unwrap_or(start.test.clone()),
        ..start
    };
    let mut notes =
        vec!["The file holds ranks of words, not the words: #1 is the most frequent one.".to_owned()];
    if most as usize > ranks {
        notes.push(format!("Words of a rank above {MOST_RANKS} are unknown."));
    }
    let info = OwnInfo {
        notes,
        samples,
        class_names: dataset.class_names.clone(),
        has_test,
        ..OwnInfo::of(OwnKind::KerasLists, file)
    };
    dataset.check()?;
    Ok(Own { dataset, info })
}

/// The first pair of names that are both there.
fn pair<'a>(names: &[&str], pairs: &[[&'a str; 2]]) -> Option<[&'a str; 2]> {
    pairs.iter().find(|pair| pair.iter().all(|name| names.contains(name))).copied()
}

/// The array `name`, all of whose numbers are finite.
fn checked(tensors: &Tensors, name: &str, file: &str) -> Result<Tensor> {
    let tensor = tensors.need(name, file)?;
    if let Tensor::F32(values) = tensor
        && let Some((at, bad)) = values.indexed_iter().find(|(_, value)| !value.is_finite())
    {
        let place: Vec<String> = (0..values.ndim()).map(|axis| at[axis].to_string()).collect();
        let what = format!("every number of `{name}` in {file}");
        return Err(Error::value(what, "finite", format!("{bad} at {name}[{}]", place.join(", "))));
    }
    Ok(tensor.clone())
}

/// The names of the classes; none where labels are numbers.
fn class_names(train: &Arrays, test: Option<&Arrays>, file: &str) -> Result<Vec<String>> {
    let mut most = 0;
    for arrays in std::iter::once(train).chain(test) {
        match &arrays.y {
            Tensor::F32(_) => return Ok(Vec::new()),
            y => most = most.max(y.ids("y")?.iter().max().copied().unwrap_or(0)),
        }
    }
    numbered(most as usize + 1, file)
}

fn numbered(classes: usize, file: &str) -> Result<Vec<String>> {
    match classes {
        2..=MOST_CLASSES => Ok((0..classes).map(|class| class.to_string()).collect()),
        _ => {
            let expected = format!("from 2 to {MOST_CLASSES} classes, numbered from 0");
            Err(Error::value(format!("the labels of {file}"), expected, classes))
        }
    }
}
