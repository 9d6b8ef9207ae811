//! Clients that speak HTTP to a server, as a person's program would.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, header};
use serde_json::{Value, json};

use crate::Answer;

/// The media type in which GraphQL's own status codes are used.
pub const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// A client with or without credentials.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
    user_agent: Option<String>,
}

impl Client {
    /// A client without credentials.
    ///
    /// # Panics
    /// If no HTTP client can be made.
    #[must_use]
    pub fn anonymous(url: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60));
        let http = http.build().expect("an HTTP client can be made");
        Self { http, url: url.to_owned(), token: None, user_agent: None }
    }

    /// The same client with a bearer token: an access token or an API key.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same client, calling itself something.
    #[must_use]
    pub fn with_user_agent(&self, user_agent: &str) -> Self {
        Self { user_agent: Some(user_agent.to_owned()), ..self.clone() }
    }

    /// A request with the client's credentials, to be changed and given to [`Client::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(user_agent) = &self.user_agent {
            request = request.header(header::USER_AGENT, user_agent);
        }
        match &self.token {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// Sends a request.
    ///
    /// # Panics
    /// If no whole answer arrives.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap_or_else(|e| panic!("the server did not answer: {e:?}"));
        Answer::of(response).await.unwrap_or_else(|e| panic!("the answer broke off: {e:?}"))
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// A GraphQL request, with GraphQL's own status codes.
    pub async fn graphql(&self, query: &str, variables: Value) -> Answer {
        self.post_graphql(GRAPHQL_RESPONSE, &json!({ "query": query, "variables": variables })).await
    }

    /// A GraphQL request without variables.
    pub async fn query(&self, query: &str) -> Answer {
        self.post_graphql(GRAPHQL_RESPONSE, &json!({ "query": query })).await
    }

    /// Any JSON posted to `/graphql`, asking for an answer of a media type.
    pub async fn post_graphql(&self, accept: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, "/graphql").header(header::ACCEPT, accept).json(body)).await
    }

    /// Any bytes posted to `/graphql` under any content type, or under none.
    pub async fn post_raw(&self, content_type: Option<&str>, body: impl Into<reqwest::Body>) -> Answer {
        let mut request = self.request(Method::POST, "/graphql").header(header::ACCEPT, GRAPHQL_RESPONSE).body(body);
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        self.send(request).await
    }
}
