//! The forms by which partners answer, and what comes back of them.
//!
//! One tap is a form of its own with one button, so that the key `Enter` in a field never sends another answer than the
//! one beside it. Every form holds a key that was made with the page: the same sent twice is one answer.

use std::fmt::Write as _;

use cathartes_release::{
    answer::{
        Answer, AnswerError, DISPUTE_DAYS, Details, Goods, NOTE_CHARS, OutcomeCode, Reason, Seized,
        State, Unit, amount, count, place, words as say,
    },
    recipient::Language,
};
use serde::Deserialize;

use super::html::{escaped, t};

/// Amounts that one form asks for.
const AMOUNTS: usize = 3;

/// What every form of a page holds besides what is asked.
#[derive(Debug, Clone)]
pub(super) struct Hidden {
    pub(super) alias: String,
    /// The answer code of the release, by which an answer finds home after the session ended.
    pub(super) code: String,
    pub(super) csrf: String,
    pub(super) key: String,
}

/// A form as it comes back; everything is text until somebody looks at it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Filled {
    pub(super) csrf: String,
    pub(super) key: String,
    pub(super) code: String,
    pub(super) pin: String,
    pub(super) say: String,
    note: String,
    arrests: String,
    place: String,
    amount1: String,
    unit1: String,
    goods1: String,
    amount2: String,
    unit2: String,
    goods2: String,
    amount3: String,
    unit3: String,
    goods3: String,
}

impl Filled {
    fn all(&self) -> [(&'static str, &String); 15] {
        [
            ("key", &self.key),
            ("code", &self.code),
            ("say", &self.say),
            ("note", &self.note),
            ("arrests", &self.arrests),
            ("place", &self.place),
            ("amount1", &self.amount1),
            ("unit1", &self.unit1),
            ("goods1", &self.goods1),
            ("amount2", &self.amount2),
            ("unit2", &self.unit2),
            ("goods2", &self.goods2),
            ("amount3", &self.amount3),
            ("unit3", &self.unit3),
            ("goods3", &self.goods3),
        ]
    }

    /// What goes with somebody through the door: everything but what opens it.
    pub(super) fn carried(&self) -> Vec<(String, String)> {
        // The code has its own field there.
        let some =
            self.all().into_iter().filter(|(name, value)| *name != "code" && !value.is_empty());
        some.map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// What somebody typed by themselves, in a line.
    pub(super) fn typed(&self) -> String {
        let typed =
            [&self.amount1, &self.amount2, &self.amount3, &self.arrests, &self.place, &self.note];
        let some = typed.into_iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        some.collect::<Vec<_>>().join(" · ")
    }

    /// What it says.
    ///
    /// # Errors
    ///
    /// [`AnswerError`] when it says nothing that can be kept.
    pub(super) fn answer(&self) -> Result<Answer, AnswerError> {
        let mut answer = Answer::named(&self.say)?;
        self.note.trim().clone_into(&mut answer.note);
        if answer.state == State::Outcome {
            answer.details = self.details(&mut answer.note)?;
        }
        answer.checked()
    }

    fn details(&self, note: &mut String) -> Result<Details, AnswerError> {
        let rows = [
            (&self.amount1, &self.unit1, &self.goods1),
            (&self.amount2, &self.unit2, &self.goods2),
            (&self.amount3, &self.unit3, &self.goods3),
        ];
        let some = rows.into_iter().filter(|(amount, ..)| !amount.trim().is_empty());
        let seized = some.map(|(typed, unit, goods)| {
            Ok(Seized { goods: goods_of(goods)?, amount: amount(typed)?, unit: unit_of(unit)? })
        });
        let seized = seized.collect::<Result<_, AnswerError>>()?;
        let arrests =
            (!self.arrests.trim().is_empty()).then(|| count(&self.arrests)).transpose()?;
        let said = self.place.trim();
        let place = match place(said) {
            Ok(place) => Some(place),
            // "Behind the second hill" is worth as much as numbers.
            Err(_) if !said.is_empty() => {
                *note = if note.is_empty() { said.to_owned() } else { format!("{said}. {note}") };
                None
            }
            Err(_) => None,
        };
        Ok(Details { seized, arrests, place })
    }
}

fn unit_of(word: &str) -> Result<Unit, AnswerError> {
    let known = Unit::ALL.into_iter().find(|unit| unit.word() == word);
    known.ok_or_else(|| AnswerError::Unknown(word.chars().take(40).collect()))
}

fn goods_of(word: &str) -> Result<Goods, AnswerError> {
    let known = Goods::ALL.into_iter().find(|goods| goods.word() == word);
    known.ok_or_else(|| AnswerError::Unknown(word.chars().take(40).collect()))
}

/// All ways to answer one release.
pub(super) fn all(language: Language, hidden: &Hidden) -> String {
    let form = |inside: &str| {
        format!(
            "<form method=\"post\" action=\"/p/r/{}/answer\">{}{inside}</form>",
            escaped(&hidden.alias),
            hidden.fields()
        )
    };
    let tap = |word: &str, label: &str| form(&button(word, label, " class=\"go\""));
    let mut body = format!("<h2 id=\"answer\">{}</h2>", t(language, "Responder", "Answer"));
    for state in [State::Assigned, State::OnTheWay] {
        body.push_str(&tap(state.word(), say::state(state, language)));
    }
    let _ =
        write!(body, "<details><summary>{}…</summary><div>", say::state(State::Outcome, language));
    let name = |code| say::outcome(code, language);
    for code in [OutcomeCode::NothingFound, OutcomeCode::AlreadyKnown] {
        body.push_str(&tap(code.word(), name(code)));
    }
    body.push_str(&opened(
        &format!(
            "{} / {} / {}",
            name(OutcomeCode::Dismantled),
            name(OutcomeCode::Seized),
            name(OutcomeCode::Arrests)
        ),
        &form(&found(language)),
    ));
    body.push_str(&opened(name(OutcomeCode::WrongPlace), &form(&elsewhere(language))));
    let reasons: String =
        Reason::ALL.into_iter().map(|reason| tap_reason(&form, reason, language)).collect();
    body.push_str(&opened(name(OutcomeCode::CannotAct), &reasons));
    body.push_str("</div></details>");
    body.push_str(&opened(say::state(State::Dispute, language), &form(&dispute(language))));
    let _ = write!(
        body,
        "<p><small>{}</small></p>",
        t(
            language,
            "¿Se equivocó de botón? Toque otro: vale la última respuesta.",
            "The wrong button? Press another: the last answer holds.",
        )
    );
    body
}

fn opened(summary: &str, inside: &str) -> String {
    format!("<details><summary>{summary}…</summary><div>{inside}</div></details>")
}

fn button(word: &str, label: &str, more: &str) -> String {
    format!("<button name=\"say\" value=\"{word}\"{more}>{label}</button>")
}

fn tap_reason(form: &impl Fn(&str) -> String, reason: Reason, language: Language) -> String {
    let word = format!("{}.{}", OutcomeCode::CannotAct.word(), reason.word());
    form(&button(&word, say::reason(reason, language), ""))
}

/// What was found: amounts and arrests are asked for and need not be said.
fn found(language: Language) -> String {
    let mut body = format!(
        "<p>{}</p>",
        t(
            language,
            "Las cantidades se pueden dejar en blanco. No escriba nombres de nadie.",
            "Amounts can be left empty. Write nobody's name.",
        )
    );
    for n in 1..=AMOUNTS {
        let _ = write!(
            body,
            "<fieldset><legend>{} {n}</legend><label for=\"a{n}\">{}</label>\
             <input id=\"a{n}\" name=\"amount{n}\" inputmode=\"decimal\" maxlength=\"20\" autocomplete=\"off\">",
            t(language, "Decomiso", "Seizure"),
            t(language, "Cantidad", "Amount"),
        );
        let units = Unit::ALL.map(|unit| (unit.word(), say::unit(unit, language)));
        body.push_str(&select(&format!("unit{n}"), t(language, "Unidad", "Unit"), &units));
        let goods = Goods::ALL.map(|goods| (goods.word(), say::goods(goods, language)));
        body.push_str(&select(&format!("goods{n}"), t(language, "De qué", "Of what"), &goods));
        body.push_str("</fieldset>");
    }
    let _ = write!(
        body,
        "<label for=\"arrests\">{}</label><input id=\"arrests\" name=\"arrests\" inputmode=\"numeric\" \
         maxlength=\"5\" autocomplete=\"off\">{}",
        t(language, "Detenciones, cuántas (0 si ninguna)", "Arrests, how many (0 for none)"),
        note("nf", t(language, "Algo más (opcional)", "Anything else (optional)"))
    );
    for code in [OutcomeCode::Dismantled, OutcomeCode::Seized, OutcomeCode::Arrests] {
        body.push_str(&button(code.word(), say::outcome(code, language), " class=\"go\""));
    }
    body
}

fn select(name: &str, label: &str, options: &[(&str, &str)]) -> String {
    let mut shown = String::new();
    for (word, name) in options {
        let _ = write!(shown, "<option value=\"{word}\">{name}</option>");
    }
    format!(
        "<label for=\"{name}\">{label}</label><select id=\"{name}\" name=\"{name}\">{shown}</select>"
    )
}

fn elsewhere(language: Language) -> String {
    format!(
        "<label for=\"place\">{}</label><input id=\"place\" name=\"place\" maxlength=\"200\" autocomplete=\"off\" \
         placeholder=\"31.8421, -106.2013\">{}",
        t(
            language,
            "Dónde es, si lo sabe (coordenadas o palabras)",
            "Where it is, if you know (coordinates or words)"
        ),
        button(
            OutcomeCode::WrongPlace.word(),
            say::outcome(OutcomeCode::WrongPlace, language),
            " class=\"go\""
        )
    )
}

fn dispute(language: Language) -> String {
    format!(
        "<p>{}</p>{}{}",
        match language {
            Language::Es =>
                format!("Díganos qué está mal y cómo se ve. Le respondemos en {DISPUTE_DAYS} días."),
            Language::En => format!(
                "Tell us what is wrong and how it shows. We reply within {DISPUTE_DAYS} days."
            ),
        },
        note("nd", t(language, "Qué está mal", "What is wrong")),
        button(
            State::Dispute.word(),
            t(language, "Enviar: hay un error", "Send: there is an error"),
            " class=\"go\""
        )
    )
}

fn note(id: &str, label: &str) -> String {
    format!(
        "<label for=\"{id}\">{label}</label><textarea id=\"{id}\" name=\"note\" rows=\"3\" maxlength=\"{NOTE_CHARS}\"></textarea>"
    )
}

impl Hidden {
    fn fields(&self) -> String {
        let Self { csrf, key, code, .. } = self;
        format!(
            "<input type=\"hidden\" name=\"csrf\" value=\"{csrf}\"><input type=\"hidden\" name=\"key\" value=\"{key}\">\
             <input type=\"hidden\" name=\"code\" value=\"{code}\">"
        )
    }
}

#[cfg(test)]
mod tests;
