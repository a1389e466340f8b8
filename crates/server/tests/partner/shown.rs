use std::time::Duration;

use cathartes_store::{Actor, MessageKind, NewMessage, NewRecall, message_key};
use jiff::Timestamp;
use serde_json::json;

use super::house::{CODE, House, Telephone, Wish, officer};

#[test]
fn a_page_shows_what_was_sealed_and_nothing_that_stays() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let page = phone.form(&release).page;
    page.says("<h1>Emisión de gas: amoníaco</h1>");
    page.says("Possible laboratory &lt; 2 km from the road");
    page.says("Emisión de gas que no corresponde a ninguna industria conocida.");
    page.says("TLP:AMBER");
    page.says("MGRS");
    page.says("<svg");
    page.says("href=\"geo:31.");
    for stays in ["SECRETSENSOR", "31.85217", "18:30", "oculto", "<script", "onclick"] {
        page.is_silent_about(stays);
    }
    phone.get(&format!("/p/lang/en?to=/p/r/{}", release.alias));
    let page = phone.form(&release).page;
    page.says("A gas release that belongs to no known industry.");
    page.says("<h1>Possible laboratory &lt; 2 km from the road</h1>");
    page.is_silent_about("Emisión de gas");
}

#[test]
fn a_page_is_small_and_keeps_to_itself() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let page = phone.form(&release).page;
    assert!(page.text.len() < 20_000, "{} bytes", page.text.len());
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(page.header("cache-control").contains("no-store"));
    assert!(page.header("x-robots-tag").contains("noindex"));
    assert_eq!(page.header("x-frame-options"), "DENY");
}

#[test]
fn opening_a_release_is_its_receipt_once() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    phone.get("/p").says("Sin abrir");
    phone.form(&release).page.says("Queda registrado que lo recibió");
    phone.form(&release).page.is_silent_about("Queda registrado que lo recibió");
    let kept = house.runtime.block_on(house.store.release(release.id)).unwrap().unwrap();
    assert!(kept.opened.is_some());
    phone.get("/p").says("Recibido, sin respuesta");
}

#[test]
fn files_leave_as_they_were_sealed_and_the_log_knows() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let mut phone = Telephone::inside(&house);
    let at = |name: &str| format!("/p/r/{}/f/{name}", release.alias);
    let kml = phone.get(&at("finding.kml"));
    assert_eq!(
        (kml.status, kml.header("content-type")),
        (200, "application/vnd.google-earth.kml+xml")
    );
    kml.says("<kml");
    kml.is_silent_about("SECRETSENSOR");
    assert!(phone.get(&at("dossier.zip")).text.starts_with("PK"));
    for none in ["manifest.json", "nothing.txt", "..%2Fx"] {
        assert_eq!(phone.get(&at(none)).status, 404, "{none}");
    }
    let log = house.runtime.block_on(house.store.audit_after(0, 500)).unwrap();
    let left = log.iter().filter(|entry| entry.action == "release.exported");
    let files: Vec<_> = left.map(|entry| entry.detail["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["finding.kml", "dossier.zip"]);
}

#[test]
fn nobody_sees_what_went_to_another() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    house.recipient("sur", "LINKOFTHESOUTH", None);
    let mut other = Telephone::new(&house);
    other.post("/p/LINKOFTHESOUTH", &[("pin", super::house::PIN)]);
    other.get("/p").says("Todavía no hay avisos para usted.");
    for at in ["", "/sheet", "/f/brief.pdf", "/f/dossier.zip"] {
        assert_eq!(other.get(&format!("/p/r/{}{at}", release.alias)).status, 404);
    }
    let mut nobody = Telephone::new(&house);
    for at in ["", "/sheet", "/f/dossier.zip"] {
        assert_eq!(nobody.get(&format!("/p/r/{}{at}", release.alias)).status, 401);
    }
}

#[test]
fn a_release_that_was_called_back_superseded_or_has_expired_says_so_and_takes_the_answer() {
    let house = House::new();
    let first = house.release(Wish::number(1));
    let second = house.release(Wish { supersedes: Some(first.id), ..Wish::number(2) });
    let short = house.release(Wish { expires_h: 0, ..Wish::number(3) });
    let mut phone = Telephone::inside(&house);
    phone.form(&first).page.says(&format!("<a href=\"/p/r/{}\">", second.alias));
    phone.form(&second).page.says("Corrige y sustituye al aviso");
    std::thread::sleep(Duration::from_millis(100));
    let form = phone.form(&short);
    form.page.says("Este aviso venció");
    assert_eq!(phone.send(&form, &[("say", "nothing_found")]).status, 303);
    let file = house.store.blobs().put(b"the file that takes it back".to_vec());
    let recall = NewRecall {
        release: second.id,
        reason: "Medimos mal".to_owned(),
        dossier: Some(house.runtime.block_on(file).unwrap()),
        body: json!({ "text": "retirado" }),
    };
    let leo = officer("leo");
    let recalled = house.store.recall_release(&leo, &recall, Timestamp::now());
    house.runtime.block_on(recalled).unwrap();
    let form = phone.form(&second);
    form.page.says("Este aviso fue retirado");
    form.page.says("Medimos mal");
    form.page.says("recall.zip");
    assert_eq!(phone.send(&form, &[("say", "assigned")]).status, 303);
}

#[test]
fn what_somebody_gets_back_stands_on_the_page_once_it_is_due_and_approved() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let now = Timestamp::now();
    let message = |number, needs_approval| NewMessage {
        key: message_key(release.id, MessageKind::LookAgain, number),
        recipient: CODE.to_owned(),
        release: Some(release.id),
        kind: MessageKind::LookAgain,
        body: json!({ "text": format!("Ya no se ve emisión, vuelo {number}.") }),
        needs_approval,
        due: now,
    };
    for (number, waits) in [(1, false), (2, true)] {
        let message = message(number, waits);
        let add = house.store.add_message(&Actor::Server, &message, now);
        house.runtime.block_on(add).unwrap();
    }
    let page = Telephone::inside(&house).form(&release).page;
    page.says("Ya no se ve emisión, vuelo 1.");
    page.is_silent_about("vuelo 2");
}

#[test]
fn two_hundred_releases_are_a_list_with_what_waits_first() {
    let house = House::new();
    let all = house.many(200);
    let mut phone = Telephone::inside(&house);
    let form = phone.form(&all[199]);
    phone.send(&form, &[("say", "nothing_found")]);
    let list = phone.get("/p");
    assert!(list.text.len() < 60_000, "{} bytes", list.text.len());
    let place = |release: &cathartes_store::Release| {
        list.text.find(&format!("/p/r/{}\"", release.alias)).unwrap()
    };
    assert!(place(&all[198]) < place(&all[0]), "the newest of those that wait is first");
    assert!(all[..199].iter().all(|other| place(other) < place(&all[199])), "what is done is last");
    list.says("<dt>Avisos que recibió</dt><dd>200</dd>");
    list.says("<dd>1 de 200</dd>");
}
