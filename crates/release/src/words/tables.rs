//! The tables.

/// A kind of field: its path with `[*]` for numbers, and what it is called; `#` is its number.
pub(super) struct Field {
    pub(super) path: &'static str,
    pub(super) en: &'static str,
    pub(super) es: &'static str,
}

const fn field(path: &'static str, en: &'static str, es: &'static str) -> Field {
    Field { path, en, es }
}

/// In the order in which people want to read them.
pub(super) const FIELDS: [Field; 22] = [
    field("title", "Title", "Título"),
    field("what.en", "What was found", "Qué se encontró (en inglés)"),
    field("what.es", "What was found (in Spanish)", "Qué se encontró"),
    field("place", "Place", "Lugar"),
    field("observed", "Observed", "Observado"),
    field("gases", "Gases", "Gases"),
    field("rate", "Emission rate", "Tasa de emisión"),
    field("likelihood", "Likelihood", "Probabilidad"),
    field("confidence", "Confidence", "Confianza"),
    field("unknown.en", "What is not known", "Qué no se sabe (en inglés)"),
    field("unknown.es", "What is not known (in Spanish)", "Qué no se sabe"),
    field("expires", "Holds until", "Válido hasta"),
    field("sources[*].place", "Source #: place", "Fuente #: lugar"),
    field("sources[*].rate", "Source #: emission rate", "Fuente #: tasa de emisión"),
    field("ledger[*].words", "Evidence #", "Indicio #"),
    field("images[*]", "Picture #", "Imagen #"),
    field("sensor", "Sensor", "Sensor"),
    field("platform", "Platform", "Plataforma"),
    field("collection", "Collection", "Recolección"),
    field("scenes[*]", "Scene #", "Escena #"),
    field("analysts[*]", "Analyst #", "Analista #"),
    field("id", "Number", "Número"),
];

/// Slug, English, Spanish.
pub(super) const GASES: [(&str, &str, &str); 37] = [
    ("acetonitrile", "acetonitrile", "acetonitrilo"),
    ("acetylene", "acetylene", "acetileno"),
    ("carbonyl-fluoride", "carbonyl fluoride", "fluoruro de carbonilo"),
    ("ch4", "methane", "metano"),
    ("co", "carbon monoxide", "monóxido de carbono"),
    ("co2", "carbon dioxide", "dióxido de carbono"),
    ("cyanoacetylene", "cyanoacetylene", "cianoacetileno"),
    ("diacetylene", "diacetylene", "diacetileno"),
    ("ethane", "ethane", "etano"),
    ("ethylene", "ethylene", "etileno"),
    ("formaldehyde", "formaldehyde", "formaldehído"),
    ("formic-acid", "formic acid", "ácido fórmico"),
    ("h2o", "water vapour", "vapor de agua"),
    ("h2s", "hydrogen sulfide", "sulfuro de hidrógeno"),
    ("hbr", "hydrogen bromide", "bromuro de hidrógeno"),
    ("hcl", "hydrogen chloride", "cloruro de hidrógeno"),
    ("hcn", "hydrogen cyanide", "cianuro de hidrógeno"),
    ("hf", "hydrogen fluoride", "fluoruro de hidrógeno"),
    ("hno3", "nitric acid", "ácido nítrico"),
    ("methanol", "methanol", "metanol"),
    ("methyl-bromide", "methyl bromide", "bromuro de metilo"),
    ("methyl-chloride", "methyl chloride", "cloruro de metilo"),
    ("methyl-methacrylate", "methyl methacrylate", "metacrilato de metilo"),
    ("n-heptane", "n-heptane", "n-heptano"),
    ("n2o", "nitrous oxide", "óxido nitroso"),
    ("nh3", "ammonia", "amoníaco"),
    ("no", "nitric oxide", "óxido nítrico"),
    ("no2", "nitrogen dioxide", "dióxido de nitrógeno"),
    ("o3", "ozone", "ozono"),
    ("ocs", "carbonyl sulfide", "sulfuro de carbonilo"),
    ("ph3", "phosphine", "fosfina"),
    ("phosgene", "phosgene", "fosgeno"),
    ("propane", "propane", "propano"),
    ("propylene", "propylene", "propileno"),
    ("so2", "sulfur dioxide", "dióxido de azufre"),
    ("so3", "sulfur trioxide", "trióxido de azufre"),
    ("toluene", "toluene", "tolueno"),
];

pub(super) const MONTHS: [(&str, &str); 12] = [
    ("January", "enero"),
    ("February", "febrero"),
    ("March", "marzo"),
    ("April", "abril"),
    ("May", "mayo"),
    ("June", "junio"),
    ("July", "julio"),
    ("August", "agosto"),
    ("September", "septiembre"),
    ("October", "octubre"),
    ("November", "noviembre"),
    ("December", "diciembre"),
];
