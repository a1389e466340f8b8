use std::time::Duration;

use cathartes_store::{Account, AccountChange, Actor, Role, StoreError};

use super::{House, at, me};

const HOUR: Duration = Duration::from_secs(3_600);

async fn account(house: &House, name: &str) -> Account {
    let token = house.store.invite(&Actor::Server, Role::Analyst, at(0), HOUR).await.unwrap();
    house.store.accept(&token, at(1), name, "$argon2id$hash").await.unwrap()
}

pub(crate) async fn an_invitation_makes_one_account(house: &House) {
    let store = &house.store;
    assert!(!store.has_accounts().await.unwrap());
    let token = store.invite(&Actor::Server, Role::Administrator, at(0), HOUR).await.unwrap();
    let late = store.accept(&token, at(3_601), "ana", "hash").await;
    assert!(matches!(late, Err(StoreError::Refused(_))), "{late:?}");
    let made = store.accept(&token, at(10), "ana", "hash").await.unwrap();
    assert_eq!(made.role, Role::Administrator);
    let twice = store.accept(&token, at(11), "eva", "hash").await;
    assert!(matches!(twice, Err(StoreError::Refused(_))), "{twice:?}");
    assert!(store.has_accounts().await.unwrap());

    let token = store.invite(&me(), Role::Analyst, at(0), HOUR).await.unwrap();
    let taken = store.accept(&token, at(10), "ana", "hash").await;
    assert!(matches!(taken, Err(StoreError::Conflict { .. })), "{taken:?}");
    let odd = store.accept(&token, at(10), "Ana <b>", "hash").await;
    assert!(matches!(odd, Err(StoreError::Refused(_))), "{odd:?}");
    store.accept(&token, at(10), "eva", "hash").await.unwrap();
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
