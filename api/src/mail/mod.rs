//! Letters to people: invitations and password resets.

mod outbox;
mod smtp;

use std::sync::Arc;

pub(crate) use outbox::Outbox;
pub(crate) use smtp::Smtp;

/// A letter in plain text.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    /// E-mail address of the person.
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// Why a letter was not sent.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct MailError(pub(crate) String);

/// Sends letters.
#[async_trait::async_trait]
pub(crate) trait Mailer: Send + Sync {
    /// Sends one letter.
    async fn send(&self, letter: Letter) -> Result<(), MailError>;
}

/// The mailer of a server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Post(Arc<dyn Mailer>);

impl Post {
    pub(crate) fn new(mailer: impl Mailer + 'static) -> Self {
        Self(Arc::new(mailer))
    }

    /// Throws letters away: for commands that act without people.
    pub(crate) fn nowhere() -> Self {
        Self::new(Nowhere)
    }

    /// Sends a letter after the answer: how long it takes tells nobody whether it was sent.
    pub(crate) fn send_later(&self, letter: Letter) {
        let mailer = Arc::clone(&self.0);
        tokio::spawn(async move {
            if let Err(error) = send(&*mailer, letter).await {
                tracing::error!(%error, "a letter was not sent");
            }
        });
    }
}

/// Sends a letter whose address and subject stay on their lines: what begins another one could be a header of its own.
async fn send(mailer: &dyn Mailer, letter: Letter) -> Result<(), MailError> {
    let has_control = |text: &str| text.chars().any(char::is_control);
    if has_control(&letter.to) || has_control(&letter.subject) {
        return Err(MailError("its address or its subject holds a control character".to_owned()));
    }
    mailer.send(letter).await
}

struct Nowhere;

#[async_trait::async_trait]
impl Mailer for Nowhere {
    async fn send(&self, _: Letter) -> Result<(), MailError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Kept(Mutex<Vec<Letter>>);

    #[async_trait::async_trait]
    impl Mailer for Kept {
        async fn send(&self, letter: Letter) -> Result<(), MailError> {
            self.0.lock().unwrap().push(letter);
            Ok(())
        }
    }

    #[tokio::test]
    async fn no_letter_has_headers_of_others() {
        let kept = Kept::default();
        let letter = |to: &str, subject: &str| Letter { to: to.into(), subject: subject.into(), text: "a\nb".into() };
        for bad in ["a@example.org\r\nBcc: b@example.org", "a@example.org\nBcc: b", "a\0@example.org", "a\u{85}b"] {
            assert!(send(&kept, letter(bad, "Hello")).await.is_err(), "{bad:?}");
            assert!(send(&kept, letter("a@example.org", bad)).await.is_err(), "{bad:?}");
        }
        assert!(kept.0.lock().unwrap().is_empty());
        send(&kept, letter("a@example.org", "Hello")).await.unwrap();
        assert_eq!(kept.0.lock().unwrap().len(), 1);
    }
}
