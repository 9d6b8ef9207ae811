use super::*;

fn text(document: &str) -> Result<(), Refusal> {
    check_text(document, &GuardLimits::default())
}

fn code(document: &str) -> RefusalCode {
    text(document).expect_err("the text must be refused").code
}

#[test]
fn length_is_counted_in_bytes() {
    let limits = GuardLimits { document_bytes: 10, ..GuardLimits::default() };
    assert_eq!(check_text("{ab cd ef}", &limits), Ok(()));
    let refusal = check_text("{ab cd ef} ", &limits).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::PayloadTooLarge);
    assert_eq!(
        refusal.message,
        "The document has 11 bytes; the limit is 10. Send values as variables, or split the document."
    );
}

#[test]
fn nesting_of_each_bracket_is_bounded() {
    for (open, close) in [("{", "}"), ("[", "]"), ("(", ")"), ("{a(x:[", "])}")] {
        let levels = open.len().div_ceil(2);
        let within = format!("{}{}", open.repeat(64 / levels), close.repeat(64 / levels));
        assert_eq!(text(&within), Ok(()), "{open}");
        assert_eq!(code(&open.repeat(65)), RefusalCode::QueryTooComplex, "{open}");
    }
    assert_eq!(code(&format!("{{a(x:{}", "[".repeat(4_000))), RefusalCode::QueryTooComplex);
    assert_eq!(code(&format!("{{{}", "a:{".repeat(1_500))), RefusalCode::QueryTooComplex);
    assert_eq!(code(&"{a".repeat(1_500)), RefusalCode::QueryTooComplex);
}

#[test]
fn a_configuration_cannot_raise_the_nesting_above_what_the_parser_bears() {
    let limits = GuardLimits { nesting: 10_000, ..GuardLimits::default() };
    assert!(check_text(&"{a".repeat(65), &limits).is_err());
}

#[test]
fn brackets_in_strings_and_comments_do_not_count() {
    let brackets = "[{(".repeat(100);
    for document in [
        format!("{{ a(x: \"{brackets}\") }}"),
        format!("{{ a(x: \"\\\"{brackets}\\\\\") }}"),
        format!("{{ a(x: \"\\u0022{brackets}\") }}"),
        format!("{{ a(x: \"\"\"{brackets}\n\" \"\" \\\"\"\" {brackets}\"\"\") }}"),
        format!("{{ a # {brackets} \" \"\"\"\n b }}"),
        format!("{{ a # {brackets}\r b }}"),
        format!("{{ a }} # {brackets}"),
    ] {
        assert_eq!(text(&document), Ok(()), "{document}");
        assert!(parse_query(&document).is_ok(), "{document}");
    }
}

#[test]
fn brackets_after_strings_and_comments_count() {
    let brackets = "[".repeat(100);
    for start in [
        "{a(x:\"\"",
        "{a(x:\"\"\"\"\"\"",
        "{a(x:\"\\\\\"",
        "{a(x:\"#\"",
        "{a(x:\"\"\"\\\\\"\"\"\"\"\"",
        "{a(x: #\"\n",
        "{a(x: #\"\"\"\r",
    ] {
        assert_eq!(code(&format!("{start}{brackets}")), RefusalCode::QueryTooComplex, "{start}");
    }
}

/// The engine reads `"""` without end as an empty string and the start of another.
#[test]
fn a_string_without_end_hides_no_brackets() {
    let brackets = "[".repeat(2_000);
    for start in ["{a(x:[\"\"\" \"\n", "{a(x:\"\n", "{a(x:\"", "{a(x:\"\"\"", "{a(x:\"\\"] {
        assert_eq!(code(&format!("{start}{brackets}")), RefusalCode::ParseFailed, "{start}");
    }
}

#[test]
fn words_and_marks_are_counted() {
    assert_eq!(text(&"a ".repeat(15_000)), Ok(()));
    assert_eq!(code(&"a ".repeat(15_001)), RefusalCode::QueryTooComplex);
    assert_eq!(code(&"$:".repeat(7_501)), RefusalCode::QueryTooComplex);
    assert_eq!(text(&format!("#{}", "a ".repeat(40_000))), Ok(()));
}

/// Whatever the text, the check ends without a panic; and a text that passes can be parsed on a small stack.
#[test]
fn arbitrary_texts_neither_panic_nor_overflow() {
    const PARTS: [&str; 24] = [
        "{", "}", "[", "]", "(", ")", "\"", "\"\"\"", "\\", "\\\"", "\\\"\"\"", "#", "\n", "\r", " ", "a", ":", "$v",
        "...", "@", "é", "\u{feff}", "🏃", "\0",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..3_000 {
        let mut document = String::from(if state & 1 == 0 { "{a(x:" } else { "" });
        for _ in 0..state % 200 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            document.push_str(PARTS[(state >> 33) as usize % PARTS.len()]);
        }
        state = state.wrapping_add(0x9e37_79b9);
        if text(&document).is_ok() {
            let _ = parse_query(&document);
        }
    }
}
