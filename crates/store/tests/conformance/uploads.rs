use cathartes_core::provenance::Digest;
use cathartes_store::{Blob, StoreError, UploadState};
use sha2::{Digest as _, Sha256};

use super::{House, me};

fn blob(bytes: &[u8]) -> Blob {
    let sha256 = Sha256::digest(bytes).iter().copied().map(hexadecimal).collect();
    Blob { sha256: Digest(sha256), size_bytes: bytes.len() as u64 }
}

fn hexadecimal(byte: u8) -> String {
    format!("{byte:02x}")
}

pub(crate) async fn an_upload_goes_on_where_it_was_cut_off(house: &House) {
    let store = &house.store;
    let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    let upload = store.begin_upload(&me(), "line.img", &blob(&bytes)).await.unwrap();
    assert_eq!((upload.received_bytes, upload.state), (0, UploadState::Open));
    store.receive(&me(), upload.id, 0, &bytes[..150_000]).await.unwrap();

    // A piece of which only a part came to the disk, and whose sender never heard of it.
    let file = house.path("incoming").join(upload.id.to_string());
    let mut torn = std::fs::read(&file).unwrap();
    torn.extend([0xFF; 5_000]);
    std::fs::write(&file, torn).unwrap();
    let resumed = store.upload(upload.id).await.unwrap();
    assert_eq!(resumed.received_bytes, 150_000);
    let wrong = store.receive(&me(), upload.id, 0, &bytes[..10]).await;
    assert!(matches!(wrong, Err(StoreError::Conflict { .. })), "{wrong:?}");
    let long = store.receive(&me(), upload.id, 150_000, &vec![0; 400_000]).await;
    assert!(matches!(long, Err(StoreError::Refused(_))), "{long:?}");

    let done = store.receive(&me(), upload.id, 150_000, &bytes[150_000..]).await.unwrap();
    assert_eq!(done.state, UploadState::Done);
    let laid = house.path("laid");
    store.blobs().lay(&done.sha256, &laid).await.unwrap();
    assert_eq!(std::fs::read(laid).unwrap(), bytes);
    assert!(!file.exists());
    let more = store.receive(&me(), upload.id, 400_000, &[]).await;
    assert!(matches!(more, Err(StoreError::Conflict { .. })), "{more:?}");
}

pub(crate) async fn another_file_than_announced_is_refused(house: &House) {
    let store = &house.store;
    let upload = store.begin_upload(&me(), "line.img", &blob(b"right")).await.unwrap();
    let refused = store.receive(&me(), upload.id, 0, b"wrong").await.unwrap_err().to_string();
    assert!(refused.contains("send it again"), "{refused}");
    assert_eq!(store.upload(upload.id).await.unwrap().state, UploadState::Refused);
    let absent = store.blobs().read(&blob(b"wrong").sha256).await;
    assert!(absent.is_err(), "a refused file is not kept");
    for name in ["", "../x", "a/b", ".hidden", "a\0b", &"x".repeat(300)] {
        let refused = store.begin_upload(&me(), name, &blob(b"right")).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{name}");
    }
    let odd = Blob { sha256: Digest("../../etc".to_owned()), size_bytes: 1 };
    assert!(matches!(store.begin_upload(&me(), "a", &odd).await, Err(StoreError::Refused(_))));
}

pub(crate) async fn what_is_here_is_not_sent_again(house: &House) {
    let store = &house.store;
    let first = store.begin_upload(&me(), "line.img", &blob(b"bytes")).await.unwrap();
    store.receive(&me(), first.id, 0, b"bytes").await.unwrap();
    let second = store.begin_upload(&me(), "copy.img", &blob(b"bytes")).await.unwrap();
    assert_eq!((second.state, second.received_bytes), (UploadState::Done, 5));
}

pub(crate) async fn two_senders_of_one_piece_do_not_undo_each_other(house: &House) {
    let (store, me) = (&house.store, me());
    let bytes = vec![7; 3_000_000];
    let upload = store.begin_upload(&me, "line.img", &blob(&bytes)).await.unwrap();
    let send =
        |offset: usize| store.receive(&me, upload.id, offset as u64, &bytes[offset..][..1_000_000]);
    for offset in [0, 1_000_000] {
        let (one, other) = tokio::join!(send(offset), send(offset));
        let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
        assert_eq!(won.unwrap().received_bytes, offset as u64 + 1_000_000);
        assert!(matches!(lost, Err(StoreError::Conflict { .. })), "{lost:?}");
    }
    assert_eq!(send(2_000_000).await.unwrap().state, UploadState::Done);
}

pub(crate) async fn an_upload_goes_on_only_where_its_bytes_are(house: &House) {
    let (store, bytes) = (&house.store, vec![7; 2_000]);
    let upload = store.begin_upload(&me(), "line.img", &blob(&bytes)).await.unwrap();
    store.receive(&me(), upload.id, 0, &bytes[..1_000]).await.unwrap();
    // As another server of the same database sees it.
    let file = house.path("incoming").join(upload.id.to_string());
    std::fs::rename(&file, house.path("elsewhere")).unwrap();
    let refused = store.receive(&me(), upload.id, 1_000, &bytes[1_000..]).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    std::fs::rename(house.path("elsewhere"), &file).unwrap();
    let done = store.receive(&me(), upload.id, 1_000, &bytes[1_000..]).await.unwrap();
    assert_eq!(done.state, UploadState::Done);
}

pub(crate) async fn many_senders_of_one_file_make_one_whole(house: &House) {
    let bytes: Vec<u8> = (0..50_000_u32).flat_map(u32::to_le_bytes).collect();
    let upload = house.store.begin_upload(&me(), "line.img", &blob(&bytes)).await.unwrap();
    let sender = |piece_bytes: usize| {
        let (store, bytes) = (house.store.clone(), bytes.clone());
        tokio::spawn(async move {
            loop {
                let now = store.upload(upload.id).await.unwrap();
                if now.state != UploadState::Open {
                    return now.state;
                }
                let offset = now.received_bytes as usize;
                let piece = &bytes[offset..bytes.len().min(offset + piece_bytes)];
                match store.receive(&me(), upload.id, now.received_bytes, piece).await {
                    Ok(_) | Err(StoreError::Conflict { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        })
    };
    for sender in [7_000, 11_000, 13_000].map(sender) {
        assert_eq!(sender.await.unwrap(), UploadState::Done);
    }
    let left = std::fs::read_dir(house.path("incoming")).unwrap().count();
    assert_eq!(left, 0, "nothing is left of it");
}
