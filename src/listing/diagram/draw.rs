//! The picture of a listing.

use super::layout::Layout;
use super::picture::Diagram;
use super::simplify::simplify;
use crate::listing::parsed::Listing;

impl Listing {
    /// The picture of this cell.
    pub fn diagram(&self) -> Diagram {
        let simple = simplify(self.graph());
        Layout::new(self, &simple).finish()
    }
}
