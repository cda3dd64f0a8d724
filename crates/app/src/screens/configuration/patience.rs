//! Calls to Zendesk that may be repeated: what passes by itself is waited for.

use cxconnect_core::ledger::Patience;
use cxconnect_ledger::LedgerError;

use crate::shell::clock;

/// So often a call is repeated; then it is given up.
const TRIES: u32 = 4;

/// Makes a call until there is an answer that would not be another one in a moment.
pub async fn patiently<T>(mut call: impl AsyncFnMut() -> Result<T, LedgerError>) -> Result<T, LedgerError> {
    let mut patience = Patience::default();
    for _ in 0..TRIES {
        let error = match call().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let Some(wait) = patience.failed(error.fault()) else { return Err(error) };
        clock::after(u32::try_from(wait).unwrap_or(u32::MAX)).await;
    }
    call().await
}
