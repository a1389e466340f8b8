use super::*;

#[test]
fn columns_go_by_name() {
    let table = parse("band,FWHM_nm , center_nm\n1,8.5, 2100\n2,8.6,2110.5\n").unwrap();
    assert_eq!(table.bands[1].center, Nanometres(2110.5));
    assert_eq!(table.bands[1].fwhm, Nanometres(8.6));
    assert!(!table.fwhm_estimated);
}

#[test]
fn widths_that_are_not_there_are_the_spacing() {
    let table = parse("center_nm\n2100\n2110\n2130\n").unwrap();
    let widths: Vec<f64> = table.bands.iter().map(|band| band.fwhm.0).collect();
    assert_eq!(widths, [10.0, 15.0, 20.0]);
    assert!(table.fwhm_estimated);
}

#[test]
fn says_which_line_is_wrong() {
    let said = |text| parse(text).unwrap_err().to_string();
    assert_eq!(
        said("center_nm\n2100\nwide\n"),
        "line 3: `wide` is no length in nm; write a number above zero"
    );
    assert!(said("nm\n2100\n").starts_with("the header line has no `center_nm`"));
    assert!(said("center_nm\n").starts_with("it has no lines"));
    assert!(said("center_nm\ninf\n").starts_with("line 2"));
}

#[test]
fn order_is_told_both_ways() {
    assert_eq!(out_of_order(&[1.0, 2.0, 3.0]), None);
    assert_eq!(out_of_order(&[3.0, 2.0, 1.0]), None);
    assert_eq!(out_of_order(&[1.0, 2.0, 2.0]), Some(2));
    assert_eq!(out_of_order(&[3.0, 2.0, 2.5]), Some(2));
    assert_eq!(out_of_order(&[1.0, f64::NAN]), Some(1));
    assert_eq!(out_of_order(&[]), None);
}
