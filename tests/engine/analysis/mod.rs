//! What is asked about a model beside its training.

mod shown;
