use super::*;

fn plan() -> Plan {
    Plan { gases: vec!["ch4".to_owned()], wind: None, time: None, seed: 3 }
}

#[tokio::test]
async fn a_folder_becomes_jobs_once() {
    let top = tempfile::tempdir().unwrap();
    let (record, dropped) = (top.path().join("record"), top.path().join("dropped"));
    fs::create_dir_all(dropped.join("trace")).unwrap();
    fs::write(dropped.join("trace/readings.csv"), "time,x\n").unwrap();
    fs::write(dropped.join("trace/wind.csv"), "time,speed\n").unwrap();
    fs::write(dropped.join("notes.txt"), "nothing").unwrap();
    let header = |bands: &[&str]| {
        let (n, centres, widths) =
            (bands.len(), bands.join(", "), vec!["10"; bands.len()].join(", "));
        format!(
            "ENVI\nsamples = 2\nlines = 2\nbands = {n}\ndata type = 4\ninterleave = bil\n\
             byte order = 0\nheader offset = 0\nwavelength units = Nanometers\n\
             wavelength = {{{centres}}}\nfwhm = {{{widths}}}\n"
        )
    };
    let eight = ["2200", "2210", "2220", "2230", "2240", "2250", "2260", "2270"];
    fs::write(dropped.join("line.hdr"), header(&eight)).unwrap();
    fs::write(dropped.join("line.img"), [0; 128]).unwrap();
    // A map that lies beside it.
    fs::write(dropped.join("map.hdr"), header(&eight[..1])).unwrap();
    fs::write(dropped.join("map.img"), [0; 16]).unwrap();

    let store = Store::open(&cathartes_store::Location::folder(&record)).await.unwrap();
    let actor = Actor::Command("import".to_owned());
    let first = folder(&store, &actor, &dropped, &plan()).await.unwrap();
    let left = ["map.hdr", "map.img", "notes.txt"].map(|name| dropped.join(name));
    assert_eq!(first.left, left);
    assert_eq!(first.jobs.len(), 2, "{first:?}");
    assert_eq!(folder(&store, &actor, &dropped, &plan()).await.unwrap(), first);
    let jobs = store.jobs(None, 10).await.unwrap();
    assert_eq!(jobs.len(), 2);
    let words: BTreeSet<&str> = jobs.iter().map(|job| job.work.word()).collect();
    assert_eq!(words, BTreeSet::from(["detect", "locate"]));
    let detect = jobs.iter().find(|job| job.work.word() == "detect").unwrap();
    let names: BTreeSet<&str> = detect.work.files().iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, BTreeSet::from(["line.hdr", "line.img"]));
}

#[tokio::test]
async fn a_folder_that_is_none_is_said_to_be_none() {
    let top = tempfile::tempdir().unwrap();
    let store = Store::open(&cathartes_store::Location::folder(top.path())).await.unwrap();
    let absent = top.path().join("absent");
    let actor = Actor::Command("import".to_owned());
    let error = folder(&store, &actor, &absent, &plan()).await.unwrap_err();
    assert!(format!("{error:#}").contains("absent"), "{error:#}");
}
