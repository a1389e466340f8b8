use std::io::{Read, Seek, SeekFrom};

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

pub(crate) async fn a_blob_is_read_here_and_there(house: &House) {
    let bytes: Vec<u8> = (0..1_000_003_u32).map(|i| (i % 251) as u8).collect();
    let blob = house.store.blobs().put(bytes.clone()).await.unwrap();
    let mut reader = house.store.blobs().reader(&blob.sha256).await.unwrap();
    let read = tokio::task::spawn_blocking(move || {
        let mut read = |from: SeekFrom, count: usize| {
            let at = reader.seek(from).unwrap() as usize;
            let mut piece = vec![0; count];
            reader.read_exact(&mut piece).unwrap();
            assert!(piece == bytes[at..at + count], "{count} bytes at {at}");
        };
        read(SeekFrom::Start(0), 100);
        read(SeekFrom::Start(262_100), 300_000);
        read(SeekFrom::Current(-5), 10);
        read(SeekFrom::End(-3), 3);
        read(SeekFrom::Start(7), 300_000);
        assert_eq!(reader.seek(SeekFrom::End(5)).unwrap(), 1_000_008);
        assert_eq!(reader.read(&mut [0; 8]).unwrap(), 0, "nothing lies behind the end");
        assert!(reader.seek(SeekFrom::Current(-2_000_000)).is_err());
    });
    read.await.unwrap();
}

pub(crate) async fn a_digest_that_is_none_leads_nowhere(house: &House) {
    for text in ["", "..", "../../etc/passwd", &"A".repeat(64), &"g".repeat(64)] {
        let read = house.store.blobs().read(&Digest(text.to_owned())).await;
        assert!(matches!(read, Err(StoreError::Refused(_))), "{text}");
    }
    let unknown = house.store.blobs().read(&Digest("0".repeat(64))).await;
    assert!(matches!(unknown, Err(StoreError::Blobs(_))));
}
