use super::*;

const GRID: &str = "ncols 3\nnrows 2\nxllcorner -117\nyllcorner 32\ncellsize 0.01\nNODATA_value -9999\n120 121 130\n118 119 -9999\n";

#[test]
fn rows_go_from_north_to_south_and_what_nobody_knows_is_not_a_number() {
    let terrain = read(GRID.as_bytes()).unwrap();
    assert_eq!((terrain.columns, terrain.rows), (3, 2));
    let lowest = [-116.999, 32.001, -116.985, 32.015].map(Degrees);
    assert_eq!(terrain.range(lowest), Some([Metres(118.0), Metres(121.0)]));
    assert_eq!(terrain.range([-116.979, 32.001, -116.978, 32.002].map(Degrees)), None);
    assert_eq!(terrain.range([-117.001, 32.001, -116.99, 32.002].map(Degrees)), None);
}

#[test]
fn a_grid_told_by_the_centre_of_its_corner_begins_half_a_cell_before() {
    let centred = GRID.replace("xllcorner -117", "xllcenter -116.995");
    assert!((read(centred.as_bytes()).unwrap().west.0 + 117.0).abs() < 1e-12);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let said = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
    insta::assert_snapshot!(
        [
            said("120 121"),
            said(&GRID.replace("ncols 3", "ncols three")),
            said(&GRID.replace("cellsize 0.01", "cellsize 0")),
            said(&GRID.replace("119", "high")),
            said(&GRID.replace("118 119", "118")),
            said(&GRID.replace("nrows 2", "nrows 99999999999")),
        ]
        .join("\n")
    );
}
