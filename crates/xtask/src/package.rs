//! `cargo xtask package`
use anyhow::Result;

use crate::project::Project;
use crate::{setup, stage};

pub fn run(project: &Project) -> Result<()> {
    let tools = setup::build_tools(project)?;
    stage::run(project, &tools)
}
