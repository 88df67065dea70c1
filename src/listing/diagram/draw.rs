//! The picture of a listing.

use super::layout::{Form, Layout};
use super::picture::Diagram;
use super::place::{Spacing, place};
use super::room::find_room;
use super::route::route;
use super::simplify::simplify;
use crate::listing::parsed::Listing;

/// How often the distances grow until every wire finds a way.
const TRIES: usize = 4;

impl Listing {
    /// The picture of this cell for a room of `[width, height]` CSS pixels; larger where the room is too small.
    ///
    /// What a call of several operations computes is one box; [`diagram_unfolded`](Self::diagram_unfolded) opens some.
    pub fn diagram(&self, room: [f32; 2]) -> Diagram {
        self.diagram_unfolded(room, &[])
    }

    /// The picture with the operations of the calls `unfolded` one by one.
    pub fn diagram_unfolded(&self, room: [f32; 2], unfolded: &[usize]) -> Diagram {
        let simple = simplify(self.graph(), unfolded);
        let mut form = Form::default();
        let mut layout = Layout::new(&simple, form);
        let mut spacing = Spacing::filling(self, &layout, room);
        loop {
            let Diagram { width, height, .. } = place(self, &layout, spacing).diagram;
            let needed = Form { folded: form.folded || width > room[0], flat: form.flat || height > room[1] };
            if needed == form {
                break;
            }
            form = needed;
            layout = Layout::new(&simple, form);
            spacing = Spacing::filling(self, &layout, room);
        }
        let mut diagram = self.routed(&layout, spacing);
        // The ways of the wires may take more than the distances left: folded sums or smaller distances may do.
        let excess = diagram.width - room[0];
        let other = [(true, 0.0), (form.folded, excess), (true, excess)];
        for (folded, less) in other.into_iter().filter(|other| *other != (form.folded, 0.0)) {
            if diagram.width <= room[0] {
                break;
            }
            let layout = Layout::new(&simple, Form { folded, ..form });
            let spacing = Spacing::filling(self, &layout, [room[0] - less, room[1]]);
            let found = self.routed(&layout, spacing);
            if found.width < diagram.width {
                diagram = found;
            }
        }
        find_room(&mut diagram);
        diagram
    }

    /// A layout with a way for every wire, at distances that grow where there is none.
    fn routed(&self, layout: &Layout<'_>, mut spacing: Spacing) -> Diagram {
        let mut tries = 0;
        loop {
            let mut placed = place(self, layout, spacing);
            tries += 1;
            if route(self, layout, &mut placed) || tries == TRIES {
                return placed.diagram;
            }
            spacing = spacing.wider();
        }
    }
}
