//! Unguessable values for a run of the sandbox: keys, ids, secrets.
//!
//! Random bytes are drawn once, at start, where failing is still possible; everything later is derived from
//! them by hashing, so no request can fail for want of randomness.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// A source of fresh values that never repeats within a run.
#[derive(Debug)]
pub struct Fresh {
    seed: [u8; 32],
    drawn: AtomicU64,
}

impl Fresh {
    /// Draws the seed from the operating system.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self { seed, drawn: AtomicU64::new(0) })
    }

    /// `n` hexadecimal digits (at most 64), the shape of SunCo's ids.
    pub fn hex(&self, n_digits: usize) -> String {
        let mut digits = to_hex(&self.bytes());
        digits.truncate(n_digits);
        digits
    }

    /// 43 characters of base64url, the shape of a SunCo API key's secret.
    pub fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes())
    }

    /// A UUID of version 4, the shape of notification ids and of app instances.
    pub fn uuid(&self) -> String {
        let mut bytes = self.bytes();
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let digits = to_hex(&bytes[..16]);
        [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..32]].join("-")
    }

    fn bytes(&self) -> [u8; 32] {
        let n = self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(n.to_be_bytes());
        hash.finalize().into()
    }
}

fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_shape_and_never_repeat() {
        let fresh = Fresh::new().unwrap();
        let (first, second) = (fresh.uuid(), fresh.uuid());
        assert_ne!(first, second);
        assert_eq!(first.len(), 36);
        assert_eq!(&first[14..15], "4");
        assert_eq!(fresh.hex(24).len(), 24);
        assert_eq!(fresh.secret().len(), 43);
    }
}
