//! Time and randomness.

use std::time::Duration;

use ::worker::{Date, Delay};
use wasm_bindgen::prelude::*;

use crate::{Ms, World};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]);
}

/// The real world.
pub struct Real;

impl World for Real {
    fn now(&self) -> Ms {
        Ms::try_from(Date::now().as_millis()).unwrap_or(Ms::MAX)
    }

    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        get_random_values(&mut bytes);
        bytes
    }

    async fn sleep(&self, millis: Ms) {
        // A timer takes a signed 32-bit number; nobody here waits for days.
        let millis = u64::try_from(millis).unwrap_or_default().min(86_400_000);
        Delay::from(Duration::from_millis(millis)).await;
    }
}
