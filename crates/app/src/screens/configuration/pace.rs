//! Requests to Zendesk that nobody waits for must not take those of everybody else.

use std::cell::RefCell;

use cxconnect_core::ledger::Budget;

use crate::shell::clock;

/// No more requests a minute than the setting allows.
pub struct Pace(RefCell<Budget>);

impl Pace {
    /// So many a minute.
    pub fn new(per_minute: usize) -> Self {
        Self(RefCell::new(Budget::new(per_minute)))
    }

    /// Waits until one more may be made, which is made then.
    pub async fn wait(&self) {
        let at = self.0.borrow().room_at(clock::now(), 1, 0);
        clock::until(at).await;
        self.0.borrow_mut().spend(clock::now(), 1);
    }
}
