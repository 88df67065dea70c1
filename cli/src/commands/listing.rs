//! `listing …`: check, run and differentiate a cell that is written as a step function in numpy.

use std::path::Path;

use unrolled::listing::{Diagnostic, Listing, Pass, Recording, Role, Sequence, Shapes};
use unrolled::tensors::{Tensor, Tensors};
use unrolled::{Error, Result};

use crate::arguments::{ListingCommand, ListingFiles};
use crate::{files, inputs, print};

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
    let shapes = read(path)?.symbolic_shapes().map_err(|mistakes| in_file(path, &mistakes))?;
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
    let (recording, _) = record(files, false)?;
    let mut out = Tensors::new();
    let timesteps = recording.timesteps();
    // Later assignments of a name come later in the list and take its place.
    for assigned in recording.assigned(Pass::Forward) {
        let shape = recording.shape(Pass::Forward, assigned.node);
        let value = |t: usize| recording.value(Pass::Forward, t, assigned.node);
        let values: Vec<f32> = (0..timesteps).flat_map(value).collect();
        out.insert_floats(assigned.name.as_str(), &[&[timesteps], shape].concat(), values)?;
    }
    for (k, state) in recording.shapes().states().enumerate() {
        let width: usize = state.shape.iter().product();
        let last = recording.state(k)[timesteps * width..].to_vec();
        out.insert_floats(format!("final/{}", state.name), &state.shape, last)?;
    }
    files::write_tensors(&files.out, &out)
}

fn run_backward(files: &ListingFiles) -> Result<()> {
    let (recording, x) = record(files, true)?;
    let mut out = Tensors::new();
    let input = recording.listing().input().to_owned();
    out.insert_floats(format!("grad/{input}"), x.shape(), recording.input_gradient())?;
    for (k, weight) in recording.shapes().weights().enumerate() {
        let gradient = recording.weight_gradient(k).to_vec();
        out.insert_floats(format!("grad/{}", weight.name), &weight.shape, gradient)?;
    }
    for (k, state) in recording.shapes().states().enumerate() {
        let gradient = recording.initial_gradient(k).to_vec();
        out.insert_floats(format!("grad/initial/{}", state.name), &state.shape, gradient)?;
    }
    files::write_tensors(&files.out, &out)
}

/// Runs the listing over the sequence that INPUTS holds; the input comes back for its shape.
fn record(files: &ListingFiles, with_upstream: bool) -> Result<(Recording, Tensor)> {
    let listing = read(&files.file)?;
    let tensors = files::read_tensors(&files.inputs)?;
    let file = files::name(&files.inputs);
    let x = tensors.need(listing.input(), &file)?.clone();
    let Some((&timesteps, features)) = x.shape().split_first().filter(|_| !x.shape().contains(&0)) else {
        let found = format!("{:?}", x.shape());
        return Err(Error::value(format!("the shape of `{}`", listing.input()), "[T, features]", found));
    };
    for name in listing.weights() {
        tensors.need(name, &file)?;
    }
    let shapes = {
        let named = listing.states().into_iter().chain(listing.weights());
        let mut given: Vec<(&str, &[usize])> = vec![(listing.input(), features)];
        given.extend(named.filter_map(|name| Some((name, tensors.get(name)?.shape()))));
        listing.shapes_given(&given).map_err(|mistakes| in_file(&files.file, &mistakes))?
    };
    let sequence = Sequence {
        x: inputs::flat(x.floats(listing.input())?.clone()),
        initial: shapes
            .states()
            .map(|state| optional(&tensors, &state.name, &state.shape))
            .collect::<Result<_>>()?,
        weights: shapes
            .weights()
            .map(|weight| optional(&tensors, &weight.name, &weight.shape))
            .collect::<Result<_>>()?,
        upstream: if with_upstream { upstream(&tensors, &shapes, timesteps)? } else { Vec::new() },
    };
    let recording = Recording::new(&listing, &shapes, sequence).map_err(|m| in_file(&files.file, &m))??;
    Ok((recording, x))
}

/// The gradients that arrive at each state, `upstream/<state>`; missing ones are zero.
fn upstream(tensors: &Tensors, shapes: &Shapes, timesteps: usize) -> Result<Vec<Vec<f32>>> {
    let mut known = Vec::new();
    let mut arriving = Vec::new();
    for state in shapes.states() {
        let name = format!("upstream/{}", state.name);
        arriving.push(optional(tensors, &name, &[&[timesteps], &state.shape[..]].concat())?);
        known.push(name);
    }
    match tensors.names().find(|name| name.starts_with("upstream/") && !known.iter().any(|k| k == name)) {
        Some(unknown) => {
            Err(Error::value("an upstream gradient", format!("one of {}", known.join(", ")), unknown))
        }
        None => Ok(arriving),
    }
}

/// The numbers of a tensor that must have the shape `shape`, or none if it is missing.
fn optional(tensors: &Tensors, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
    match tensors.get(name) {
        None => Ok(Vec::new()),
        Some(tensor) if tensor.shape() != shape => Err(Error::shape(name, shape, tensor.shape())),
        Some(tensor) => Ok(inputs::flat(tensor.floats(name)?.clone())),
    }
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
