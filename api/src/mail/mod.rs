//! Letters to people: invitations and password resets.

mod outbox;

use std::sync::Arc;

pub(crate) use outbox::Outbox;

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
            if let Err(error) = mailer.send(letter).await {
                tracing::error!(%error, "a letter was not sent");
            }
        });
    }
}

struct Nowhere;

#[async_trait::async_trait]
impl Mailer for Nowhere {
    async fn send(&self, _: Letter) -> Result<(), MailError> {
        Ok(())
    }
}
