use cathartes_store::AuditEntry;

use super::house::{CODE, House, LINK, PIN, Telephone, Wish};

#[test]
fn a_link_and_a_pin_open_the_list_and_nothing_else_does() {
    let house = House::new();
    let mut phone = Telephone::new(&house);
    let door = phone.get(&format!("/p/{LINK}"));
    door.says("Escriba su PIN");
    door.is_silent_about("Policía");
    assert_eq!(phone.get("/p").status, 401);
    let wrong = phone.post(&format!("/p/{LINK}"), &[("pin", "000000")]);
    assert_eq!(wrong.status, 403);
    wrong.says("El PIN no es correcto.");
    assert_eq!(phone.get("/p/NOSUCHLINK").status, 404);
    let blanks = phone.post(&format!("/p/{LINK}"), &[("pin", "482 913")]);
    assert_eq!(blanks.to.as_deref(), Some("/p"));
    phone.get("/p").says("Policía Ministerial &amp; Fiscalía del Norte");
    assert_eq!(phone.get(&format!("/p/{LINK}")).to.as_deref(), Some("/p"));
}

#[test]
fn five_wrong_pins_close_the_door_for_a_while_and_the_record_says_so() {
    let house = House::new();
    let mut phone = Telephone::new(&house);
    for _ in 0..5 {
        assert_eq!(phone.post(&format!("/p/{LINK}"), &[("pin", "1")]).status, 403);
    }
    let closed = phone.post(&format!("/p/{LINK}"), &[("pin", PIN)]);
    assert_eq!(closed.status, 429);
    closed.says("Demasiados intentos. Esta puerta se abre otra vez:");
    let log = house.runtime.block_on(house.store.audit_after(0, 500)).unwrap();
    let actions: Vec<_> = log.iter().map(|entry: &AuditEntry| entry.action.as_str()).collect();
    assert_eq!(actions.iter().filter(|action| **action == "door.tried").count(), 5);
    assert!(actions.contains(&"door.locked"));
}

#[test]
fn another_pin_or_another_link_ends_every_session() {
    let house = House::new();
    let mut phone = Telephone::inside(&house);
    assert_eq!(phone.get("/p").status, 200);
    let kept = house.runtime.block_on(house.store.recipient(CODE)).unwrap().unwrap();
    house.recipient(CODE, "ANOTHERLINK", Some(&kept));
    assert_eq!(phone.get("/p").status, 401);
    assert_eq!(phone.get(&format!("/p/{LINK}")).status, 404);
}

#[test]
fn a_session_that_somebody_made_up_is_none() {
    let house = House::new();
    let mut phone = Telephone::inside(&house);
    let (name, good) = phone.cookies[0].clone();
    let later = good.replacen(good.split('.').nth(1).unwrap(), "99999999999", 1);
    let other = good.replacen(CODE, "sur", 1);
    for wrong in [later, other, "a.b".to_owned(), "norte.99999999999.".to_owned(), String::new()] {
        phone.cookies = vec![(name.clone(), wrong)];
        assert_eq!(phone.get("/p").status, 401);
    }
    phone.cookies = vec![(name, good)];
    assert_eq!(phone.get("/p").status, 200);
}

#[test]
fn a_typed_code_and_the_pin_open_the_same_page() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::new(&house);
    phone.get("/c").says("Código de la hoja");
    let typed = release.answer_code.to_lowercase().replace('-', " ");
    let open = phone.post("/c", &[("code", &typed), ("pin", PIN)]);
    let at = format!("/p/r/{}", release.alias);
    assert_eq!(open.to.as_deref(), Some(at.as_str()), "{}", open.text);
    assert_eq!(phone.get(&at).status, 200);
    let again = phone.get(&format!("/c/{}", release.answer_code));
    assert_eq!(again.to.as_deref(), Some(at.as_str()));
}

#[test]
fn a_code_that_was_mistyped_says_where_to_look() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::new(&house);
    let (head, last) = release.answer_code.split_at(13);
    let last = if last == "7" { "8" } else { "7" };
    let wrong = phone.post("/c", &[("code", &format!("{head}{last}")), ("pin", PIN)]);
    assert_eq!(wrong.status, 400);
    wrong.says("El código no es correcto: revise la posición 12.");
    wrong.says(head);
    let other = cathartes_release::answer::code::AnswerCode::of_entropy([77; 7]).to_string();
    let unknown = phone.post("/c", &[("code", &other), ("pin", PIN)]);
    assert_eq!(unknown.status, 403);
    unknown.says("El código o el PIN no es correcto.");
}

#[test]
fn the_language_is_that_of_the_recipient_until_somebody_chooses() {
    let house = House::new();
    let mut phone = Telephone::inside(&house);
    phone.get("/p").says("<html lang=\"es\">");
    let chosen = phone.get("/p/lang/en?to=/p");
    assert_eq!(chosen.to.as_deref(), Some("/p"));
    phone.get("/p").says("<html lang=\"en\">");
    for away in ["//evil.example", "https://evil.example", "/p/../..", "/etc"] {
        assert!(
            phone.get(&format!("/p/lang/es?to={away}")).to.as_deref().unwrap().starts_with("/p")
        );
    }
    phone.get("/p").says("Avisos");
}

#[test]
fn who_leaves_is_outside() {
    let house = House::new();
    let mut phone = Telephone::inside(&house);
    phone.post("/p/out", &[]).says("Ha salido");
    assert_eq!(phone.get("/p").status, 401);
}
