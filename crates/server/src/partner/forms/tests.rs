use super::*;

fn filled(say: &str) -> Filled {
    Filled { say: say.to_owned(), ..Filled::default() }
}

fn hidden() -> Hidden {
    let word = || "AVISO-001".to_owned();
    Hidden { alias: word(), code: word(), csrf: word(), key: word() }
}

#[test]
fn every_button_of_a_page_is_an_answer() {
    let page = all(Language::Es, &hidden());
    let words: Vec<&str> = page
        .split("name=\"say\" value=\"")
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0)
        .collect();
    assert_eq!(words.len(), 2 + 2 + 3 + 1 + Reason::ALL.len() + 1);
    for word in words {
        assert!(filled(word).answer().is_ok(), "{word}");
    }
}

#[test]
fn no_id_stands_twice_on_a_page_and_every_field_has_its_label() {
    let page = all(Language::En, &hidden());
    let ids: Vec<&str> =
        page.split(" id=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
    for (at, id) in ids.iter().enumerate() {
        assert!(!ids[..at].contains(id), "{id}");
        assert!(*id == "answer" || page.contains(&format!("<label for=\"{id}\"")), "{id}");
    }
}

#[test]
fn what_is_carried_through_the_door_says_the_same() {
    let mut before = filled("seized");
    before.amount2 = "3".to_owned();
    before.unit2 = "kg".to_owned();
    before.goods2 = "product".to_owned();
    before.note = "a \"b\" & c".to_owned();
    before.pin = "482913".to_owned();
    let carried = before.carried();
    assert!(carried.iter().all(|(name, _)| !matches!(name.as_str(), "pin" | "csrf" | "code")));
    let json: serde_json::Map<String, serde_json::Value> =
        carried.into_iter().map(|(name, value)| (name, value.into())).collect();
    let after: Filled = serde_json::from_value(json.into()).unwrap();
    assert_eq!(after.answer(), before.answer());
}

#[test]
fn amounts_of_empty_rows_are_none() {
    let mut form = filled("seized");
    form.unit1 = "kg".to_owned();
    form.goods1 = "product".to_owned();
    assert_eq!(form.answer().unwrap().details, Details::default());
    form.amount1 = "1.234".to_owned();
    assert!(matches!(form.answer(), Err(AnswerError::Ambiguous(_))));
}
