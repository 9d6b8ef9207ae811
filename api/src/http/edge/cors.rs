//! Which web pages of others may ask this server: none that the configuration does not name.

use actix_cors::Cors;
use actix_web::{
    http::{
        Method,
        header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER},
    },
    middleware::Condition,
};
use url::Url;

use super::SettingError;
use crate::http::{graphql, origin};

/// How long a browser may remember what it was allowed, in seconds.
const REMEMBERED_SECONDS: usize = 600;

/// Reads `cors_origins`: each exactly as a browser writes it.
pub(super) fn origins(entries: &[String]) -> Result<Vec<String>, SettingError> {
    entries.iter().map(|entry| origin_of(entry.trim())).collect()
}

fn origin_of(entry: &str) -> Result<String, SettingError> {
    let url = Url::parse(entry).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let written = url.map(|url| url.origin().ascii_serialization());
    match written {
        Some(written) if written == entry => Ok(written),
        Some(written) => Err(SettingError::new("cors_origins", format!("`{entry}` is no origin; is it `{written}`?"))),
        None => {
            let problem = format!("`{entry}` is no origin such as https://app.example.com; each is named in full");
            Err(SettingError::new("cors_origins", problem))
        }
    }
}

/// Answers what browsers ask on behalf of pages of these origins; without any, nothing is added to any answer.
pub(crate) fn cors(origins: &[String]) -> Condition<Cors> {
    let exposed: [HeaderName; 4] = [graphql::RATE_LIMIT, graphql::RATE_LIMIT_POLICY, RETRY_AFTER, origin::REQUEST_ID];
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST])
        .allowed_headers([CONTENT_TYPE, AUTHORIZATION, ACCEPT, origin::REQUEST_ID])
        .expose_headers(exposed)
        .max_age(REMEMBERED_SECONDS);
    let cors = origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin));
    Condition::new(!origins.is_empty(), cors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for good in
            ["https://app.example.com", "http://localhost:3000", "https://xn--bcher-kva.example", "http://[::1]:1"]
        {
            assert_eq!(origins(&[good.to_owned()]).unwrap(), [good]);
        }
        let other =
            ["https://app.example.com/", "https://App.example.com", "https://a.example:443", "https://a.example/x"];
        for bad in other.into_iter().chain(["*", "", "null", "app.example.com", "https://*.example.com/", "file:///x"])
        {
            let error = origins(&[bad.to_owned()]).unwrap_err().to_string();
            assert!(error.starts_with("cors_origins: "), "{bad}: {error}");
        }
    }
}
