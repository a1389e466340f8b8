use axum::http::StatusCode;
use cathartes_store::Kind;

use super::*;

fn key(findings: u64) -> Key {
    let query = TileQuery { datetime: None, gas: None, filter: None, filter_lang: None };
    let tile = MapTile::new(9, 200, 100).unwrap();
    Key { collection: Collection::Of(Kind::Plume), tile, query, findings }
}

async fn made(bytes: usize) -> Result<Made, Problem> {
    Ok(Made { bytes: vec![0; bytes].into(), tag: bytes.to_string(), more: false })
}

async fn never() -> Result<Made, Problem> {
    Err(Problem::new(StatusCode::IM_A_TEAPOT, "made again".to_owned()))
}

#[tokio::test]
async fn a_tile_is_made_once_until_something_is_found() {
    let kept = KeptTiles::new();
    assert_eq!(kept.or_made(&key(7), made(3)).await.unwrap().bytes.len(), 3);
    assert_eq!(kept.or_made(&key(7), never()).await.unwrap().bytes.len(), 3);
    assert_eq!(kept.or_made(&key(8), made(4)).await.unwrap().bytes.len(), 4);
}

#[tokio::test]
async fn another_question_is_another_tile() {
    let kept = KeptTiles::new();
    kept.or_made(&key(7), made(3)).await.unwrap();
    let gas = Key { query: TileQuery { gas: Some("nh3".to_owned()), ..key(7).query }, ..key(7) };
    let kind = Key { collection: Collection::Of(Kind::Source), ..key(7) };
    let place = Key { tile: MapTile::new(9, 200, 101).unwrap(), ..key(7) };
    for other in [gas, kind, place] {
        assert_eq!(kept.or_made(&other, made(5)).await.unwrap().bytes.len(), 5, "{other:?}");
    }
}

#[tokio::test]
async fn one_that_could_not_be_made_is_tried_again() {
    let kept = KeptTiles::new();
    assert!(kept.or_made(&key(7), never()).await.is_err());
    assert_eq!(kept.or_made(&key(7), made(3)).await.unwrap().bytes.len(), 3);
}

#[tokio::test]
async fn kept_tiles_do_not_fill_the_memory() {
    let kept = KeptTiles::new();
    for findings in 0..200 {
        kept.or_made(&key(findings), made(1024 * 1024)).await.unwrap();
    }
    assert!(kept.0.weight() <= MOST_BYTES && kept.0.len() > 10, "{kept:?}");
}
