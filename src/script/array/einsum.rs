//! `np.einsum`: products summed over the axes that its letters name.

use super::{Array, Buffer, Fault, Kind, Outcome, count, spend};

/// The letters of each operand, and of the result.
fn letters(subscripts: &str, operands: usize) -> Outcome<(Vec<Vec<char>>, Vec<char>)> {
    let plain: String = subscripts.chars().filter(|c| !c.is_whitespace()).collect();
    if plain.contains('.') {
        return Err(Fault::new("np.einsum with … is not known here; name every axis with a letter"));
    }
    let (inputs, output) = match plain.split_once("->") {
        Some((inputs, output)) => (inputs, Some(output.chars().collect())),
        None => (plain.as_str(), None),
    };
    let inputs: Vec<Vec<char>> = inputs.split(',').map(|one| one.chars().collect()).collect();
    if inputs.len() != operands {
        let message = format!("`{subscripts}` is for {} arrays, and {operands} are given", inputs.len());
        return Err(Fault::new(message));
    }
    // Without an arrow the letters that stand once are those of the result.
    let once = || {
        let all: Vec<char> = inputs.iter().flatten().copied().collect();
        let mut once: Vec<char> =
            all.iter().copied().filter(|c| all.iter().filter(|other| *other == c).count() == 1).collect();
        once.sort_unstable();
        once
    };
    let output = output.unwrap_or_else(once);
    Ok((inputs, output))
}

/// `np.einsum(subscripts, …)`
pub(in crate::script) fn einsum(subscripts: &str, operands: &[Array]) -> Outcome<Array> {
    let (inputs, output) = letters(subscripts, operands.len())?;
    let mut sizes: Vec<(char, usize)> = Vec::new();
    for (letters, array) in inputs.iter().zip(operands) {
        if letters.len() != array.shape.len() {
            return Err(Fault::new(format!(
                "`{subscripts}` names {} axes of an array that has {}",
                letters.len(),
                array.shape.len()
            )));
        }
        for (letter, size) in letters.iter().zip(&array.shape) {
            match sizes.iter().find(|(known, _)| known == letter) {
                Some((_, known)) if known != size => {
                    return Err(Fault::new(format!(
                        "the axis `{letter}` of np.einsum is {known} long and {size} long"
                    )));
                }
                Some(_) => {}
                None => sizes.push((*letter, *size)),
            }
        }
    }
    if let Some(unknown) = output.iter().find(|letter| !sizes.iter().any(|(known, _)| known == *letter)) {
        return Err(Fault::new(format!("`{unknown}` of the result of np.einsum is on none of its arrays")));
    }
    if let Some(twice) = output.iter().enumerate().find(|(k, letter)| output[..*k].contains(letter)) {
        return Err(Fault::new(format!(
            "`{}` stands twice in the result of np.einsum; an axis of it has one letter",
            twice.1
        )));
    }
    // The result's axes first, those that are summed behind them.
    sizes.sort_by_key(|(letter, _)| output.iter().position(|own| own == letter).unwrap_or(usize::MAX));
    let shape: Vec<usize> = sizes[..output.len()].iter().map(|(_, size)| *size).collect();
    let all: Vec<usize> = sizes.iter().map(|(_, size)| *size).collect();
    let (results, work) = (Buffer::room_for(count(&shape)?)?, count(&all)?);
    spend(work.saturating_mul(operands.len() + 1))?;
    let strides = inputs.iter().zip(operands).map(|(letters, array)| {
        let steps = super::steps_of(&array.shape);
        let step = |letter: char| {
            let own = letters.iter().zip(&steps).filter(|(own, _)| **own == letter);
            own.map(|(_, step)| *step as usize).sum::<usize>()
        };
        sizes.iter().map(|(letter, _)| step(*letter)).collect::<Vec<usize>>()
    });
    let strides: Vec<Vec<usize>> = strides.collect();
    let numbers: Vec<Vec<f64>> = operands.iter().map(Array::numbers).collect();
    let mut sums = vec![0.0; results];
    let each = work.checked_div(results.max(1)).unwrap_or(0);
    let mut place = vec![0; all.len()];
    for k in 0..work {
        let at = |strides: &[usize]| strides.iter().zip(&place).map(|(a, b)| a * b).sum::<usize>();
        let product =
            numbers.iter().zip(&strides).fold(1.0, |product, (own, strides)| product * own[at(strides)]);
        sums[k / each.max(1)] += product;
        for axis in (0..all.len()).rev() {
            place[axis] += 1;
            if place[axis] < all[axis] {
                break;
            }
            place[axis] = 0;
        }
    }
    let kind = operands.iter().map(|array| array.kind).reduce(Kind::with).unwrap_or(Kind::Float);
    Array::new(shape, kind, sums)
}
