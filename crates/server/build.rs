//! The workbench goes into the executable: when its files change, so does this crate.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
}
