//! Tells the compiler whether the app will be taken apart (`shell/part.rs`): `cargo xtask` asks for it by
//! `CXCONNECT_SPLIT`. Without, as with `trunk build` alone, everything is in one module.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CXCONNECT_SPLIT");
    println!("cargo::rustc-check-cfg=cfg(split)");
    if std::env::var_os("CXCONNECT_SPLIT").is_some() {
        println!("cargo::rustc-cfg=split");
        // What refers to what: by this the splitter finds what a part needs.
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
