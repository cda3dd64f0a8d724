//! The pages of help, which travel as a file of their own: most agents never open them.

use cxconnect_core::help::{Help, HelpError};
use gloo_net::http::Request;

use crate::shell::texts::{self, Language};

/// The help did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum HelpMissing {
    /// No answer, or one without the file.
    #[error("help not loaded: {0}")]
    Fetch(#[from] gloo_net::Error),
    /// Another file than this version's, such as a page of a proxy that wants a password.
    #[error(transparent)]
    NotHelp(#[from] HelpError),
}

/// Fetches the pages in the language of the texts.
pub async fn load() -> Result<Help, HelpMissing> {
    let url = format!("./help/{}.json", Language::of_locale(&texts::locale()).code());
    let file = Request::get(&url).send().await?.text().await?;
    Ok(Help::parse(&file)?)
}
