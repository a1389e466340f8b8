use super::*;

#[test]
fn a_stretch_of_a_file_is_as_rfc_9110_writes_it() {
    for (text, expected) in [
        ("bytes=0-0", Stretch::Of(0, 1)),
        ("bytes=0-16383", Stretch::Of(0, 100)),
        ("bytes=40-59", Stretch::Of(40, 60)),
        ("bytes=90-", Stretch::Of(90, 100)),
        ("bytes=-10", Stretch::Of(90, 100)),
        ("bytes=-200", Stretch::Of(0, 100)),
        ("bytes=100-", Stretch::Nowhere),
        ("bytes=100-200", Stretch::Nowhere),
        ("bytes=-0", Stretch::Nowhere),
        ("bytes=0-1,5-6", Stretch::NotUnderstood),
        ("bytes=9-1", Stretch::NotUnderstood),
        ("bytes=0-18446744073709551615", Stretch::Of(0, 100)),
        ("lines=0-1", Stretch::NotUnderstood),
        ("bytes=", Stretch::NotUnderstood),
    ] {
        assert_eq!(stretch(text, 100), expected, "{text}");
    }
}
