//! What a new password must be: long enough, and hard to guess for somebody who knows its owner.

use zxcvbn::{Score, zxcvbn};

use super::{
    FaultKind,
    password::{PASSWORD_MAXIMUM, PASSWORD_MINIMUM, Password},
};
use crate::{Store, error::StoreError};

/// Why a new password was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordFault {
    /// What kind of fault it is.
    pub kind: FaultKind,
    /// What is wrong and the way out.
    pub message: String,
}

/// The strength is judged by so many characters: a beginning that is hard to guess is enough, and the work grows fast
/// with the length.
const JUDGED: usize = 32;
/// Shorter words would be found in anything.
const SHORTEST_WORD: usize = 3;

impl Store {
    /// What is wrong with a new password of somebody whom these texts describe, such as the e-mail address and the names.
    pub(super) async fn password_fault(
        &self,
        password: &Password,
        about_owner: Vec<String>,
    ) -> Result<Option<PasswordFault>, StoreError> {
        let length = password.length();
        if !(PASSWORD_MINIMUM..=PASSWORD_MAXIMUM).contains(&length) {
            let message =
                format!("The password has {length} characters; use {PASSWORD_MINIMUM} to {PASSWORD_MAXIMUM}.");
            return Ok(Some(PasswordFault { kind: FaultKind::Length, message }));
        }
        let password = password.clone();
        self.passwords().off_thread(move || Ok(weakness(&password, &about_owner))).await
    }
}

fn weakness(password: &Password, about_owner: &[String]) -> Option<PasswordFault> {
    let estimate = zxcvbn(beginning(password.as_str()), &words(about_owner));
    if estimate.score() >= Score::Three {
        return None;
    }
    let feedback = estimate.feedback().map(ToString::to_string).unwrap_or_default();
    let message = format!(
        "The password is too easy to guess. {} Four unrelated words make a good one, and so does a password manager.",
        feedback.trim()
    );
    Some(PasswordFault { kind: FaultKind::WeakPassword, message })
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(JUDGED).map_or(text, |(end, _)| &text[..end])
}

/// The texts and the words in them, and what every password here is likely to be made of.
fn words(about_owner: &[String]) -> Vec<&str> {
    let parts = about_owner.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let all = about_owner.iter().map(String::as_str).chain(parts).chain(["rolemark"]).map(beginning);
    all.filter(|word| word.chars().count() >= SHORTEST_WORD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(password: &str) -> Option<PasswordFault> {
        let owner = ["zebulonqx@example.org", "Zebulonqx Vantorp", "Quixmere Holdings"].map(str::to_owned);
        weakness(&Password::new(password), &owner)
    }

    #[test]
    fn what_describes_the_owner_is_easy_to_guess() {
        let long = "zebulonqx.vantorp.of.quixmere.holdings@example.org";
        assert!(weakness(&Password::new(long), &[long.to_owned()]).is_some());
        for weak in ["zebulonqx1234", "vantorpvantorp", "quixmerequixmere", "rolemarkrolemark", "zebulonqx@example.org"]
        {
            let fault = fault_of(weak).unwrap_or_else(|| panic!("{weak} is taken"));
            assert_eq!(fault.kind, FaultKind::WeakPassword);
        }
        assert!(weakness(&Password::new("zebulonqx1234"), &[]).is_none(), "to others it is no word");
    }

    #[test]
    fn the_message_says_what_is_wrong_and_the_way_out() {
        let fault = fault_of("aaaaaaaaaaaaaaaa").unwrap();
        assert!(fault.message.contains("Repeats like \"aaa\" are easy to guess."), "{}", fault.message);
        assert!(fault.message.contains("unrelated words"), "{}", fault.message);
    }

    #[test]
    fn any_script_will_do() {
        for good in ["correct horse battery", "パスワードを忘れたので新しい", "plum lantern oversees geese"]
        {
            assert_eq!(fault_of(good), None, "{good}");
        }
    }
}
