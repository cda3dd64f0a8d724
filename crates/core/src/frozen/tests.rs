//! Freezing, keeping, reading again.
