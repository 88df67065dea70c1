//! The program `wasm-bindgen`, compiled from its library so that Cargo.lock pins it and all that it needs.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os())
}
