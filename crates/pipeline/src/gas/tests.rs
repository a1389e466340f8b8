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
