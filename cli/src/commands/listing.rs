//! `listing …`: check, run and differentiate a cell that is written as a step function in numpy.

use std::path::Path;

use ndarray::{ArrayD, Axis};
use unrolled::listing::{
    CheckedListing, Diagnostic, Listing, Pass, Recording, Role, Sequence, Shapes, SizedListing,
};
use unrolled::tensors::Tensors;
use unrolled::{Error, Result};

use crate::arguments::{ListingCommand, ListingFiles};
use crate::{files, print};

/// Runs one of the commands on listings.
pub fn run(command: &ListingCommand) -> Result<()> {
    match command {
        ListingCommand::Check { file } => check(file),
        ListingCommand::Differentiate { file } => differentiate(file),
        ListingCommand::Run(files) => run_forward(files),
        ListingCommand::Backward(files) => run_backward(files),
    }
}

fn check(path: &Path) -> Result<()> {
    // What the adjoint and the comments say wrong counts too: what is accepted here runs everywhere.
    let checked = CheckedListing::of(read(path)?).map_err(|mistakes| in_file(path, &mistakes))?;
    let shapes = checked.parameters();
    for (role, title) in [(Role::Input, "input"), (Role::State, "state"), (Role::Weight, "weight")] {
        for (name, _, shape) in shapes.iter().filter(|(_, of, _)| *of == role) {
            print::line(&format!("{title:<7} {name:<12} {shape}"))?;
        }
    }
    Ok(())
}

fn differentiate(path: &Path) -> Result<()> {
    let adjoint = read(path)?.differentiate().map_err(|mistakes| in_file(path, &mistakes))?;
    print::line(adjoint.source().trim_end())
}

fn run_forward(files: &ListingFiles) -> Result<()> {
    let recording = record(files, false)?;
    let mut out = Tensors::new();
    // Later assignments of a name come later in the list and take its place.
    for assigned in recording.assigned(Pass::Forward) {
        out.insert(assigned.name.as_str(), recording.values(Pass::Forward, assigned.node));
    }
    for (k, state) in recording.shapes().states().enumerate() {
        let last = recording.state(k).index_axis(Axis(0), recording.timesteps()).to_owned();
        out.insert(format!("final/{}", state.name), last);
    }
    files::write_tensors(&files.out, &out)
}

fn run_backward(files: &ListingFiles) -> Result<()> {
    let recording = record(files, true)?;
    let mut out = Tensors::new();
    out.insert(format!("grad/{}", recording.listing().input()), recording.input_gradient().to_owned());
    let first = recording.listing().states().len() + 1;
    for (k, weight) in recording.shapes().weights().enumerate() {
        if recording.listing().is_fixed(first + k) {
            continue;
        }
        out.insert(format!("grad/{}", weight.name), recording.weight_gradient(k).to_owned());
    }
    for (k, state) in recording.shapes().states().enumerate() {
        out.insert(format!("grad/initial/{}", state.name), recording.initial_gradient(k).to_owned());
    }
    files::write_tensors(&files.out, &out)
}

/// Runs the listing over the sequence that INPUTS holds.
fn record(files: &ListingFiles, with_upstream: bool) -> Result<Recording> {
    let listing = read(&files.file)?;
    let tensors = files::read_tensors(&files.inputs)?;
    let file = files::name(&files.inputs);
    let x = tensors.need(listing.input(), &file)?.floats(listing.input())?.clone();
    let Some((_, features)) = x.shape().split_first().filter(|_| !x.is_empty()) else {
        let found = format!("{:?}", x.shape());
        return Err(Error::value(format!("the shape of `{}`", listing.input()), "[T, features]", found));
    };
    let mut weights = Vec::new();
    for name in listing.weights() {
        weights.push(tensors.need(name, &file)?.floats(name)?.clone());
    }
    let sized = {
        let named = listing.states().into_iter().chain(listing.weights());
        let mut given: Vec<(&str, &[usize])> = vec![(listing.input(), features)];
        given.extend(named.filter_map(|name| Some((name, tensors.get(name)?.shape()))));
        let shapes = listing.shapes_given(&given);
        let sized = shapes.and_then(|shapes| SizedListing::new(&listing, &shapes));
        sized.map_err(|mistakes| in_file(&files.file, &mistakes))?
    };
    let states = sized.shapes().states();
    let initial = states.map(|state| optional(&tensors, &state.name)).collect::<Result<_>>()?;
    let upstream = if with_upstream { upstream(&tensors, sized.shapes())? } else { Vec::new() };
    Recording::new(&sized, Sequence { x, initial, weights, upstream })
}

/// The gradients that arrive at each state, `upstream/<state>`; missing ones are zero.
fn upstream(tensors: &Tensors, shapes: &Shapes) -> Result<Vec<Option<ArrayD<f32>>>> {
    let known: Vec<String> = shapes.states().map(|state| format!("upstream/{}", state.name)).collect();
    match tensors.names().find(|name| name.starts_with("upstream/") && !known.iter().any(|k| k == name)) {
        Some(unknown) => {
            Err(Error::value("an upstream gradient", format!("one of {}", known.join(", ")), unknown))
        }
        None => known.iter().map(|name| optional(tensors, name)).collect(),
    }
}

/// The numbers of a tensor, if it is there.
fn optional(tensors: &Tensors, name: &str) -> Result<Option<ArrayD<f32>>> {
    tensors.get(name).map(|tensor| tensor.floats(name).cloned()).transpose()
}

fn read(path: &Path) -> Result<Listing> {
    let text = files::read_text(path)?;
    Listing::parse(&text).map_err(|mistakes| in_file(path, &mistakes))
}

/// All mistakes in a listing as one sentence.
fn in_file(path: &Path, mistakes: &[Diagnostic]) -> Error {
    let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    Error::format(files::name(path), all.join("; "))
}
