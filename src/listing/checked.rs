//! Everything that follows from a text alone, made once for an edit and kept.

use std::sync::Arc;

use super::cell::SizedListing;
use super::cell::initializers::declared;
use super::hints::formulas;
use super::language::cleaned;
use super::language::diagnostics::Diagnostic;
use super::parsed::Listing;
use super::shapes::Role;

/// A listing that was accepted: read, its shapes inferred, differentiated. Copies share everything.
///
/// A front makes one for each edit, and everything else from it: the views of the text, sessions of stepping, the check
/// of its gradients. No text is read twice.
#[derive(Debug, Clone)]
pub struct CheckedListing {
    listing: Arc<Listing>,
    adjoint: Arc<Listing>,
    parameters: Arc<[(String, Role, String)]>,
}

impl CheckedListing {
    /// Reads and differentiates `source`.
    ///
    /// # Errors
    /// Every mistake that was found, in the order of the text.
    pub fn new(source: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::of(Listing::parse(source)?)
    }

    /// The same for a text that was read already.
    ///
    /// # Errors
    /// If a shape does not follow from the text, if it cannot be differentiated, or if a comment names an initializer
    /// that there is not.
    pub fn of(listing: Listing) -> Result<Self, Vec<Diagnostic>> {
        declared(&listing)?;
        let parameters = listing.symbolic_shapes()?.into();
        let adjoint = Arc::new(listing.differentiate()?);
        Ok(Self { listing: Arc::new(listing), adjoint, parameters })
    }

    /// The step function.
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Its adjoint.
    pub fn adjoint(&self) -> &Listing {
        &self.adjoint
    }

    /// A sentence that says what of the text is read otherwise than it is written, such as prompts and signs of web
    /// pages; empty if nothing is.
    pub fn cleaned(&self) -> String {
        cleaned(self.listing.source())
    }

    /// Name, role and shape of every parameter, with open sizes as words: `(features, 4*units)`.
    pub fn parameters(&self) -> &[(String, Role, String)] {
        &self.parameters
    }

    /// The listing for inputs of `features` numbers and a first state of `units`.
    ///
    /// # Errors
    /// If it does not work with these sizes.
    pub fn sized(&self, features: usize, units: usize) -> Result<SizedListing, Vec<Diagnostic>> {
        let shapes = self.listing.shapes(features, units)?;
        formulas(&self.listing, &shapes)?;
        SizedListing::with_adjoint(&self.listing, &self.adjoint, &shapes)
    }

    /// The listing for parameters with these shapes.
    ///
    /// # Errors
    /// If it does not work with them.
    pub fn sized_given(&self, given: &[(&str, &[usize])]) -> Result<SizedListing, Vec<Diagnostic>> {
        let shapes = self.listing.shapes_given(given)?;
        formulas(&self.listing, &shapes)?;
        SizedListing::with_adjoint(&self.listing, &self.adjoint, &shapes)
    }
}
