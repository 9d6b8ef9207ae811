//! Where people reach the server.

use url::Url;

use super::SettingError;

/// Reads `public_url`.
pub(super) fn read(text: &str) -> Result<Url, SettingError> {
    // The value is not repeated: it may hold a password.
    let refused = || SettingError::new("public_url", "must be a plain URL such as https://rolemark.example.com");
    let url = Url::parse(text).map_err(|_| refused())?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    let is_address = is_plain && url.query().is_none() && url.fragment().is_none();
    if matches!(url.scheme(), "http" | "https") && is_address { Ok(url) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_urls_are_taken() {
        for good in ["https://rolemark.example.com", "http://localhost:8080/", "https://example.com/rolemark"] {
            assert!(read(good).is_ok(), "{good}");
        }
        let bad = ["", "example.com", "ftp://example.com", "https://a:b@example.com", "https://a?b", "https://a#b"];
        for bad in bad {
            assert!(read(bad).unwrap_err().to_string().starts_with("public_url: "), "{bad}");
        }
    }
}
