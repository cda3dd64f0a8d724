//! Calls to Zendesk that may be repeated: what passes by itself is waited for.

use cxconnect_ledger::LedgerError;

use crate::shell::clock;

/// Waits after calls that came to nothing, in milliseconds; after the last of them it is given up.
const WAITS_MS: [u32; 4] = [1_000, 2_000, 4_000, 8_000];
/// The wait after a 429 that names none. (Zendesk's page has waited already where it could.)
const THROTTLED_MS: u32 = 15_000;
/// The longest wait that is taken from an answer.
const LONGEST_MS: u32 = 120_000;

/// Makes a call until there is an answer that would not be another one in a moment.
pub async fn patiently<T>(mut call: impl AsyncFnMut() -> Result<T, LedgerError>) -> Result<T, LedgerError> {
    for wait in WAITS_MS {
        let wait = match call().await {
            Err(LedgerError::Throttled { retry_after_s }) => retry_after_s
                .map_or(THROTTLED_MS, |seconds| seconds.saturating_mul(1_000).clamp(1_000, LONGEST_MS)),
            Err(LedgerError::Unavailable(_) | LedgerError::NotUnderstood(_)) => wait,
            answer => return answer,
        };
        clock::after(wait).await;
    }
    call().await
}
