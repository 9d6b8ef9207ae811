//! Places in a chain, to be kept elsewhere: whoever knows one notices when what came before it was changed.

use std::{fmt, str::FromStr};

/// A place in a chain and the hash there, written as `12:` and 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of the entry, from 1; 0 before the first.
    pub seq: i64,
    /// Hash up to and with that entry.
    pub hash: Vec<u8>,
}

/// A text that is no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a checkpoint is the number of an entry, a colon and 64 hexadecimal digits")]
pub struct CheckpointError;

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.seq)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let (seq, digits) = text.split_once(':').ok_or(CheckpointError)?;
        let seq: u32 = seq.parse().map_err(|_| CheckpointError)?;
        if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(CheckpointError);
        }
        let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| CheckpointError);
        let hash = (0..64).step_by(2).map(byte).collect::<Result<_, _>>()?;
        Ok(Self { seq: seq.into(), hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_survives_the_round_trip() {
        let checkpoint = Checkpoint { seq: 12, hash: (0..32).collect() };
        assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint.clone()));
        assert_eq!(checkpoint.to_string().to_uppercase().parse(), Ok(checkpoint));
    }

    #[test]
    fn anything_else_is_none() {
        let digits = "0".repeat(64);
        for text in
            ["", ":", "12", &format!("-1:{digits}"), &format!("1:{digits}0"), &format!("1:\u{e9}{}", &digits[2..])]
        {
            assert!(text.parse::<Checkpoint>().is_err(), "{text}");
        }
    }
}
