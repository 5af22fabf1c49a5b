//! Embeds the front end, and says plainly when it has not been built.

use std::path::Path;

fn main() {
    let embeds = std::env::var_os("CARGO_FEATURE_CUSTOM_PROTOCOL").is_some();
    println!("cargo::rerun-if-changed=../ui/dist");
    if embeds && !Path::new("../ui/dist/index.html").is_file() {
        println!(
            "cargo::error=ui/dist is missing: run `npm ci --prefix ui && npm run --prefix ui build` first (`make run` and `make test` do it by themselves)"
        );
        return;
    }
    tauri_build::build();
}
