//! Random products, recipients and rules. Every name is one of its own and every number has more figures than any
//! rule leaves, so that what is found in a form cannot be there by chance.

use cathartes_core::{
    estimate::Interval90,
    geometry::{LatLon, destination},
    marking::{Classification, Marking},
    observation::Period,
    source::Ellipse90,
    units::{Degrees, KgPerHour, Metres},
};
use cathartes_release::{
    gate::Terms,
    product::{FIELDS, FieldKind, FieldPath, Image, Product, ProductKind, Value},
    recipient::{Language, Recipient, Tlp},
    rules::{Action, Rule, Rules},
    secret::RecipientSecret,
};
use jiff::Timestamp;
use rand::{Rng, RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use uuid::Uuid;

const BODIES: [&str; 3] = ["norte", "sur", "este"];
const CAVEATS: [&str; 2] = ["ORIGINATOR", "LAW ENFORCEMENT"];
const TLPS: [Tlp; 5] = [Tlp::Red, Tlp::AmberStrict, Tlp::Amber, Tlp::Green, Tlp::Clear];

/// Everything one case needs.
pub(crate) struct World {
    rng: Xoshiro256PlusPlus,
    pub(crate) product: Product,
    pub(crate) rules: Rules,
    pub(crate) terms: Terms,
    pub(crate) secret: RecipientSecret,
    /// How often the product is released, moved a little in between.
    pub(crate) releases: u32,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let rules = rules(&mut rng);
        let terms = terms(&mut rng, &rules);
        let product = product(&mut rng);
        let secret = RecipientSecret(rng.random());
        let releases = if rng.random_bool(0.2) { rng.random_range(2..4) } else { 1 };
        Self { rng, product, rules, terms, secret, releases }
    }

    /// The place is estimated anew.
    pub(crate) fn moves(&mut self) {
        for value in self.product.fields.values_mut() {
            if let Value::Place { place, .. } = value {
                let (bearing, metres) =
                    (self.rng.random_range(0.0..360.0), self.rng.random_range(0.0..900.0));
                *place =
                    figures(destination(*place, Degrees(bearing), Metres(metres)), &mut self.rng);
            }
        }
    }

    /// Everything leaves as it is.
    pub(crate) fn breaks_rules(&mut self) {
        let code = self.terms.recipient.code.clone();
        let open = Marking {
            classification: Classification::Unclassified,
            caveats: Vec::new(),
            releasable_to: vec![code],
        };
        self.product.marking = Some(open);
        self.product.overrides.clear();
        self.rules.delay_hours = 0;
        let keep = |(path, _): &(&str, FieldKind)| Rule {
            path: (*path).to_owned(),
            action: Action::Keep,
            up_to: None,
            why: "broken".into(),
        };
        self.rules.rules = FIELDS.iter().map(keep).collect();
    }
}

fn pick<T: Copy>(rng: &mut impl Rng, of: &[T]) -> T {
    of[rng.random_range(0..of.len())]
}

fn some(rng: &mut impl Rng, of: &[&str], share: f64) -> Vec<String> {
    of.iter().filter(|_| rng.random_bool(share)).map(|word| (*word).to_owned()).collect()
}

fn word(rng: &mut impl Rng) -> String {
    let letters = rng.random_range(7..13);
    (0..letters).map(|_| char::from(b'a' + rng.random_range(0..26u8))).collect()
}

fn terms(rng: &mut impl Rng, rules: &Rules) -> Terms {
    let tlp = pick(rng, &TLPS);
    let moment = |s: i64| Timestamp::from_second(s).unwrap();
    Terms {
        release: "R-11111-22222".into(),
        recipient: Recipient {
            code: pick(rng, &BODIES).into(),
            name: "Autoridad".into(),
            language: pick(rng, &[Language::Es, Language::En]),
            ceiling: pick(rng, &Classification::ALL),
            tlp,
            rules: rules.name.clone(),
        },
        tlp,
        // At a minute and second that no product is observed at.
        made: moment(1_899_997_205),
        expires: moment(1_900_861_205),
        supersedes: None,
        answer_link: "https://example.org/a/QQQQ".into(),
        answer_code: "1111-2222".into(),
    }
}

fn rules(rng: &mut impl Rng) -> Rules {
    if rng.random_bool(0.3) {
        return Rules::shipped(pick(rng, &["agency", "partner", "public"])).unwrap();
    }
    let fields = FIELDS.iter().filter(|_| rng.random_bool(0.85));
    let fields: Vec<_> = fields.copied().collect();
    let rule = |(path, kind): (&str, FieldKind)| {
        let action = action(rng, kind);
        let lowered = action != Action::Keep && rng.random_bool(0.5);
        let up_to = lowered.then(|| pick(rng, &Classification::ALL));
        Rule { path: path.to_owned(), action, up_to, why: "drawn".into() }
    };
    let rules = fields.into_iter().map(rule).collect();
    Rules { name: "drawn".into(), caveats: some(rng, &CAVEATS, 0.5), delay_hours: 0, rules }
}

fn action(rng: &mut impl Rng, kind: FieldKind) -> Action {
    let choice = rng.random_range(0..3);
    match (kind, choice) {
        (FieldKind::Id, 0 | 1) | (FieldKind::Name, 0) => Action::Rename,
        (FieldKind::Id, _) | (_, 2) => Action::Drop,
        (_, 1) => Action::Keep,
        (FieldKind::Place, _) if rng.random_bool(0.5) => Action::Grid { cell: Metres(2000.0) },
        (FieldKind::Place, _) => Action::SearchArea { radius: Metres(500.0) },
        (FieldKind::Time, _) if rng.random_bool(0.5) => Action::Hour,
        (FieldKind::Time, _) => Action::Day,
        (FieldKind::Rate, _) => Action::Band { edges_kg_h: vec![0.0, 10.0, 100.0, 1000.0, 1e5] },
        (FieldKind::Probability, _) => Action::Step { step_probability: 0.05 },
        (FieldKind::Picture, _) => Action::Reduce { longest_px: 16 },
        _ => Action::Keep,
    }
}

fn product(rng: &mut impl Rng) -> Product {
    let mut fields = std::collections::BTreeMap::new();
    for (path, kind) in FIELDS {
        if !rng.random_bool(0.8) {
            continue;
        }
        let many = if path.contains("[*]") { rng.random_range(1..4) } else { 1 };
        for n in 0..many {
            let path = FieldPath::new(path.replace("[*]", &format!("[{n}]"))).unwrap();
            fields.insert(path, value(rng, kind));
        }
    }
    let told: Vec<String> = fields.values().flat_map(|value| told(rng, value)).collect();
    for value in fields.values_mut() {
        if let (Value::Words { words }, true) = (value, rng.random_bool(0.3) && !told.is_empty()) {
            words.push_str(" by ");
            words.push_str(&told[rng.random_range(0..told.len())]);
        }
    }
    let overrides: Vec<_> = fields.keys().filter(|_| rng.random_bool(0.3)).cloned().collect();
    let overrides = overrides.into_iter().map(|path| (path, marking(rng))).collect();
    let marking = rng.random_bool(0.9).then(|| marking(rng));
    let kind = pick(rng, &[ProductKind::Site, ProductKind::Finding]);
    Product { id: Uuid::from_u128(rng.random()), kind, marking, overrides, fields }
}

fn marking(rng: &mut impl Rng) -> Marking {
    Marking {
        classification: pick(rng, &Classification::ALL[..4]),
        caveats: some(rng, &CAVEATS, 0.2),
        releasable_to: some(rng, &BODIES, 0.8),
    }
}

/// What a careless sentence says of a field.
fn told(rng: &mut impl Rng, value: &Value) -> Vec<String> {
    match value {
        Value::Place { place, .. } => {
            let decimals = rng.random_range(6..8);
            vec![
                format!("{:.decimals$}", place.latitude.0),
                format!("{:.decimals$}", place.longitude.0),
            ]
        }
        Value::Observed(period) => vec![period.from.strftime("%H:%M:%S").to_string()],
        Value::Rate(rate) => vec![format!("{} kg/h", rate.low.0)],
        Value::Probability { probability } => vec![probability.to_string()],
        Value::Name { name } => vec![name.clone()],
        Value::Names { names } => names.clone(),
        Value::Id { id } => vec![id.to_string(), id.simple().to_string()],
        _ => Vec::new(),
    }
}

fn value(rng: &mut impl Rng, kind: FieldKind) -> Value {
    match kind {
        FieldKind::Place => place(rng),
        FieldKind::Time => {
            let from =
                1_700_000_000 + rng.random_range(0..20_000) * 3600 + rng.random_range(61..1700);
            let moment = |s: i64| Timestamp::from_second(s).unwrap();
            // Within the same hour, so that neither midnight nor the moment of making is among them.
            let to = from + rng.random_range(61..1000);
            Value::Observed(Period { from: moment(from), to: moment(to) })
        }
        FieldKind::Rate => {
            // Six figures, the last no nought, and more than there are degrees.
            let thousandths = 10 * rng.random_range(18_100..99_999u32) + 3;
            let kg_h = |thousandths: u32| KgPerHour(f64::from(thousandths) / 1e3);
            Value::Rate(Interval90 { low: kg_h(thousandths), high: kg_h(2 * thousandths) })
        }
        FieldKind::Probability => {
            let probability = f64::from(rng.random_range(1_000..99_999)) / 1e5 + 3e-6;
            Value::Probability { probability: (probability * 1e6).round() / 1e6 }
        }
        FieldKind::Name if rng.random_bool(0.8) => Value::Name { name: word(rng) },
        FieldKind::Name | FieldKind::Names => {
            Value::Names { names: (0..rng.random_range(1..4)).map(|_| word(rng)).collect() }
        }
        FieldKind::Words => {
            Value::Words { words: format!("{} {} {}", word(rng), word(rng), word(rng)) }
        }
        FieldKind::Id => Value::Id { id: Uuid::from_u128(rng.random()) },
        FieldKind::Picture => {
            let (width_px, height_px) = (rng.random_range(9..40), rng.random_range(9..40));
            let rgb = (0..3 * width_px * height_px).map(|_| rng.random()).collect();
            Value::Picture(Image { width_px, height_px, rgb })
        }
    }
}

fn place(rng: &mut impl Rng) -> Value {
    let at = LatLon {
        latitude: Degrees(rng.random_range(-70.0..70.0)),
        longitude: Degrees(rng.random_range(-179.0..179.0)),
    };
    // Longer than there are degrees, so that none is a coordinate by chance.
    let mut axis = || f64::from(181_001 + 10 * rng.random_range(0..70_000u32)) / 1000.0;
    let (a, b) = (axis(), axis());
    let ellipse = Ellipse90 {
        semi_major: Metres(a.max(b)),
        semi_minor: Metres(a.min(b)),
        bearing: Degrees(45.0),
    };
    Value::Place { place: figures(at, rng), ellipse }
}

/// Seven decimals, the last two of them no noughts: places that rules leave have five.
fn figures(at: LatLon, rng: &mut impl Rng) -> LatLon {
    let mut to = |degrees: Degrees| {
        let tail = f64::from(rng.random_range(1..9u32) * 10 + rng.random_range(1..9u32));
        let whole = (degrees.0 * 1e5).trunc() * 100.0;
        Degrees((whole + tail.copysign(whole)) / 1e7)
    };
    LatLon { latitude: to(at.latitude), longitude: to(at.longitude) }
}
