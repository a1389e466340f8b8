//! One page for those who fly: where, when, by which clauses, and what is left in the tanks.

use cathartes_core::{
    airspace::Rule,
    certificate::{Certificate, least_margin},
    geometry::LatLon,
    sortie::{Pattern, Visit},
};
use cathartes_formats::{
    paper::{BLACK, Drawn, Ink, Paper},
    sortie_out::Outgoing,
};
use jiff::Timestamp;

const SIZE: f32 = 9.5;
const MAP_HEIGHT: f32 = 260.0;
const PERMITTED: Ink = [31, 122, 77];
const FORBIDDEN: Ink = [179, 18, 60];
const WAY: Ink = [20, 88, 124];

/// The language of a brief.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Spanish,
}

impl Language {
    pub(super) const ALL: [Self; 2] = [Self::English, Self::Spanish];

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// One of two.
    fn of(self, english: &str, spanish: &str) -> String {
        match self {
            Self::English => english,
            Self::Spanish => spanish,
        }
        .to_owned()
    }

    fn purpose(self, word: &str) -> String {
        let spanish = match word {
            "chemical survey" => "reconocimiento químico",
            "imagery" => "imágenes",
            "signals" => "señales",
            _ => "marítimo",
        };
        self.of(word, spanish)
    }

    fn kind(self, kind: &str) -> String {
        let spanish = match kind {
            "medium-altitude drone" => "dron de altitud media",
            "small drone" => "dron pequeño",
            "high-altitude imagery aircraft" => "avión de imágenes de gran altitud",
            "signals aircraft" => "avión de señales",
            "maritime patrol aircraft" => "avión de patrulla marítima",
            other => other,
        };
        self.of(kind, spanish)
    }

    fn pattern(self, pattern: &Pattern) -> String {
        match pattern {
            Pattern::SurveyLines { lines: 1, .. } => {
                self.of("one survey line", "una línea de reconocimiento")
            }
            Pattern::SurveyLines { spacing, lines, .. } => self.of(
                &format!("{lines} survey lines, {:.0} m apart", spacing.0),
                &format!("{lines} líneas de reconocimiento, cada {:.0} m", spacing.0),
            ),
            Pattern::Orbit { radius } => self.of(
                &format!("orbit of {:.0} m", radius.0),
                &format!("órbita de {:.0} m", radius.0),
            ),
            Pattern::Racetrack { stand_off, .. } => self.of(
                &format!("racetrack, {:.1} km off", stand_off.0 / 1e3),
                &format!("hipódromo, a {:.1} km", stand_off.0 / 1e3),
            ),
        }
    }
}

/// The page.
pub(super) fn page(
    out: &Outgoing<'_>,
    certificate: &Certificate,
    language: Language,
) -> anyhow::Result<Vec<u8>> {
    let (sortie, aircraft) = (out.sortie, out.aircraft);
    let title = format!("{} {}", language.of("Sortie", "Salida"), sortie.id);
    let mut paper = Paper::new(&title, language.code());
    paper.heading(&title, 18.0);
    paper.paragraph(
        &format!(
            "{}, {} ({}), {}",
            aircraft.operator,
            language.kind(&aircraft.platform.kind),
            aircraft.id,
            language.purpose(sortie.track.purpose.word())
        ),
        SIZE + 1.0,
    );
    paper.map(&drawn(out), MAP_HEIGHT);
    times(&mut paper, out, language);
    paper.heading(&language.of("What it looks at", "Qué observa"), 12.0);
    for visit in &sortie.visits {
        paper.row(&visit.requirement, &of_visit(visit, language), SIZE);
    }
    paper.heading(&language.of("What permits it", "Qué lo permite"), 12.0);
    for (name, words) in clauses(out, certificate, language) {
        paper.row(&name, &words, SIZE);
    }
    margins(&mut paper, certificate, language);
    Ok(paper.finish()?)
}

fn times(paper: &mut Paper, out: &Outgoing<'_>, language: Language) {
    let sortie = out.sortie;
    let fixes = &sortie.track.fixes;
    let (first, last) = (fixes.first(), fixes.last());
    for (name, fix) in [
        (language.of("Take-off (UTC)", "Despegue (UTC)"), first),
        (language.of("Landing (UTC)", "Aterrizaje (UTC)"), last),
    ] {
        if let Some(fix) = fix {
            let day = fix.time.strftime("%Y-%m-%d");
            let words = format!("{day} {}, {}", clock(fix.time), coordinates(fix.place));
            paper.row(&name, &words, SIZE);
        }
    }
    let hours = |seconds: f64| {
        format!("{:.0} h {:02.0} min", (seconds / 3_600.0).floor(), (seconds % 3_600.0) / 60.0)
    };
    paper.row(&language.of("In the air", "En el aire"), &hours(sortie.duration.0), SIZE);
    let reserve = out.aircraft.platform.reserve.0;
    paper.row(
        &language.of("Fuel margin", "Margen de combustible"),
        &language.of(
            &format!("{} beyond the reserve of {}", hours(sortie.endurance_left.0), hours(reserve)),
            &format!(
                "{} además de la reserva de {}",
                hours(sortie.endurance_left.0),
                hours(reserve)
            ),
        ),
        SIZE,
    );
}

fn of_visit(visit: &Visit, language: Language) -> String {
    format!(
        "{} – {}: {}, {:.0} m, {}: {:.0} %",
        clock(visit.time.from),
        clock(visit.time.to),
        language.pattern(&visit.pattern),
        visit.height.0,
        language.of("finds what is there", "halla lo que hay"),
        100.0 * visit.detection_probability
    )
}

/// The clauses that the certificate stands on, each once.
fn clauses(
    out: &Outgoing<'_>,
    certificate: &Certificate,
    language: Language,
) -> Vec<(String, String)> {
    let pieces = || certificate.legs.iter().flat_map(|leg| &leg.pieces);
    let permits = pieces().filter_map(|piece| piece.permit.as_ref());
    let forbids = pieces().flat_map(|piece| &piece.forbids);
    let mut names: Vec<&str> = permits.chain(forbids).map(|claim| claim.clause.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let all = out
        .authorities
        .iter()
        .flat_map(|authority| authority.clauses.iter().map(move |clause| (authority, clause)));
    let known = all.filter_map(|(authority, clause)| {
        let name = format!("{}/{}", authority.number, clause.number);
        names.contains(&name.as_str()).then(|| {
            let rule = match clause.rule {
                Rule::Permit => language.of("permits", "permite"),
                Rule::Forbid => language.of("forbids", "prohíbe"),
            };
            (name, format!("{rule}, {}", authority.issuer))
        })
    });
    known.collect()
}

fn margins(paper: &mut Paper, certificate: &Certificate, language: Language) {
    let allowances = certificate.allowances;
    paper.row(
        &language.of("Allowed for", "Tolerancias"),
        &language.of(
            &format!(
                "{:.0} m in the plane, {:.0} m in height, {:.0} s",
                allowances.plane_m.0, allowances.height_m.0, allowances.time_s.0
            ),
            &format!(
                "{:.0} m en el plano, {:.0} m en altura, {:.0} s",
                allowances.plane_m.0, allowances.height_m.0, allowances.time_s.0
            ),
        ),
        SIZE,
    );
    if let Some((margin, clause)) = least_margin(&certificate.legs, allowances) {
        paper.row(
            &language.of("Least margin", "Margen mínimo"),
            &language.of(
                &format!("{:.0} m to {clause}, allowances taken off", margin.0),
                &format!("{:.0} m a {clause}, descontadas las tolerancias", margin.0),
            ),
            SIZE,
        );
    }
    paper.row(
        &language.of("Certificate", "Certificado"),
        &format!(
            "{} SHA-256 {}",
            language.of("kept, of the track with", "cumplida, de la traza con"),
            certificate.track.sha256.0
        ),
        SIZE - 1.5,
    );
}

/// To the second, UTC.
fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}

fn coordinates(place: LatLon) -> String {
    format!("{:.5}, {:.5}", place.latitude.0, place.longitude.0)
}

/// The way over what permits and forbids.
fn drawn(out: &Outgoing<'_>) -> Vec<Drawn> {
    let position = |place: &LatLon| [place.longitude.0, place.latitude.0];
    let clauses = out.authorities.iter().flat_map(|authority| &authority.clauses);
    let mut drawn: Vec<Drawn> = clauses
        .flat_map(|clause| {
            let ink = if clause.rule == Rule::Permit { PERMITTED } else { FORBIDDEN };
            let rings = clause.volume.polygons.iter().flat_map(|polygon| &polygon.rings);
            rings.map(move |ring| Drawn {
                places_deg: ring.iter().map(position).collect(),
                closed: true,
                ink,
                width_pt: 1.0,
                fill: None,
                framed: false,
            })
        })
        .collect();
    let fixes = &out.sortie.track.fixes;
    let way = fixes.iter().map(|fix| position(&fix.place)).collect();
    drawn.push(Drawn {
        places_deg: way,
        closed: false,
        ink: WAY,
        width_pt: 1.2,
        fill: None,
        framed: true,
    });
    let [longitude, latitude] = position(&out.aircraft.base);
    let cross = |east: f64, north: f64| [longitude + east, latitude + north];
    let size = 0.004;
    for places in
        [[cross(-size, -size), cross(size, size)], [cross(-size, size), cross(size, -size)]]
    {
        drawn.push(Drawn {
            places_deg: places.to_vec(),
            closed: false,
            ink: BLACK,
            width_pt: 1.5,
            fill: None,
            framed: true,
        });
    }
    drawn
}
