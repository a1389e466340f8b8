//! The recipes of the guide, typed as they stand there.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    chain::dropped,
    others::{clients, succeeds},
    served::{Client, Served},
    sites,
};

/// Blocks of the page between fences that begin with some word.
fn blocks(fence: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/server.md");
    let page = fs::read_to_string(page).unwrap();
    let parts = page.split("\n```").collect::<Vec<_>>();
    let blocks = parts.iter().skip(1).step_by(2).filter_map(|part| part.split_once('\n'));
    blocks.filter(|(word, _)| *word == fence).map(|(_, block)| block.to_owned()).collect()
}

/// A folder with all that the commands speak of.
fn filled(top: &Path) -> PathBuf {
    let folder = dropped(top);
    fs::write(folder.join("reports.csv"), sites::reports(46.0, 7.0)).unwrap();
    fs::write(folder.join("office.toml"), sites::MAPPING).unwrap();
    folder
}

/// The commands that are typed against a running server, one script in the order of the page.
fn script(base: &str) -> String {
    let typed =
        blocks("").into_iter().filter(|block| block.contains("$URL") && block.starts_with("$ "));
    let lines = typed.map(|block| block.replace("\n$ ", "\n").trim_start_matches("$ ").to_owned());
    let script = lines.collect::<Vec<_>>().join("\n");
    assert!(script.contains("URL=http://127.0.0.1:8750\n"));
    script.replace("http://127.0.0.1:8750", base)
}

fn typed(folder: &Path, script: &str) -> String {
    let mut shell = Command::new("bash");
    succeeds(shell.args(["-euo", "pipefail", "-c", script]).current_dir(folder))
}

#[test]
fn the_recipes_of_curl_and_gdal_run_as_they_stand_in_the_guide() {
    let top = tempfile::tempdir().unwrap();
    let served = Served::start(&top.path().join("record"), &[]);
    let client = Client::first(&served);
    let folder = filled(top.path());

    let said = typed(&folder, &script(&served.base));

    let plumes = client.get("/ogc/collections/plumes/items?limit=1000");
    let plumes = plumes["features"].as_array().unwrap().len();
    assert!(plumes > 0);
    let counted = said.matches(&format!("Feature Count: {plumes}\n")).count();
    assert_eq!(counted, 2, "by the items and by the tile of the world: {said}");
    assert!(said.contains("\"gas\":\"ch4\""), "the filter finds the plume: {said}");
    assert!(said.contains("\"files\":["), "the filter finds the scene: {said}");
    assert!(folder.join("plumes.gpkg").exists());
    assert_eq!(fs::read(folder.join("tile.png")).unwrap()[1..4], *b"PNG");
}

#[test]
#[ignore = "needs PyPI: run by `cargo xtask nightly`"]
fn the_recipe_of_pystac_client_runs_as_it_stands_in_the_guide() {
    let top = tempfile::tempdir().unwrap();
    let served = Served::start(&top.path().join("record"), &[]);
    let client = Client::first(&served);
    let folder = filled(top.path());
    typed(&folder, &script(&served.base));
    let recipes = blocks("python");
    assert_eq!(recipes.len(), 1);
    let recipe = &recipes[0];
    let (url, token) = (&served.base, &client.token);
    let whole = format!(
        "import pystac_client\nurl, token = '{url}', '{token}'\n{recipe}\nassert len(scenes) == 1"
    );
    succeeds(Command::new(clients().join("python")).args(["-c", &whole]));
}
