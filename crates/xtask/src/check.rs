//! `cargo xtask check`: formatting and clippy.

use anyhow::Result;

use crate::project::Project;

pub fn run(_project: &Project) -> Result<()> {
    Ok(())
}
