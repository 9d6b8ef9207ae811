//! Tokens made by hand, right but for one thing.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rolemark_tests::{Backend, Result, TestServer};
use serde_json::{Value, json};

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    i64::try_from(since.as_secs()).expect("a clock before the end of time")
}

/// Holds the key of a server.
pub(super) struct Forge {
    key: Ed25519KeyPair,
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

fn signed(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let signature = URL_SAFE_NO_PAD.encode(sign(message.as_bytes()));
    format!("{message}.{signature}")
}

/// A server of the case's own, and where it keeps its key.
pub(super) async fn server_with_directory(backend: Backend) -> Result<(TestServer, PathBuf)> {
    let mut directory = PathBuf::new();
    let server = TestServer::fresh_with(backend, |config| directory.clone_from(&config.data_directory)).await?;
    Ok((server, directory))
}

impl Forge {
    /// A server whose key file is open to this test, as its directory is.
    pub(super) async fn over_a_fresh_server(backend: Backend) -> Result<(TestServer, Self)> {
        let (server, directory) = server_with_directory(backend).await?;
        Ok((server, Self::with_key_of(&directory)?))
    }

    /// With the key that signs now for the servers of this directory.
    pub(super) fn with_key_of(directory: &Path) -> Result<Self> {
        let pem = std::fs::read_to_string(directory.join("signing-key.pem"))?;
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let key = Ed25519KeyPair::from_pkcs8(&STANDARD.decode(body)?).map_err(|e| e.to_string())?;
        Ok(Self { key })
    }

    /// Header and claims of a token.
    pub(super) fn parts(token: &str) -> (Value, Value) {
        let part = |index: usize| {
            let part = token.split('.').nth(index).expect("three parts");
            let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64");
            serde_json::from_slice(&bytes).expect("JSON")
        };
        (part(0), part(1))
    }

    /// A token with the server's own signature.
    pub(super) fn sign(&self, header: &Value, claims: &Value) -> String {
        signed(header, claims, |message| self.key.sign(message).as_ref().to_vec())
    }

    /// Signed rightly, under a header that says more than the server's do.
    pub(super) fn other_parameters(&self, header: &Value, claims: &Value) -> Vec<(&'static str, String)> {
        let x = URL_SAFE_NO_PAD.encode(self.key.public_key().as_ref());
        let with = |names: Value| {
            let mut changed = header.clone();
            changed.as_object_mut().expect("an object").extend(names.as_object().expect("an object").clone());
            self.sign(&changed, claims)
        };
        vec![
            ("crit", with(json!({ "crit": ["exp"] }))),
            ("crit without a name", with(json!({ "crit": [] }))),
            ("crit that is no list", with(json!({ "crit": "exp" }))),
            ("crit that names what is there", with(json!({ "crit": ["b64"], "b64": true }))),
            ("a payload that is not encoded", with(json!({ "b64": false }))),
            ("jku", with(json!({ "jku": "/.well-known/jwks.json" }))),
            ("x5u", with(json!({ "x5u": "https://attacker.example/x5u.pem" }))),
            ("x5c", with(json!({ "x5c": [x.clone()] }))),
            ("x5t", with(json!({ "x5t": x.clone() }))),
            ("jwk with the right key", with(json!({ "jwk": { "kty": "OKP", "crv": "Ed25519", "x": x } }))),
            ("cty", with(json!({ "cty": "JWT" }))),
            ("zip", with(json!({ "zip": "DEF" }))),
            ("enc", with(json!({ "enc": "A256GCM" }))),
            ("a parameter that nobody knows", with(json!({ "tenant": "all" }))),
            ("kid as a list", with(json!({ "kid": [header["kid"]] }))),
        ]
    }

    /// The right words under signatures that are not the server's.
    pub(super) fn wrong_signatures(&self, header: &Value, claims: &Value) -> Vec<(&'static str, String)> {
        let with_alg = |alg: &str| {
            let mut changed = header.clone();
            changed["alg"] = json!(alg);
            changed
        };
        let public = self.key.public_key().as_ref();
        let spki = [b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00".as_slice(), public].concat();
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&spki));
        let x = URL_SAFE_NO_PAD.encode(public);
        let hmac_with = |secret: &[u8]| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
            signed(&with_alg("HS256"), claims, |message| hmac::sign(&key, message).as_ref().to_vec())
        };
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        let other = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).expect("a key");
        let own_jwk = json!({ "kty": "OKP", "crv": "Ed25519",
            "x": URL_SAFE_NO_PAD.encode(other.public_key().as_ref()) });
        let sign = |header: &Value| signed(header, claims, |message| other.sign(message).as_ref().to_vec());
        let mut with_jwk = header.clone();
        with_jwk["jwk"] = own_jwk;
        let mut with_jku = header.clone();
        with_jku["jku"] = json!("https://attacker.example/jwks.json");
        let right = self.sign(header, claims);
        let (message, signature) = right.rsplit_once('.').expect("a signature");
        let mut flipped = URL_SAFE_NO_PAD.decode(signature).expect("base64");
        flipped[10] ^= 1;
        let mut later = claims.clone();
        later["exp"] = json!(now() + 86_400);
        vec![
            ("alg none without signature", format!("{}.{}.", encoded(&with_alg("none")), encoded(claims))),
            ("alg None with a signature", signed(&with_alg("None"), claims, |_| b"none".to_vec())),
            ("alg none, signed by the server", self.sign(&with_alg("none"), claims)),
            ("HS256 with the public key", hmac_with(public)),
            ("HS256 with the public key in base64", hmac_with(x.as_bytes())),
            ("HS256 with the public key in PEM", hmac_with(pem.as_bytes())),
            ("HS256 with the public key in DER", hmac_with(&spki)),
            ("HS256 with an empty secret", hmac_with(b"")),
            ("another key", sign(header)),
            ("another key that the header brings along", sign(&with_jwk)),
            ("another key that the header points to", sign(&with_jku)),
            ("a signature of zeros", signed(header, claims, |_| vec![0; 64])),
            ("a flipped bit", format!("{message}.{}", URL_SAFE_NO_PAD.encode(flipped))),
            ("other claims under the same signature", format!("{}.{}.{signature}", encoded(header), encoded(&later))),
        ]
    }
}
