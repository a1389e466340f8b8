use super::*;

/// A small project that keeps every rule; each test plants one violation in it.
fn clean() -> Project {
    let mut p = Project::default();
    let shared = "too-many-lines-threshold = 80\n";
    let pure =
        "disallowed-methods = [\"jiff::Timestamp::now\"]\ndisallowed-types = [\"std::fs::File\"]\n";
    let manifest = |name: &str, uses: &str| {
        format!(
            "[package]\nname = \"cathartes-{name}\"\n[dependencies]\n{uses}[lints]\nworkspace = true\n"
        )
    };
    for (path, text) in [
        (
            "Cargo.toml",
            "[workspace.dependencies]\ncathartes-core = { path = \"crates/core\" }\nserde = \"1\"\n",
        ),
        ("xtask/tidy.toml", RULES),
        ("clippy.toml", shared),
        ("crates/core/clippy.toml", &format!("{shared}{pure}")),
        ("crates/core/Cargo.toml", &manifest("core", "serde.workspace = true\n")),
        (
            "crates/core/src/provenance.rs",
            "use serde::Serialize;\npub struct Provenance { pub seed: u64 }\n",
        ),
        ("crates/formats/Cargo.toml", &manifest("formats", "cathartes-core.workspace = true\n")),
        ("crates/formats/src/lib.rs", "use cathartes_core::x;\npub mod envi;\n"),
        ("crates/formats/src/envi.rs", "pub fn read() {}\n"),
        ("fuzz/Cargo.toml", "[[bin]]\nname = \"e\"\npath = \"fuzz_targets/e.rs\"\n"),
        ("fuzz/fuzz_targets/e.rs", "use cathartes_formats::envi;\n"),
        ("docs/decisions/0002-dependencies.md", "| `serde` | values to text | everybody does |\n"),
        (
            "GLOSSARY.md",
            "# Words\n\n| word | means |\n|---|---|\n| provenance | where from (`Provenance`) |\n",
        ),
        (
            "README.md",
            "# Title\n\nSee [words](GLOSSARY.md), [here](#title), [why](docs/decisions/0002-dependencies.md).\n",
        ),
        ("fixtures/README.md", "| file | SHA-256 |\n|---|---|\n"),
    ] {
        p.add(path, text.as_bytes());
    }
    p
}

const RULES: &str = r#"
anyhow = ["pipeline"]
[only]
sqlx = "store"
[doors]
core = []
formats = ["core"]
pipeline = ["core", "formats"]
[pure]
core = ["serde"]
[parsers.not_fuzzed]
[threads.tested_by]
[exporters]
modules = ["crates/formats/src/envi.rs"]
gives = ["String"]
beside = ["str"]
[budgets]
function_lines = 8
median_function_lines = 5
file_lines = 30
parameters = 2
traits = ["CubeSource"]
[quantities]
crates = ["core", "formats"]
units = ["nm", "m", "kg", "ppmm"]
pure_numbers = ["ratio"]
whole = ["duration"]
[quantities.allowed]
[words]
unfinished = ["TODO"]
foreign_paths = ["/home/"]
refused = ["weapon"]
[words.british]
color = "colour"
"#;

fn findings(project: &Project) -> Vec<String> {
    let rules = Rules::of(project).unwrap();
    let found = CHECKS.iter().flat_map(|(_, check)| check(project, &rules));
    found.map(|finding| finding.to_string()).collect()
}

/// Writes one file over the clean project; what the rules say of it.
fn planted(path: &str, text: &str) -> Vec<String> {
    let mut project = clean();
    project.files.retain(|f| f.path != path);
    project.add(path, text.as_bytes());
    findings(&project)
}

/// The one finding that a planted file must bring, at its place.
#[track_caller]
fn finds(path: &str, text: &str, place: &str, what: &str) {
    let found = planted(path, text);
    assert!(found.iter().any(|f| f.starts_with(place) && f.contains(what)), "{found:#?}");
}

#[test]
fn a_project_that_keeps_the_rules_has_no_findings() {
    assert_eq!(findings(&clean()), Vec::<String>::new());
}

#[test]
fn this_project_has_rules_that_read() {
    let project = Project::read(&crate::root()).unwrap();

    let rules = Rules::of(&project).unwrap();

    assert!(rules.doors["core"].is_empty());
    assert_eq!(rules.budgets.function_lines, 80);
}

#[test]
fn a_closed_door_is_found() {
    let manifest = "[package]\nname = \"cathartes-core\"\n[dependencies]\ncathartes-formats.workspace = true\n";
    finds(
        "crates/core/Cargo.toml",
        manifest,
        "crates/core/Cargo.toml:4",
        "may not use `cathartes-formats`",
    );
    let manifest = "[dependencies]\nanyhow.workspace = true\n";
    finds("crates/formats/Cargo.toml", manifest, "crates/formats/Cargo.toml:2", "error enum");
    let manifest = "[dependencies]\nsqlx.workspace = true\n";
    finds(
        "crates/formats/Cargo.toml",
        manifest,
        "crates/formats/Cargo.toml:2",
        "for `store` alone",
    );
    finds("crates/core/Cargo.toml", "\n", "crates/core/Cargo.toml:1", "lints of the workspace");
    finds("crates/core/Cargo.toml", "[features]\n", "crates/core/Cargo.toml:1", "no features");
    finds("crates/new/Cargo.toml", "name = \"n\"\n", "crates/new/Cargo.toml:1", "[doors]");
}

#[test]
fn a_dependency_without_use_reason_or_place_in_the_list_is_found() {
    let workspace = "[workspace.dependencies]\nserde = \"1\"\nleft-pad = \"1\"\n";
    finds("Cargo.toml", workspace, "Cargo.toml:3", "used by no crate");
    finds("Cargo.toml", workspace, "Cargo.toml:3", "say its job");
    let own = "[dependencies]\nserde = \"1\"\n";
    finds("crates/core/Cargo.toml", own, "crates/core/Cargo.toml:2", "serde.workspace = true");
    finds(
        "crates/core/src/provenance.rs",
        "",
        "crates/core/Cargo.toml:4",
        "not used in crates/core",
    );
}

#[test]
fn a_pure_crate_that_takes_an_unknown_crate_is_found() {
    let manifest = "[dependencies]\nreqwest.workspace = true\n";
    finds("crates/core/Cargo.toml", manifest, "crates/core/Cargo.toml:2", "is pure and takes");
}

#[test]
fn a_pure_crate_whose_clippy_settings_differ_or_are_missing_is_found() {
    finds("crates/core/clippy.toml", "", "crates/core/clippy.toml:1", "`disallowed-methods`");
    let other = "too-many-lines-threshold = 900\n";
    finds("crates/core/clippy.toml", other, "crates/core/clippy.toml:1", "of the root");
}

#[test]
fn a_pure_crate_that_reads_a_file_a_clock_or_a_die_is_found() {
    for (code, path) in [
        ("use std::fs;", "std::fs"),
        ("use std::{sync::Arc, net::TcpStream};", "std::net::TcpStream"),
        ("fn f() { std::env::var(\"A\"); }", "std::env::var"),
        ("fn f() { let t = jiff::Timestamp::now(); }", "Timestamp::now"),
        ("fn f() { let r = rand::rng(); }", "rand::rng"),
        ("fn f() { println!(\"x\"); }", "println!"),
    ] {
        let text = format!("// one\n{code}\n");
        finds("crates/core/src/a.rs", &text, "crates/core/src/a.rs:2", path);
    }
}

#[test]
fn a_test_of_a_pure_crate_may_read_a_file() {
    let found = planted("crates/core/src/provenance/tests.rs", "use std::fs;\n");

    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_module_declared_for_tests_is_a_test_whatever_its_name() {
    let mut project = clean();
    project.files.retain(|f| f.path != "crates/formats/src/envi.rs");
    project.add("crates/formats/src/envi.rs", b"#[cfg(test)]\nmod published;\n");
    project.add("crates/formats/src/envi/published.rs", b"#[test]\nfn t(length: f64) {}\n");
    assert!(!findings(&project).is_empty());

    project.tell_tests();

    assert_eq!(findings(&project), Vec::<String>::new());
}

#[test]
fn parallel_code_without_a_thread_test_is_found() {
    let code = "use rayon::prelude::*;\n";
    finds("crates/formats/src/envi.rs", code, "crates/formats/src/envi.rs:1", "1 and N threads");

    let mut project = clean();
    project.files.retain(|f| f.path != "crates/formats/src/envi.rs");
    project.add("crates/formats/src/envi.rs", code.as_bytes());
    project.add("crates/formats/src/envi/tests.rs", b"fn the_same_bits_on_any_thread_count() {}\n");
    assert_eq!(findings(&project), Vec::<String>::new());
}

#[test]
fn a_thread_test_elsewhere_must_be_there() {
    let line = "[threads.tested_by]\n\"crates/formats/src/envi.rs\" = \"crates/core/src/tests.rs\"";
    let rules = RULES.replace("[threads.tested_by]", line);
    finds("xtask/tidy.toml", &rules, "xtask/tidy.toml:", "no test at 1 and N threads");
}

#[test]
fn a_parser_without_a_fuzz_target_is_found() {
    let modules = "use cathartes_core::x;\npub mod envi;\npub mod netcdf;\n";
    finds("crates/formats/src/lib.rs", modules, "crates/formats/src/lib.rs:3", "`netcdf`");
    finds("fuzz/Cargo.toml", "", "crates/formats/src/lib.rs:2", "no fuzz target");
}

#[test]
fn a_parser_that_lets_itself_panic_is_found() {
    let code = "#[expect(clippy::indexing_slicing, reason = \"fast\")]\nfn f() {}\n";
    finds("crates/formats/src/envi.rs", code, "crates/formats/src/envi.rs:1", "must not panic");
}

#[test]
fn a_report_without_provenance_is_found() {
    let optional = "pub struct DetectReport {\n pub provenance: Option<Provenance>,\n}\n";
    let path = "crates/pipeline/src/detect.rs";
    finds(path, optional, "crates/pipeline/src/detect.rs:1", "not optional");
    let optional = "use serde as s;\npub struct Provenance { pub seed: Option<u64> }\n";
    let path = "crates/core/src/provenance.rs";
    finds(path, optional, "crates/core/src/provenance.rs:2", "never optional");
}

#[test]
fn a_bare_quantity_in_public_is_found() {
    for (code, item) in [
        ("pub struct A { pub length: f64 }", "`A.length`"),
        ("pub enum E { V { size: f32 } }", "`E::V.size`"),
        ("pub fn f(speed: f64) {}", "`f(speed)`"),
        ("pub fn speed() -> Option<Vec<f64>> { None }", "`speed()`"),
        ("pub struct A; impl A { pub fn f(&self, x: &[f32]) {} }", "`A::f(x)`"),
        ("pub struct A { pub duration: u64 }", "`A.duration`"),
        ("pub struct A(pub f64);", "`A.0`"),
    ] {
        let text = format!("\n{code}\n");
        finds("crates/formats/src/envi.rs", &text, "crates/formats/src/envi.rs:2", item);
    }
}

#[test]
fn a_quantity_with_its_unit_a_pure_number_and_a_count_pass() {
    let code = "pub struct A { pub length_m: f64, pub mass_ratio: f32, pub lines: usize, own: f64 }\n\
                pub(crate) fn f(x: f64) {}\n\
                pub fn sigma_ppmm() -> f64 { 0.0 }\n";

    assert_eq!(planted("crates/formats/src/envi.rs", code), Vec::<String>::new());
}

#[test]
fn an_allowance_may_mean_all_fields_of_a_type() {
    let line = "[quantities.allowed]\n\"crates/formats/src/envi.rs A.*\" = \"shares\"";
    let mut project = clean();
    project
        .files
        .retain(|f| !["xtask/tidy.toml", "crates/formats/src/envi.rs"].contains(&&*f.path));
    project.add("xtask/tidy.toml", RULES.replace("[quantities.allowed]", line).as_bytes());
    project.add("crates/formats/src/envi.rs", b"pub struct A { pub soil: f64, pub green: f64 }");

    assert_eq!(findings(&project), Vec::<String>::new());
}

#[test]
fn an_allowance_that_nothing_needs_is_found() {
    let line = "[quantities.allowed]\n\"crates/core/src/gone.rs A.b\" = \"was needed\"";
    let rules = RULES.replace("[quantities.allowed]", line);
    finds("xtask/tidy.toml", &rules, "xtask/tidy.toml:", "remove the line");
}

#[test]
fn what_leaves_beside_the_gate_is_found() {
    let path = "crates/formats/src/envi.rs";
    let finds = |text: &str, what: &str| finds(path, text, "crates/formats/src/envi.rs:1", what);
    finds("pub fn f(a: &Content) -> String {}", "takes no `&Releasable<…>`");
    finds("pub fn f(a: &Content) -> Result<String, E> {}", "takes no `&Releasable<…>`");
    finds("pub fn f(a: &Releasable<Content>, b: &Product) -> String {}", "takes `Product` beside");
    finds(
        "pub fn f(a: &Releasable<Content>, b: &[Product]) -> String {}",
        "takes `Product` beside",
    );
    let fine = "pub fn f(a: &Releasable<Content>, b: &str) -> String {}";
    assert_eq!(planted(path, fine), Vec::<String>::new());
    assert_eq!(planted(path, "fn f(a: &Content) -> String {}"), Vec::<String>::new());
}

#[test]
fn a_broken_budget_is_found() {
    let path = "crates/formats/src/envi.rs";
    let long = format!("fn f() {{\n{}}}\n", "    g();\n".repeat(10));
    finds(path, &long, "crates/formats/src/envi.rs:1", "10 lines of at most 8");
    finds(path, &long, "crates:1", "median");
    finds(path, &"// x\n".repeat(31), "crates/formats/src/envi.rs:1", "31 lines of at most 30");
    finds(path, "fn f(a: u8, b: u8, c: u8) {}", "crates/formats/src/envi.rs:1", "3 parameters");
    finds(path, "\npub trait Other {}", "crates/formats/src/envi.rs:2", "trait `Other`");
    let inline = "#[cfg(test)]\nmod tests { #[test] fn t() {} }";
    finds(path, inline, "crates/formats/src/envi.rs:1", "their own file");
    finds(path, "#[test]\nfn t() {}", "crates/formats/src/envi.rs:1", "belongs in `tests.rs`");
}

#[test]
fn a_word_that_does_not_belong_is_found() {
    finds("README.md", "a\nThe color\n", "README.md:2", "`colour`");
    finds("README.md", "see #12 for it", "README.md:1", "`#12`");
    finds("README.md", "in /home/me/x", "README.md:1", "one machine");
    let path = "crates/formats/src/envi.rs";
    finds(path, "// a color\n", "crates/formats/src/envi.rs:1", "`colour`");
    finds(path, "// TODO: later\n", "crates/formats/src/envi.rs:1", "`TODO`");
    finds(path, "fn f(weapon_kind: u8) {}", "crates/formats/src/envi.rs:1", "no such thing");
}

#[test]
fn a_foreign_word_in_code_and_a_hash_of_another_kind_pass() {
    let code = "/// Calls `color`.\nfn color() -> &'static str { \"#1f77b4\" }\n";

    assert_eq!(planted("crates/formats/src/envi.rs", code), Vec::<String>::new());
    assert_eq!(planted("NEWS.md", "```\ncolor\n```\n"), Vec::<String>::new());
}

#[test]
fn a_word_with_two_meanings_or_none_is_found() {
    let twice = "| word | means |\n|---|---|\n| plume | a `Provenance` |\n| Plume, gas | b |\n";
    finds("GLOSSARY.md", twice, "GLOSSARY.md:4", "stands on line 3 already");
    finds("GLOSSARY.md", "", "crates/core/src/provenance.rs:2", "not in GLOSSARY.md");
}

#[test]
fn data_without_a_row_or_with_another_digest_is_found() {
    finds("fixtures/a.csv", "1,2\n", "fixtures/a.csv:1", "is not in fixtures/README.md");
    finds("crates/formats/src/gas.bin", "x", "crates/formats/src/gas.bin:1", "is not in");
    finds("fixtures/README.md", "| `b.csv` | 00 |\n", "fixtures/README.md:1", "is not there");

    let mut project = clean();
    project.add("fixtures/a.csv", b"1,2\n");
    project.files.retain(|f| f.path != "fixtures/README.md");
    project.add("fixtures/README.md", b"| `a.csv` | 0000 |\n");
    let found = findings(&project);
    assert!(found[0].contains("another SHA-256"), "{found:?}");
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    finds("README.md", "\n[x](docs/none.md)", "README.md:2", "there is no docs/none.md");
    finds("docs/lonely.md", "# Lonely\n", "docs/lonely.md:1", "no other document leads here");
    finds("docs/a.md", "[x](../GLOSSARY.md#nope)", "docs/a.md:1", "no heading `#nope`");
}
