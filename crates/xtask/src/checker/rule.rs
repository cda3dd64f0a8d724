//! The rules by name.

/// One rule. Where nothing else is said it is one of Zendesk's validator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    ManifestAtRoot,
    ManifestJson,
    ManifestAuthor,
    ManifestTypes,
    FrameworkVersion,
    /// Ours: the package is named after the version.
    Version,
    Location,
    LocationUrl,
    DefaultLocale,
    DomainWhitelist,
    Parameters,
    /// A warning of the validator. For us a breach: without scopes the secret may be sent anywhere in a request.
    SecureScopes,
    TranslationName,
    TranslationJson,
    TranslationLabel,
    TranslationReserved,
    AppName,
    Requirements,
    Symlinks,
    /// "Zendesk app file structure": what else is in the zip is refused or ignored.
    Layout,
    /// "Uploading a private app": 2 MB.
    ZipSize,
    Mime,
    /// "App assets": the types that Zendesk serves.
    AssetType,
    /// "App icons and logos".
    Logo,
    Banner,
    Svg,
    /// Seen: without it, or with colours of its own, the app's icon is missing or invisible in the navigation bar.
    NavBarIcon,
    /// Ours: what a strict Content-Security-Policy would block.
    Page,
    /// Ours: the page works only with the files it names.
    PageFiles,
}

impl Rule {
    /// What has to hold.
    pub fn statement(self) -> &'static str {
        match self {
            Self::ManifestAtRoot => "manifest.json is at the root of the zip",
            Self::ManifestJson => "manifest.json is a JSON object without duplicate keys",
            Self::ManifestAuthor => {
                "author is an object; its name, email and url are strings, and url starts with http"
            }
            Self::ManifestTypes => "the manifest's fields have the documented types",
            Self::FrameworkVersion => "frameworkVersion is \"2.0\"",
            Self::Version => "the manifest's version is the workspace's",
            Self::Location => "the manifest has at least one location, all of them known to Zendesk Support",
            Self::LocationUrl => "a location's url is https, or starts with assets/ and the file exists",
            Self::DefaultLocale => "defaultLocale is a locale with a file in translations/",
            Self::DomainWhitelist => "domainWhitelist is a list of host names, without scheme, port or path",
            Self::Parameters => {
                "parameters have unique names (none is \"name\"), known types, booleans for required and secure; \
                 hidden ones are not required; only secure ones have scopes, which are known"
            }
            Self::SecureScopes => "a secure parameter has scopes and no default",
            Self::TranslationName => "translations are named like es.json, pt-BR.json or es-419.json",
            Self::TranslationJson => "a translation is a JSON object without duplicate keys",
            Self::TranslationLabel => {
                "every parameter has a label in every translation, and every entry is a parameter"
            }
            Self::TranslationReserved => {
                "app.package, app.support, app.chat, app.sell and app.standalone_chat mean something to Zendesk \
                 and are not used for our texts"
            }
            Self::AppName => "every translation has the app's name",
            Self::Requirements => "requirements.json is a JSON object of at most 5000 items of known types",
            Self::Symlinks => "there are no symbolic links",
            Self::Layout => {
                "the zip holds manifest.json, requirements.json, assets/ and translations/, and no dotfiles or tmp/"
            }
            Self::ZipSize => "a private app's zip is smaller than 2 MB",
            Self::Mime => "there are no archives, programs, office documents, audio or video files",
            Self::AssetType => "assets are of the documented types (no .wasm, .mjs, .csv, .txt, .webp, .ico)",
            Self::Logo => "assets/logo.png is 320x320 and assets/logo-small.png 128x128 with transparency",
            Self::Banner => "assets/banner.png is 830x200 or 1660x400",
            Self::Svg => {
                "SVGs have no script, style, event, image, foreign or outside content: Zendesk removes those"
            }
            Self::NavBarIcon => {
                "with a nav_bar location there is assets/icon_nav_bar.svg with a viewBox, drawn with fills only, \
                 without fill or stroke attributes"
            }
            Self::Page => "the page has no inline script, style or event handler, and loads Zendesk's SDK",
            Self::PageFiles => "the files that the page names are in the package",
        }
    }
}
