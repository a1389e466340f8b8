//! The two languages of a statement.

use cathartes_core::identification::Likelihood;
use cathartes_release::{
    figures::{By, Share, Stretch},
    recipient::Language,
    words::likelihood,
};

/// As files are named by it.
pub(crate) fn code(language: Language) -> &'static str {
    match language {
        Language::Es => "es",
        Language::En => "en",
    }
}

/// One of two.
pub(crate) fn say<'a>(language: Language, en: &'a str, es: &'a str) -> &'a str {
    match language {
        Language::Es => es,
        Language::En => en,
    }
}

pub(crate) fn stretch(language: Language, stretch: Stretch) -> &'static str {
    let (en, es) = match stretch {
        Stretch::DetectionToReview => ("seen to confirmed", "detección a confirmación"),
        Stretch::ReviewToRelease => ("confirmed to sealed", "confirmación a sellado"),
        Stretch::ReleaseToSent => ("sealed to sent", "sellado a envío"),
        Stretch::SentToReceipt => ("sent to opened", "envío a apertura"),
        Stretch::ReceiptToAssigned => ("opened to assigned", "apertura a asignación"),
        Stretch::AssignedToOutcome => ("assigned to outcome", "asignación a resultado"),
        Stretch::SentToOutcome => ("sent to outcome", "envío a resultado"),
        Stretch::DetectionToOutcome => ("seen to outcome", "detección a resultado"),
    };
    say(language, en, es)
}

pub(crate) fn by(language: Language, by: By) -> &'static str {
    let (en, es) = match by {
        By::Recipient => ("recipient", "destinatario"),
        By::Priority => ("priority", "prioridad"),
        By::Reason => ("reason", "motivo"),
        By::Instrument => ("instrument", "instrumento"),
        By::Source => ("source", "fuente"),
        By::Band => ("likelihood said", "probabilidad dicha"),
    };
    say(language, en, es)
}

/// `12 of 20 (60 %, 42 to 76 %)`, and that it is of few where it is.
pub(crate) fn share(language: Language, share: Share) -> String {
    let of = say(language, "of", "de");
    let Some((ratio, interval)) = share.ratio().zip(share.interval_ratio) else {
        return format!("0 {of} 0");
    };
    let to = say(language, "to", "a");
    // Rounding may leave a bound a hair below nothing, which would be written as -0.
    let [ratio, low, high] =
        [ratio, interval.low, interval.high].map(|part| (100.0 * part).max(0.0) + 0.0);
    let few = if share.is_of_few() { say(language, "; few", "; pocos") } else { "" };
    format!("{} {of} {} ({ratio:.0} %, {low:.0} {to} {high:.0} %{few})", share.hits, share.of)
}

/// What stands for a group: terms of likelihood in the language, all else as it is called.
pub(crate) fn which(language: Language, of: By, name: String) -> String {
    let terms = Likelihood::FROM_PROBABILITY.map(|(_, term)| term);
    let term = terms.into_iter().find(|term| of == By::Band && term.to_string() == name);
    let unknown = say(language, "unknown", "desconocido");
    match term {
        Some(term) => likelihood(language, term).to_owned(),
        None if name == "unknown" => unknown.to_owned(),
        None => name,
    }
}

/// Days with a digit after the point, or that there are none yet.
pub(crate) fn days(language: Language, days: Option<f64>) -> String {
    days.map_or_else(|| say(language, "not yet", "aún no").to_owned(), |days| format!("{days:.1}"))
}
