use super::*;
use crate::answer::{OutcomeCode, State, code::AnswerCode};

/// Said by Python, which has its own.
#[test]
fn a_tag_is_that_of_rfc_2104() {
    let secret = [0x0b; 32];
    let tag = tag(&secret, "what do ya want", b"for nothing?");
    let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    // python3 -c "import hmac; print(hmac.new(b'\x0b'*32, b'what do ya want\0for nothing?', 'sha256').hexdigest())"
    assert_eq!(hex, "cc311bf35f8ac30f361723c785b583d885179bbcf893048f74822718841c4c19");
    assert!(is_tag(&secret, "what do ya want", b"for nothing?", &tag));
    assert!(!is_tag(&secret, "what do ya want", b"for nothing!", &tag));
    assert!(!is_tag(&secret, "what do ya want", b"for nothing?", &tag[..31]));
}

#[test]
fn keys_of_two_recipients_two_releases_and_two_purposes_differ() {
    let (one, other) = ([1; 32], [2; 32]);
    let (first, second) = (AnswerCode::of_entropy([1; 7]), AnswerCode::of_entropy([2; 7]));
    let keys = [
        of_release(&one, &first),
        of_release(&one, &second),
        of_release(&other, &first),
        tag(&one, "session", first.to_string().as_bytes()),
    ];
    for (at, key) in keys.iter().enumerate() {
        assert!(!keys[..at].contains(key));
    }
}

#[test]
fn the_same_said_again_from_one_form_is_the_same_answer() {
    let nothing = Answer::outcome(OutcomeCode::NothingFound);
    assert_eq!(of_answer(b"form", &nothing), of_answer(b"form", &nothing));
    assert_ne!(of_answer(b"form", &nothing), of_answer(b"form", &Answer::state(State::OnTheWay)));
    assert_ne!(of_answer(b"form", &nothing), of_answer(b"another", &nothing));
}
