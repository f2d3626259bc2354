//! Compiles the .proto files with protox, in Rust, so that no protoc is needed.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message;

const FILES: [&str; 5] = [
    "governance/v1/action.proto",
    "governance/v1/record.proto",
    "governance/v1/audit.proto",
    "governance/v1/event.proto",
    "governance/v1/query.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=governance");
    let descriptors = protox::compile(FILES, ["."])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    let mut messages = prost_build::Config::new();
    // So that any message can be written as JSON by its own name.
    messages.enable_type_names();
    tonic_prost_build::configure().compile_fds_with_config(descriptors, messages)?;
    Ok(())
}
