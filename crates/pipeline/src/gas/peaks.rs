//! Thermal marks of the gases against the literature, built-in ones and ones imported from files as the
//! NIST database would give them. Centres of bands in cm⁻¹: Herzberg (1945), Infrared and Raman Spectra;
//! Shimanouchi (1972), NSRDS-NBS 39; for ammonia the two `Q` branches of the inverted state.

use cathartes_core::units::PerCm;

use super::*;

/// Gas, centre, and how far its maximum may be from it: the width of a `Q` branch, the fold between `P`
/// and `R` where there is none, or the step of a coarse table.
const BUILT_IN: [(&str, f64, f64); 30] = [
    ("nh3", 931.0, 2.5),
    ("nh3", 967.0, 2.5),
    ("methanol", 1033.0, 2.0),
    ("ethylene", 949.5, 1.5),
    ("so2", 1152.0, 20.0),
    ("so2", 1362.0, 15.0),
    ("ph3", 992.0, 3.0),
    ("ph3", 1118.0, 15.0),
    ("ch4", 1306.0, 3.0),
    ("co2", 667.5, 2.0),
    ("o3", 1042.0, 18.0),
    ("n2o", 1285.0, 15.0),
    ("hno3", 879.0, 2.0),
    ("hno3", 896.0, 2.0),
    ("hcn", 712.0, 2.0),
    ("acetylene", 730.0, 2.0),
    ("formic-acid", 1105.0, 2.0),
    ("phosgene", 850.0, 10.0),
    ("toluene", 729.0, 5.0),
    ("methyl-chloride", 732.0, 10.0),
    ("methyl-chloride", 1017.0, 15.0),
    ("methyl-bromide", 1306.0, 12.0),
    ("ocs", 859.0, 12.0),
    ("carbonyl-fluoride", 774.0, 3.0),
    ("propylene", 912.0, 5.0),
    ("ethane", 822.0, 6.0),
    ("acetonitrile", 908.0, 15.0),
    ("cyanoacetylene", 663.0, 3.0),
    ("diacetylene", 628.0, 3.0),
    ("so3", 1391.0, 12.0),
];

/// Of gases whose terms keep them out of the library: in files made of `../shared/data`.
const IMPORTED: [(&str, f64, f64); 5] = [
    ("acetone", 1217.0, 2.0),
    ("acetone", 1365.0, 2.0),
    ("dichloromethane", 750.0, 3.0),
    ("dichloromethane", 1268.0, 8.0),
    ("ethyl_acetate", 1241.0, 3.0),
];

/// Where a gas absorbs most within twice the distance allowed, or 8 cm⁻¹, of a place.
fn strongest_near(gas: &CrossSection, center: f64, within: f64) -> f64 {
    let reach = (2.0 * within).max(8.0);
    let steps = (0..=(40.0 * reach) as u32).map(|k| center - reach + 0.05 * f64::from(k));
    let known = steps.filter_map(|nu| Some((nu, gas.at(PerCm(nu))?)));
    known.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0
}

#[test]
fn built_in_gases_absorb_where_the_literature_says() {
    let library = library(None).unwrap();
    for (slug, center, within) in BUILT_IN {
        let found = strongest_near(find(slug, &library).unwrap(), center, within);
        assert!((found - center).abs() <= within, "{slug}: {found:.2}, literature {center}");
    }
}

#[test]
fn a_band_that_no_list_has_is_not_taken_for_transparent() {
    let library = library(None).unwrap();
    assert_eq!(find("acetonitrile", &library).unwrap().at(PerCm(1041.0)), None);
}

/// A JCAMP-DX file in the manner of the NIST database, from two columns of wavenumber and cm².
fn as_nist(slug: &str, columns: &str) -> String {
    let rows: Vec<(f64, f64)> = columns
        .lines()
        .filter_map(|line| line.split_once(','))
        .filter_map(|(nu, sigma)| Some((nu.parse().ok()?, sigma.parse().ok()?)))
        .take_while(|(nu, _)| *nu < 1500.0)
        .collect();
    let step = rows[1].0 - rows[0].0;
    // (micromol/mol)-1 m-1, to the base 10.
    let per_ppmm = 2.4794e15 / std::f64::consts::LN_10;
    let body: Vec<String> =
        rows.iter().map(|(nu, sigma)| format!("{nu:.4} {:.6e}", sigma * per_ppmm)).collect();
    format!(
        "##TITLE={slug}\n##JCAMP-DX=4.24\n##DATA TYPE=INFRARED SPECTRUM\n##STATE=gas\n##XUNITS=1/CM\n\
         ##YUNITS=(micromol/mol)-1m-1 (base 10)\n##XFACTOR=1.0\n##YFACTOR=1.0\n##FIRSTX={:.4}\n\
         ##LASTX={:.4}\n##DELTAX={step}\n##NPOINTS={}\n##XYDATA=(X++(Y..Y))\n{}\n##END=\n",
        rows[0].0,
        rows[rows.len() - 1].0,
        rows.len(),
        body.join("\n")
    )
}

#[test]
fn imported_gases_absorb_where_the_literature_says_and_as_the_file_does() {
    let spectra = Path::new("../../../shared/data/spectra/library");
    if !spectra.is_dir() {
        println!("left out: ../shared/data is not there");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, center, within) in IMPORTED {
        let columns = std::fs::read_to_string(spectra.join(format!("{name}.csv"))).unwrap();
        let file = folder.path().join(format!("{name}.jdx"));
        std::fs::write(&file, as_nist(name, &columns)).unwrap();
        let slug = name.replace('_', "-");
        let given = Given {
            slug: Some(slug.clone()),
            formula: Some("C3H6O".to_owned()),
            ..Given::default()
        };
        let (made, _) = import(&file, &given, folder.path()).unwrap();
        let found = strongest_near(&made.cross_section, center, within);
        assert!((found - center).abs() <= within, "{name}: {found:.2}, literature {center}");

        let listed = columns.lines().find(|line| line.starts_with("1100.000,")).unwrap();
        let sigma: f64 = listed.split_once(',').unwrap().1.parse().unwrap();
        let kept = find(&slug, &library(Some(folder.path())).unwrap()).unwrap().at(PerCm(1100.0));
        let (strongest, off) =
            (made.cross_section.at(PerCm(found)).unwrap(), kept.unwrap() - sigma);
        assert!(off.abs() < 1e-3 * strongest, "{name}: {off} of {strongest}");
    }
}
