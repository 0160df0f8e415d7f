//! Builds again when a file of the embedded folders is added, changed or removed.

fn main() {
    println!("cargo::rerun-if-changed=../data");
    println!("cargo::rerun-if-changed=../profiles");
    println!("cargo::rerun-if-changed=../rulesets");
}
