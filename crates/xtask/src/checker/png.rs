//! As much of PNG as tells an image's size (specification: PNG, 11.2.2 IHDR).

/// The head of a PNG image.
#[derive(Debug, PartialEq, Eq)]
pub struct Png {
    pub width: u32,
    pub height: u32,
    pub has_alpha: bool,
}

impl Png {
    /// Reads the head; none if this is no PNG.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let head = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(..25)?;
        if head.get(4..8)? != b"IHDR" {
            return None;
        }
        let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
        // Colour types 4 and 6 have an alpha channel.
        Some(Self { width: number(8)?, height: number(12)?, has_alpha: matches!(head.get(17)?, 4 | 6) })
    }

    pub fn is(&self, width: u32, height: u32) -> bool {
        (self.width, self.height) == (width, height)
    }
}
