use super::*;

#[test]
fn a_token_comes_as_a_bearer_or_as_our_cookie() {
    let with = |name, value: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        credentials(&headers)
    };
    assert_eq!(with(header::AUTHORIZATION, "Bearer abc"), Some(("abc".to_owned(), false)));
    assert_eq!(with(header::AUTHORIZATION, "Basic abc"), None);
    let cookies = "other=1; cathartes_session=abc; more=2";
    assert_eq!(with(header::COOKIE, cookies), Some(("abc".to_owned(), true)));
    assert_eq!(with(header::COOKIE, "other=1"), None);
    assert_eq!(credentials(&HeaderMap::new()), None);
}

#[test]
fn secrets_are_the_same_only_when_they_are() {
    assert!(same(b"abc", b"abc"));
    assert!(!same(b"abc", b"abd"));
    assert!(!same(b"abc", b"ab"));
    assert!(!same(b"", b"a"));
}
