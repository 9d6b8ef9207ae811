//! What every answer says to a browser, whatever it answers.

use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, CROSS_ORIGIN_RESOURCE_POLICY, HeaderMap, HeaderName, HeaderValue, PERMISSIONS_POLICY,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// Headers of every answer.
pub(super) fn of_every_answer(is_https: bool, may_be_asked_by_others: bool) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = vec![
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (X_FRAME_OPTIONS, "DENY"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];
    if !may_be_asked_by_others {
        headers.push((CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"));
    }
    if is_https {
        headers.push((STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
    }
    headers.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect()
}

/// Adds the headers to an answer; what the answer says itself stands.
pub(super) fn add(headers: &[(HeaderName, HeaderValue)], answer: &mut HeaderMap) {
    for (name, value) in headers {
        if !answer.contains_key(name) {
            answer.insert(name.clone(), value.clone());
        }
    }
}
