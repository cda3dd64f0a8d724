//! The pages of help: topics made of headings, paragraphs, steps and tables, as plain texts.
//!
//! A language's file (`assets/help/`) is fetched when somebody opens the help. It is data and no markup, so whatever it
//! says can only be shown as text; and its links lead to known sites only.

use serde_json::Value;

/// Sites that the help may lead to.
const HOSTS: [&str; 4] =
    ["business.facebook.com", "developers.facebook.com", "www.facebook.com", "support.zendesk.com"];

/// A language's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// The pages, in the order of their list.
    pub topics: Vec<Topic>,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The same in all languages.
    pub key: String,
    /// Its name in the list, and its heading.
    pub title: String,
    /// What it consists of, from top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// What the following parts are about.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// What to do, one after the other.
    Steps(Vec<String>),
    /// Things in no order.
    List(Vec<String>),
    /// Something to type or to compare with, as it is written.
    Sample(String),
    /// What is easily overlooked.
    Note(String),
    /// Rows of cells under their heads.
    Table(Table),
    /// A way to another site.
    Link(Link),
}

/// Rows of cells; the first of each says what the others are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The columns' names.
    pub heads: Vec<String>,
    /// Each with as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// A way to another site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, in words.
    pub text: String,
    /// Where it leads.
    pub to: Address,
}

/// A page of a site that the help may lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// The address, if it is one that the help may lead to.
    pub fn new(address: &str) -> Option<Self> {
        // The host ends where its path begins: nothing that could make it another host may stand between.
        let (host, _) = address.strip_prefix("https://")?.split_once('/')?;
        HOSTS.contains(&host).then(|| Self(address.to_owned()))
    }

    /// The address, which begins with `https://`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The file can't be used: it isn't the one that belongs to this version.
#[derive(Debug, thiserror::Error)]
pub enum HelpError {
    /// Such as a page of a proxy that wants a password.
    #[error("the help is no JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// Something is missing or of another sort.
    #[error("the help has no {0}")]
    Missing(&'static str),
}

impl Help {
    /// Reads a language's file. By hand: derived, this would be half of the code that the help's screen has to fetch.
    pub fn parse(file: &str) -> Result<Self, HelpError> {
        let file: Value = serde_json::from_str(file)?;
        let topics = list(&file, "topics", &topic).ok_or(HelpError::Missing("topics"))?;
        Ok(Self { topics })
    }

    /// The page of this key.
    pub fn topic(&self, key: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.key == key)
    }
}

fn topic(value: &Value) -> Option<Topic> {
    let member = |name| value.get(name).and_then(text);
    Some(Topic { key: member("key")?, title: member("title")?, blocks: list(value, "blocks", &block)? })
}

/// A block is an object of one member, whose name says what it is.
fn block(value: &Value) -> Option<Block> {
    let (kind, content) = value.as_object()?.iter().next()?;
    Some(match kind.as_str() {
        "heading" => Block::Heading(text(content)?),
        "text" => Block::Text(text(content)?),
        "sample" => Block::Sample(text(content)?),
        "note" => Block::Note(text(content)?),
        "steps" => Block::Steps(texts(content)?),
        "list" => Block::List(texts(content)?),
        "table" => {
            let heads = content.get("heads").and_then(texts)?;
            Block::Table(Table { heads, rows: list(content, "rows", &texts)? })
        }
        "link" => {
            let to = Address::new(content.get("to")?.as_str()?)?;
            Block::Link(Link { text: content.get("text").and_then(text)?, to })
        }
        _ => return None,
    })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(text).collect()
}

/// All of a member's items, or nothing at all if one of them is unusable.
fn list<T>(value: &Value, member: &str, item: &dyn Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.get(member)?.as_array()?.iter().map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> [Help; 2] {
        let [es, en] =
            [include_str!("../../../assets/help/es.json"), include_str!("../../../assets/help/en.json")];
        [Help::parse(es).unwrap(), Help::parse(en).unwrap()]
    }

    /// What must be the same in all languages.
    fn shape(block: &Block) -> String {
        match block {
            Block::Heading(_) => "heading".to_owned(),
            Block::Text(_) => "text".to_owned(),
            Block::Steps(steps) => format!("{} steps", steps.len()),
            Block::List(items) => format!("{} items", items.len()),
            Block::Sample(sample) => format!("{} lines", sample.lines().count()),
            Block::Note(_) => "note".to_owned(),
            Block::Table(table) => format!("{} x {}", table.heads.len(), table.rows.len()),
            Block::Link(link) => link.to.as_str().to_owned(),
        }
    }

    fn texts(topic: &Topic) -> Vec<&str> {
        let mut texts = vec![topic.title.as_str()];
        for block in &topic.blocks {
            match block {
                Block::Heading(text) | Block::Text(text) | Block::Sample(text) | Block::Note(text) => {
                    texts.push(text);
                }
                Block::Steps(all) | Block::List(all) => texts.extend(all.iter().map(String::as_str)),
                Block::Table(table) => {
                    texts.extend(table.heads.iter().chain(table.rows.iter().flatten()).map(String::as_str));
                }
                Block::Link(link) => texts.push(&link.text),
            }
        }
        texts
    }

    #[test]
    fn the_languages_have_the_same_pages() {
        let [es, en] = files().map(|help| {
            let page =
                |topic: &Topic| (topic.key.clone(), topic.blocks.iter().map(shape).collect::<Vec<_>>());
            help.topics.iter().map(page).collect::<Vec<_>>()
        });
        assert_eq!(es, en);
    }

    #[test]
    fn the_manuals_subjects_are_there_once_each() {
        let keys = ["number", "template", "namespace", "files", "url", "video", "states", "contact"];
        for help in files() {
            assert_eq!(help.topics.iter().map(|topic| topic.key.as_str()).collect::<Vec<_>>(), keys);
            for key in keys {
                assert_eq!(help.topic(key).unwrap().key, key);
            }
        }
        assert_eq!(files()[0].topic("none"), None);
    }

    #[test]
    fn no_text_is_empty_or_markup_and_tables_are_whole() {
        for topic in files().iter().flat_map(|help| &help.topics) {
            for text in texts(topic) {
                let is_plain =
                    !text.trim().is_empty() && !["<", "**", "](", "`"].iter().any(|it| text.contains(it));
                assert!(is_plain, "{}: {text:?}", topic.key);
            }
            for block in &topic.blocks {
                if let Block::Table(Table { heads, rows }) = block {
                    assert!(rows.iter().all(|row| row.len() == heads.len()), "{}: {heads:?}", topic.key);
                }
            }
        }
    }

    #[test]
    fn links_lead_to_known_sites_only() {
        assert!(Address::new("https://business.facebook.com/wa/manage/message-templates").is_some());
        for foreign in [
            "",
            "javascript:alert(1)",
            "//business.facebook.com/",
            "http://business.facebook.com/",
            "https://business.facebook.com",
            "https://business.facebook.com.example.com/",
            "https://business.facebook.com@example.com/",
            "https://example.com/https://business.facebook.com/",
            "https://business.facebook.com\\example.com/",
        ] {
            assert_eq!(Address::new(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_file_that_is_not_ours_is_refused_as_a_whole() {
        let page = |block: &str| format!(r#"{{"topics":[{{"key":"a","title":"A","blocks":[{block}]}}]}}"#);
        assert!(Help::parse(&page(r#"{"text":"x"}"#)).is_ok());
        for block in [
            "1",
            "{}",
            r#"{"html":"<p>x</p>"}"#,
            r#"{"text":["x"]}"#,
            r#"{"steps":["x",1]}"#,
            r#"{"table":{"heads":["x"]}}"#,
            r#"{"link":{"text":"x","to":"https://example.com/"}}"#,
        ] {
            assert!(matches!(Help::parse(&page(block)), Err(HelpError::Missing("topics"))), "{block}");
        }
        assert!(matches!(Help::parse("<html></html>"), Err(HelpError::NotJson(_))));
        assert!(matches!(Help::parse("[]"), Err(HelpError::Missing("topics"))));
    }
}
