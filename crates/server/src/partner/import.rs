//! Answers that came without a network: files, and codes that were read aloud, written down or sent by message.
//!
//! A text that begins with `{` is a file ([`file`]); of any other each line is a line of a sheet ([`sheet`]), but for
//! empty ones and those that begin with `#`. Each line is taken or refused by itself, and says which; the same again is
//! the same answer.

use std::fmt::Write as _;

use cathartes_release::{
    answer::{
        Answer,
        code::AnswerCode,
        file::{self, FiledAnswer},
        keys::{self, Tag},
        sheet,
    },
    recipient::Language,
};
use cathartes_store::{Actor, NewAnswer, Opened, Release, Store, StoreError, Via};
use jiff::Timestamp;

use super::{answering, door, pages::answer_words};

/// Longest text that is looked at.
const MOST_BYTES: usize = 1 << 20;

/// What became of one line, or of one answer of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// Which: the number of the line, or of the answer.
    pub number: usize,
    /// The name its recipient knows the release by, with what is said of it; or why it was refused.
    pub said: Result<String, String>,
    /// Whether it was not there yet.
    pub new: bool,
}

/// Takes what stands in a text.
///
/// # Errors
///
/// [`StoreError`] when the record does not answer; what was taken before stays taken.
pub async fn bring(
    store: &Store,
    actor: &Actor,
    text: &str,
    now: Timestamp,
) -> Result<Vec<Brought>, StoreError> {
    if text.len() > MOST_BYTES {
        let why = format!("{} bytes are no answers: {MOST_BYTES} at most", text.len());
        return Ok(vec![Brought::refused(1, &why)]);
    }
    if text.trim_start().starts_with('{') {
        return of_file(store, actor, text, now).await;
    }
    let mut all = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            all.push(of_line(store, actor, (number, line), now).await?);
        }
    }
    Ok(all)
}

impl Brought {
    fn refused(number: usize, why: &impl ToString) -> Self {
        Self { number, said: Err(why.to_string()), new: false }
    }
}

async fn of_line(
    store: &Store,
    actor: &Actor,
    (number, line): (usize, &str),
    now: Timestamp,
) -> Result<Brought, StoreError> {
    let typed = match sheet::typed(line) {
        Ok(typed) => typed,
        Err(why) => return Ok(Brought::refused(number, &why)),
    };
    let Some((release, key)) = release(store, &typed.release).await? else {
        return Ok(Brought::refused(number, &nowhere(&typed.release)));
    };
    match typed.answer(&key) {
        Ok(answer) => {
            let form = String::from_utf8_lossy(&typed.form()).into_owned();
            kept(store, actor, &release, (number, &answer, (&form, Via::Code), now)).await
        }
        Err(why) => Ok(Brought::refused(number, &why)),
    }
}

async fn of_file(
    store: &Store,
    actor: &Actor,
    text: &str,
    now: Timestamp,
) -> Result<Vec<Brought>, StoreError> {
    let unproved = match file::read(text) {
        Ok(unproved) => unproved,
        Err(why) => return Ok(vec![Brought::refused(1, &why)]),
    };
    let code = unproved.release;
    let Some((release, key)) = release(store, &code).await? else {
        return Ok(vec![Brought::refused(1, &nowhere(&code))]);
    };
    let answers = match unproved.proved(&key) {
        Ok(answers) => answers,
        Err(why) => return Ok(vec![Brought::refused(1, &why)]),
    };
    let mut all = Vec::new();
    for (number, FiledAnswer { answer, at, key }) in (1..).zip(answers) {
        let form = format!("file {code} {key}");
        let at = at.min(now);
        all.push(kept(store, actor, &release, (number, &answer, (&form, Via::File), at)).await?);
    }
    Ok(all)
}

fn nowhere(code: &AnswerCode) -> String {
    format!("no release has the code {code}: compare it with the sheet")
}

/// The release of a code, with the key of its answers.
async fn release(store: &Store, code: &AnswerCode) -> Result<Option<(Release, Tag)>, StoreError> {
    let Some(release) = store.release_by_answer_code(&code.to_string()).await? else {
        return Ok(None);
    };
    let recipient = store.recipient(&release.recipient).await?;
    Ok(recipient.map(|kept| (release, keys::of_release(&kept.what.secret.0, code))))
}

async fn kept(
    store: &Store,
    actor: &Actor,
    release: &Release,
    (number, answer, by, at): (usize, &Answer, (&str, Via), Timestamp),
) -> Result<Brought, StoreError> {
    let now = Timestamp::now();
    let new = NewAnswer { at, ..answering::kept_as(release, answer, by, now) };
    // Who answers has it.
    store.add_receipt(actor, (release.id, Opened::Release), by.1, now).await?;
    Ok(match store.add_answer(actor, &new, now).await {
        Ok((_, new)) => {
            let said = format!("{}: {}", release.alias, answer_words(Language::En, answer));
            Brought { number, said: Ok(said), new }
        }
        Err(StoreError::Refused(why)) => Brought::refused(number, &why),
        Err(error) => return Err(error),
    })
}

/// The sheet of a release as text, by its answer code; none when no release has it.
///
/// # Errors
///
/// [`StoreError`] when the record does not answer.
pub async fn sheet(store: &Store, code: &str) -> Result<Option<String>, StoreError> {
    let Ok(code) = code.parse::<AnswerCode>() else { return Ok(None) };
    let Some((release, key)) = release(store, &code).await? else { return Ok(None) };
    let recipient = store.recipient(&release.recipient).await?;
    let first = recipient.and_then(|kept| door::body(&kept).ok()).map(|body| body.language);
    let languages = match first {
        Some(Language::En) => [Language::En, Language::Es],
        _ => [Language::Es, Language::En],
    };
    let mut text = format!("{}\n{code}\n", release.alias);
    for language in languages {
        let _ = write!(text, "\n{}\n", title(language));
        for line in sheet::lines(&key) {
            let _ = writeln!(text, "  {}  {}", line.code, answer_words(language, &line.answer));
        }
    }
    Ok(Some(text))
}

fn title(language: Language) -> &'static str {
    super::html::t(language, "Responder sin red", "Answer without a network")
}
