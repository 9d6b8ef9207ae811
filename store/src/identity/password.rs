//! A password as a person typed it.

use unicode_normalization::UnicodeNormalization;

/// Least number of characters of a password.
pub const PASSWORD_MINIMUM: usize = 12;
/// Greatest number of characters of a password: more would only make hashing an attack.
pub const PASSWORD_MAXIMUM: usize = 128;

/// A password in Unicode normalization form C, in which the letters of all keyboards are the same. It is never cut off,
/// and has no `Debug`: nothing may show it.
#[derive(Clone)]
pub(crate) struct Password(String);

impl Password {
    pub(super) fn new(typed: &str) -> Self {
        Self(typed.nfc().collect())
    }

    /// A password to compare with a stored one. What no password can be is not worth hashing, and must not become a
    /// way to keep the server busy; yet it has to take as long as any other wrong one.
    pub(super) fn to_compare(typed: &str) -> Self {
        let password = Self::new(typed);
        if password.length() > PASSWORD_MAXIMUM { Self(String::new()) } else { password }
    }

    /// In characters.
    pub(super) fn length(&self) -> usize {
        self.0.chars().count()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyboards_that_compose_letters_give_the_same_password() {
        assert_eq!(Password::new("caf\u{e9}").as_str(), Password::new("cafe\u{301}").as_str());
        assert_eq!(Password::new("cafe\u{301}").length(), 4);
    }

    #[test]
    fn what_is_too_long_is_never_compared() {
        assert_eq!(Password::to_compare(&"x".repeat(PASSWORD_MAXIMUM + 1)).length(), 0);
        assert_eq!(Password::to_compare(&"x".repeat(PASSWORD_MAXIMUM)).length(), PASSWORD_MAXIMUM);
        assert_eq!(Password::to_compare(&"e\u{301}".repeat(PASSWORD_MAXIMUM)).length(), PASSWORD_MAXIMUM);
    }
}
