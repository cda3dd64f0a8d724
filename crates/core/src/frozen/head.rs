//! What a batch is, besides its rows.

use serde_json::{Value, json};

use crate::{
    dispatch::UnixMillis,
    frozen::{FrozenError, ROWS_PER_CHUNK, template_json},
    plan::BatchId,
    template::Template,
};

/// The form in which batches are kept.
const VERSION: u64 = 1;

/// What a batch was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file's rows.
    Many,
    /// One message, such as a ticket's.
    One,
    /// A row sent to a number of the agent's choice, to see it arrive.
    Test,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Many, Self::One, Self::Test];

    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Many => "many",
            Self::One => "one",
            Self::Test => "test",
        }
    }
}

/// What is known of a batch before it is frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its id.
    pub id: BatchId,
    /// What it was made for.
    pub kind: Kind,
    /// The template as it was then.
    pub template: Template,
    /// The provider's id of the number that it is sent from (the integration).
    pub sender: String,
    /// That number as the agent knows it.
    pub sender_name: String,
    /// The file that it was made of; empty if of none.
    pub file_name: String,
    /// Who made it.
    pub agent: String,
    /// When: milliseconds since 1970.
    pub created: UnixMillis,
}

/// Which messages of a batch that is over became a batch of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Refused ones: this is a retry.
    Refused,
    /// Messages that had never left when it was cancelled.
    NeverLeft,
}

impl Part {
    fn code(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::NeverLeft => "never_left",
        }
    }

    fn of_code(code: &str) -> Option<Self> {
        [Self::Refused, Self::NeverLeft].into_iter().find(|part| part.code() == code)
    }
}

/// Where the messages of a batch were before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartOf {
    /// The batch that they are part of.
    pub batch: BatchId,
    /// Which of its messages they are.
    pub part: Part,
}

/// A batch without its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What was known before.
    pub about: About,
    /// The names of the file's own columns.
    pub columns: Vec<String>,
    /// How many rows the file has, those left out counted.
    pub n_rows: usize,
    /// How many messages there are.
    pub n_messages: usize,
    /// Where these messages come from, if not from a file.
    pub part_of: Option<PartOf>,
    /// A hash of the content, as the shell made it from [`Frozen::digest_text`](super::Frozen::digest_text).
    pub digest: Option<String>,
}

impl Head {
    /// The head as it is kept.
    pub fn to_json(&self) -> String {
        let About { id, kind, template, sender, sender_name, file_name, agent, created } = &self.about;
        json!({
            "version": VERSION,
            "id": id.as_str(),
            "kind": kind.code(),
            "template": template_json::write(template),
            "sender": sender,
            "sender_name": sender_name,
            "file_name": file_name,
            "agent": agent,
            "created": created,
            "columns": self.columns,
            "n_rows": self.n_rows,
            "n_messages": self.n_messages,
            "retry_of": self.part_of.as_ref().map(|part_of| part_of.batch.as_str()),
            "part": self.part_of.as_ref().map(|part_of| part_of.part.code()),
            "digest": self.digest,
        })
        .to_string()
    }

    /// Reads what [`Head::to_json`] gave.
    pub fn from_json(text: &str) -> Result<Self, FrozenError> {
        let json: Value = serde_json::from_str(text).map_err(|_| FrozenError::Head("version"))?;
        let version = json["version"].as_u64().ok_or(FrozenError::Head("version"))?;
        if version != VERSION {
            return Err(FrozenError::Version(version));
        }
        let text =
            |name: &'static str| json[name].as_str().map(ToOwned::to_owned).ok_or(FrozenError::Head(name));
        let count = |name: &'static str| {
            json[name].as_u64().and_then(|n| usize::try_from(n).ok()).ok_or(FrozenError::Head(name))
        };
        let optional = |name: &'static str| match &json[name] {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            _ => Err(FrozenError::Head(name)),
        };
        let kind = text("kind")?;
        // Batches from before there was a choice have refused messages.
        let part = match optional("part")? {
            None => Part::Refused,
            Some(code) => Part::of_code(&code).ok_or(FrozenError::Head("part"))?,
        };
        let columns = json["columns"].as_array().and_then(|columns| {
            columns.iter().map(|column| column.as_str().map(ToOwned::to_owned)).collect::<Option<Vec<_>>>()
        });
        Ok(Self {
            about: About {
                id: BatchId::new(text("id")?),
                kind: Kind::ALL.into_iter().find(|it| it.code() == kind).ok_or(FrozenError::Head("kind"))?,
                template: template_json::read(&json["template"]).ok_or(FrozenError::Head("template"))?,
                sender: text("sender")?,
                sender_name: text("sender_name")?,
                file_name: text("file_name")?,
                agent: text("agent")?,
                created: json["created"].as_u64().ok_or(FrozenError::Head("created"))?,
            },
            columns: columns.ok_or(FrozenError::Head("columns"))?,
            n_rows: count("n_rows")?,
            n_messages: count("n_messages")?,
            part_of: optional("retry_of")?.map(|id| PartOf { batch: BatchId::new(id), part }),
            digest: optional("digest")?,
        })
    }

    /// How many chunks its rows fill.
    pub fn n_chunks(&self) -> usize {
        self.n_rows.div_ceil(ROWS_PER_CHUNK)
    }
}
