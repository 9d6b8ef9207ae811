//! Builds the crate again when a file of the shipped library edition is added or changed: it is embedded in the program.

fn main() {
    println!("cargo::rerun-if-changed=../library");
}
