//! The library's own example numbers, written in every way.
