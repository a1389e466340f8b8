//! Persons are refused at the door: no column, property or object that is about one comes in.

/// Why, for people.
pub(crate) const EXPLANATION: &str = "this is about persons, and this system keeps places and never \
persons: it has no field for them. Take it out of the file; if it matters, it belongs with the police";

/// Why an event of somebody or something that moves is refused.
pub(crate) const NOBODY: &str =
    "people and vehicles are not tracked here; installations (a-?-G-I) and reports (b-) are taken";

/// Why an order to somebody is refused.
pub(crate) const ORDERS: &str = "orders have no place here; send reports (b-)";

/// Whether something was refused because of what it is about, by what was said of it.
#[must_use]
pub fn at_door(said: &str) -> bool {
    [EXPLANATION, NOBODY, ORDERS].iter().any(|why| said.contains(why))
}

/// Words of a name that make it one of a person, in English and Spanish.
const WORDS: [&str; 62] = [
    "apellido",
    "apellidos",
    "biometric",
    "biometrics",
    "birth",
    "birthday",
    "birthdate",
    "cedula",
    "celular",
    "correo",
    "curp",
    "dna",
    "dni",
    "dob",
    "email",
    "emailaddress",
    "ethnicity",
    "face",
    "faces",
    "facial",
    "fingerprint",
    "fingerprints",
    "firstname",
    "forename",
    "fullname",
    "gender",
    "huella",
    "iccid",
    "imei",
    "imsi",
    "lastname",
    "licenceplate",
    "licenseplate",
    "matricula",
    "msisdn",
    "nacionalidad",
    "nationality",
    "nif",
    "numberplate",
    "passport",
    "pasaporte",
    "person",
    "persona",
    "personas",
    "persons",
    "phone",
    "phonenumber",
    "phones",
    "placa",
    "plate",
    "plates",
    "religion",
    "rostro",
    "rostros",
    "sospechoso",
    "ssn",
    "surname",
    "suspect",
    "suspects",
    "telefono",
    "telephone",
    "xmppusername",
];

/// Words that make one together.
const PAIRS: [(&str, &str); 10] = [
    ("first", "name"),
    ("last", "name"),
    ("full", "name"),
    ("given", "name"),
    ("family", "name"),
    ("national", "id"),
    ("home", "address"),
    ("id", "card"),
    ("user", "name"),
    ("nombre", "completo"),
];

/// Whether a column or property is about persons, by its name.
pub(crate) fn names_somebody(name: &str) -> bool {
    let words = words(name);
    let alone = words.iter().any(|w| WORDS.contains(&w.as_str()));
    let together = words.windows(2).any(|w| PAIRS.iter().any(|(a, b)| w[0] == *a && w[1] == *b));
    alone || together
}

/// Words of `snake_case`, `camelCase` and plain names, without accents.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars().take(200) {
        let begins = c.is_uppercase() && lower;
        lower = c.is_lowercase();
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase().map(plain));
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

fn plain(c: char) -> char {
    match c {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        c => c,
    }
}
