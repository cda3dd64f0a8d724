//! A document's file name, as the recipient will see it.

/// The last segment of a URL's path, percent-decoded. `None` if there is none: then WhatsApp names the file itself.
pub(super) fn of_url(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split(['?', '#']).next()?;
    // What comes before the first slash is the host.
    let (_, path) = path.split_once('/')?;
    let segment = path.rsplit('/').next()?;
    let name = decoded(segment).filter(|name| !name.contains(char::is_control));
    let name = name.unwrap_or_else(|| segment.to_owned());
    (!name.is_empty()).then_some(name)
}

/// `None` if the bytes are no UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%'
            && let [high, low, after @ ..] = after
            && let Some(escaped) = hex(*high, *low)
        {
            bytes.push(escaped);
            rest = after;
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let [high, low] = [high, low].map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? * 16 + low?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_segment_of_the_path_names_the_file() {
        for (url, expected) in [
            ("https://h.example/a/Factura.pdf", Some("Factura.pdf")),
            ("https://h.example/Factura.pdf?download=1#page=2", Some("Factura.pdf")),
            ("https://h.example/a/Factura%20de%20a%C3%B1o.pdf", Some("Factura de año.pdf")),
            ("https://h.example/100%.pdf", Some("100%.pdf")),
            ("https://h.example/a%FF.pdf", Some("a%FF.pdf")),
            ("https://h.example/a%0Ab.pdf", Some("a%0Ab.pdf")),
            ("https://h.example/a/", None),
            ("https://h.example/", None),
            ("https://h.example", None),
            ("https://h.example?file=/a.pdf", None),
        ] {
            assert_eq!(of_url(url).as_deref(), expected, "{url}");
        }
    }
}
