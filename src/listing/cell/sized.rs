//! A listing for known sizes: its shapes, its adjoint and the plan of both.

use std::sync::Arc;

use super::plan::Plan;
use crate::listing::graph::{NodeId, Op};
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

    /// How many numbers the step function computes for one sample and timestep, each product of a sum counted, and the
    /// node that is the most of it.
    pub fn work(&self) -> (usize, NodeId) {
        let shapes = &self.plan.shapes.nodes;
        let numbers = |node: &NodeId| shapes[*node].iter().fold(1usize, |all, n| all.saturating_mul(*n));
        let mut most = (0, 0);
        let mut sum = 0usize;
        for (id, node) in self.listing.graph().nodes.iter().enumerate() {
            let own = match node.op {
                // A weight is read; it is counted where it is multiplied.
                Op::Parameter(_) | Op::Number(_) => 0,
                Op::MatMul { .. } => {
                    numbers(&id).saturating_mul(shapes[node.inputs[0]].last().copied().unwrap_or(1))
                }
                _ => numbers(&id),
            };
            sum = sum.saturating_add(own);
            most = most.max((own, id));
        }
        (sum, most.1)
    }

    /// The shapes of the step function's values.
    pub fn shapes(&self) -> &Shapes {
        &self.plan.shapes
    }
}
