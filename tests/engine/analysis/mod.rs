//! What is asked about a model beside its training.

mod matrices;
mod shown;
mod through_time;
