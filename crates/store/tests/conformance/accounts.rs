use std::time::Duration;

use cathartes_store::{
    Account, AccountChange, Actor, CredentialKind, NewCredential, Proof, Role, StoreError,
};

use super::{House, at, me};

const PASSWORD: Proof<'static> = Proof::Password("$argon2id$hash");
const HOUR: Duration = Duration::from_secs(3_600);

async fn account(house: &House, name: &str) -> Account {
    let token = house.store.invite(&Actor::Server, Role::Analyst, at(0), HOUR).await.unwrap();
    house.store.accept(&token, at(1), name, PASSWORD).await.unwrap()
}

pub(crate) async fn an_invitation_makes_one_account(house: &House) {
    let store = &house.store;
    assert!(!store.has_accounts().await.unwrap());
    let token = store.invite(&Actor::Server, Role::Administrator, at(0), HOUR).await.unwrap();
    let late = store.accept(&token, at(3_601), "ana", PASSWORD).await;
    assert!(matches!(late, Err(StoreError::Refused(_))), "{late:?}");
    let made = store.accept(&token, at(10), "ana", PASSWORD).await.unwrap();
    assert_eq!(made.role, Role::Administrator);
    let twice = store.accept(&token, at(11), "eva", PASSWORD).await;
    assert!(matches!(twice, Err(StoreError::Refused(_))), "{twice:?}");
    assert!(store.has_accounts().await.unwrap());

    let token = store.invite(&me(), Role::Analyst, at(0), HOUR).await.unwrap();
    let taken = store.accept(&token, at(10), "ana", PASSWORD).await;
    assert!(matches!(taken, Err(StoreError::Conflict { .. })), "{taken:?}");
    let odd = store.accept(&token, at(10), "Ana <b>", PASSWORD).await;
    assert!(matches!(odd, Err(StoreError::Refused(_))), "{odd:?}");
    store.accept(&token, at(10), "eva", PASSWORD).await.unwrap();
    let names: Vec<String> = store.accounts().await.unwrap().into_iter().map(|a| a.name).collect();
    assert_eq!(names, ["ana", "eva"]);
}

pub(crate) async fn a_session_ends_with_its_time_and_its_account(house: &House) {
    let store = &house.store;
    let ana = account(house, "ana").await;
    let (token, session) = store.sign_in(&ana, true, at(0), HOUR).await.unwrap();
    assert!(session.csrf.is_some());
    let found = store.session(&token, at(3_599)).await.unwrap().unwrap();
    assert_eq!(found, session);
    assert_eq!(store.session(&token, at(3_600)).await.unwrap(), None);
    assert_eq!(store.session("0", at(1)).await.unwrap(), None);

    let senior = AccountChange { role: Some(Role::Senior), active: None };
    store.change_account(&me(), ana.id, senior).await.unwrap();
    let promoted = store.session(&token, at(1)).await.unwrap().unwrap();
    assert_eq!(promoted.account.role, Role::Senior);
    let gone = AccountChange { role: None, active: Some(false) };
    store.change_account(&me(), ana.id, gone).await.unwrap();
    assert_eq!(store.session(&token, at(1)).await.unwrap(), None);

    let eva = account(house, "eva").await;
    let (token, _) = store.sign_in(&eva, false, at(0), HOUR).await.unwrap();
    store.sign_out(&eva, &token).await.unwrap();
    assert_eq!(store.session(&token, at(1)).await.unwrap(), None);
}

fn credential(kind: CredentialKind, subject: &str) -> NewCredential {
    let (label, detail) = ("a key".to_owned(), "{\"counter\":0}".to_owned());
    NewCredential { kind, subject: subject.to_owned(), label, detail }
}

pub(crate) async fn an_identity_opens_the_account_it_made_and_no_other(house: &House) {
    let store = &house.store;
    let identity = credential(CredentialKind::Identity, "https://issuer.example 17");
    let invited = || store.invite(&Actor::Server, Role::Senior, at(0), HOUR);
    let proof = Proof::Identity(&identity);
    let (first, second) = (invited().await.unwrap(), invited().await.unwrap());
    let ana = store.accept(&first, at(1), "ana", proof).await.unwrap();
    assert_eq!(ana.password_hash, "");
    let holder = |kind| store.holder(kind, &identity.subject);
    assert_eq!(holder(CredentialKind::Identity).await.unwrap(), Some(ana.clone()));
    assert_eq!(holder(CredentialKind::Passkey).await.unwrap(), None);

    let taken = store.accept(&second, at(1), "eva", proof).await;
    assert!(matches!(taken, Err(StoreError::Conflict { .. })), "{taken:?}");
    assert_eq!(store.account("eva").await.unwrap(), None, "nothing is left half made");
    store.accept(&second, at(1), "eva", PASSWORD).await.unwrap();

    let gone = AccountChange { role: None, active: Some(false) };
    store.change_account(&me(), ana.id, gone).await.unwrap();
    assert_eq!(holder(CredentialKind::Identity).await.unwrap(), None);
}

pub(crate) async fn a_passkey_that_is_taken_back_opens_nothing(house: &House) {
    let store = &house.store;
    let (ana, eva) = (account(house, "ana").await, account(house, "eva").await);
    let new = credential(CredentialKind::Passkey, "AQID");
    let kept = store.add_credential(&ana, &new).await.unwrap();
    let twice = store.add_credential(&eva, &new).await;
    assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");

    store.used_credential(&ana, kept.id, "{\"counter\":1}").await.unwrap();
    let [used] = store.credentials(&ana).await.unwrap().try_into().unwrap();
    assert_eq!(used.what.detail, "{\"counter\":1}");
    assert_eq!((used.id, used.created), (kept.id, kept.created));

    let (token, _) = store.sign_in(&ana, true, at(0), HOUR).await.unwrap();
    let not_hers = store.remove_credential(&eva, kept.id).await;
    assert!(matches!(not_hers, Err(StoreError::Absent { .. })), "{not_hers:?}");
    store.remove_credential(&ana, kept.id).await.unwrap();
    assert_eq!(store.holder(CredentialKind::Passkey, "AQID").await.unwrap(), None);
    assert_eq!(store.credentials(&ana).await.unwrap(), []);
    assert_eq!(store.session(&token, at(1)).await.unwrap(), None, "what it opened is shut");
    let late = store.used_credential(&ana, kept.id, "{}").await;
    assert!(matches!(late, Err(StoreError::Absent { .. })), "{late:?}");
}

pub(crate) async fn two_who_change_an_account_undo_nothing(house: &House) {
    let (store, me) = (&house.store, me());
    for name in ["ana", "eva", "pia", "lea"] {
        let account = account(house, name).await;
        let promoted = AccountChange { role: Some(Role::Senior), active: None };
        let gone = AccountChange { role: None, active: Some(false) };
        let (one, other) = tokio::join!(
            store.change_account(&me, account.id, promoted),
            store.change_account(&me, account.id, gone)
        );
        one.unwrap();
        other.unwrap();
        let now = store.account(name).await.unwrap().unwrap();
        assert_eq!((now.role, now.active), (Role::Senior, false));
    }
    let absent = store.change_account(&me, uuid::Uuid::nil(), AccountChange::default()).await;
    assert!(matches!(absent, Err(StoreError::Absent { .. })), "{absent:?}");
}

pub(crate) async fn no_secret_stands_in_the_database(house: &House) {
    let store = &house.store;
    let ana = account(house, "ana").await;
    let (token, session) = store.sign_in(&ana, true, at(0), HOUR).await.unwrap();
    let invitation = store.invite(&me(), Role::Analyst, at(0), HOUR).await.unwrap();
    let log = format!("{:?}", store.audit_after(0, 100).await.unwrap());
    for secret in [&token, &session.csrf.clone().unwrap(), &invitation, &ana.password_hash] {
        assert!(!log.contains(secret.as_str()));
        assert!(!format!("{ana:?}").contains(secret.as_str()));
    }
    let file = house.path("cathartes.db");
    if file.exists() {
        let mut bytes = std::fs::read(&file).unwrap();
        bytes.extend(std::fs::read(house.path("cathartes.db-wal")).unwrap_or_default());
        for secret in [&token, &invitation] {
            let stands = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!stands, "a token stands in the file");
        }
    }
}
