//! Sizes in CSS pixels.

use super::picture::Figure;

/// The size of all letters in CSS pixels.
pub const LETTERS: f32 = 12.0;
/// The width of a letter: 0.6 of its size.
pub const LETTER: f32 = 7.2;
/// Everything stands on a grid of this distance; wires run on it.
pub(super) const PITCH: f32 = 7.0;
/// The least distance of two columns.
pub(super) const COLUMN: f32 = 8.0 * PITCH;
/// The height of a box; the least distance between the edges of two rows is half of it.
pub(super) const BOX: f32 = 4.0 * PITCH;
/// The diameter of a circle.
pub(super) const CIRCLE: f32 = 24.0;

pub(super) fn up(length: f32) -> f32 {
    (length / PITCH).ceil() * PITCH
}

pub(super) fn letters(count: usize) -> f32 {
    count as f32 * LETTER
}

/// The least width of an element; sums are written one term to a row.
pub(super) fn width_of(figure: Figure, terms: &[String]) -> f32 {
    let longest = terms.iter().map(|term| term.chars().count()).max().unwrap_or(0);
    match figure {
        Figure::Circle if longest <= 2 => CIRCLE,
        Figure::Box | Figure::Circle => (2.0 * up((letters(longest) + 8.0) / 2.0)).max(6.0 * PITCH),
        Figure::Sum => 2.0 * up((letters(longest) + 10.0) / 2.0),
    }
}

pub(super) fn height_of(figure: Figure, rows: usize) -> f32 {
    match figure {
        Figure::Circle => CIRCLE,
        _ => (2.0 * up((rows as f32 * 15.0 + 8.0) / 2.0)).max(BOX),
    }
}
