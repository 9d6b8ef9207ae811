//! What a person types to sign up, checked.

/// What is needed to sign up.
#[derive(Clone)]
pub struct SignUp {
    /// E-mail address; compared without regard to case.
    pub email: String,
    /// Password of 12 to 128 characters, hard to guess.
    pub password: String,
    /// The person's name.
    pub name: String,
    /// Name of the organization to be made.
    pub organization_name: String,
}

/// A fault in what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignUpFault {
    /// The input field, as the schema names it.
    pub field: &'static str,
    /// What kind of fault it is.
    pub kind: FaultKind,
    /// What is wrong and the way out.
    pub message: String,
}

/// The kind of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Not of the form that it must have.
    Malformed,
    /// Too short or too long.
    Length,
    /// It holds a control character.
    ControlCharacter,
    /// Too easy to guess.
    WeakPassword,
}

const NAME_MAXIMUM: usize = 200;
const EMAIL_MAXIMUM: usize = 254;

impl SignUp {
    /// The input trimmed, the address in lower case, and everything that is wrong with it but for the password.
    pub(crate) fn checked(self) -> (Self, Vec<SignUpFault>) {
        let mut faults = Vec::new();
        let email = checked_email(&self.email).unwrap_or_else(|fault| {
            faults.push(fault);
            String::new()
        });
        let name = checked_name("name", &self.name, &mut faults);
        let organization_name = checked_name("organizationName", &self.organization_name, &mut faults);
        (Self { email, password: self.password, name, organization_name }, faults)
    }
}

/// An e-mail address as it is stored.
///
/// # Errors
/// If it is none.
pub fn checked_email(email: &str) -> Result<String, SignUpFault> {
    let email = normalized_email(email);
    let message = "email is not an e-mail address such as ada@example.org";
    if is_email(&email) { Ok(email) } else { Err(fault("email", FaultKind::Malformed, message)) }
}

/// An address as it is stored and looked up.
pub(crate) fn normalized_email(email: &str) -> String {
    email.trim().to_lowercase()
}

fn is_email(email: &str) -> bool {
    let Some((local, host)) = email.rsplit_once('@') else { return false };
    let is_clean = email.len() <= EMAIL_MAXIMUM && !email.chars().any(|c| c.is_control() || c.is_whitespace());
    is_clean && !local.is_empty() && !local.contains('@') && host.split('.').all(|label| !label.is_empty())
}

/// The new name of an organization, trimmed, under the rules that it was signed up with.
///
/// # Errors
/// What is wrong with it.
pub fn organization_name(value: &str) -> Result<String, SignUpFault> {
    let mut faults = Vec::new();
    let name = checked_name("name", value, &mut faults);
    faults.pop().map_or(Ok(name), Err)
}

/// A name of a person or of an organization, trimmed; what is wrong with it is added to `faults`.
pub(crate) fn checked_name(field: &'static str, value: &str, faults: &mut Vec<SignUpFault>) -> String {
    let value = value.trim();
    if value.is_empty() || value.chars().count() > NAME_MAXIMUM {
        faults.push(fault(field, FaultKind::Length, format!("{field} needs 1 to {NAME_MAXIMUM} characters")));
    } else if value.chars().any(char::is_control) {
        faults.push(fault(field, FaultKind::ControlCharacter, format!("{field} holds a control character; remove it")));
    }
    value.to_owned()
}

fn fault(field: &'static str, kind: FaultKind, message: impl Into<String>) -> SignUpFault {
    SignUpFault { field, kind, message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(email: &str, name: &str) -> SignUp {
        SignUp {
            email: email.into(),
            password: String::new(),
            name: name.into(),
            organization_name: "Northwind".into(),
        }
    }

    #[test]
    fn every_fault_is_named() {
        let (_, faults) = input("nobody", "a\u{7}b").checked();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["email", "name"]);
    }

    #[test]
    fn an_address_is_kept_in_lower_case() {
        let (checked, faults) = input(" Ada@Example.org ", "Ada").checked();
        assert_eq!((checked.email.as_str(), faults), ("ada@example.org", vec![]));
    }
}
