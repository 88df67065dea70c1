//! A listing as the cell of a recurrent layer, which can be used and trained like the cells of Keras.
//!
//! The layer's class is `Listing`, which Keras does not know. Its configuration holds `units` and either `source`, the
//! text, or `cell`, the name of one of the project's [`cells`](crate::listing::cells); `initializers` may choose one
//! by the name of a weight, `{"b": "ones"}`, and `sizes` other sizes than the text names, `{"d_state": 8}`.
//! Everything else of a recurrent layer is as for an LSTM:
//! `return_sequences`, `return_state`, `go_backwards`, `stateful`, `dropout`, masks and initial states. There is no
//! `recurrent_dropout`, because only the text can say which uses of a state it would meet.
//!
//! Weights are `<layer name>/<name in the listing>` in the shapes that follow from their use. Without an initializer of
//! their own they begin as [`initializers`] says.

use std::ops::Range;

use serde_json::{Value, json};

use super::chosen::ChosenInitializers;
use super::executor::Executor;
use super::initializers::{declared, initializers};
use super::layout::{Home, Keep};
use super::sized::SizedListing;
use crate::layers::config::Section;
use crate::layers::recurrent::{Block, Cell, CellClass, Symbol, Tape, TapeGradients, TapeLocation};
use crate::layers::{Builder, Gradients, PassContext};
use crate::listing::cell::plan::Plan;
use crate::listing::cells;
use crate::listing::hints::{first_states, formulas, resized};
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::parsed::Listing;
use crate::listing::shapes::Shapes;
use crate::{Error, Result};

/// The class of layers whose cell is a listing.
pub const CLASS: CellClass = CellClass {
    name: "Listing",
    options: &["source", "cell", "initializers", "sizes"],
    make: |config| Ok(Box::new(ListingCell::from_config(config)?)),
};

/// Options of Keras' cells that a text takes the place of.
const SAID_BY_THE_TEXT: [&str; 7] = [
    "activation",
    "use_bias",
    "kernel_initializer",
    "recurrent_initializer",
    "bias_initializer",
    "recurrent_dropout",
    "implementation",
];

/// A [`Cell`] that is defined by a listing; its backward pass is the adjoint.
pub struct ListingCell {
    listing: Listing,
    units: usize,
    /// The name of the listing, if it is one of the project's.
    cell: Option<&'static str>,
    initializers: ChosenInitializers,
    /// Sizes that the configuration chooses.
    sizes: Vec<(String, usize)>,
    /// The text as it was given.
    text: String,
    /// Made when the shapes are known.
    built: Option<Built>,
}

struct Built {
    executor: Executor,
    shapes: Shapes,
    symbols: Vec<Symbol>,
    /// What the states begin with, if not with zeros.
    first: Option<Vec<Vec<f32>>>,
}

impl ListingCell {
    /// Reads the cell's part of the layer's configuration.
    ///
    /// # Errors
    /// Names the field, or the line and column of the text, and what would work.
    pub fn from_config(config: &Section) -> Result<Self> {
        for key in SAID_BY_THE_TEXT {
            let allowed = key == "recurrent_dropout" && config.number_or(key, 0.0)? == 0.0;
            if let Some(found) = config.raw(key).filter(|_| !allowed) {
                let expected = "absent, because the listing says what its cell computes";
                return Err(Error::config(config.field(key), expected, found));
            }
        }
        let units = config.size("units")?;
        let (cell, text) = (config.text_or("cell", "")?, config.text_or("source", "")?);
        let (cell, text) = match (cell, text) {
            ("", "") => {
                let expected = "the text of a step function, or `cell` the name of one";
                return Err(Error::config(config.field("source"), expected, "nothing"));
            }
            ("", text) => (None, text),
            (name, "") => match (cells::known_name(name), cells::text(name)) {
                (Some(name), Some(text)) => (Some(name), text),
                (Some(name), None) => {
                    let expected = "a cell whose text the engine was given";
                    return Err(Error::config(config.field("cell"), expected, name));
                }
                (None, _) => {
                    let expected = format!("one of {}", cells::names().collect::<Vec<_>>().join(", "));
                    return Err(Error::config(config.field("cell"), expected, name));
                }
            },
            (name, _) => {
                let expected = "absent where `source` gives the text";
                return Err(Error::config(config.field("cell"), expected, name));
            }
        };
        let sizes = sizes(config)?;
        let listing = Listing::parse(&resized(text, &sizes))
            .map_err(|mistakes| unreadable(&config.field("source"), &mistakes))?;
        if let Some((unknown, _)) = sizes.iter().find(|size| !listing.sizes().contains(size)) {
            let known: Vec<&str> = listing.sizes().iter().map(|(name, _)| name.as_str()).collect();
            let expected = format!("a size that the listing names ({})", known.join(", "));
            return Err(Error::config(config.field("sizes"), expected, unknown));
        }
        // Initializers of the text are part of the configuration, so that it describes the model completely.
        let declared =
            declared(&listing).map_err(|mistakes| unreadable(&config.field("source"), &mistakes))?;
        let initializers = ChosenInitializers::from_config(config, &listing)?.or(declared);
        Ok(Self { listing, units, cell, initializers, sizes, text: text.to_owned(), built: None })
    }

    fn built_mut(&mut self) -> &mut Built {
        self.built.as_mut().unwrap_or_else(|| unreachable!("a layer is built before it runs"))
    }
}

/// The sizes that a configuration chooses.
fn sizes(config: &Section) -> Result<Vec<(String, usize)>> {
    let Some(value) = config.raw("sizes") else { return Ok(Vec::new()) };
    let wrong = || {
        Error::config(
            config.field("sizes"),
            "whole numbers by the names of sizes, as {\"d_state\": 16}",
            value,
        )
    };
    let chosen = value.as_object().ok_or_else(wrong)?.iter();
    let size = |value: &Value| value.as_u64().and_then(|size| usize::try_from(size).ok());
    chosen.map(|(name, value)| Ok((name.clone(), size(value).ok_or_else(wrong)?))).collect()
}

/// All mistakes of a text, each with its line and column.
fn unreadable(what: &str, mistakes: &[Diagnostic]) -> Error {
    let shown: Vec<String> = mistakes.iter().map(Diagnostic::to_string).collect();
    Error::format(what, shown.join("; "))
}

impl Cell for ListingCell {
    fn class_name(&self) -> &'static str {
        CLASS.name
    }

    fn config(&self) -> Value {
        let (key, text) = match self.cell {
            Some(name) => ("cell", name),
            None => ("source", self.text.as_str()),
        };
        let mut config = json!({ "units": self.units, key: text });
        if !self.initializers.is_empty() {
            config["initializers"] = self.initializers.to_keras();
        }
        if !self.sizes.is_empty() {
            let sizes = self.sizes.iter().map(|(name, size)| (name.clone(), Value::from(*size)));
            config["sizes"] = Value::Object(sizes.collect());
        }
        config
    }

    fn state_widths(&self) -> Vec<usize> {
        match &self.built {
            Some(built) => built.shapes.states().map(|state| state.shape.iter().product()).collect(),
            None => vec![self.units; self.listing.graph().returns.len()],
        }
    }

    fn first_states(&self) -> Option<&[Vec<f32>]> {
        self.built.as_ref()?.first.as_deref()
    }

    fn state_names(&self) -> Vec<String> {
        self.listing.states().into_iter().map(str::to_owned).collect()
    }

    fn field_widths(&self) -> Vec<usize> {
        self.built.as_ref().map_or_else(Vec::new, |built| built.executor.field_widths())
    }

    fn symbols(&self) -> Vec<Symbol> {
        self.built.as_ref().map_or_else(Vec::new, |built| built.symbols.clone())
    }

    fn build(&mut self, features: usize, builder: &mut Builder) -> Result<()> {
        let wrong = |layer: &str, mistakes: Vec<Diagnostic>| {
            unreadable(&format!("the listing of `{layer}`"), &mistakes)
        };
        let made = self.listing.shapes(features, self.units).and_then(|shapes| {
            let sized = SizedListing::new(&self.listing, &shapes)?;
            Ok((sized, initializers(&self.listing, &shapes)?, formulas(&self.listing, &shapes)?))
        });
        let (sized, initializers, formulas) = made.map_err(|mistakes| wrong(builder.layer(), mistakes))?;
        let (plan, shapes) = (sized.plan().clone(), sized.shapes().clone());
        let weights = shapes.weights().zip(initializers).map(|(weight, by_use)| {
            let initializer = self.initializers.of(&weight.name).unwrap_or(by_use);
            let position = shapes.parameters.iter().position(|parameter| parameter == weight);
            let trains = position.is_none_or(|position| !self.listing.is_fixed(position));
            let id = builder
                .trainable_if(trains, |builder| builder.weight(&weight.name, &weight.shape, initializer))?;
            // An initializer of the configuration goes before a formula of the text.
            let formula = formulas.iter().find(|(name, _)| *name == weight.name);
            if let Some((_, formula)) = formula.filter(|_| self.initializers.of(&weight.name).is_none()) {
                builder.begin_with(id, formula.clone());
            }
            Ok(id)
        });
        let weights = weights.collect::<Result<Vec<_>>>()?;
        let shown = shown(&self.listing, &plan);
        let on_tape: Vec<usize> = shown.iter().filter(|(_, state, _)| state.is_none()).map(|s| s.2).collect();
        let executor = Executor::new(plan, Keep::Shown(&on_tape), weights);
        let symbols = shown.into_iter().filter_map(|shown| symbol(&executor, shown)).collect();
        let first = first_states(&shapes, &formulas);
        self.built = Some(Built { executor, shapes, symbols, first });
        Ok(())
    }

    fn prepare(&mut self, pass: &PassContext, tape: &Tape) {
        self.built_mut().executor.prepare(pass, tape);
    }

    fn project(&mut self, pass: &PassContext, x: &[f32], steps: Range<usize>, tape: &mut Tape) {
        self.built_mut().executor.project(pass, x, steps, tape);
    }

    fn step(&mut self, pass: &PassContext, t: usize, tape: &mut Tape) {
        self.built_mut().executor.step(pass, t, tape);
    }

    fn step_back(
        &mut self,
        pass: &PassContext,
        t: usize,
        tape: &mut TapeGradients,
        dstates: &mut [Vec<f32>],
    ) {
        self.built_mut().executor.step_back(pass, t, tape.memory(), dstates);
    }

    fn accumulate(
        &mut self,
        pass: &PassContext,
        block: Block,
        tape: &mut TapeGradients,
        gradients: &mut Gradients,
    ) {
        self.built_mut().executor.accumulate(pass, block, tape.memory(), gradients);
    }
}

/// What the views show: each name that is assigned, where it was assigned last, with the state that it is, if any, and
/// its value; then states that are returned under another name.
fn shown(listing: &Listing, plan: &Plan) -> Vec<(String, Option<usize>, usize)> {
    let states = listing.states();
    let mut shown: Vec<(String, Option<usize>, usize)> = Vec::new();
    for assigned in &listing.graph().assigned {
        let id = plan.forward[assigned.node];
        let state = states.iter().position(|state| *state == assigned.name);
        shown.retain(|(name, ..)| *name != assigned.name);
        // The value of a state is the returned one, even if its name had other values before.
        if state.is_none_or(|state| plan.returned[state] == id) {
            shown.push((assigned.name.clone(), state, id));
        }
    }
    for (state, name) in states.iter().enumerate() {
        if !shown.iter().any(|(shown, ..)| shown == name) {
            shown.push(((*name).to_owned(), Some(state), plan.returned[state]));
        }
    }
    shown
}

/// The symbol of a shown value; none for what is the same for all samples, or is no more than an input.
fn symbol(executor: &Executor, (name, state, id): (String, Option<usize>, usize)) -> Option<Symbol> {
    let place = executor.location(id);
    let (location, width) = match (state, place.home) {
        (Some(index), _) => (TapeLocation::State { index }, executor.state_widths()[index]),
        (None, Home::Field) => {
            (TapeLocation::Field { index: place.index, column: place.column }, place.width)
        }
        _ => return None,
    };
    Some(Symbol { name, location, width })
}
