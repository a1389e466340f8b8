use super::*;

fn said(name: &str) -> String {
    find(name, &library(None).unwrap()).map_or_else(|e| e.to_string(), |g| g.gas.slug.clone())
}

#[test]
fn a_gas_answers_to_slug_formula_name_and_cas() {
    for (name, slug) in [
        ("CH4", "ch4"),
        ("Methane", "ch4"),
        ("7664-41-7", "nh3"),
        ("nh3", "nh3"),
        ("Methyl Chloride", "methyl-chloride"),
        ("c2h4", "ethylene"),
    ] {
        assert_eq!(said(name), slug);
    }
}

#[test]
fn a_typo_gets_a_suggestion() {
    assert_eq!(
        said("ammonea"),
        "no gas is called `ammonea`; did you mean nh3?; `cathartes gas list` shows all"
    );
    assert_eq!(said("zzz"), "no gas is called `zzz`; `cathartes gas list` shows all");
    assert_eq!(said(""), "no gas is called ``; `cathartes gas list` shows all");
}

#[test]
fn distances_are_those_of_the_textbook() {
    assert_eq!(distance("kitten", "sitting"), 3);
    assert_eq!(distance("", "abc"), 3);
    assert_eq!(distance("flaw", "lawn"), 2);
}

#[test]
fn a_kind_of_emitter_stands_for_its_gases_and_every_gas_is_asked_for_once() {
    let library = library(None).unwrap();
    let kinds = crate::profiles::kinds(None).unwrap();
    let asked = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        let (gases, every) = asked_for(&names, &library, &kinds).map_err(|e| e.to_string())?;
        Ok((gases.iter().map(|g| g.gas.slug.clone()).collect::<Vec<_>>(), every))
    };
    let (dairy, every) = asked(&["dairy", "Ammonia", "so2"]).unwrap();
    assert_eq!(dairy, ["nh3", "ch4", "methanol", "n2o", "h2s", "so2"]);
    assert!(every);
    assert_eq!(asked(&["nh3"]).unwrap(), (vec!["nh3".to_owned()], false));
    assert_eq!(asked(&["all", "dairy"]).unwrap().0.len(), library.len());
    let unknown: Result<(Vec<String>, bool), String> = asked(&["dayri"]);
    assert!(unknown.unwrap_err().contains("no gas is called `dayri`"));
}
