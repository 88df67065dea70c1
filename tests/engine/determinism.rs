//! The same bits everywhere, and whenever training is interrupted.

use unrolled::math::Backend;

use super::twenty_steps::{WEIGHTS_HASH, hash_after_twenty_steps};

#[test]
fn twenty_steps_give_the_recorded_weights() {
    let hash = hash_after_twenty_steps(Backend::Portable);
    assert_eq!(hash, WEIGHTS_HASH, "the weights hash to {hash:#018x}");
}
