//! Letters: through a mail server, or as files.

use std::os::unix::fs::PermissionsExt;

use rolemark_tests::letters::letter;
use rolemark_tests::{Result, TestServer, sign_up};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::resets::{request, token_in};

/// Takes one letter and gives all that the client said.
async fn mail_server(listener: TcpListener) -> std::io::Result<String> {
    let (mut stream, _) = listener.accept().await?;
    let (reader, mut writer) = stream.split();
    let (mut lines, mut said, mut is_data) = (BufReader::new(reader).lines(), String::new(), false);
    writer.write_all(b"220 test ready\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        said += &format!("{line}\n");
        let answer = match line.get(..4).unwrap_or(&line) {
            "." if is_data => {
                writer.write_all(b"250 kept\r\n").await?;
                return Ok(said);
            }
            _ if is_data => continue,
            "DATA" => {
                is_data = true;
                "354 go on\r\n"
            }
            _ => "250 good\r\n",
        };
        writer.write_all(answer.as_bytes()).await?;
    }
    Ok(said)
}

pub async fn letters_go_through_a_mail_server(t: &TestServer) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("smtp://{}", listener.local_addr()?);
    let received = tokio::spawn(mail_server(listener));
    let server = TestServer::fresh_with(t.backend(), |config| {
        config.mail.smtp_url = Some(url);
        config.mail.from = Some("Rolemark <rolemark@example.org>".into());
    })
    .await?;
    let person = sign_up(&server, "Northwind").await;
    request(&server, &person.email).await;
    let said = received.await??;
    for line in [
        "MAIL FROM:<rolemark@example.org>",
        &format!("RCPT TO:<{}>", person.email),
        &format!("To: {}", person.email),
        "From: Rolemark <rolemark@example.org>",
        "Subject: Reset your Rolemark password",
    ] {
        assert!(said.lines().any(|said| said.starts_with(line)), "no line {line}: {said}");
    }
    token_in(&said);
    assert!(!server.data_directory().join("outbox").exists(), "it is not kept as a file, too");
    server.stop().await;
    Ok(())
}

/// A mail server that does not answer is the operator's trouble; the person is told nothing of it.
pub async fn a_mail_server_may_be_away(t: &TestServer) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("smtp://{}", listener.local_addr()?);
    drop(listener);
    let server = TestServer::fresh_with(t.backend(), |config| {
        config.mail.smtp_url = Some(url);
        config.mail.from = Some("rolemark@example.org".into());
    })
    .await?;
    let person = sign_up(&server, "Northwind").await;
    let (known, unknown) = (request(&server, &person.email).await, request(&server, "nobody@example.com").await);
    assert_eq!((known.status, known.bytes), (200, unknown.bytes));
    server.stop().await;
    Ok(())
}

pub async fn letters_without_a_mail_server_are_private_files(t: &TestServer) -> Result<()> {
    let person = sign_up(t, "Northwind").await;
    request(t, &person.email).await;
    letter(t, &person.email, 0).await;
    for file in std::fs::read_dir(t.data_directory().join("outbox"))? {
        assert_eq!(file?.metadata()?.permissions().mode() & 0o7777, 0o600);
    }
    Ok(())
}

/// The start ends with the key that is wrong, and without the password in it.
pub async fn bad_mail_settings_end_the_start(t: &TestServer) -> Result<()> {
    let from = Some("rolemark@example.org");
    for (url, from, key) in [
        ("mail.example.org", from, "mail.smtp_url"),
        ("https://user:opensesame@mail.example.org", from, "mail.smtp_url"),
        ("smtp://user:opensesame@mail.example.org:25", from, "mail.smtp_url"),
        ("smtps://user:opensesame@mail.example.org", None, "mail.from"),
        ("smtps://user:opensesame@mail.example.org", Some("nobody"), "mail.from"),
        ("smtps://user:opensesame@mail.example.org", Some("a@example.org\nBcc: b@example.org"), "mail.from"),
    ] {
        let started = TestServer::fresh_with(t.backend(), |config| {
            config.mail.smtp_url = Some(url.to_owned());
            config.mail.from = from.map(str::to_owned);
        });
        let refusal = started.await.err().ok_or_else(|| format!("the server started with {url}"))?.to_string();
        assert!(refusal.contains(key) && !refusal.contains("opensesame"), "{refusal}");
    }
    Ok(())
}
