//! Rules of asking again: data, in `rules/reminders.toml`, whose head says what the fields mean.

use serde::Deserialize;

use super::{Hours, Level, Silence, letter};

const MOST: u32 = 100;
const LONGEST_H: f64 = 100_000.0;

/// Words of a message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Its head.
    pub subject: String,
    /// The rest.
    pub text: String,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What its messages are known by.
    pub name: String,
    /// What it is about.
    pub silence: Silence,
    /// For which priorities; none: every one.
    pub priorities: Option<Vec<u8>>,
    /// Hours of silence until the first message.
    pub first_h: f64,
    /// Hours from the first to the second.
    pub gap_h: f64,
    /// How much longer every further gap is.
    #[serde(rename = "growth")]
    pub growth_factor: f64,
    /// How many messages at most.
    pub most: u32,
    /// Whether it keeps to the hours of the other side.
    #[serde(default = "yes")]
    pub quiet: bool,
    /// Who is written to.
    pub to: Level,
    /// In Spanish.
    pub es: Words,
    /// In English.
    pub en: Words,
}

fn yes() -> bool {
    true
}

impl Rule {
    pub(super) fn is_for(&self, silence: Silence, priority: u8) -> bool {
        self.silence == silence && self.priorities.as_ref().is_none_or(|of| of.contains(&priority))
    }

    /// Hours of silence after which the n-th message is due.
    #[must_use]
    pub fn age_h(&self, number: u32) -> f64 {
        let gaps = (1..number).scan(self.gap_h, |gap, _| {
            let this = *gap;
            *gap *= self.growth_factor;
            Some(this)
        });
        self.first_h + gaps.sum::<f64>()
    }

    fn check(&self) -> Result<(), String> {
        let name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if self.name.is_empty() || !self.name.bytes().all(name) {
            return Err("its name needs lower-case letters, digits and `-`".to_owned());
        }
        let hours = [self.first_h, self.gap_h];
        if !hours.iter().all(|hours| (0.0..=LONGEST_H).contains(hours)) || self.gap_h < 1.0 {
            return Err("first_h is from 0 and gap_h from 1, both up to 100000".to_owned());
        }
        if !(1.0..=10.0).contains(&self.growth_factor) || !(1..=MOST).contains(&self.most) {
            return Err("growth is from 1 to 10 and most from 1 to 100".to_owned());
        }
        for words in [&self.es, &self.en] {
            letter::check(&words.subject)?;
            letter::check(&words.text)?;
        }
        Ok(())
    }
}

/// All rules, and when bodies are at work.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminders {
    /// What the file is called.
    pub name: String,
    /// Hours of bodies.
    #[serde(default)]
    pub hours: Vec<Hours>,
    /// The rules.
    #[serde(rename = "rule", default)]
    pub rules: Vec<Rule>,
}

/// Why a file holds no rules.
#[derive(Debug, thiserror::Error)]
pub enum RemindersError {
    /// It is no TOML, or of another form.
    #[error("the rules of reminders cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// A rule that cannot be.
    #[error("rule `{name}` of the reminders: {what}")]
    Rule {
        /// Its name.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// Hours that are none.
    #[error("hours {number} of the reminders: {what}")]
    Hours {
        /// From 1.
        number: usize,
        /// What is wrong with them.
        what: String,
    },
}

impl Reminders {
    /// Reads rules.
    ///
    /// # Errors
    ///
    /// [`RemindersError`] that says which rule cannot be, and why.
    pub fn read(text: &str) -> Result<Self, RemindersError> {
        let read: Self = toml::from_str(text)?;
        for (number, hours) in (1..).zip(&read.hours) {
            hours.check().map_err(|what| RemindersError::Hours { number, what })?;
        }
        for (before, rule) in read.rules.iter().enumerate() {
            let wrong = |what| RemindersError::Rule { name: rule.name.clone(), what };
            rule.check().map_err(wrong)?;
            if read.rules[..before].iter().any(|other| other.name == rule.name) {
                return Err(wrong("two rules share this name".to_owned()));
            }
        }
        Ok(read)
    }

    /// When a body is at work; none: always.
    #[must_use]
    pub fn hours_of(&self, recipient: &str) -> Option<&Hours> {
        let of = |name: Option<&str>| self.hours.iter().find(|h| h.recipient.as_deref() == name);
        of(Some(recipient)).or_else(|| of(None))
    }

    /// The rule of a name.
    #[must_use]
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.name == name)
    }
}

/// The rules that come with the program.
///
/// # Errors
///
/// [`RemindersError`] when this build is damaged.
pub fn builtin() -> Result<Reminders, RemindersError> {
    Reminders::read(include_str!("../../rules/reminders.toml"))
}
