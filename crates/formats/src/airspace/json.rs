//! JSON as a tree that refuses a field that stands twice, because two programs that read one document could each
//! believe another of both, and that is small: 24 bytes a value.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use super::{
    AirspaceError, MAX_BYTES,
    error::{inside, within},
};
use crate::observations::{first_line, unmarked};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Truth(bool),
    Number(f64),
    Text(Box<str>),
    List(Box<[Json]>),
    /// By name.
    Fields(Box<[(Box<str>, Json)]>),
}

/// The fields of an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(&'a [(Box<str>, Json)]);

pub(super) fn parse(bytes: &[u8]) -> Result<Json, AirspaceError> {
    if bytes.len() > MAX_BYTES {
        return Err(AirspaceError::TooLarge { bytes: bytes.len() });
    }
    serde_json::from_slice(unmarked(bytes)).map_err(|error| AirspaceError::NoJson {
        line: error.line(),
        column: error.column(),
        reason: reason(&error),
    })
}

/// What every entry of a list holds, or the fault with what the entry is and its number.
pub(super) fn each<'a, T>(
    list: &'a [Json],
    entry: &str,
    read: impl Fn(&'a Json) -> Result<T, AirspaceError>,
) -> Result<Vec<T>, AirspaceError> {
    list.iter().enumerate().map(|(i, value)| read(value).map_err(within(entry, i))).collect()
}

/// Without the place, which is told by itself.
fn reason(error: &serde_json::Error) -> String {
    let text = first_line(&error.to_string());
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

impl Json {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Truth(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Fields(_) => "an object",
        }
    }

    fn wanted(&self, what: &str) -> AirspaceError {
        AirspaceError::new(format!("this is {}; write {what}", self.kind()))
    }

    pub(super) fn number(&self) -> Result<f64, AirspaceError> {
        let Self::Number(number) = self else { return Err(self.wanted("a number")) };
        Ok(*number)
    }

    pub(super) fn text(&self) -> Result<&str, AirspaceError> {
        let Self::Text(text) = self else { return Err(self.wanted("a text")) };
        Ok(text)
    }

    pub(super) fn list(&self) -> Result<&[Self], AirspaceError> {
        let Self::List(list) = self else { return Err(self.wanted("a list")) };
        Ok(list)
    }

    /// The fields, whatever they are.
    pub(super) fn object(&self) -> Result<Fields<'_>, AirspaceError> {
        let Self::Fields(fields) = self else { return Err(self.wanted("an object")) };
        Ok(Fields(fields))
    }

    /// The fields, of which there are no others than these.
    pub(super) fn only(&self, known: &[&str]) -> Result<Fields<'_>, AirspaceError> {
        let fields = self.object()?;
        match fields.0.iter().find(|(name, _)| !known.contains(&&**name)) {
            None => Ok(fields),
            Some((name, _)) => {
                let (name, known) = (first_line(name), known.join(", "));
                Err(AirspaceError::new(format!("unknown field `{name}`; there are {known}")))
            }
        }
    }
}

impl<'a> Fields<'a> {
    pub(super) fn get(self, name: &str) -> Option<&'a Json> {
        let at = self.0.binary_search_by(|(other, _)| (**other).cmp(name)).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// What a field holds, when it is there.
    pub(super) fn maybe<T>(
        self,
        name: &str,
        read: impl FnOnce(&'a Json) -> Result<T, AirspaceError>,
    ) -> Result<Option<T>, AirspaceError> {
        self.get(name).map(read).transpose().map_err(inside(&format!("`{name}`")))
    }

    /// What a field holds that has to be there.
    pub(super) fn need<T>(
        self,
        name: &str,
        read: impl FnOnce(&'a Json) -> Result<T, AirspaceError>,
    ) -> Result<T, AirspaceError> {
        self.maybe(name, read)?
            .ok_or_else(|| AirspaceError::new(format!("`{name}` is missing; write it")))
    }

    /// All entries of a list that has to be there, each told by what it is and its number.
    pub(super) fn each<T>(
        self,
        name: &str,
        entry: &str,
        read: impl Fn(&'a Json) -> Result<T, AirspaceError>,
    ) -> Result<Vec<T>, AirspaceError> {
        each(self.need(name, Json::list)?, entry, read)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Tree)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Json, E> {
        Ok(Json::Truth(truth))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list.into_boxed_slice()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut fields: Vec<(Box<str>, Json)> = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            fields.push(entry);
        }
        fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        match fields.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            None => Ok(Json::Fields(fields.into_boxed_slice())),
            Some(pair) => {
                let name = first_line(&pair[0].0);
                Err(A::Error::custom(format_args!("`{name}` stands twice in one object")))
            }
        }
    }
}
