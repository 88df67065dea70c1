//! The program `wasm-bindgen-test-runner`, compiled from its library so that Cargo.lock pins it and all that it needs.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
