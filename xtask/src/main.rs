//! `cargo xtask`: set-up, build, serve and test.

fn main() {}
