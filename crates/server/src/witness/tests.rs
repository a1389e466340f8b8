use super::*;

fn asked(method: Method, route: &str) -> Asked {
    Asked { method, route: route.to_owned(), path: route.to_owned() }
}

fn ana() -> Seen {
    Seen { account: Some(("ana".to_owned(), "analyst".to_owned())), ..Seen::default() }
}

#[test]
fn what_is_read_is_written_down_unless_it_is_open() {
    for route in crate::openapi::document().paths.paths.keys() {
        let note = asked(Method::GET, route).note(ana(), StatusCode::OK);
        assert_eq!(note.is_none(), OPEN.contains(&route.as_str()), "{route}");
    }
    let tomorrow = asked(Method::GET, "/api/v1/tomorrow/{id}").note(ana(), StatusCode::OK).unwrap();
    assert_eq!(tomorrow.action, "record.read");
}

#[test]
fn what_is_open_holds_nothing_of_the_record_itself() {
    for closed in ["evidence", "scenes", "items", "audit", "sites", "sorties", "search", "releases"]
    {
        let open = OPEN.iter().find(|route| route.contains(closed));
        assert_eq!(open, None, "{closed}");
    }
}

#[test]
fn a_refused_attempt_is_written_down_whatever_its_method() {
    for method in [Method::GET, Method::POST] {
        let note = asked(method, "/api/v1/session").note(ana(), StatusCode::FORBIDDEN).unwrap();
        assert_eq!(note.action, "request.refused");
        assert_eq!(note.detail["role"], "analyst");
    }
}

#[test]
fn what_was_not_shown_was_not_looked_at() {
    let gone = asked(Method::GET, "/api/v1/sites/{id}").note(ana(), StatusCode::NOT_FOUND);
    assert!(gone.is_none());
    let nobody = asked(Method::GET, "/api/v1/sites/{id}").note(Seen::default(), StatusCode::OK);
    assert!(nobody.is_none());
}

#[test]
fn whoever_answers_says_under_what() {
    let witness = Witness::default();
    witness.sees("evidence.read", "site 7");
    witness.because(json!({ "claim": "until noon" }));
    let seen = Seen { account: ana().account, ..witness.seen() };
    let note = asked(Method::GET, "/x").note(seen, StatusCode::OK).unwrap();
    assert_eq!((note.action, note.subject.as_str()), ("evidence.read", "site 7"));
    assert_eq!(note.detail, json!({ "role": "analyst", "under": { "claim": "until noon" } }));
}
