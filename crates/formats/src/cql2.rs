//! CQL2 text (OGC 21-065r2), as far as fields of a record go.
//!
//! ```text
//! filter    = term { "OR" term }
//! term      = factor { "AND" factor }
//! factor    = "NOT" factor | "(" filter ")" | spatial | predicate
//! spatial   = "S_INTERSECTS" "(" "geometry" "," area ")"
//! area      = "BBOX" "(" west "," south "," east "," north ")" | "POINT" "(" longitude latitude ")"
//! predicate = field comparison literal
//!           | field [ "NOT" ] "BETWEEN" literal "AND" literal
//!           | field [ "NOT" ] "IN" "(" literal { "," literal } ")"
//!           | field [ "NOT" ] "LIKE" text
//!           | field "IS" [ "NOT" ] "NULL"
//! literal   = number | text | "TIMESTAMP" "(" text ")" | "DATE" "(" text ")"
//! ```
//! Words are read in any case, a text stands in single quotes (one inside is written twice), a field may
//! stand in double ones. A day is its first moment.

use cathartes_core::filter::{Comparison, Condition};

mod literal;
mod words;

use words::{Word, Words};

/// Longest filter.
const LONGEST_BYTES: usize = 8 << 10;
/// Brackets and `NOT`s within each other.
const DEEPEST: usize = 32;

/// Why a text is no filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cql2Error {
    /// It is too long to be looked at.
    #[error("the filter has {0} bytes: at most {LONGEST_BYTES}")]
    Long(usize),
    /// Brackets within brackets.
    #[error("character {at}: more than {DEEPEST} brackets and NOTs within each other")]
    Deep {
        /// Which character, from 1.
        at: usize,
    },
    /// Something else was to stand here.
    #[error("character {at}: {found} where {expected} was to stand")]
    Unexpected {
        /// Which character, from 1.
        at: usize,
        /// What stands there.
        found: String,
        /// What was to stand there.
        expected: &'static str,
    },
}

/// Reads a filter.
///
/// # Errors
///
/// [`Cql2Error`] with the character at which it is none.
pub fn read(text: &str) -> Result<Condition, Cql2Error> {
    if text.len() > LONGEST_BYTES {
        return Err(Cql2Error::Long(text.len()));
    }
    let mut words = Words::of(text)?;
    let filter = any(&mut words, 0)?;
    match words.next() {
        None => Ok(filter),
        Some(_) => Err(words.last_unexpected("AND, OR or the end")),
    }
}

fn any(words: &mut Words, depth: usize) -> Result<Condition, Cql2Error> {
    let mut terms = vec![all(words, depth)?];
    while words.keyword("OR") {
        terms.push(all(words, depth)?);
    }
    Ok(only_or(terms, Condition::Any))
}

fn all(words: &mut Words, depth: usize) -> Result<Condition, Cql2Error> {
    let mut factors = vec![factor(words, depth)?];
    while words.keyword("AND") {
        factors.push(factor(words, depth)?);
    }
    Ok(only_or(factors, Condition::All))
}

fn only_or(mut conditions: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    match conditions.pop() {
        Some(only) if conditions.is_empty() => only,
        last => {
            conditions.extend(last);
            many(conditions)
        }
    }
}

fn factor(words: &mut Words, depth: usize) -> Result<Condition, Cql2Error> {
    if depth > DEEPEST {
        return Err(Cql2Error::Deep { at: words.at() });
    }
    if words.keyword("NOT") {
        return Ok(Condition::Not(Box::new(factor(words, depth + 1)?)));
    }
    if words.sign('(') {
        let inside = any(words, depth + 1)?;
        words.expect(')', "a closing bracket")?;
        return Ok(inside);
    }
    if words.keyword("S_INTERSECTS") {
        words.expect('(', "an opening bracket")?;
        words.expect_keyword("geometry", "`geometry`")?;
        words.expect(',', "a comma")?;
        let area = literal::area(words)?;
        words.expect(')', "a closing bracket")?;
        return Ok(Condition::Within(area));
    }
    predicate(words)
}

fn predicate(words: &mut Words) -> Result<Condition, Cql2Error> {
    let Some(Word::Name(field) | Word::Quoted(field)) = words.next() else {
        return Err(words.last_unexpected("a field"));
    };
    if words.keyword("IS") {
        let there = words.keyword("NOT");
        words.expect_keyword("NULL", "NULL")?;
        return Ok(negated(there, Condition::Absent(field)));
    }
    let not = words.keyword("NOT");
    if words.keyword("BETWEEN") {
        let from = literal::read(words)?;
        words.expect_keyword("AND", "AND")?;
        return Ok(negated(not, Condition::Between(field, from, literal::read(words)?)));
    }
    if words.keyword("IN") {
        return Ok(negated(not, Condition::OneOf(field, list(words)?)));
    }
    if words.keyword("LIKE") {
        let Some(Word::Text(pattern)) = words.next() else {
            return Err(words.last_unexpected("a text in single quotes"));
        };
        return Ok(negated(not, Condition::Like(field, pattern)));
    }
    match words.next() {
        Some(Word::Compares(how)) if !not => {
            Ok(Condition::Compare(field, how, literal::read(words)?))
        }
        _ => Err(words.last_unexpected("a comparison, BETWEEN, IN, LIKE or IS")),
    }
}

fn negated(not: bool, condition: Condition) -> Condition {
    if not { Condition::Not(Box::new(condition)) } else { condition }
}

fn list(words: &mut Words) -> Result<Vec<cathartes_core::filter::Literal>, Cql2Error> {
    words.expect('(', "an opening bracket")?;
    let mut values = vec![literal::read(words)?];
    while words.sign(',') {
        values.push(literal::read(words)?);
    }
    words.expect(')', "a comma or a closing bracket")?;
    Ok(values)
}

fn comparison(sign: &str) -> Option<Comparison> {
    Some(match sign {
        "=" => Comparison::Equal,
        "<>" => Comparison::Unequal,
        "<" => Comparison::Less,
        ">" => Comparison::Greater,
        "<=" => Comparison::AtMost,
        ">=" => Comparison::AtLeast,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
