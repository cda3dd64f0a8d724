//! The URL of a header's media.
//!
//! Nothing is fetched: what can be told from the URL alone is told, the rest shows in the preview.

use crate::{problem::ProblemKind, template::MediaKind};

/// Endings of files that WhatsApp takes in no header, or that are surely of another kind. Others, such as `.php`, may
/// deliver anything.
const OTHER_FILES: [&str; 31] = [
    "gif", "webp", "bmp", "svg", "tif", "tiff", "heic", "ico", "avi", "mov", "mkv", "webm", "wmv", "m4v",
    "mp3", "wav", "ogg", "m4a", "aac", "amr", "opus", "zip", "rar", "7z", "exe", "csv", "xml", "json", "htm",
    "html", "js",
];
/// Documents that WhatsApp takes in ordinary messages; for templates only PDF is documented.
const OFFICE_FILES: [&str; 10] = ["doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "txt", "rtf"];

/// What is wrong with a media URL, if anything.
pub(super) fn check(url: &str, expected: MediaKind) -> Option<ProblemKind> {
    if url.contains(|character: char| character.is_whitespace() || character.is_control()) {
        return Some(ProblemKind::MediaNotUrl);
    }
    let Some((scheme, rest)) = url.split_once("://") else { return Some(ProblemKind::MediaNotUrl) };
    let is_https = scheme.eq_ignore_ascii_case("https");
    if !is_https && !scheme.eq_ignore_ascii_case("http") {
        return Some(ProblemKind::MediaNotUrl);
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let (has_login, host) = match authority.rsplit_once('@') {
        Some((_, host)) => (true, host),
        None => (false, authority),
    };
    let host = match host.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) => return Some(ProblemKind::MediaNotUrl),
        None => host,
    };
    let host = host.to_ascii_lowercase();
    if is_local(&host) || has_login {
        return Some(ProblemKind::MediaNotPublic { host });
    }
    if !is_host(&host) {
        return Some(ProblemKind::MediaNotUrl);
    }
    if is_sample_host(&host) {
        return Some(ProblemKind::MediaSampleHost { host });
    }
    if !is_https {
        return Some(ProblemKind::MediaNotHttps);
    }
    let Some(found) = ending(path) else { return Some(ProblemKind::MediaKindUnknown { expected }) };
    let kind = match found.as_str() {
        "jpg" | "jpeg" | "png" => MediaKind::Image,
        "mp4" | "3gp" | "3gpp" => MediaKind::Video,
        "pdf" => MediaKind::Document,
        office if OFFICE_FILES.contains(&office) => {
            return Some(if expected == MediaKind::Document {
                ProblemKind::MediaNotPdf { found: dotted(&found) }
            } else {
                ProblemKind::MediaWrongKind { expected, found: dotted(&found) }
            });
        }
        other if OTHER_FILES.contains(&other) => {
            return Some(ProblemKind::MediaWrongKind { expected, found: dotted(&found) });
        }
        _ => return Some(ProblemKind::MediaKindUnknown { expected }),
    };
    (kind != expected).then(|| ProblemKind::MediaWrongKind { expected, found: dotted(&found) })
}

fn dotted(ending: &str) -> String {
    format!(".{ending}")
}

/// The ending of the path's last part, in lower case.
fn ending(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (name, ending) = path.rsplit(['/', '\\']).next()?.rsplit_once('.')?;
    let is_ending = !name.is_empty()
        && (1..=5).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_ending.then(|| ending.to_ascii_lowercase())
}

/// A name with a dot, made of what names are made of; letters of any script, since browsers take them.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    host.contains('.') && host.split('.').all(is_label)
}

/// Machines of the sender's own network.
fn is_local(host: &str) -> bool {
    if host == "localhost"
        || [".localhost", ".local", ".internal", ".lan"].iter().any(|end| host.ends_with(end))
    {
        return true;
    }
    host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| {
        address.is_private() || address.is_loopback() || address.is_link_local() || address.is_unspecified()
    })
}

/// Where Meta keeps the template's own sample: it answers 403 to the sending of it (V9).
fn is_sample_host(host: &str) -> bool {
    host == "scontent.whatsapp.net"
        || host.ends_with(".whatsapp.net")
        || host == "lookaside.fbsbx.com"
        || host.ends_with(".fbcdn.net")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(expected: MediaKind, urls: &[&str]) -> String {
        let line = |url: &&str| {
            let problem = check(url, expected).map_or("ok".to_owned(), |kind| {
                let arguments: Vec<String> =
                    kind.arguments().into_iter().map(|(name, value)| format!(" {name}={value}")).collect();
                format!("{}{}", kind.code(), arguments.concat())
            });
            format!("{url} → {problem}\n")
        };
        urls.iter().map(line).collect()
    }

    #[test]
    fn the_paths_ending_must_fit_the_header() {
        insta::assert_snapshot!(
            table(
                MediaKind::Image,
                &[
                    "https://acme.example/promo.jpg",
                    "https://acme.example/PROMO.PNG?v=2#x",
                    "HTTPS://acme.example:8443/a.b/promo.jpeg",
                    "https://acme.example/factura.pdf",
                    "https://acme.example/promo.webp",
                    "https://acme.example/hoja.xlsx",
                    "https://acme.example/imagen?file=a.jpg",
                    "https://acme.example/imagen.php",
                    "https://acme.example",
                    "https://acme.example/.jpg",
                ]
            ),
            @"
        https://acme.example/promo.jpg → ok
        https://acme.example/PROMO.PNG?v=2#x → ok
        HTTPS://acme.example:8443/a.b/promo.jpeg → ok
        https://acme.example/factura.pdf → media.wrong-kind endings=.jpg, .jpeg, .png found=.pdf
        https://acme.example/promo.webp → media.wrong-kind endings=.jpg, .jpeg, .png found=.webp
        https://acme.example/hoja.xlsx → media.wrong-kind endings=.jpg, .jpeg, .png found=.xlsx
        https://acme.example/imagen?file=a.jpg → media.kind-unknown endings=.jpg, .jpeg, .png
        https://acme.example/imagen.php → media.kind-unknown endings=.jpg, .jpeg, .png
        https://acme.example → media.kind-unknown endings=.jpg, .jpeg, .png
        https://acme.example/.jpg → media.kind-unknown endings=.jpg, .jpeg, .png
        "
        );
        insta::assert_snapshot!(
            table(MediaKind::Document, &["https://a.example/x.pdf", "https://a.example/x.docx", "https://a.example/x.jpg"]),
            @"
        https://a.example/x.pdf → ok
        https://a.example/x.docx → media.not-pdf found=.docx
        https://a.example/x.jpg → media.wrong-kind endings=.pdf found=.jpg
        "
        );
        insta::assert_snapshot!(
            table(MediaKind::Video, &["https://a.example/x.mp4", "https://a.example/x.3gp", "https://a.example/x.mov"]),
            @"
        https://a.example/x.mp4 → ok
        https://a.example/x.3gp → ok
        https://a.example/x.mov → media.wrong-kind endings=.mp4, .3gp found=.mov
        "
        );
    }

    #[test]
    fn only_public_https_urls_pass() {
        insta::assert_snapshot!(
            table(
                MediaKind::Image,
                &[
                    "foto.jpg",
                    "www.acme.example/foto.jpg",
                    "C:\\fotos\\foto.jpg",
                    "file:///fotos/foto.jpg",
                    "https://",
                    "https:///foto.jpg",
                    "https://acme/foto.jpg",
                    "https://acme..example/foto.jpg",
                    "https://acme.example/mi foto.jpg",
                    "https://a.example/1.jpg https://a.example/2.jpg",
                    "http://acme.example/foto.jpg",
                    "https://localhost/foto.jpg",
                    "https://192.168.0.7/foto.jpg",
                    "https://user:clave@acme.example/foto.jpg",
                    "https://8.8.8.8/foto.jpg",
                    "https://españa.example/año/foto.jpg",
                    "https://scontent.whatsapp.net/v/t61.jpg",
                    "https://scontent-mex1-1.xx.fbcdn.net/v/t61.jpg",
                    "https://lookaside.fbsbx.com/whatsapp.jpg",
                ]
            ),
            @r"
        foto.jpg → media.not-url
        www.acme.example/foto.jpg → media.not-url
        C:\fotos\foto.jpg → media.not-url
        file:///fotos/foto.jpg → media.not-url
        https:// → media.not-url
        https:///foto.jpg → media.not-url
        https://acme/foto.jpg → media.not-url
        https://acme..example/foto.jpg → media.not-url
        https://acme.example/mi foto.jpg → media.not-url
        https://a.example/1.jpg https://a.example/2.jpg → media.not-url
        http://acme.example/foto.jpg → media.not-https
        https://localhost/foto.jpg → media.not-public host=localhost
        https://192.168.0.7/foto.jpg → media.not-public host=192.168.0.7
        https://user:clave@acme.example/foto.jpg → media.not-public host=acme.example
        https://8.8.8.8/foto.jpg → ok
        https://españa.example/año/foto.jpg → ok
        https://scontent.whatsapp.net/v/t61.jpg → media.sample-host host=scontent.whatsapp.net
        https://scontent-mex1-1.xx.fbcdn.net/v/t61.jpg → media.sample-host host=scontent-mex1-1.xx.fbcdn.net
        https://lookaside.fbsbx.com/whatsapp.jpg → media.sample-host host=lookaside.fbsbx.com
        "
        );
    }
}
