//! Which proxies are believed when they say where a request comes from.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{HeaderMap, X_FORWARDED_FOR};
use ipnet::IpNet;

use super::SettingError;

/// Addresses of proxies.
pub(in crate::http) struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads `trusted_proxies`.
    pub(super) fn read(entries: &[String]) -> Result<Self, SettingError> {
        let refused = |entry| {
            let problem = format!("`{entry}` is no address, nor a network such as 10.0.0.0/8");
            SettingError::new("trusted_proxies", problem)
        };
        entries
            .iter()
            .map(|entry| network(entry.trim()).ok_or_else(|| refused(entry)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Where a request comes from that `peer` sent: from the right, the first hop that is no proxy of this list. A hop
    /// that cannot be read ends the way at the last good one.
    pub(in crate::http) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trust(client) {
            return client;
        }
        let lines: Vec<&[u8]> = headers.get_all(X_FORWARDED_FOR).map(|line| line.as_bytes()).collect();
        // Hop by hop: what a client wrote on the left, in whatever letters, spoils nothing on its right.
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(|&byte| byte == b',')).map(address) {
            let Some(hop) = hop else { break };
            client = hop;
            if !self.trust(client) {
                break;
            }
        }
        client
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(text: &str) -> Option<IpNet> {
    text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok()
}

/// An address, with a port where a proxy writes one.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let address = text.parse().or_else(|_| text.parse().map(|socket: SocketAddr| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn client(trusted: &[&str], peer: &str, lines: &[&str]) -> String {
        let trusted: Vec<String> = trusted.iter().map(|&entry| entry.to_owned()).collect();
        let mut request = TestRequest::default();
        for &line in lines {
            request = request.append_header((X_FORWARDED_FOR, line));
        }
        let proxies = TrustedProxies::read(&trusted).unwrap();
        proxies.client(peer.parse().unwrap(), request.to_http_request().headers()).to_string()
    }

    #[test]
    fn the_header_counts_from_trusted_peers_only() {
        assert_eq!(client(&[], "192.0.2.9", &["203.0.113.1"]), "192.0.2.9");
        assert_eq!(client(&["10.0.0.0/8"], "192.0.2.9", &["203.0.113.1"]), "192.0.2.9");
        assert_eq!(client(&["10.0.0.0/8"], "10.1.2.3", &["203.0.113.1"]), "203.0.113.1");
        assert_eq!(client(&["10.1.2.3"], "10.1.2.3", &["203.0.113.1"]), "203.0.113.1");
        assert_eq!(client(&["10.1.2.3"], "10.1.2.4", &["203.0.113.1"]), "10.1.2.4");
        assert_eq!(client(&["10.0.0.0/8"], "::ffff:10.1.2.3", &["::ffff:203.0.113.1"]), "203.0.113.1");
        assert_eq!(client(&["10.0.0.0/8"], "10.1.2.3", &[]), "10.1.2.3");
    }

    #[test]
    fn what_the_client_wrote_itself_is_to_the_left_of_the_truth() {
        let trusted = ["10.0.0.0/8", "2001:db8::/32"];
        assert_eq!(client(&trusted, "10.0.0.1", &["1.1.1.1, 203.0.113.1, 10.0.0.2"]), "203.0.113.1");
        assert_eq!(client(&trusted, "10.0.0.1", &["1.1.1.1", "203.0.113.1 , 2001:db8::7", "10.0.0.2"]), "203.0.113.1");
        assert_eq!(client(&trusted, "10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3", "all are proxies");
        assert_eq!(client(&trusted, "10.0.0.1", &["203.0.113.1:4711"]), "203.0.113.1");
        assert_eq!(client(&trusted, "10.0.0.1", &["[2a00::1]:4711"]), "2a00::1");
    }

    #[test]
    fn a_hop_that_cannot_be_read_ends_the_way() {
        for bad in ["unknown", "", "1.2.3", "_hidden", "203.0.113.1 203.0.113.2", "ü"] {
            assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", &[&format!("203.0.113.1, {bad}, 10.0.0.2")]), "10.0.0.2");
            assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", &["203.0.113.1", bad]), "10.0.0.1", "{bad}");
        }
    }

    #[test]
    fn a_bad_entry_is_named() {
        let error = TrustedProxies::read(&["10.0.0.0/33".to_owned()]).err().unwrap();
        assert_eq!(error.to_string(), "trusted_proxies: `10.0.0.0/33` is no address, nor a network such as 10.0.0.0/8");
    }
}
