//! A filter cut into words.

use std::{iter::Peekable, str::CharIndices};

use cathartes_core::filter::Comparison;

use super::{Cql2Error, comparison};

/// One word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    /// A keyword or a field.
    Name(String),
    /// A field in double quotes.
    Quoted(String),
    /// A text in single quotes.
    Text(String),
    Number(f64),
    Compares(Comparison),
    /// A bracket or a comma.
    Sign(char),
}

/// Words with the characters at which they begin, and how far they were read.
pub(super) struct Words {
    all: Vec<(usize, Word)>,
    read: usize,
    end: usize,
}

impl Words {
    pub(super) fn of(text: &str) -> Result<Self, Cql2Error> {
        let mut words = Vec::new();
        let mut rest = text.char_indices().peekable();
        while let Some((at, first)) = rest.next() {
            if !first.is_whitespace() {
                let place = text[..at].chars().count() + 1;
                words.push((place, word(text, at, first, &mut rest)?));
            }
        }
        Ok(Self { all: words, read: 0, end: text.chars().count() + 1 })
    }

    /// The next word; reading on after the end changes nothing.
    pub(super) fn next(&mut self) -> Option<Word> {
        let word = self.all.get(self.read).map(|(_, word)| word.clone());
        self.read += 1;
        word
    }

    /// Where the next word begins.
    pub(super) fn at(&self) -> usize {
        self.all.get(self.read).map_or(self.end, |(at, _)| *at)
    }

    fn take(&mut self, is: impl FnOnce(&Word) -> bool) -> bool {
        let there = self.all.get(self.read).is_some_and(|(_, word)| is(word));
        self.read += usize::from(there);
        there
    }

    /// Reads a keyword when it stands here.
    pub(super) fn keyword(&mut self, keyword: &str) -> bool {
        self.take(|word| matches!(word, Word::Name(name) if name.eq_ignore_ascii_case(keyword)))
    }

    /// Reads a bracket or comma when it stands here.
    pub(super) fn sign(&mut self, sign: char) -> bool {
        self.take(|word| *word == Word::Sign(sign))
    }

    pub(super) fn expect(&mut self, sign: char, called: &'static str) -> Result<(), Cql2Error> {
        if self.sign(sign) { Ok(()) } else { Err(self.unexpected(self.read, called)) }
    }

    pub(super) fn expect_keyword(
        &mut self,
        keyword: &str,
        called: &'static str,
    ) -> Result<(), Cql2Error> {
        if self.keyword(keyword) { Ok(()) } else { Err(self.unexpected(self.read, called)) }
    }

    /// That the word read last was none that may stand there.
    pub(super) fn last_unexpected(&self, expected: &'static str) -> Cql2Error {
        self.unexpected(self.read.saturating_sub(1), expected)
    }

    fn unexpected(&self, read: usize, expected: &'static str) -> Cql2Error {
        let (at, found) = match self.all.get(read) {
            Some((at, word)) => (*at, shown(word)),
            None => (self.end, "the end".to_owned()),
        };
        Cql2Error::Unexpected { at, found, expected }
    }
}

fn shown(word: &Word) -> String {
    match word {
        Word::Name(name) | Word::Quoted(name) => format!("`{}`", name.escape_debug()),
        Word::Text(text) => format!("the text '{}'", text.escape_debug()),
        Word::Number(number) => number.to_string(),
        Word::Compares(_) => "a comparison".to_owned(),
        Word::Sign(sign) => format!("`{sign}`"),
    }
}

type Rest<'t> = Peekable<CharIndices<'t>>;

fn word(text: &str, at: usize, first: char, rest: &mut Rest) -> Result<Word, Cql2Error> {
    Ok(match first {
        '(' | ')' | ',' => Word::Sign(first),
        '\'' => Word::Text(quoted(text, first, rest)?),
        '"' => Word::Quoted(quoted(text, first, rest)?),
        '<' | '>' | '=' => {
            let more =
                rest.next_if(|(_, c)| first == '<' && *c == '>' || first != '=' && *c == '=');
            let sign: String = [Some(first), more.map(|(_, c)| c)].into_iter().flatten().collect();
            comparison(&sign).map(Word::Compares).ok_or_else(|| odd(text, at, first))?
        }
        c if c.is_alphabetic() || c == '_' => {
            let in_name = |c: char| c.is_alphanumeric() || "_.:".contains(c);
            Word::Name(text[at..end(text, at, rest, in_name)].to_owned())
        }
        c if c.is_ascii_digit() || "+-.".contains(c) => {
            let in_number = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
            let number = text[at..end(text, at, rest, in_number)].parse::<f64>();
            let finite = number.ok().filter(|number| number.is_finite());
            Word::Number(finite.ok_or_else(|| odd(text, at, first))?)
        }
        _ => return Err(odd(text, at, first)),
    })
}

/// Reads on while letters belong to the word; where it ends.
fn end(text: &str, at: usize, rest: &mut Rest, belongs: impl Fn(char) -> bool) -> usize {
    let mut end = at + text[at..].chars().next().map_or(0, char::len_utf8);
    while let Some((at, c)) = rest.next_if(|(_, c)| belongs(*c)) {
        end = at + c.len_utf8();
    }
    end
}

/// Up to the closing quote; one that is written twice stands for itself.
fn quoted(text: &str, quote: char, rest: &mut Rest) -> Result<String, Cql2Error> {
    let mut inside = String::new();
    while let Some((_, c)) = rest.next() {
        if c == quote && rest.next_if(|(_, next)| *next == quote).is_none() {
            return Ok(inside);
        }
        inside.push(c);
    }
    let (at, found) = (text.chars().count() + 1, "the end".to_owned());
    Err(Cql2Error::Unexpected { at, found, expected: "a closing quote" })
}

fn odd(text: &str, at: usize, first: char) -> Cql2Error {
    let at = text[..at].chars().count() + 1;
    let found = format!("`{}`", first.escape_debug());
    Cql2Error::Unexpected { at, found, expected: "a field, a number, a text or a comparison" }
}
