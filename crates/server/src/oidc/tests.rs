use super::*;

#[test]
fn what_a_browser_sets_out_with_comes_back_whole_or_not_at_all() {
    let text = |text: &str| text.to_owned();
    let invitation = String::new();
    let journey =
        Journey { state: text("s-1"), nonce: text("n_2"), verifier: text("v3"), invitation };
    assert_eq!(journey.cookie(), "s-1.n_2.v3.");
    assert_eq!(Journey::from_cookie(&journey.cookie()), Some(journey));
    assert_eq!(Journey::from_cookie("s.n.v"), None);
    assert_eq!(Journey::from_cookie("s.n.v.i.more"), None);
}

#[test]
fn an_issuer_without_an_address_is_refused_at_the_start() {
    let settings = |issuer: &str| OidcSettings {
        issuer: issuer.to_owned(),
        client: "cathartes".to_owned(),
        secret: None,
    };
    let known = Oidc::new(&settings("https://login.example/realms/a"), "http://here").unwrap();
    assert_eq!(known.host(), "login.example");
    let odd = Oidc::new(&settings("login"), "http://here").unwrap_err().to_string();
    assert!(odd.starts_with("login: "), "{odd}");
    assert!(odd.contains("--oidc-issuer"), "{odd}");
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_is_said_with_its_address() {
    let issuer = "http://127.0.0.1:9".to_owned();
    let settings = OidcSettings { issuer, client: "cathartes".to_owned(), secret: None };
    let oidc = Oidc::new(&settings, "http://here").unwrap();
    let trouble = oidc.set_out(String::new()).await.unwrap_err();
    assert!(trouble.starts_with("http://127.0.0.1:9 does not say what it is: "), "{trouble}");
}
