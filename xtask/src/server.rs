//! A static file server on the loopback interface.

use std::convert::Infallible;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};

use crate::site;

/// Headers of every response: isolation from other origins, which shared memory and exact timers need, and no caching
/// of files that are being edited.
const HEADERS: [(&str, &str); 5] = [
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-cache"),
    ("x-content-type-options", "nosniff"),
];

/// Timeout of a connection on which no request arrives; a browser opens another when it needs one.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Host names of the loopback interface. A request under any other name may come from a foreign page whose name was
/// made to resolve to this address (DNS rebinding), so it is refused.
const LOOPBACK_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

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
    start_with(listener, REQUEST_TIMEOUT)
}

fn start_with(listener: TcpListener, timeout: Duration) -> Result<String> {
    let failed = "the server could not be started";
    let address = listener.local_addr().context("the port of the server cannot be read")?;
    listener.set_nonblocking(true).context(failed)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context(failed)?;
    let listener = {
        let _entered = runtime.enter();
        tokio::net::TcpListener::from_std(listener).context(failed)?
    };
    thread::spawn(move || runtime.block_on(serve(listener, timeout)));
    Ok(format!("http://{address}/"))
}

/// Every connection is a task of its own, so that a browser may keep as many open as it likes.
async fn serve(listener: tokio::net::TcpListener, timeout: Duration) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(timeout);
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let connection = http.serve_connection(TokioIo::new(stream), service_fn(answer));
        // A connection that the browser closes is not an error.
        tokio::spawn(async move { drop(connection.await) });
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    if !is_loopback_name(request.headers().get(HOST)) {
        return Ok(refuse(StatusCode::FORBIDDEN, "this server answers to localhost and 127.0.0.1 only"));
    }
    let file = match *request.method() {
        // To HEAD hyper sends what GET would get, without the body.
        Method::GET | Method::HEAD => site::file_for(request.uri().path()),
        _ => return Ok(refuse(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered here")),
    };
    Ok(match file.map(|path| (fs::read(&path), path)) {
        Some((Ok(bytes), path)) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            response(StatusCode::OK, bytes.into(), site::mime_type(&name))
        }
        Some((Err(_), _)) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "the file cannot be read"),
        None => refuse(StatusCode::NOT_FOUND, "there is no such file"),
    })
}

/// Whether the Host header names the loopback interface, with any port.
fn is_loopback_name(host: Option<&HeaderValue>) -> bool {
    let Some(host) = host.and_then(|host| host.to_str().ok()) else { return false };
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    LOOPBACK_NAMES.iter().any(|own| own.eq_ignore_ascii_case(name))
}

fn refuse(status: StatusCode, sentence: &str) -> Response<Full<Bytes>> {
    response(status, format!("{sentence}\n").into(), "text/plain; charset=utf-8")
}

fn response(status: StatusCode, body: Bytes, mime_type: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(mime_type));
    response
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;

    fn ask(address: &str, request: &str) -> String {
        ask_as(address.trim_start_matches("http://").trim_end_matches('/'), address, request)
    }

    /// A request that calls the server `host`.
    fn ask_as(host: &str, address: &str, request: &str) -> String {
        let to = address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(to).unwrap();
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

    #[test]
    fn requests_under_foreign_host_names_are_refused() {
        let address = start(bind(0).unwrap()).unwrap();
        for own in ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "[::1]", "[::1]:9"] {
            assert!(ask_as(own, &address, "GET /LICENSE").starts_with("HTTP/1.1 200 "), "{own}");
        }
        for foreign in ["example.org", "127.0.0.1.example.org:80", "localhost.example.org", ""] {
            assert!(ask_as(foreign, &address, "GET /LICENSE").starts_with("HTTP/1.1 403 "), "{foreign}");
        }
    }

    #[test]
    fn a_request_that_never_ends_is_closed_after_the_timeout() {
        let address = start_with(bind(0).unwrap(), Duration::from_millis(200)).unwrap();
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET /LICENSE HTTP/1.1\r\nHost: ").unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut answer = String::new();
        // The server closes the connection, with or without a response; a timeout here would be an error of the read.
        stream.read_to_string(&mut answer).unwrap();
        assert!(!answer.contains(" 200 "), "{answer}");
    }

    #[test]
    fn open_connections_do_not_delay_others() {
        let address = start(bind(0).unwrap()).unwrap();
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        let open: Vec<TcpStream> = (0..40)
            .map(|_| {
                let mut stream = TcpStream::connect(host).unwrap();
                write!(stream, "GET /LICENSE HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
                stream
            })
            .collect();
        for mut stream in open {
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let mut start = [0; 15];
            stream.read_exact(&mut start).unwrap();
            assert_eq!(&start, b"HTTP/1.1 200 OK");
        }
    }
}
