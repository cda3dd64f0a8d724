//! Parts of screens. They take values, signals and callbacks, and know nothing of the workflows.

mod ask;
mod bubble;
mod copy;
mod dynamic;
mod icon;
mod name_filter;
mod notice;
mod rows;
mod stepper;
mod tabs;

pub use ask::Ask;
pub use bubble::Bubble;
pub use copy::CopyButton;
pub use dynamic::{dynamic, dynamic_text};
pub use icon::Icon;
pub use name_filter::NameFilter;
pub use notice::{Notice, Tone};
pub use rows::Rows;
pub use stepper::Stepper;
pub use tabs::Tabs;
