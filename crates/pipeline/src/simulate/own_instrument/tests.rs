use super::*;

#[test]
fn a_table_of_bands_becomes_an_instrument() {
    let own = parse("center_nm,fwhm_nm,noise_a,noise_b,noise_c\n2100,10,.1,1,0\n2110,10,.1,1,0");

    assert_eq!(own.unwrap().bands.len(), 2);
}

#[test]
fn bands_of_heat_are_bands_and_those_between_the_lights_are_none() {
    let table = |nm: u32| format!("{}\n{nm},40,0,0,.002", COLUMNS.join(","));

    assert_eq!(parse(&table(10_000)).unwrap().bands.len(), 1);
    assert!(parse(&table(4_000)).unwrap_err().to_string().starts_with("line 2: centres"));
}

#[test]
fn a_wrong_table_is_refused_with_its_line() {
    let said = |text: &str| parse(text).unwrap_err().to_string();

    assert!(said("nm\n1").starts_with("line 1: the columns have to be"));
    let head = COLUMNS.join(",");
    assert_eq!(said(&format!("{head}\n2100,10,1")), "line 2: five numbers are needed");
    assert!(said(&format!("{head}\n2100,10,1,1,0\n2090,10,1,1,0")).starts_with("line 3: c"));
}
