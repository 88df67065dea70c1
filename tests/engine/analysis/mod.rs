//! What is asked about a model beside its training.

mod doctor;
mod expression;
mod follow;
mod influence;
mod matrices;
mod order;
mod padding;
mod shown;
mod space;
mod surgery;
mod through_time;
mod units;
