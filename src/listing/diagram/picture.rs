//! A picture as data: boxes, circles, wires and words with their places, in CSS pixels.

use crate::listing::graph::NodeId;
use serde::Serialize;

/// How an operation is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// A function: sigmoid, tanh.
    Box,
    /// An operation of two values: ×, +.
    Circle,
    /// A sum with weights: x·W + h·U + b.
    Sum,
}

/// A box or a circle.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct DiagramElement {
    /// Its node in the graph.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub node: NodeId,
    /// Box, circle or sum.
    pub figure: Figure,
    /// What is written into it: σ, tanh, ×, +, x·W + h·U + b; one entry a row.
    pub rows: Vec<String>,
    /// The name that its value has in the listing.
    pub name: Option<String>,
    /// The call whose operations it stands for, by its place in [`Graph::groups`](crate::listing::Graph::groups).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional, type = "number"))]
    pub folds: Option<usize>,
    /// The line that computes it.
    pub line: usize,
    /// The line of the adjoint after which the gradient of its value is known; `None` without an adjoint.
    pub back_line: Option<usize>,
    /// The centre, from the left.
    pub x: f32,
    /// The centre, from the top.
    pub y: f32,
    /// Its width.
    pub width: f32,
    /// Its height.
    pub height: f32,
    /// Where a column with all units of its value has room.
    pub column: Option<Area>,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Area {
    /// Its left edge.
    pub x: f32,
    /// Its top edge.
    pub y: f32,
    /// Its width.
    pub width: f32,
    /// Its height.
    pub height: f32,
}

/// What a wire carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Carries {
    /// A parameter: the input or a state before the step.
    Parameter {
        /// Its name.
        name: String,
    },
    /// The value of an element, or a part of it.
    Element {
        /// Its place in [`Diagram::elements`].
        index: usize,
    },
}

/// A line with right angles, from what makes the value to what reads it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Wire {
    /// Its corners, `[x, y]`.
    pub points: Vec<[f32; 2]>,
    /// What runs through it.
    pub carries: Carries,
    /// The name of the value in the listing: `z_f` for a part of a sum.
    pub name: Option<String>,
    /// Whether it leaves another wire with the same value.
    pub branches: bool,
    /// The element it leads to, by its place in [`Diagram::elements`]; `None` for states that leave.
    pub to: Option<usize>,
    /// The state it leaves as, for wires to the right edge.
    pub leaves: Option<String>,
    /// The line of the listing that reads it.
    pub line: usize,
    /// The line of the adjoint after which what flows back along it is known; `None` without an adjoint.
    pub back_line: Option<usize>,
}

/// What stands at the edge of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// The input.
    Input,
    /// A state before the step.
    Before,
    /// A state after it.
    After,
}

/// A word at the edge of the picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DiagramLabel {
    /// The name in the listing.
    pub name: String,
    /// What it names.
    pub edge: Edge,
    /// Whether any line reads it; states after the step are always read.
    pub read: bool,
    /// Whether the text ends at the right edge of its room, beside its wire.
    pub at_end: bool,
    /// Its room: the name, for a state before the step with `_before`, for the input with a word.
    pub area: Area,
}

/// Room beside a wire for one number of its value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DiagramValue {
    /// The name of the value.
    pub name: String,
    /// Whether there is room for the name.
    pub named: bool,
    /// Whether the name stands above the number, else before it.
    pub stacked: bool,
    /// The wire, by its place in [`Diagram::wires`].
    pub wire: usize,
    /// Its room.
    pub area: Area,
}

/// A laid out cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Diagram {
    /// The size of the picture.
    pub width: f32,
    /// The size of the picture.
    pub height: f32,
    /// Boxes and circles, operands before results.
    pub elements: Vec<DiagramElement>,
    /// Lines.
    pub wires: Vec<Wire>,
    /// Words.
    pub labels: Vec<DiagramLabel>,
    /// Room for numbers.
    pub values: Vec<DiagramValue>,
}
