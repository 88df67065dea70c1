//! A static server for one's own machine.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use crate::site;

/// How many requests are answered at once: a browser opens six connections.
const THREADS: usize = 6;

/// What every answer carries: isolation from other origins, which shared memory and exact clocks need, and no stale
/// files while one works on the page.
const HEADERS: [(&str, &str); 5] = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-cache"),
    ("X-Content-Type-Options", "nosniff"),
];

/// Takes a port of 127.0.0.1; port 0 takes any that is free.
///
/// # Errors
/// The port is in use or may not be used; the sentence names one that is free.
pub fn bind(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let free = (port.saturating_add(1)..=u16::MAX)
            .take(100)
            .find(|next| TcpListener::bind((Ipv4Addr::LOCALHOST, *next)).is_ok());
        let advice = match free {
            Some(free) => format!("`cargo xtask serve --port {free}` takes one that is free"),
            None => "choose another with `cargo xtask serve --port N`".to_owned(),
        };
        match error.kind() {
            std::io::ErrorKind::AddrInUse => anyhow!("port {port} is in use; {advice}"),
            _ => anyhow!("port {port} cannot be used ({error}); {advice}"),
        }
    })
}

/// Serves in the background for as long as the program runs; returns the address of the page.
///
/// # Errors
/// The server cannot be started on this port.
pub fn start(listener: TcpListener) -> Result<String> {
    let address = listener.local_addr().context("the port of the server cannot be read")?;
    let server = match Server::from_listener(listener, None) {
        Ok(server) => Arc::new(server),
        Err(error) => bail!("the server could not be started: {error}"),
    };
    for _ in 0..THREADS {
        let server = Arc::clone(&server);
        thread::spawn(move || {
            while let Ok(request) = server.recv() {
                answer(request);
            }
        });
    }
    Ok(format!("http://{address}/"))
}

fn answer(request: Request) {
    let file = match request.method() {
        Method::Get | Method::Head => site::file_for(request.url()),
        _ => return refuse(request, 405, "only GET and HEAD are answered here"),
    };
    match file.map(|path| (File::open(&path), path)) {
        Some((Ok(file), path)) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            give(request, Response::from_file(file), site::mime_type(&name));
        }
        Some((Err(_), _)) => refuse(request, 500, "the file cannot be read"),
        None => refuse(request, 404, "there is no such file"),
    }
}

fn refuse(request: Request, status: u16, sentence: &str) {
    let response = Response::from_string(format!("{sentence}\n")).with_status_code(StatusCode(status));
    give(request, response, "text/plain; charset=utf-8");
}

fn give<R: std::io::Read>(request: Request, response: Response<R>, mime_type: &str) {
    let headers = HEADERS.into_iter().chain([("Content-Type", mime_type)]);
    let headers = headers.filter_map(|(name, value)| Header::from_bytes(name, value).ok());
    let response = headers.fold(response, |response, header| response.with_header(header));
    // A browser that has gone away is no error of ours.
    let _gone = request.respond(response);
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;

    fn ask(address: &str, request: &str) -> String {
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_port_in_use_is_told_with_one_that_is_free() {
        let taken = bind(0).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = bind(port).unwrap_err().to_string();
        assert!(error.starts_with(&format!("port {port} is in use; ")), "{error}");
    }

    #[test]
    fn answers_are_isolated_from_other_origins_and_never_stale() {
        let address = start(bind(0).unwrap()).unwrap();
        let answer = ask(&address, "GET /LICENSE");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        for (name, value) in HEADERS {
            assert!(answer.contains(&format!("\r\n{name}: {value}\r\n")), "{name}: {answer}");
        }
        assert!(answer.contains("MIT License"), "{answer}");
    }

    #[test]
    fn nothing_but_the_page_is_given_out_and_nothing_is_taken() {
        let address = start(bind(0).unwrap()).unwrap();
        assert!(ask(&address, "GET /www/../Cargo.toml").starts_with("HTTP/1.1 404 "));
        assert!(ask(&address, "GET /Cargo.toml").starts_with("HTTP/1.1 404 "));
        assert!(ask(&address, "POST /LICENSE").starts_with("HTTP/1.1 405 "));
    }
}
