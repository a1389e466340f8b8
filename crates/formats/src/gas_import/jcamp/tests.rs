use proptest::prelude::*;

use crate::gas_import::{Given, read};

const QUANT: &str = "##TITLE=Ammonia
##JCAMP-DX=4.24
##ORIGIN=a laboratory
##CAS REGISTRY NO=7664-41-7
##MOLFORM=N H3
##TEMPERATURE=23 C
##XUNITS=cm-1
##YUNITS=(micromol/mol)-1m-1 (base 10) $$ as the database writes it
##XFACTOR=1.0
##YFACTOR=1e-6
##DELTAX=0.5
##FIRSTX=900
##LASTX=902.5
##NPOINTS=6
##XYDATA=(X++(Y..Y))
900 10 20 30
901.5 40 -50 60
##END=
";

const CELL: &str = "##TITLE=Ethanol
##MOLFORM=C2 H6 O
##STATE=GAS (150 mmHg, N2 ADDED, TOTAL PRESSURE 600 mmHg)
##PATH LENGTH=5 CM
##XUNITS=1/CM
##YUNITS=TRANSMITTANCE
##FIRSTX=1000
##LASTX=1003
##NPOINTS=4
##XYDATA=(X++(Y..Y))
1000 1.0 0.5 0.25 1.0
##END=
";

fn said(text: &str) -> String {
    read(text.as_bytes(), &Given::default()).unwrap_err().to_string()
}

#[test]
fn reads_the_quantitative_database() {
    let made = read(QUANT.as_bytes(), &Given::default()).unwrap();
    let gas = &made.cross_section;

    assert_eq!((gas.gas.slug.as_str(), gas.gas.formula.as_str()), ("ammonia", "NH3"));
    assert!((gas.temperature.0 - 296.15).abs() < 1e-9);
    let segment = &gas.segments[0];
    assert_eq!((segment.start.0, segment.step.0, segment.sigma_cm2.len()), (900.0, 0.5, 6));
    let truth = 60e-6 * std::f64::consts::LN_10 / 2.4794e15;
    assert!((f64::from(segment.sigma_cm2[5]) / truth - 1.0).abs() < 1e-6);
    assert_eq!(segment.sigma_cm2[4], 0.0);
    assert_eq!(
        made.notes,
        [
            "values in `(micromol/mol)-1m-1 (base 10)` times 9.286864e-16 give cm2 per molecule (base e)",
            "1 of 6 values were negative and became 0",
        ]
    );
}

#[test]
fn a_cell_needs_its_path_and_pressure() {
    let made = read(CELL.as_bytes(), &Given::default()).unwrap();
    let molecules = 150.0 * 133.322_368 / (1.380_649e-23 * 296.0) * 1e-6 * 5.0;
    let sigma = &made.cross_section.segments[0].sigma_cm2;
    assert!((f64::from(sigma[2]) * molecules - 4_f64.ln()).abs() < 1e-6);

    assert_eq!(
        said(&CELL.replace("##PATH", "##BATH")),
        "the path with its unit is missing; give it with `##PATH LENGTH= 10 cm` in the file"
    );
    assert_eq!(
        said(&CELL.replace("150 mmHg, ", "")),
        "the partial pressure of the gas with its unit is missing; give it with \
         `##PARTIAL_PRESSURE= 150 mmHg` in the file"
    );
}

#[test]
fn black_points_are_unknown_and_not_infinite() {
    assert_eq!(
        said(&CELL.replace("0.25", "0.0")),
        "1 of 4 points let no light through, so nothing is known of them; take a spectrum of a \
         shorter path"
    );
}

#[test]
fn reads_pairs_and_falling_micrometres() {
    let text = QUANT
        .replace("##XYDATA=(X++(Y..Y))", "##XYPOINTS=(XY..XY)")
        .replace("XUNITS=cm-1", "XUNITS=MICROMETERS")
        .replace("900 10 20 30\n901.5 40 -50 60", "10.0,1;9.999,2\n9.998 3 9.997 4");
    let segment = &read(text.as_bytes(), &Given::default()).unwrap().cross_section.segments[0];
    assert_eq!((segment.start.0, segment.sigma_cm2.len()), (1000.0, 4));
    assert!(segment.sigma_cm2.is_sorted());
}

#[test]
fn says_what_is_wrong_and_where() {
    let with = |from: &str, to: &str| {
        assert!(QUANT.contains(from), "{from}");
        said(&QUANT.replace(from, to))
    };
    assert_eq!(with("901.5 40", "905 40"), "line 17: begins at 905, point 4 should be at 901.5000");
    assert_eq!(with("40 -50", "40 x"), "line 17: `x 60` is not a number");
    assert_eq!(with("NPOINTS=6", "NPOINTS=7"), "`NPOINTS` says 7, there are 6");
    assert_eq!(with("YFACTOR=1e-6", "YFACTOR=a"), "line 10: `YFACTOR` cannot be `a`");
    assert!(
        with("(micromol/mol)-1m-1", "furlongs")
            .starts_with("unknown value unit `furlongs (base 10)`")
    );
    assert_eq!(with("##MOLFORM=N H3\n", ""), "the formula is missing; give it with --formula");
    assert_eq!(
        with("XYDATA", "NTUPLES"),
        "`##XYDATA=` is missing; give it with a file with a spectrum"
    );
    assert_eq!(
        with("(X++(Y..Y))", "(X++(R..R))"),
        "line 15: `XYDATA` in the form `(X++(R..R))` is not read"
    );
}

proptest! {
    #[test]
    fn never_panics_near_the_truth(at in 0..QUANT.len(), junk in "\\PC{0,4}", cell: bool) {
        let mut text = if cell { CELL.to_owned() } else { QUANT.to_owned() };
        text.insert_str(at.min(text.len()), &junk);
        let _ = read(text.as_bytes(), &Given::default());
    }
}
