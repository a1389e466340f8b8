use cathartes_core::provenance::Digest;
use cathartes_store::StoreError;

use super::{House, me};

pub(crate) async fn a_large_file_is_kept_piece_by_piece_and_laid_whole(house: &House) {
    let store = &house.store;
    let file = house.path("large.img");
    // Two full pieces and a little of a third.
    let bytes: Vec<u8> = (0..17_000_001_u32).map(|i| (i % 251) as u8).collect();
    std::fs::write(&file, &bytes).unwrap();
    let blob = store.import_file(&me(), &file).await.unwrap();
    assert_eq!(blob.size_bytes, 17_000_001);
    let laid = house.path("laid.img");
    store.blobs().lay(&blob.sha256, &laid).await.unwrap();
    assert!(std::fs::read(&laid).unwrap() == bytes, "laid as it was kept");
    let before = store.audit_seq().await.unwrap();
    assert_eq!(store.import_file(&me(), &file).await.unwrap(), blob);
    assert_eq!(store.audit_seq().await.unwrap(), before, "it was here already");
}

pub(crate) async fn a_digest_that_is_none_leads_nowhere(house: &House) {
    for text in ["", "..", "../../etc/passwd", &"A".repeat(64), &"g".repeat(64)] {
        let read = house.store.blobs().read(&Digest(text.to_owned())).await;
        assert!(matches!(read, Err(StoreError::Refused(_))), "{text}");
    }
    let unknown = house.store.blobs().read(&Digest("0".repeat(64))).await;
    assert!(matches!(unknown, Err(StoreError::Blobs(_))));
}
