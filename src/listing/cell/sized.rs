//! A listing for known sizes: its shapes, its adjoint and the plan of both.

use std::sync::Arc;

use super::plan::Plan;
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::parsed::Listing;
use crate::listing::shapes::Shapes;

/// A listing whose sizes are settled, ready to run. Copies share everything.
#[derive(Debug, Clone)]
pub struct SizedListing {
    listing: Arc<Listing>,
    adjoint: Arc<Listing>,
    plan: Arc<Plan>,
}

impl SizedListing {
    /// Settles `listing` for `shapes`, which are its own.
    ///
    /// # Errors
    /// What cannot be differentiated, or does not have the shapes.
    pub fn new(listing: &Listing, shapes: &Shapes) -> Result<Self, Vec<Diagnostic>> {
        let adjoint = Arc::new(listing.differentiate_for(shapes)?);
        let plan = Arc::new(Plan::new(listing, &adjoint, shapes)?);
        Ok(Self { listing: Arc::new(listing.clone()), adjoint, plan })
    }

    /// The same with an adjoint that was made before the sizes were known. A size may decide how an array is broadcast;
    /// where the adjoint does not suit the sizes, another one is made.
    pub(in crate::listing) fn with_adjoint(
        listing: &Arc<Listing>,
        adjoint: &Arc<Listing>,
        shapes: &Shapes,
    ) -> Result<Self, Vec<Diagnostic>> {
        let gradients = |plan: &Plan| {
            let returned = adjoint.graph().returns.iter().map(|node| &plan.adjoint_shapes[*node]);
            let asked = shapes.parameters.iter().enumerate().filter(|(k, _)| !listing.is_fixed(*k));
            returned.eq(asked.map(|(_, parameter)| &parameter.shape))
        };
        match Plan::new(listing, adjoint, shapes) {
            Ok(plan) if gradients(&plan) => {
                Ok(Self { listing: listing.clone(), adjoint: adjoint.clone(), plan: Arc::new(plan) })
            }
            _ => Self::new(listing, shapes),
        }
    }

    /// The step function.
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Its adjoint.
    pub fn adjoint(&self) -> &Listing {
        &self.adjoint
    }

    /// Both as one list of instructions.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The shapes of the step function's values.
    pub fn shapes(&self) -> &Shapes {
        &self.plan.shapes
    }
}
