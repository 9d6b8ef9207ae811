//! Letters by SMTP, through the operator's mail server.

use std::{str::FromStr, sync::Arc, time::Duration};

use actix_web::http::Uri;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use store::clock::IdSource;

use super::{Letter, MailError, Mailer};

/// How long a mail server may take for one step.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Hands letters to a mail server; each has a connection of its own.
pub(crate) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    ids: Arc<dyn IdSource>,
}

impl Smtp {
    /// The mailer of an address such as `smtps://user:password@host:465` and a sender such as `Name <name@host>`. Nothing
    /// is sent yet.
    ///
    /// # Errors
    /// The key that has a bad value, and what is wrong with it, without the value, which may hold a password.
    pub(crate) fn new(
        url: &str,
        from: Option<&str>,
        ids: Arc<dyn IdSource>,
    ) -> Result<Self, (&'static str, &'static str)> {
        let url_fault = |message| ("mail.smtp_url", message);
        if shows_password(url) {
            let message = "smtp:// would show the password to the network; use smtps://, or add ?tls=required";
            return Err(url_fault(message));
        }
        let message = "give smtps://user:password@host:port, or smtp://host:port for a mail server that asks for no \
                       password; special characters in it as %XX";
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| url_fault(message))?;
        let from = from.ok_or(("mail.from", "with mail.smtp_url, say who sends, such as Rolemark <rolemark@host>"))?;
        let from = from.parse().map_err(|_| ("mail.from", "not an address such as Rolemark <rolemark@host>"))?;
        Ok(Self { transport: builder.timeout(Some(TIMEOUT)).build(), from, ids })
    }

    fn message(&self, letter: Letter) -> Result<Message, MailError> {
        let fault = |error: &dyn std::fmt::Display| MailError(format!("the letter: {error}"));
        let to: Address = letter.to.parse().map_err(|error| fault(&error))?;
        let id = format!("<{}@{}>", self.ids.next().simple(), self.from.email.domain());
        let message = Message::builder()
            .message_id(Some(id))
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject)
            .header(ContentType::TEXT_PLAIN);
        message.body(letter.text).map_err(|error| fault(&error))
    }
}

/// Whether the address holds a password that would leave this machine without encryption.
fn shows_password(url: &str) -> bool {
    let Ok(url) = Uri::from_str(url) else { return false };
    let has_password = url.authority().is_some_and(|authority| authority.as_str().contains('@'));
    let is_local = matches!(url.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let is_plain = url.scheme_str() == Some("smtp") && !url.query().is_some_and(|query| query.contains("tls=required"));
    has_password && is_plain && !is_local
}

#[async_trait::async_trait]
impl Mailer for Smtp {
    async fn send(&self, letter: Letter) -> Result<(), MailError> {
        let message = self.message(letter)?;
        self.transport.send(message).await.map_err(|error| MailError(format!("the mail server: {error}")))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use store::clock::SystemIds;

    use super::*;

    fn smtp(url: &str, from: Option<&str>) -> Result<Smtp, (&'static str, &'static str)> {
        Smtp::new(url, from, Arc::new(SystemIds))
    }

    #[test]
    fn bad_values_name_their_key_and_show_no_password() {
        let from = Some("Rolemark <rolemark@example.org>");
        for good in [
            "smtps://user:secret@mail.example.org:465",
            "smtp://user:secret@mail.example.org?tls=required",
            "smtp://mail.example.org:25",
            "smtp://user:secret@127.0.0.1:1025",
        ] {
            assert!(smtp(good, from).is_ok(), "{good}");
        }
        for bad in ["", "mail.example.org", "http://user:secret@mail", "smtp://user:secret@mail.example.org:25"] {
            let (key, message) = smtp(bad, from).err().unwrap();
            assert_eq!(key, "mail.smtp_url", "{bad}");
            assert!(!message.contains("secret"), "{message}");
        }
        for bad in [None, Some(""), Some("nobody"), Some("a@example.org\r\nBcc: b@example.org")] {
            assert_eq!(smtp("smtp://mail.example.org", bad).err().unwrap().0, "mail.from", "{bad:?}");
        }
    }

    #[test]
    fn a_letter_has_the_headers_that_it_needs_and_no_others() {
        let smtp = smtp("smtp://mail.example.org", Some("Rolemark <rolemark@example.org>")).ok().unwrap();
        let letter = |to: &str, subject: &str| {
            let letter =
                Letter { to: to.into(), subject: subject.into(), text: "Grüße,\n.\nBcc: c@example.org".into() };
            smtp.message(letter).map(|message| String::from_utf8(message.formatted()).unwrap())
        };
        let text = letter("ada@example.org", "Hällo").unwrap();
        assert!(text.contains("To: ada@example.org\r\n"), "{text}");
        assert!(text.contains("From: Rolemark <rolemark@example.org>\r\n"), "{text}");
        let injected = letter("ada@example.org", "Hello\r\nBcc: b@example.org").unwrap();
        let (head, _) = injected.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        for bad in ["ada@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "A <a@example.org>", ""] {
            assert!(letter(bad, "Hello").is_err(), "{bad:?}");
        }
    }
}
