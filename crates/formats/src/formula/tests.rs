use super::*;

#[test]
fn weighs_what_the_tables_say() {
    for (formula, grams) in
        [("CH4", 16.043), ("CO2", 44.009), ("SF6", 146.05), ("CCl3F", 137.36), ("C2H6O", 46.069)]
    {
        let mass = molar_mass(formula).unwrap().0;
        assert!((mass - grams).abs() < 0.01, "{formula}: {mass}");
    }
}

#[test]
fn carbon_monoxide_is_not_cobalt() {
    assert!((molar_mass("CO").unwrap().0 - 28.01).abs() < 0.01);
}

#[test]
fn refuses_what_is_no_formula() {
    for text in ["", "F12", "acetone", "Xx2", "CH4+", "C(2)", "C99999999", "é"] {
        let answer = molar_mass(text);
        assert_eq!(answer.is_some(), text == "F12", "{text}: {answer:?}");
    }
}
