use crate::violations::{FieldPath, ViolationCode, Violations};

/// What a text may hold.
#[derive(Clone, Copy)]
pub(crate) struct TextRule {
    /// The field in words, for messages.
    pub(crate) name: &'static str,
    /// Whether a blank text is refused.
    pub(crate) is_required: bool,
    /// Whether line breaks and tabs are allowed.
    pub(crate) is_multiline: bool,
    /// The most characters.
    pub(crate) maximum: usize,
}

/// Checks a text against its rule.
pub(crate) fn check_text(text: &str, rule: TextRule, path: &FieldPath<'_>, violations: &mut Violations) {
    let TextRule { name, maximum, .. } = rule;
    if rule.is_required && text.trim().is_empty() {
        violations.push(
            path,
            ViolationCode::Required,
            format!("The {name} is empty: write 1 to {maximum} characters."),
        );
    }
    // A text far over its limit is not read to its end.
    if text.chars().nth(maximum).is_some() {
        let length = if text.len() <= maximum * 100 { text.chars().count().to_string() } else { "far more".to_owned() };
        let message = format!("The {name} has {length} characters: shorten it to at most {maximum}.");
        violations.push(path, ViolationCode::TooLong, message);
    }
    if let Some(character) = text.chars().take(maximum).find(|&c| is_refused(c, rule.is_multiline)) {
        let allowed = if rule.is_multiline { " other than line break and tab" } else { "" };
        let code_point = u32::from(character);
        let message =
            format!("The {name} holds the control character U+{code_point:04X}: remove control characters{allowed}.");
        violations.push(path, ViolationCode::ControlCharacter, message);
    }
}

fn is_refused(character: char, is_multiline: bool) -> bool {
    let is_layout = matches!(character, '\n' | '\r' | '\t');
    character.is_control() && !(is_multiline && is_layout)
}

/// Checks that a number is at least `minimum` and at most `maximum`, and is one.
pub(crate) fn check_number(
    value: Option<f64>,
    name: &str,
    (minimum, maximum): (f64, f64),
    path: &FieldPath<'_>,
    violations: &mut Violations,
) {
    if let Some(value) = value.filter(|value| !(minimum..=maximum).contains(value)) {
        let shown = shown(value);
        let message = format!("The {name} is {shown}: give a number from {minimum} to {maximum}.");
        violations.push(path, ViolationCode::OutOfRange, message);
    }
}

/// A number as people write it; a very great one with an exponent, not with hundreds of digits.
fn shown(value: f64) -> String {
    if value.abs() < 1e15 && value.fract() == 0.0 { value.to_string() } else { format!("{value:?}") }
}
