//! Waiting for a condition, with a deadline.

use std::fmt::Display;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Enough for anything that should come at once, on a machine that is busy with other things.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Looks until there is something to return. A failed look (an element that was just redrawn) is no answer yet.
pub async fn until<T>(what: impl Display, look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    within(PATIENCE, what, look).await
}

/// [`until`] with another deadline.
pub async fn within<T>(
    limit: Duration,
    what: impl Display,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let deadline = Instant::now() + limit;
    loop {
        let trouble = match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if deadline <= Instant::now() {
            match trouble {
                Some(error) => return Err(error.context(format!("waited {} s for {what}", limit.as_secs()))),
                None => bail!("waited {} s for {what}", limit.as_secs()),
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
