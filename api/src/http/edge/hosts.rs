//! By which names the server may be asked. A name of a stranger that leads to this machine would let the stranger's page
//! read what a browser here may read; an address in digits cannot be turned to another machine later.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use actix_web::{
    dev::RequestHead,
    http::{Version, header::HOST},
};

use super::SettingError;

/// Names of the server.
pub(super) struct Hosts(Vec<Host>);

/// A host as a client or the configuration writes it, in lower case.
#[derive(Debug, PartialEq, Eq)]
struct Host {
    name: String,
    port: Option<u16>,
}

impl Hosts {
    /// Reads `hosts`, and adds the name of the public URL.
    pub(super) fn read(entries: &[String], public_name: Option<&str>) -> Result<Self, SettingError> {
        let refused = |entry| {
            let problem = format!("`{entry}` is no name such as rolemark.example.com, with or without a port");
            SettingError::new("hosts", problem)
        };
        let named = entries.iter().map(|entry| entry.trim().parse().map_err(|()| refused(entry)));
        let public = public_name.map(|name| Ok(Host { name: name.to_ascii_lowercase(), port: None }));
        named.chain(public).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a request asks for this server: by one `Host`, which only HTTP/2 may leave out, and by whatever name its
    /// target holds.
    pub(super) fn are_asked(&self, request: &RequestHead) -> bool {
        let authority = request.uri.authority().map(|authority| authority.as_str());
        let mut hosts = request.headers().get_all(HOST).map(|host| host.to_str().unwrap_or_default());
        let host = hosts.next();
        let is_named = host.is_some() || (request.version == Version::HTTP_2 && authority.is_some());
        is_named && hosts.next().is_none() && host.into_iter().chain(authority).all(|host| self.have(host))
    }

    fn have(&self, host: &str) -> bool {
        let Ok(host) = host.parse::<Host>() else { return false };
        let is_listed = |own: &Host| own.name == host.name && (own.port.is_none() || own.port == host.port);
        host.name == "localhost" || host.is_in_digits() || self.0.iter().any(is_listed)
    }
}

impl FromStr for Host {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let end = if text.starts_with('[') { text.find(']').ok_or(())? } else { 0 };
        let (name, port) = match text.get(end..).and_then(|rest| rest.find(':')) {
            Some(colon) => text.split_at(end + colon),
            None => (text, ""),
        };
        let port = match port.strip_prefix(':').unwrap_or_default() {
            "" => None,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().map_err(|_| ())?),
            _ => return Err(()),
        };
        let host = Self { name: name.to_ascii_lowercase(), port };
        if host.is_in_digits() || host.is_plain() { Ok(host) } else { Err(()) }
    }
}

impl Host {
    fn is_in_digits(&self) -> bool {
        let bare = self.name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        match bare {
            Some(bare) => bare.parse::<Ipv6Addr>().is_ok(),
            None => self.name.parse::<Ipv4Addr>().is_ok(),
        }
    }

    fn is_plain(&self) -> bool {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        !self.name.is_empty() && self.name.bytes().all(is_allowed)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn hosts(entries: &[&str]) -> Hosts {
        let entries: Vec<String> = entries.iter().map(|&entry| entry.to_owned()).collect();
        Hosts::read(&entries, Some("Public.Example")).unwrap()
    }

    #[test]
    fn localhost_and_digits_always_count_and_other_names_if_listed() {
        let hosts = hosts(&["a.example", "b.example:8443"]);
        let good = ["localhost", "LOCALHOST:8080", "127.0.0.1", "192.0.2.1:80", "[::1]", "[2001:db8::1]:8080"];
        for good in
            good.into_iter().chain(["a.example", "A.Example:1", "a.example:", "b.example:8443", "public.example"])
        {
            assert!(hosts.have(good), "{good}");
        }
        let bad = ["b.example", "b.example:8080", "c.example", "a.example.evil.example", "localhost.evil.example"];
        let no_host =
            ["", ":80", "::1", "[::1", "[a.example]", "a.example@evil", "a.example:x", "a.example:99999", "a b"];
        for bad in
            bad.into_iter().chain(no_host).chain(["0x7f.1", "127.1", "a.example/", "a.example:80:80", "a.example:+80"])
        {
            assert!(!hosts.have(bad), "{bad}");
        }
    }

    #[test]
    fn a_request_names_one_host() {
        let hosts = hosts(&["a.example"]);
        let asked = |version, uri: &str, names: &[&str]| {
            let mut request = TestRequest::default().version(version).uri(uri);
            for &name in names {
                request = request.append_header((HOST, name));
            }
            hosts.are_asked(request.to_http_request().head())
        };
        assert!(asked(Version::HTTP_11, "/", &["a.example"]));
        assert!(!asked(Version::HTTP_11, "/", &[]));
        assert!(!asked(Version::HTTP_10, "/", &[]));
        assert!(!asked(Version::HTTP_11, "/", &["a.example", "a.example"]));
        assert!(!asked(Version::HTTP_11, "http://a.example/", &[]));
        assert!(asked(Version::HTTP_11, "http://a.example/", &["a.example"]));
        assert!(!asked(Version::HTTP_11, "http://evil.example/", &["a.example"]));
        assert!(!asked(Version::HTTP_11, "http://a.example/", &["evil.example"]));
        assert!(asked(Version::HTTP_2, "https://a.example/", &[]));
        assert!(!asked(Version::HTTP_2, "https://evil.example/", &[]));
        assert!(!asked(Version::HTTP_2, "https://a.example/", &["evil.example"]));
        assert!(!asked(Version::HTTP_2, "/", &[]));
    }

    #[test]
    fn a_bad_entry_is_named() {
        for bad in ["*", "", "https://a.example", "a.example/", "*.a.example"] {
            let error = Hosts::read(&[bad.to_owned()], None).err().unwrap();
            assert!(error.to_string().starts_with(&format!("hosts: `{bad}` is no name")), "{error}");
        }
    }
}
