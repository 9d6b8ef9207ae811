//! Who may try a secret now.

use std::net::IpAddr;

use chrono::Duration;

use super::{
    accounts::lookup_email,
    security_log::{SecurityEvent, note},
    throttle::{Attempt, Key, Refusal, account, network},
};
use crate::{RequestOrigin, Store, error::StoreError};

/// Too much in too little time; how many seconds to wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Throttled(pub(super) u64);

/// How long an account's owner is known by the addresses of old sessions, in days.
const KNOWN_FOR_DAYS: i64 = 90;

const ADDRESSES: &str = "
SELECT DISTINCT s.address FROM session s JOIN user_account u ON u.id = s.user_id
WHERE u.email = $1 AND s.address IS NOT NULL AND s.last_used_at > $2";

impl Store {
    /// Lets an attempt with the password of an account begin. Strangers who have failed with it too often keep out
    /// strangers, but not who comes from where the account has signed in before.
    pub(super) async fn admit_to_account(
        &self,
        email: &str,
        origin: &RequestOrigin,
    ) -> Result<Result<Attempt, Throttled>, StoreError> {
        let Some(address) = origin.address.map(network) else { return Ok(self.admit(vec![], origin)) };
        let account = account(email);
        let mut keys = vec![Key::Pair(account, address), Key::Address(address), Key::Account(account)];
        Ok(match self.throttle().admit(keys.clone()) {
            Ok(attempt) => Ok(attempt),
            Err(Refusal { is_for_account_only: true, .. }) if self.has_come_from(email, address).await? => {
                keys.pop();
                self.admit(keys, origin)
            }
            Err(refusal) => Err(throttled(refusal, origin)),
        })
    }

    /// Lets an attempt begin that is known by the address only.
    pub(super) fn admit_from_address(&self, origin: &RequestOrigin) -> Result<Attempt, Throttled> {
        self.admit(origin.address.map(|address| Key::Address(network(address))).into_iter().collect(), origin)
    }

    /// Lets a sign-up begin; one with a taken address counts as a failure, as it tells who has an account.
    pub(super) fn admit_sign_up(&self, origin: &RequestOrigin) -> Result<Attempt, Throttled> {
        let keys = |address| vec![Key::Address(address), Key::SignUps(address)];
        self.admit(origin.address.map(network).map(keys).unwrap_or_default(), origin)
    }

    /// Notes that somebody asks for a reset letter, whether or not there is such an account.
    pub(super) fn admit_reset_request(&self, email: &str, origin: &RequestOrigin) -> Result<Attempt, Throttled> {
        let keys = |address| vec![Key::Requests(account(email), address), Key::Address(address)];
        self.admit(origin.address.map(network).map(keys).unwrap_or_default(), origin)
    }

    /// Holds a place for one of the few letters that an account is sent within an hour.
    pub(super) fn admit_letter(&self, email: &str, origin: &RequestOrigin) -> Result<Attempt, Throttled> {
        self.admit(vec![Key::Letters(account(email))], origin)
    }

    /// Forgets the failures with the password of an account from here.
    pub(super) fn forget_failures(&self, email: &str, origin: &RequestOrigin) {
        if let Some(address) = origin.address {
            self.throttle().forget(Key::Pair(account(email), network(address)));
        }
    }

    fn admit(&self, keys: Vec<Key>, origin: &RequestOrigin) -> Result<Attempt, Throttled> {
        self.throttle().admit(keys).map_err(|refusal| throttled(refusal, origin))
    }

    async fn has_come_from(&self, email: &str, address: IpAddr) -> Result<bool, StoreError> {
        let Some(email) = lookup_email(email) else { return Ok(false) };
        let since = self.clock().now() - Duration::days(KNOWN_FOR_DAYS);
        let known = self.read_identity_texts(ADDRESSES, vec![email.into(), since.into()]).await?;
        Ok(known.iter().filter_map(|known| known.parse().ok()).any(|known: IpAddr| network(known) == address))
    }
}

fn throttled(refusal: Refusal, origin: &RequestOrigin) -> Throttled {
    note(SecurityEvent::Throttled, None, origin);
    Throttled(refusal.seconds)
}
