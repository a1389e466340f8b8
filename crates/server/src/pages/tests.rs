use super::*;

#[test]
fn a_file_is_told_by_its_end() {
    assert_eq!(media_type("index.html"), "text/html; charset=utf-8");
    assert_eq!(media_type("assets/a-1.2.mjs"), "text/javascript; charset=utf-8");
    assert_eq!(media_type("assets/odd"), "application/octet-stream");
}

#[test]
fn only_whoever_unpacks_gets_what_is_packed() {
    let with = |said: &'static str| {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, header::HeaderValue::from_static(said))])
    };
    assert!(packs(&with("br, gzip;q=0.8")));
    assert!(!packs(&with("br")));
    assert!(!packs(&HeaderMap::new()));
}

#[test]
fn no_path_leads_out_of_the_workbench() {
    for path in ["assets/../../package.json", "../package.json", "/etc/passwd", "assets/.."] {
        assert!(file(path, FOREVER, &HeaderMap::new()).is_none(), "{path}");
    }
}
