//! The words for answers, in the languages of partners. Short: they stand on buttons of a small screen.

use super::{AnswerError, Goods, OutcomeCode, Reason, State, Unit, code::CodeError};
use crate::recipient::Language;

/// The one of two that is asked for.
#[must_use]
pub fn pick<'a>(language: Language, es: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Es => es,
        Language::En => en,
    }
}

/// How far somebody is.
#[must_use]
pub fn state(state: State, language: Language) -> &'static str {
    let (es, en) = match state {
        State::Received => ("Recibido", "Received"),
        State::Assigned => ("Asignado a un equipo", "Assigned to a team"),
        State::OnTheWay => ("En camino", "On the way"),
        State::Outcome => ("Resultado", "Outcome"),
        State::Dispute => ("Error demostrable", "Demonstrable error"),
    };
    pick(language, es, en)
}

/// What came of it.
#[must_use]
pub fn outcome(code: OutcomeCode, language: Language) -> &'static str {
    let (es, en) = match code {
        OutcomeCode::Dismantled => ("Desmantelado", "Dismantled"),
        OutcomeCode::Seized => ("Material decomisado", "Material seized"),
        OutcomeCode::Arrests => ("Detenciones", "Arrests"),
        OutcomeCode::NothingFound => ("No se encontró nada", "Nothing found"),
        OutcomeCode::WrongPlace => ("Lugar equivocado", "Wrong place"),
        OutcomeCode::AlreadyKnown => ("Ya se conocía", "Already known"),
        OutcomeCode::CannotAct => ("No se puede actuar", "Cannot act"),
    };
    pick(language, es, en)
}

/// Why somebody cannot act.
#[must_use]
pub fn reason(reason: Reason, language: Language) -> &'static str {
    let (es, en) = match reason {
        Reason::NoAccess => ("No hay acceso al lugar", "The place cannot be reached"),
        Reason::NotSafe => ("No es seguro ir", "It is not safe to go"),
        Reason::NoMeans => {
            ("Faltan gente, vehículos o tiempo", "People, vehicles or time are missing")
        }
        Reason::NotOurs => ("Corresponde a otra autoridad", "It is another authority's matter"),
        Reason::NoOrder => ("Se espera una orden judicial", "A court order is waited for"),
        Reason::TooLate => ("Llegó demasiado tarde", "It came too late"),
        Reason::TooVague => {
            ("El lugar o el motivo no es claro", "The place or the reason is not clear")
        }
        Reason::Other => ("Otro motivo", "Another reason"),
    };
    pick(language, es, en)
}

/// What is counted.
#[must_use]
pub fn unit(unit: Unit, language: Language) -> &'static str {
    match unit {
        Unit::Kg => "kg",
        Unit::L => "l",
        Unit::Pieces => pick(language, "piezas", "pieces"),
    }
}

/// What was seized.
#[must_use]
pub fn goods(goods: Goods, language: Language) -> &'static str {
    let (es, en) = match goods {
        Goods::Product => ("Producto", "Product"),
        Goods::Chemicals => ("Sustancias químicas", "Chemicals"),
        Goods::Equipment => ("Equipo", "Equipment"),
        Goods::Other => ("Otros", "Other"),
    };
    pick(language, es, en)
}

/// What is wrong with an answer, and what to do.
#[must_use]
pub fn trouble(error: &AnswerError, language: Language) -> String {
    if language == Language::En {
        return sentence(&error.to_string());
    }
    match error {
        AnswerError::Unknown(_) => "Elija una de las respuestas de la página.".to_owned(),
        AnswerError::Outcome => {
            "Un resultado dice qué se encontró; las demás respuestas, no.".to_owned()
        }
        AnswerError::Reason => "Si no se puede actuar, elija el motivo.".to_owned(),
        AnswerError::Long { chars } => {
            format!("La nota tiene {chars} letras: escriba {} como máximo.", super::NOTE_CHARS)
        }
        AnswerError::Amount(text) => {
            format!("«{text}» no es una cantidad: escriba cifras, como 12.5.")
        }
        AnswerError::Ambiguous(text) => format!(
            "«{text}» se puede leer de dos maneras: escriba los miles sin signo, como 1234, o más cifras, como 1.2340."
        ),
        AnswerError::Many => {
            format!("Una respuesta admite {} cantidades como máximo.", super::MOST_SEIZED)
        }
        AnswerError::Place(text) => {
            format!("«{text}» no es un lugar: escriba latitud y longitud, como 31.8421, -106.2013.")
        }
    }
}

/// What is wrong with a code, and what to do.
#[must_use]
pub fn code(error: &CodeError, language: Language) -> String {
    if language == Language::En {
        return sentence(&error.to_string());
    }
    match error {
        CodeError::Length { has, wanted } => {
            format!("El código tiene {has} letras y cifras: debe tener {wanted}.")
        }
        CodeError::Letter { position, letter } => {
            format!("«{letter}» (posición {position}) no aparece en ningún código.")
        }
        CodeError::One { position } => {
            format!("El código no es correcto: revise la posición {position}.")
        }
        CodeError::Several => "El código no es correcto: compárelo otra vez.".to_owned(),
    }
}

/// With a capital at its beginning and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
