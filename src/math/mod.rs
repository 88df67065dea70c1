//! f32 arithmetic with a promised order of additions.
//!
//! Every function gives the same bits on every platform and with every [`Backend`]: sums are taken in one written
//! order, products are rounded before they are added, and no function of the platform's libm is called.

pub mod activation;
pub mod elementary;
pub mod elementwise;
pub mod gemm;
pub mod lanes;
pub mod matrix;
pub mod recurrent;
pub mod reduce;
pub mod rows;
pub mod small_product;
pub mod update;
pub mod waves;

pub use lanes::Backend;
pub use matrix::Matrix;
