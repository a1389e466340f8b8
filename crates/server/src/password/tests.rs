use argon2::password_hash::phc::PasswordHash;

use super::*;

#[test]
fn an_unknown_name_costs_what_a_wrong_password_costs() {
    let nobody = PasswordHash::new(NOBODY).unwrap();
    let somebody = Argon2::default().hash_password(b"a sentence that is long").unwrap();
    assert_eq!(nobody.params, somebody.params);
    assert_eq!(nobody.algorithm, somebody.algorithm);
    assert_eq!(nobody.hash.unwrap().len(), somebody.hash.unwrap().len());
}

#[test]
fn a_password_fits_its_own_hash_alone() {
    let hash = Argon2::default().hash_password(b"a sentence that is long").unwrap().to_string();
    let verify =
        |password: &str| Argon2::default().verify_password(password.as_bytes(), hash.as_str());
    assert!(verify("a sentence that is long").is_ok());
    assert!(verify("a sentence that is lonG").is_err());
}
