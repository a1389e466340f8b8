use std::fmt::Write as _;

use super::*;

/// Decadic absorbance per ppm m of 1 cm² per molecule.
const PER_DECADIC: f64 = 2.4794e15 / std::f64::consts::LN_10;

/// Points of one of the collected spectra; none with a printed sentence when they are not there.
fn collected(name: &str, from: f64, to: f64) -> Vec<(f64, f64)> {
    let path = format!("../../../shared/data/spectra/library/{name}.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("left out: {path} is not there");
        return Vec::new();
    };
    text.lines()
        .filter_map(|line| {
            let (x, y) = line.split_once(',')?;
            Some((x.parse().ok()?, y.parse().ok()?))
        })
        .filter(|(x, _)| (from..=to).contains(x))
        .collect()
}

fn same(points: &[(f64, f64)], text: &str, tolerance: f64) {
    let given = Given { formula: Some("C2H6O".into()), ..Given::default() };
    let gas = read(text.as_bytes(), &given).unwrap().cross_section;
    let segment = &gas.segments[0];
    assert_eq!((gas.segments.len(), segment.sigma_cm2.len()), (1, points.len()));
    let peak = points.iter().fold(0.0_f64, |m, p| m.max(p.1));
    for (i, ((x, y), sigma)) in points.iter().zip(&segment.sigma_cm2).enumerate() {
        assert!((segment.start.0 + segment.step.0 * i as f64 - x).abs() < 1e-3);
        assert!((y.max(0.0) - f64::from(*sigma)).abs() <= tolerance * peak, "{x}: {y} {sigma}");
    }
}

#[test]
fn three_forms_of_one_spectrum_give_the_same_numbers() {
    for name in ["ethanol", "ammonia", "toluene"] {
        let points = collected(name, 900.0, if name == "toluene" { 1100.0 } else { 1200.0 });
        let Some((first, last)) = points.first().zip(points.last()) else { return };

        let unit = points.iter().fold(0.0_f64, |m, p| m.max(p.1)) * PER_DECADIC / 1e6;
        let mut csv = "wavenumber_cm-1,cm2/molecule\n".to_owned();
        let mut xsc = format!(
            "{:>20}{:10.4}{:10.4}{:7}{:7.1}{:6.1}{:10.3E}{:>5}{:>15}    {:>3}{:>3}\n",
            "C2H6O",
            first.0,
            last.0,
            points.len(),
            296.0,
            760.0,
            1e-18,
            "0.5",
            name,
            "N2",
            "1"
        );
        let mut jdx = format!(
            "##TITLE={name}\n##XUNITS=1/CM\n##YUNITS=(micromol/mol)-1m-1 (base 10)\n##XFACTOR=1\n\
             ##YFACTOR={unit:e}\n##FIRSTX={}\n##LASTX={}\n##NPOINTS={}\n##XYDATA=(X++(Y..Y))\n",
            first.0,
            last.0,
            points.len()
        );
        for (i, row) in points.chunks(10).enumerate() {
            write!(jdx, "{}", points[10 * i].0).unwrap();
            for (x, y) in row {
                writeln!(csv, "{x},{y}").unwrap();
                write!(xsc, "{y:10.3E}").unwrap();
                let decadic = y * PER_DECADIC / unit;
                write!(jdx, "{:+}", decadic.round() as i64).unwrap();
            }
            xsc.push('\n');
            jdx.push('\n');
        }
        same(&points, &csv, 1e-7);
        same(&points, &xsc, 1e-3);
        same(&points, &jdx, 1e-5);
    }
}
