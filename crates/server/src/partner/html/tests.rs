use super::*;

#[test]
fn what_somebody_else_wrote_stays_text() {
    let odd = "<script>alert('a & \"b\"')</script>";
    let plain = "&lt;script&gt;alert(&#39;a &amp; &quot;b&quot;&#39;)&lt;/script&gt;";
    assert_eq!(escaped(odd), plain);
    assert!(matches!(escaped("ñandú 12 km"), Cow::Borrowed(_)));
}

#[test]
fn the_style_is_the_one_that_the_policy_lets_through() {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(STYLE.as_bytes());
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut base64 = String::new();
    for three in digest.chunks(3) {
        let bits =
            (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(*three.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let letter = letters[(bits >> (18 - 6 * at)) as usize & 63];
            base64.push(if at <= three.len() { char::from(letter) } else { '=' });
        }
    }
    assert!(POLICY.contains(&format!("'sha256-{base64}'")), "write 'sha256-{base64}' into POLICY");
}
