use argon2::password_hash::PasswordVerifier;
use cathartes_store::Location;

use super::*;

fn body(code: &str) -> Recipient {
    Recipient {
        code: code.to_owned(),
        name: "Dirección de Prueba".to_owned(),
        language: Language::Es,
        ceiling: Classification::Restricted,
        tlp: Tlp::Amber,
        rules: "partner".to_owned(),
    }
}

fn me() -> Actor {
    Actor::Command("recipient".to_owned())
}

fn is_pin_of(kept: &KeptRecipient, pin: &str) -> bool {
    Argon2::default().verify_password(pin.as_bytes(), kept.what.pin_hash.as_str()).is_ok()
}

#[tokio::test]
async fn other_keys_open_what_the_first_opened_and_those_open_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Location::folder(folder.path())).await.unwrap();
    let now = Timestamp::UNIX_EPOCH;
    let first = add_recipient(&store, &me(), &body("PE-1"), now).await.unwrap();
    assert_eq!((first.key.len(), first.pin.len()), (32, 8));
    assert_eq!(first.link("https://x.example/"), format!("https://x.example/p/{}", first.key));
    let found = store.recipient_by_link(&link_digest(&first.key)).await.unwrap().unwrap();
    assert!(is_pin_of(&found, &first.pin) && !is_pin_of(&found, "00000000"));
    let twice = add_recipient(&store, &me(), &body("PE-1"), now).await.unwrap_err().to_string();
    assert!(twice.contains("it is there already"), "{twice}");
    let second = renew_keys(&store, &me(), "PE-1", now).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(store.recipient_by_link(&link_digest(&first.key)).await.unwrap(), None);
    let renewed = store.recipient_by_link(&link_digest(&second.key)).await.unwrap().unwrap();
    assert_eq!(renewed.what.secret, found.what.secret, "its names for things stay");
    assert!(is_pin_of(&renewed, &second.pin) && !is_pin_of(&renewed, &first.pin));
    activate_recipient(&store, &me(), ("PE-1", false), now).await.unwrap();
    assert_eq!(store.recipient_by_link(&link_digest(&second.key)).await.unwrap(), None);
    activate_recipient(&store, &me(), ("PE-1", true), now).await.unwrap();
    assert!(store.recipient_by_link(&link_digest(&second.key)).await.unwrap().is_some());
    store.close().await;
}

#[tokio::test]
async fn what_is_said_of_a_recipient_is_read_back_and_nonsense_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Location::folder(folder.path())).await.unwrap();
    let now = Timestamp::UNIX_EPOCH;
    add_recipient(&store, &me(), &body("PE-1"), now).await.unwrap();
    assert!(!change_recipient(&store, &me(), &body("PE-1"), now).await.unwrap());
    let other = Recipient { tlp: Tlp::Red, ..body("PE-1") };
    assert!(change_recipient(&store, &me(), &other, now).await.unwrap());
    assert_eq!(recipients(&store).await.unwrap(), [(other, true)]);
    for (odd, words) in [
        (Recipient { rules: "none-such".to_owned(), ..body("CO-2") }, "none-such"),
        (Recipient { name: " ".to_owned(), ..body("CO-2") }, "has no name"),
        (body("C O"), "is no code"),
    ] {
        let refused = add_recipient(&store, &me(), &odd, now).await.unwrap_err().to_string();
        assert!(refused.contains(words), "{refused}");
    }
    let absent = renew_keys(&store, &me(), "CO-2", now).await.unwrap_err().to_string();
    assert_eq!(absent, "there is no recipient `CO-2`");
    store.close().await;
}
