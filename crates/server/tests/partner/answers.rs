use std::thread;

use cathartes_store::{AnswerState, Outcome};
use jiff::Timestamp;
use serde_json::json;

use super::house::{House, PIN, Telephone, Wish, officer};

#[test]
fn one_tap_is_an_answer() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let form = phone.form(&release);
    let sent = phone.send(&form, &[("say", "on_the_way")]);
    assert_eq!(sent.to.as_deref(), Some("/p/r/AVISO-001?said=1"));
    phone.get("/p/r/AVISO-001?said=1").says("Registrado: En camino");
    assert_eq!(house.answers(&release)[0].state, AnswerState::OnTheWay);
}

#[test]
fn the_same_form_sent_again_is_one_answer_and_a_corrected_one_another() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let form = phone.form(&release);
    let seized = [("say", "seized"), ("amount1", "12,5"), ("unit1", "kg"), ("goods1", "product")];
    for _ in 0..3 {
        assert_eq!(phone.send(&form, &seized).to.as_deref(), Some("/p/r/AVISO-001?said=1"));
    }
    let corrected = [("say", "seized"), ("amount1", "125"), ("unit1", "kg"), ("goods1", "product")];
    assert_eq!(phone.send(&form, &corrected).to.as_deref(), Some("/p/r/AVISO-001?said=2"));
    let amounts: Vec<_> = house
        .answers(&release)
        .iter()
        .map(|one| one.details["seized"][0]["amount"].clone())
        .collect();
    assert_eq!(amounts, [json!(12.5), json!(125.0)]);
}

#[test]
fn two_officers_at_once_are_both_heard() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phones = [Telephone::inside(&house), Telephone::inside(&house)];
    let forms: Vec<_> = phones.iter_mut().map(|phone| phone.form(&release)).collect();
    thread::scope(|scope| {
        for ((phone, form), say) in phones.iter_mut().zip(&forms).zip(["assigned", "nothing_found"])
        {
            scope.spawn(move || assert_eq!(phone.send(form, &[("say", say)]).status, 303));
        }
    });
    assert_eq!(house.answers(&release).len(), 2);
}

#[test]
fn an_outcome_holds_what_was_found() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let form = phone.form(&release);
    let fields = [
        ("say", "dismantled"),
        ("amount1", "1.250,5"),
        ("unit1", "l"),
        ("goods1", "chemicals"),
        ("amount2", "3"),
        ("unit2", "pieces"),
        ("goods2", "equipment"),
        ("amount3", ""),
        ("arrests", "2"),
        ("note", "Sin heridos & en calma"),
    ];
    phone.send(&form, &fields);
    let kept = &house.answers(&release)[0];
    assert_eq!(kept.outcome, Some(Outcome::Dismantled));
    assert_eq!(kept.details["arrests"], 2);
    assert_eq!(
        kept.details["seized"][0],
        json!({ "goods": "chemicals", "amount": 1250.5, "unit": "l" })
    );
    assert_eq!(kept.note, "Sin heridos & en calma");
    let page = phone.form(&release).page;
    page.says("Desmantelado; Sustancias químicas: 1250.5 l; Equipo: 3 piezas; detenciones: 2");
    page.says("Sin heridos &amp; en calma");
}

#[test]
fn a_place_is_kept_as_numbers_or_as_words() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let form = phone.form(&release);
    phone.send(&form, &[("say", "wrong_place"), ("place", "31,9 -106,3")]);
    phone.send(&form, &[("say", "wrong_place"), ("place", "detrás del segundo cerro")]);
    let kept = house.answers(&release);
    assert_eq!(kept[0].details["place"]["latitude"], 31.9);
    assert_eq!(
        (kept[1].note.as_str(), kept[1].details["place"].is_null()),
        ("detrás del segundo cerro", true)
    );
}

#[test]
fn what_cannot_be_kept_says_why_and_what_was_typed() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let form = phone.form(&release);
    let odd = phone.send(
        &form,
        &[
            ("say", "seized"),
            ("amount1", "mucho"),
            ("unit1", "kg"),
            ("goods1", "product"),
            ("note", "en la casa azul"),
        ],
    );
    assert_eq!(odd.status, 400);
    odd.says("«mucho» no es una cantidad");
    odd.says("Usted escribió: mucho · en la casa azul");
    assert_eq!(phone.send(&form, &[("say", "cannot_act")]).status, 400);
    assert_eq!(phone.send(&form, &[("say", "explode")]).status, 400);
    assert!(house.answers(&release).is_empty());
}

#[test]
fn who_cannot_act_says_why_in_one_tap() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let form = phone.form(&release);
    phone.send(&form, &[("say", "cannot_act.no_order")]);
    let kept = &house.answers(&release)[0];
    assert_eq!(
        (kept.outcome, kept.reason.as_deref()),
        (Some(Outcome::CannotAct), Some("no_order"))
    );
    phone.get("/p").says("No se puede actuar: Se espera una orden judicial");
}

#[test]
fn a_dispute_has_its_day_and_our_reply_comes_back() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let form = phone.form(&release);
    phone.send(&form, &[("say", "dispute"), ("note", "Es una planta con permiso")]);
    let kept = house.answers(&release)[0].clone();
    let days = kept.due.unwrap().duration_since(kept.received).as_hours();
    assert_eq!(days, 5 * 24);
    phone.form(&release).page.says("Le respondemos a más tardar:");
    let leo = officer("leo");
    let reply = house.store.reply_to(&leo, kept.id, "Tiene razón.", Timestamp::now());
    house.runtime.block_on(reply).unwrap();
    let page = phone.form(&release).page;
    page.says("Tiene razón.");
    page.is_silent_about("Le respondemos a más tardar:");
}

#[test]
fn an_answer_outlives_its_session() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let form = phone.form(&release);
    phone.cookies.clear();
    let said = [("say", "arrests"), ("arrests", "3"), ("note", "dos \"más\" huyeron")];
    let door = phone.send(&form, &said);
    assert_eq!(door.status, 401);
    door.says("Su respuesta no se ha perdido");
    door.says("value=\"dos &quot;más&quot; huyeron\"");
    let again = [("code", form.code.as_str()), ("key", form.key.as_str()), ("pin", PIN)];
    let again: Vec<_> = again.into_iter().chain(said).collect();
    let wrong: Vec<_> = again
        .iter()
        .map(|&(name, value)| (name, if name == "pin" { "1" } else { value }))
        .collect();
    let refused = phone.post("/c", &wrong);
    assert_eq!(refused.status, 403);
    refused.says("value=\"dos &quot;más&quot; huyeron\"");
    assert_eq!(phone.post("/c", &again).to.as_deref(), Some("/p/r/AVISO-001?said=1"));
    assert_eq!(house.answers(&release)[0].details["arrests"], 3);
    phone.get("/p/r/AVISO-001?said=1").says("Registrado: Detenciones; detenciones: 3");
}

#[test]
fn a_form_of_another_site_is_not_taken() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let mut form = phone.form(&release);
    form.csrf = "0".repeat(64);
    assert_eq!(phone.send(&form, &[("say", "nothing_found")]).status, 401);
    assert!(house.answers(&release).is_empty());
}

#[test]
fn the_sheet_has_a_code_for_every_answer() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let sheet = phone.get(&format!("/p/r/{}/sheet", release.alias));
    sheet.says(&release.answer_code);
    sheet.says("No se puede actuar: No es seguro ir");
    assert_eq!(sheet.text.matches("<dd class=\"code\">").count(), 18);
}
