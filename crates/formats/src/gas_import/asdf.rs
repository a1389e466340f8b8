//! The ordinates of JCAMP-DX: plain numbers (AFFN) and the packed forms of its ASDF.
//!
//! | form | looks like | means |
//! |---|---|---|
//! | AFFN | `12 -3 4.5E-2` | numbers between blanks |
//! | PAC | `+12-3` | the sign separates |
//! | SQZ | `A2c` | `@` 0, `A`..`I` 1..9, `a`..`i` −1..−9: first digit and sign in one |
//! | DIF | `J2k` | `%` 0, `J`..`R` 1..9, `j`..`r` −1..−9: difference to the value before |
//! | DUP | `T` | `S`..`Z` 1..8, `s` 9: the token before stands so many times in all |
//!
//! A line begins with its abscissa. After a line that ended in a difference the first ordinate of
//! the next repeats the last one; it is compared and dropped.
//!
//! `McDonald` & Wilks (1988), Appl. Spectrosc. 42, 151.

/// What one line says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Line {
    /// Its abscissa, before the factor.
    pub x: f64,
    /// How many ordinates came before this line's first new one.
    pub index: usize,
}

/// Ordinates read so far and what the next line must know.
#[derive(Debug, Default)]
pub(super) struct Ordinates {
    /// Before the factor.
    pub values: Vec<f64>,
    ended_in_difference: bool,
    /// Whether letters are digits here: in plain numbers `E` is an exponent.
    packed: bool,
    most: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Value,
    Difference,
    Times,
}

impl Ordinates {
    /// For a block of lines; `most` ordinates are kept at most.
    pub(super) fn for_block(block: &str, most: usize) -> Self {
        let exponent = |c: char| matches!(c, 'E' | 'e');
        let letters =
            block.chars().any(|c| start(c).is_some() && c.is_alphabetic() && !exponent(c));
        let percent = block.contains(['%', '@']);
        let exponents = block.contains('.') || block.contains("E-") || block.contains("E+");
        let packed = letters || percent || (block.contains(exponent) && !exponents);
        Self { packed, most, ..Self::default() }
    }

    /// Adds one line of data.
    pub(super) fn line(&mut self, text: &str) -> Result<Line, String> {
        let mut rest = text.trim();
        let (_, x, after) = self.token(rest)?;
        rest = after.trim_start();
        let check = self.ended_in_difference.then(|| self.values.last().copied()).flatten();
        let mut index = self.values.len();
        let mut last: Option<(Kind, f64)> = None;
        let mut fresh = true;
        while !rest.is_empty() {
            let (kind, value, after) = self.token(rest)?;
            rest = after.trim_start();
            if let (true, Some(expected), Kind::Value) = (fresh, check, kind) {
                if value != expected {
                    return Err(format!(
                        "the check value is {value}, the line before ended in {expected}"
                    ));
                }
                self.values.pop();
                index = index.saturating_sub(1);
            }
            fresh = false;
            self.take(kind, value, &mut last)?;
        }
        self.ended_in_difference = matches!(last, Some((Kind::Difference, _)));
        Ok(Line { x, index })
    }

    fn take(
        &mut self,
        kind: Kind,
        value: f64,
        last: &mut Option<(Kind, f64)>,
    ) -> Result<(), String> {
        match (kind, *last) {
            (Kind::Times, Some((kind, before))) => {
                if !(1.0..=self.most as f64).contains(&value) {
                    return Err(format!("a value cannot stand {value} times"));
                }
                for _ in 1..value as usize {
                    self.put(kind, before)?;
                }
            }
            (Kind::Times, None) => return Err("a repetition of nothing".into()),
            (kind, _) => {
                self.put(kind, value)?;
                *last = Some((kind, value));
            }
        }
        Ok(())
    }

    fn put(&mut self, kind: Kind, value: f64) -> Result<(), String> {
        if self.values.len() >= self.most {
            return Err(format!("more than {} ordinates", self.most));
        }
        let value = match (kind, self.values.last()) {
            (Kind::Difference, Some(before)) => before + value,
            (Kind::Difference, None) => return Err("a difference to nothing".into()),
            _ => value,
        };
        self.values.push(value);
        Ok(())
    }

    /// The next token: kind, value, rest of the line.
    fn token<'t>(&self, text: &'t str) -> Result<(Kind, f64, &'t str), String> {
        let text = text.trim_start_matches([',', ' ', '\t']);
        let first = text.chars().next().ok_or("no number")?;
        if let Some((kind, digit, sign)) = start(first).filter(|_| self.packed) {
            let body = &text[1..];
            let end = number_end(body, false);
            let value = format!("{sign}{digit}{}", &body[..end]).parse().map_err(|_| not(text))?;
            return Ok((kind, value, &body[end..]));
        }
        let signed = usize::from(matches!(first, '+' | '-'));
        let end = signed + number_end(&text[signed..], !self.packed);
        let value: f64 = text[..end].parse().map_err(|_| not(text))?;
        if value.is_finite() { Ok((Kind::Value, value, &text[end..])) } else { Err(not(text)) }
    }
}

fn not(text: &str) -> String {
    let start: String = text.chars().take(12).collect();
    format!("`{start}` is not a number")
}

/// Length of digits, point and exponent.
fn number_end(text: &str, exponents: bool) -> usize {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'0'..=b'9' | b'.' => i += 1,
            b'E' | b'e' if exponents && i > 0 => {
                i += 1;
                if matches!(bytes.get(i), Some(b'+' | b'-')) {
                    i += 1;
                }
            }
            _ => break,
        }
    }
    i
}

/// What a letter begins: kind, digit, sign.
fn start(c: char) -> Option<(Kind, u32, &'static str)> {
    let from = |base: char| c as u32 - base as u32 + 1;
    Some(match c {
        '@' => (Kind::Value, 0, ""),
        'A'..='I' => (Kind::Value, from('A'), ""),
        'a'..='i' => (Kind::Value, from('a'), "-"),
        '%' => (Kind::Difference, 0, ""),
        'J'..='R' => (Kind::Difference, from('J'), ""),
        'j'..='r' => (Kind::Difference, from('j'), "-"),
        'S'..='Z' => (Kind::Times, from('S'), ""),
        's' => (Kind::Times, 9, ""),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
