//! The screen's texts in the agent's language, from `translations/`.
//!
//! Loaded once before the first screen: Zendesk gives an app's iframe none of its translations, so the page fetches the
//! package's own copy. Texts have `{{name}}` placeholders and, where a number decides, forms under `.one`, `.other` ….

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
};

use cxconnect_core::dispatch::UnixMillis;
use gloo_net::http::Request;
use js_sys::{Array, Function, Intl, Object};
use serde_json::Value;
use wasm_bindgen::JsValue;

use crate::shell::clock;

/// The languages that have a file in `translations/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Spanish, the first language.
    Es,
    /// English, for everybody whose language isn't there yet.
    En,
}

impl Language {
    /// From a locale such as `es-419`.
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("es") { Self::Es } else { Self::En }
    }

    /// Its code, which is its file's name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }
}

/// The texts could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    /// The file did not arrive.
    #[error("translations not loaded: {0}")]
    Fetch(#[from] gloo_net::Error),
    /// The file isn't what it should be.
    #[error("translations without a \"ui\" object")]
    NotTexts,
}

struct Texts {
    by_key: HashMap<String, String>,
    locale: String,
}

thread_local! {
    static WRITER: RefCell<Option<Writer>> = const { RefCell::new(None) };
    static TEXTS: OnceCell<Texts> = const { OnceCell::new() };
}

/// Loads the texts for an agent's locale.
pub async fn load(locale: &str) -> Result<(), TextsError> {
    let url = format!("./translations/{}.json", Language::of_locale(locale).code());
    let file = Request::get(&url).send().await?.text().await?;
    let file: Value = serde_json::from_str(&file).map_err(|_| TextsError::NotTexts)?;
    let ui = file.get("ui").filter(|ui| ui.is_object()).ok_or(TextsError::NotTexts)?;
    let mut by_key = HashMap::new();
    flatten(String::new(), ui, &mut by_key);
    TEXTS.with(|texts| {
        // Loaded twice only if the app started twice, with the same texts.
        let _ = texts.set(Texts { by_key, locale: intl_locale(locale) });
    });
    Ok(())
}

/// The locale for dates and plurals: the agent's own if it is a plain one of the texts' language (`es`, `es-MX`, `es-419`),
/// else that language. The browser throws on ill-formed ones.
fn intl_locale(locale: &str) -> String {
    let language = Language::of_locale(locale).code();
    let is_region = |region: &str| {
        let is_letters = region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_alphabetic());
        is_letters || (region.len() == 3 && region.bytes().all(|byte| byte.is_ascii_digit()))
    };
    match locale.split_once('-') {
        Some((first, region)) if first.eq_ignore_ascii_case(language) && is_region(region) => {
            locale.to_owned()
        }
        Some(_) | None => language.to_owned(),
    }
}

fn flatten(prefix: String, value: &Value, by_key: &mut HashMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(key, member, by_key);
            }
        }
        Value::String(text) => {
            by_key.insert(prefix, text.clone());
        }
        _ => {}
    }
}

fn find(key: &str) -> Option<String> {
    TEXTS.with(|texts| texts.get().and_then(|texts| texts.by_key.get(key).cloned()))
}

/// The agent's locale, for dates and plurals.
pub fn locale() -> String {
    TEXTS.with(|texts| texts.get().map_or_else(|| "es".to_owned(), |texts| texts.locale.clone()))
}

/// A text. A key without text shows itself; a test sees to it that there is none.
pub fn t(key: &str) -> String {
    find(key).unwrap_or_else(|| key.to_owned())
}

/// A text if there is one: for keys that are made from the provider's words.
pub fn maybe_t(key: &str) -> Option<String> {
    find(key)
}

/// A text with its `{{name}}`s filled in.
pub fn tr(key: &str, arguments: &[(&str, &str)]) -> String {
    fill(&t(key), arguments)
}

/// The same with its `{{name}}`s filled in.
pub fn maybe_tr(key: &str, arguments: &[(&str, &str)]) -> Option<String> {
    find(key).map(|text| fill(&text, arguments))
}

/// A text whose form depends on `n`, which is also its `{{n}}`.
pub fn tn(key: &str, n: usize, arguments: &[(&str, &str)]) -> String {
    let form = find(&format!("{key}.{}", plural_form(n))).unwrap_or_else(|| t(&format!("{key}.other")));
    let shown = number(n);
    let mut all = vec![("n", shown.as_str())];
    all.extend_from_slice(arguments);
    fill(&form, &all)
}

fn plural_form(n: usize) -> String {
    let rules = Intl::PluralRules::new(&Array::of1(&JsValue::from(locale())), &Object::new());
    #[expect(clippy::cast_precision_loss, reason = "no screen counts beyond 2^52")]
    String::from(rules.select(n as f64))
}

/// One pass, so that a value with braces is never read as a placeholder.
fn fill(text: &str, arguments: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let found = after.split_once("}}").and_then(|(name, after)| {
            let value = arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            value.map(|value| (value, after))
        });
        if let Some((value, after)) = found {
            filled.push_str(value);
            rest = after;
        } else {
            filled.push_str("{{");
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

/// A whole number as the agent's language writes it: 1.204.
pub fn number(n: usize) -> String {
    amount(n as u64)
}

/// The same for what isn't counted in memory.
pub fn amount(n: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "no screen counts beyond 2^52")]
    written(n as f64, Digits::Whole)
}

/// A number with one decimal, if it has one, as the agent's language writes it: 7,5.
pub fn decimal(number: f64) -> String {
    written(number, Digits::OneDecimal)
}

/// How exactly a number is written.
#[derive(Clone, Copy)]
enum Digits {
    Whole,
    OneDecimal,
}

/// What writes numbers in a language: making one costs the browser more than a hundred numbers do, and more memory.
struct Writer {
    locale: String,
    whole: Function,
    one_decimal: Function,
}

impl Writer {
    fn new(locale: String) -> Self {
        let format = |n_digits: u32| {
            let options = Object::new();
            // Spanish leaves four digits together otherwise. Setting a member of an object that was just made can't fail.
            let _ = js_sys::Reflect::set(&options, &JsValue::from("useGrouping"), &JsValue::from("always"));
            let digits = JsValue::from("maximumFractionDigits");
            let _ = js_sys::Reflect::set(&options, &digits, &JsValue::from(n_digits));
            Intl::NumberFormat::new(&Array::of1(&JsValue::from(locale.as_str())), &options).format()
        };
        Self { whole: format(0), one_decimal: format(1), locale }
    }
}

fn written(number: f64, digits: Digits) -> String {
    let locale = locale();
    WRITER.with_borrow_mut(|kept| {
        let writer = match kept.take() {
            Some(writer) if writer.locale == locale => writer,
            _ => Writer::new(locale),
        };
        let writer = kept.insert(writer);
        let format = match digits {
            Digits::Whole => &writer.whole,
            Digits::OneDecimal => &writer.one_decimal,
        };
        // A plain number is always written.
        let written = format.call1(&JsValue::NULL, &JsValue::from(number));
        written.ok().and_then(|written| written.as_string()).unwrap_or_default()
    })
}

/// A text as searches compare it: in lower case and without accents.
pub fn folded(text: &str) -> String {
    let parts = js_sys::JsString::from(text).to_lower_case().normalize("NFD");
    // NFD parts a letter from its accents.
    String::from(parts).chars().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).collect()
}

/// A moment as the agent's language writes it, in their own time zone: "10 dic 2026, 15:30".
pub fn moment(time: UnixMillis) -> String {
    let options = Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        // Setting a member of an object that was just made can't fail.
        let _ = js_sys::Reflect::set(&options, &JsValue::from(name), &JsValue::from(value));
    }
    String::from(clock::date(time).to_locale_string(&locale(), &options))
}

/// A day as the agent's language writes it: "10 dic 2026".
pub fn date(day: chrono::NaiveDate) -> String {
    written_day(day, &[("year", "numeric"), ("month", "short"), ("day", "numeric")])
}

/// A day where there is little room: "10 dic".
pub fn short_date(day: chrono::NaiveDate) -> String {
    written_day(day, &[("month", "short"), ("day", "numeric")])
}

fn written_day(day: chrono::NaiveDate, parts: &[(&str, &str)]) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    let date = js_sys::Date::new(&(clock::midnight(day) as f64).into());
    let options = Object::new();
    for (name, value) in parts {
        // Setting a member of an object that was just made can't fail.
        let _ = js_sys::Reflect::set(&options, &JsValue::from(*name), &JsValue::from(*value));
    }
    String::from(date.to_locale_date_string(&locale(), &options))
}
