//! The few icons of the app, drawn in the current text colour.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Brand,
    Image,
    Video,
    Document,
    Previous,
    Next,
    Eye,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Brand => {
                "M3 2h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H8l-4 3v-3H3a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zm5 2v2H4v2h4v2l4-3z"
            }
            Self::Image => {
                "M2 2h12v12H2V2zm1 1v8l3-3 2 2 3-4 2 3V3H3zm3 1a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z"
            }
            Self::Video => "M2 3h9v3l3-2v8l-3-2v3H2V3zm3 2v6l4-3z",
            Self::Document => "M3 1h7l3 3v11H3V1zm1 1v12h8V5H9V2H4zm1 5h6v1H5V7zm0 2h6v1H5V9zm0 2h4v1H5v-1z",
            Self::Previous => "M10.5 3 6 8l4.5 5h-1.6L4.5 8l4.4-5z",
            Self::Next => "M5.5 3 10 8l-4.5 5h1.6L11.5 8 7.1 3z",
            Self::Eye => {
                "M8 3C4.5 3 2 5.5 1 8c1 2.5 3.5 5 7 5s6-2.5 7-5c-1-2.5-3.5-5-7-5zm0 1c2.9 0 4.9 1.9 5.9 4-1 2.1-3 4-5.9 4S3.1 10.1 2.1 8c1-2.1 3-4 5.9-4zm0 1.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"
            }
        }
    }

    /// The drawing; texts beside it say what it means, so it is hidden from screen readers.
    pub fn view(self) -> impl IntoView {
        view! {
            <svg viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true">
                <path fill-rule="evenodd" d=self.path()></path>
            </svg>
        }
    }
}
