//! A picture as data: boxes, circles, wires and words with their places.

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
}

/// A box or a circle.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct DiagramElement {
    /// Its node in the graph.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub node: NodeId,
    /// Box or circle.
    pub figure: Figure,
    /// What is written into it: σ, tanh, ×, +.
    pub label: String,
    /// The name that its value has in the listing.
    pub name: Option<String>,
    /// The line that computes it.
    pub line: usize,
    /// The centre, from the left.
    pub x: f32,
    /// The centre, from the top.
    pub y: f32,
    /// Its width.
    pub width: f32,
    /// Its height.
    pub height: f32,
}

/// What a wire carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Carries {
    /// A parameter: the input or a state before the step.
    Parameter {
        /// Its name.
        name: String,
    },
    /// The value of an element.
    Element {
        /// Its place in [`Diagram::elements`].
        index: usize,
    },
    /// Products of weights with these parameters, from the line at the bottom.
    Mixed {
        /// Their names.
        names: Vec<String>,
    },
}

/// A line with right angles.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Wire {
    /// Its corners, `[x, y]`.
    pub points: Vec<[f32; 2]>,
    /// What runs through it.
    pub carries: Carries,
    /// The element it leads to, by its place in [`Diagram::elements`]; `None` for lines that only distribute or leave.
    pub to: Option<usize>,
    /// The state it leaves as, for wires to the right edge.
    pub leaves: Option<String>,
    /// The line of the listing that reads it; 0 for wires that only distribute.
    pub line: usize,
}

/// A word at the edge of the picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DiagramLabel {
    /// `c before`, `x`, `h`.
    pub text: String,
    /// The name in the listing.
    pub name: String,
    /// Where it begins, or ends if `at_end`.
    pub x: f32,
    /// Its middle, from the top.
    pub y: f32,
    /// Whether the text ends at `x`.
    pub at_end: bool,
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
}
