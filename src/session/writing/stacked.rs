//! Recurrent layers, each upon the one before, as the text of one step.

use std::fmt::Write as _;

use crate::listing::{Diagnostic, Listing};

/// One layer of a stack.
#[derive(Debug, Clone, Copy)]
pub(super) struct Storey<'a> {
    /// Its name in the model.
    pub name: &'a str,
    /// Its class.
    pub class_name: &'a str,
    /// The listing of its cell, which needs no comments to be understood.
    pub source: &'static str,
    /// How many units it has.
    pub units: usize,
}

/// What is added to the names of storey `k` of `count`: those of the uppermost stay as they are, since the output reads
/// its state.
pub(super) fn suffix(k: usize, count: usize) -> String {
    if k + 1 == count { String::new() } else { format!("_{}", k + 1) }
}

/// The text of a step through all of `storeys`, the lowest first: the lowest reads `x`, each other one the new state of
/// the one below.
///
/// # Errors
/// If one is no listing.
pub(super) fn stacked(storeys: &[Storey]) -> Result<String, Vec<Diagnostic>> {
    let count = storeys.len();
    let classes: Vec<&str> = storeys.iter().map(|storey| storey.class_name).collect();
    let mut text = format!(
        "# Stacked {}.\n# The lowest layer comes first; each other one reads the new state of the one below it.\n",
        classes.join(", ")
    );
    let (mut states, mut weights, mut returned) = (Vec::new(), Vec::new(), Vec::new());
    let (mut body, mut below) = (String::new(), "x".to_owned());
    for (k, storey) in storeys.iter().enumerate() {
        let listing = Listing::parse(storey.source)?;
        let (own, suffix) = (listing.states().len(), suffix(k, count));
        let parameters = &listing.graph().parameters;
        let assigned = listing.graph().assigned.iter().map(|assigned| assigned.name.as_str());
        let names: Vec<&str> = parameters.iter().skip(1).map(String::as_str).chain(assigned).collect();
        let renamed = |name: &str| match name == parameters[0] {
            true => below.clone(),
            false if names.contains(&name) => format!("{name}{suffix}"),
            false => name.to_owned(),
        };
        let (first, rest) = parameters[1..].split_at(own);
        states.push(first.iter().map(|name| renamed(name)).collect::<Vec<_>>());
        weights.extend(rest.iter().map(|name| renamed(name)));
        if k + 1 < count {
            let size = format!("units{suffix}");
            // Writing into a String cannot fail.
            let _ = writeln!(text, "# size: {size} = {}", storey.units);
            for state in first {
                let _ = writeln!(text, "# shape: {} = ({size},)", renamed(state));
            }
        }
        let _ = writeln!(
            body,
            "    # {}: {}, {} units, reads {below}",
            storey.name, storey.class_name, storey.units
        );
        for line in storey.source.lines().skip_while(|line| !line.starts_with("def ")).skip(1) {
            match line.trim_start().strip_prefix("return ") {
                Some(after) => returned.push(with_names(after, &renamed)),
                None => {
                    body.push_str(&with_names(line, &renamed));
                    body.push('\n');
                }
            }
        }
        below = renamed(&first[0]);
    }
    states.rotate_right(1);
    returned.rotate_right(1);
    let parameters = [vec!["x".to_owned()], states.concat(), weights].concat().join(", ");
    let _ = write!(text, "def step({parameters}):\n{body}    return {}\n", returned.join(", "));
    Ok(text)
}

/// A line with other names for its variables; what follows a dot and comments stay as they are.
fn with_names(line: &str, renamed: &dyn Fn(&str) -> String) -> String {
    let (code, comment) = line.split_at(line.find('#').unwrap_or(line.len()));
    let mut written = String::with_capacity(line.len() + 16);
    let mut rest = code;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphabetic() || c == '_') {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(from.len());
        let (name, after) = from.split_at(end);
        written.push_str(before);
        match written.ends_with('.') {
            true => written.push_str(name),
            false => written.push_str(&renamed(name)),
        }
        rest = after;
    }
    written + rest + comment
}
