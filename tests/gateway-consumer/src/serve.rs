//! HTTP/1.1 on loopback: `POST /decide` and `GET /release`, answers and errors in JSON.
//!
//! Bounded in every way a client could stretch it: connections, header time, body size and body time.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use countersign::gateway::{AnswerRelease, FieldErrors, Gateway};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::fields::Fields;

/// A signing request has some fifty fields; this is many times what they need.
const MAX_BODY_BYTES: usize = 64 * 1024;
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);
const BODY_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_CONNECTIONS: usize = 256;

/// Listens on loopback and serves for ever; port 0 takes a free one, which is printed.
pub async fn serve(gateway: Arc<Gateway>, port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("listening on http://{}, release {}", listener.local_addr()?, gateway.digest());
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        // Waits for a free place before it takes the next connection; the semaphore is never closed.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return Ok(()) };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file handles, or a client that went away: neither ends the gateway.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let gateway = Arc::clone(&gateway);
        tokio::spawn(async move {
            let answer = service_fn(|request| answer(&gateway, request));
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADER_TIMEOUT)
                .serve_connection(TokioIo::new(stream), answer);
            // A client that breaks off is its own affair.
            drop(connection.await);
            drop(place);
        });
    }
}

async fn answer(gateway: &Gateway, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::http::Error> {
    match (request.uri().path(), request.method()) {
        ("/decide", &Method::POST) => {
            let (status, body) = match body(request.into_body()).await {
                Ok(bytes) => decide(gateway, &bytes),
                Err((status, message)) => (status, error(&message)),
            };
            respond(status, &body)
        }
        ("/release", &Method::GET) => {
            let release = AnswerRelease::new(gateway.serving().release());
            respond(StatusCode::OK, &json!(release))
        }
        ("/decide", _) => wrong_method("POST"),
        ("/release", _) => wrong_method("GET"),
        (path, _) => {
            respond(StatusCode::NOT_FOUND, &error(&format!("there is no `{path}`, only `POST /decide` and `GET /release`")))
        }
    }
}

async fn body(body: Incoming) -> Result<Bytes, (StatusCode, String)> {
    let too_large = || (StatusCode::PAYLOAD_TOO_LARGE, format!("the request has more than {MAX_BODY_BYTES} bytes"));
    if body.size_hint().lower() > MAX_BODY_BYTES as u64 {
        return Err(too_large());
    }
    match tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, MAX_BODY_BYTES).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(error)) => Err((StatusCode::BAD_REQUEST, format!("the request broke off: {error}"))),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "the request took too long to arrive".to_owned())),
    }
}

fn decide(gateway: &Gateway, body: &[u8]) -> (StatusCode, Value) {
    let fields: Fields = match serde_json::from_slice(body) {
        Ok(fields) => fields,
        Err(wrong) => return (StatusCode::BAD_REQUEST, error(&format!("the body is not a JSON object of fields: {wrong}"))),
    };
    let named = fields.0.iter().map(|(name, value)| (name.as_str(), value.clone()));
    match gateway.decide(named) {
        Ok(answer) => (StatusCode::OK, json!(answer)),
        Err(errors) => (StatusCode::UNPROCESSABLE_ENTITY, field_errors(&errors)),
    }
}

fn error(message: &str) -> Value {
    json!({ "error": message })
}

fn field_errors(errors: &FieldErrors) -> Value {
    json!({ "error": "the fields of the request do not fit the schema", "fields": errors })
}

fn wrong_method(allowed: &'static str) -> Result<Response<Full<Bytes>>, hyper::http::Error> {
    let mut response = respond(StatusCode::METHOD_NOT_ALLOWED, &error(&format!("only {allowed} is answered here")))?;
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    Ok(response)
}

fn respond(status: StatusCode, body: &Value) -> Result<Response<Full<Bytes>>, hyper::http::Error> {
    let body = Full::new(Bytes::from(body.to_string()));
    Response::builder().status(status).header(CONTENT_TYPE, "application/json").body(body)
}
