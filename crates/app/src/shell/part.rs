//! Parts of the app that travel by themselves, so that the page is there sooner: a part's code, and whatever only that
//! code uses, is fetched when it is needed first.
//!
//! A part begins at the functions that [`part!`](crate::part) makes. What is called in any other way, even once, belongs to
//! the main module again, which `cargo xtask package` sees by its size. Taken apart is the finished module, after the linker
//! (`crates/splitter`, `xtask`'s `parts.rs`); parts share memory and functions with it, so everything may be handed to them.

use leptos::wasm_split::SplitLoaderError;

/// A part's code did not arrive. The next call tries again.
pub type NotLoaded = SplitLoaderError;

/// Makes the way into a part: an async function that fetches the part's code, if need be, and then calls the one that is
/// written here. The second name is that of a function which only fetches.
#[macro_export]
macro_rules! part {
    (
        $part:ident, $load:ident:
        $(#[$attribute:meta])* fn $name:ident($($arg:ident: $type:ty),*) -> $output:ty $body:block
    ) => {
        #[cfg(split)]
        #[::leptos::wasm_split::wasm_split(
            $part, wasm_split_path = ::leptos::wasm_split, fallible, preload(#[doc(hidden)] $load)
        )]
        $(#[$attribute])*
        pub fn $name($($arg: $type),*) -> Result<$output, $crate::shell::part::NotLoaded> {
            Ok($body)
        }

        #[cfg(not(split))]
        $(#[$attribute])*
        pub async fn $name($($arg: $type),*) -> Result<$output, $crate::shell::part::NotLoaded> {
            Ok($body)
        }

        #[cfg(not(split))]
        #[doc(hidden)]
        pub async fn $load() -> Result<(), $crate::shell::part::NotLoaded> {
            Ok(())
        }
    };
}
