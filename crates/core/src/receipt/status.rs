//! The states that people see (user manual, "Delivery states and errors").

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// In a batch, not claimed yet.
    Planned,
    /// Its call is under way.
    Claimed,
    /// It may have been sent or not (Desconocido).
    Unknown,
    /// The provider took it; delivery isn't confirmed (Colocado).
    Accepted,
    /// Handed to WhatsApp (Enviado).
    Sent,
    /// It reached the device (Entregado).
    Delivered,
    /// It was opened (Leído).
    Read,
    /// Not sent or not delivered (Error).
    Failed,
}

impl Status {
    /// All of them, in the order in which a message passes through them.
    pub const ALL: [Self; 8] = [
        Self::Planned,
        Self::Claimed,
        Self::Unknown,
        Self::Accepted,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Failed,
    ];

    /// Its stable name: a part of its translations' keys and of what the ledger keeps.
    pub fn key(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Claimed => "claimed",
            Self::Unknown => "unknown",
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }

    /// The status of this name.
    pub fn by_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.key() == key)
    }

    /// Whether it counts as "Enviados" in the package: the provider took it, and it didn't fail.
    pub fn is_sent(self) -> bool {
        matches!(self, Self::Accepted | Self::Sent | Self::Delivered | Self::Read)
    }
}
