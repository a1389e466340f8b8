//! JSON in the one form that RFC 8785 gives it, so that the same content is the same bytes and has one digest.
//!
//! Members are sorted by the UTF-16 of their names, nothing is between the tokens, text has the fewest escapes, and numbers
//! are written as ECMA-262 (`Number::toString`) writes a double. A number that no double holds is refused instead of changed.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Number, Value};

/// Why there is no canonical form.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    /// Not JSON, or nothing that can become JSON.
    #[error("this is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A number that a double does not hold.
    #[error("{0} cannot be written exactly; write it as text")]
    Number(Number),
}

/// The canonical form of a value.
///
/// # Errors
///
/// [`CanonicalError`] for a value that has none.
pub fn canonical(value: &impl Serialize) -> Result<String, CanonicalError> {
    let mut text = String::new();
    write_value(&serde_json::to_value(value)?, &mut text)?;
    Ok(text)
}

/// Depth is bounded: `serde_json` gives up at 128 levels when it reads, and our own values have few.
fn write_value(value: &Value, to: &mut String) -> Result<(), CanonicalError> {
    match value {
        Value::Null => to.push_str("null"),
        Value::Bool(value) => to.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => write_number(number, to)?,
        Value::String(text) => write_text(text, to),
        Value::Array(values) => {
            to.push('[');
            for (i, value) in values.iter().enumerate() {
                to.push_str(if i > 0 { "," } else { "" });
                write_value(value, to)?;
            }
            to.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            to.push('{');
            for (i, (name, value)) in sorted.into_iter().enumerate() {
                to.push_str(if i > 0 { "," } else { "" });
                write_text(name, to);
                to.push(':');
                write_value(value, to)?;
            }
            to.push('}');
        }
    }
    Ok(())
}

fn write_text(text: &str, to: &mut String) {
    to.push('"');
    for letter in text.chars() {
        match letter {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\u{8}' => to.push_str("\\b"),
            '\t' => to.push_str("\\t"),
            '\n' => to.push_str("\\n"),
            '\u{c}' => to.push_str("\\f"),
            '\r' => to.push_str("\\r"),
            // Writing to a string cannot fail.
            control if control < ' ' => drop(write!(to, "\\u{:04x}", u32::from(control))),
            other => to.push(other),
        }
    }
    to.push('"');
}

/// A whole number stays what it is or is refused: what the form of its double changes, no double holds. One beyond 2^53 that
/// a double is written as, such as 128785396445014670, has to be readable too.
fn write_number(number: &Number, to: &mut String) -> Result<(), CanonicalError> {
    let refused = || CanonicalError::Number(number.clone());
    let start = to.len();
    write_double(number.as_f64().filter(|double| double.is_finite()).ok_or_else(refused)?, to)?;
    let changed = !number.is_f64() && to[start..] != number.to_string();
    if changed { Err(refused()) } else { Ok(()) }
}

/// ECMA-262, `Number::toString`: `digits` are the fewest that give the double back, the nearer and then the even where there
/// are two (which `serde_json` chooses, and the formatting of the language does not), `n` is where their point stands.
fn write_double(double: f64, to: &mut String) -> Result<(), serde_json::Error> {
    if double < 0.0 {
        to.push('-');
    }
    let shortest = serde_json::to_string(&double.abs())?;
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole, fraction].concat();
    let leading = all.len() - all.trim_start_matches('0').len();
    let digits = all.trim_matches('0');
    if digits.is_empty() {
        to.push('0');
        return Ok(());
    }
    let n = whole.len() as i32 - leading as i32 + exponent.parse::<i32>().unwrap_or(0);
    let k = digits.len() as i32;
    let zeros = |count: i32| "0".repeat(count.max(0) as usize);
    let (left, right) = digits.split_at(n.clamp(0, k) as usize);
    let words = match n {
        _ if k <= n && n <= 21 => format!("{digits}{}", zeros(n - k)),
        1..=21 => format!("{left}.{right}"),
        -5..=0 => format!("0.{}{digits}", zeros(-n)),
        _ => {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            format!("{first}{point}{rest}e{:+}", n - 1)
        }
    };
    to.push_str(&words);
    Ok(())
}

#[cfg(test)]
mod tests;
