//! HTTP/1.1 on loopback: `POST /decide` and `GET /release`, answers and errors in JSON.
//!
//! Bounded in every way a client could stretch it: connections, header time, body size and body time.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use countersign::gateway::{Answer, AnswerRelease, FieldErrors, Gateway};
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
use crate::log::{DecisionLog, now};
use crate::watch::Refusal;

/// A signing request has some fifty fields; this is many times what they need.
const MAX_BODY_BYTES: usize = 64 * 1024;
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);
const BODY_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_CONNECTIONS: usize = 256;

/// What is served.
pub struct Served {
    pub gateway: Arc<Gateway>,
    /// Where decisions are logged.
    pub log: Option<DecisionLog>,
    /// Why the file that lies there is not the release that runs.
    pub refusal: Refusal,
}

/// Listens on loopback and serves for ever; port 0 takes a free one, which is printed.
pub async fn serve(served: Served, port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("listening on http://{}, release {}", listener.local_addr()?, served.gateway.digest());
    let served = Arc::new(served);
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        // Waits for a free place before it takes the next connection; the semaphore is never closed.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return Ok(()) };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file handles, or a client that went away: neither ends the gateway.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let served = Arc::clone(&served);
        tokio::spawn(async move {
            let answer = service_fn(|request| answer(&served, request));
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

async fn answer(served: &Served, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::http::Error> {
    match (request.uri().path(), request.method()) {
        ("/decide", &Method::POST) => {
            let (status, body) = match body(request.into_body()).await {
                Ok(bytes) => decide(served, &bytes),
                Err((status, message)) => (status, error(&message)),
            };
            respond(status, &body)
        }
        ("/release", &Method::GET) => {
            let mut release = json!(AnswerRelease::new(served.gateway.last().release()));
            if let (Some(why), Some(members)) = (served.refusal.now(), release.as_object_mut()) {
                members.insert("refused".to_owned(), why.into());
            }
            respond(StatusCode::OK, &release)
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

fn decide(served: &Served, body: &[u8]) -> (StatusCode, Value) {
    let fields: Fields = match serde_json::from_slice(body) {
        Ok(fields) => fields,
        Err(wrong) => return (StatusCode::BAD_REQUEST, error(&format!("the body is not a JSON object of fields: {wrong}"))),
    };
    match decide_and_log(served, &fields) {
        Ok(Ok(answer)) => (StatusCode::OK, json!(answer)),
        Ok(Err(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, field_errors(&errors)),
        // What cannot be logged is not decided: nobody could ever account for it.
        Err(wrong) => (StatusCode::SERVICE_UNAVAILABLE, error(&format!("the decision cannot be logged: {wrong}"))),
    }
}

fn decide_and_log(served: &Served, fields: &Fields) -> io::Result<Result<Answer, FieldErrors>> {
    // One release for all of it, whatever takes over meanwhile.
    let serving = served.gateway.serving().map_err(io::Error::other)?;
    let mut request = serving.request();
    for (name, value) in &fields.0 {
        request.set(name, value.clone());
    }
    let request = match request.finish() {
        Ok(request) => request,
        Err(errors) => return Ok(Err(errors)),
    };
    let answer = serving.answer(&serving.decide(&request));
    if let Some(log) = &served.log {
        log.add(&serving.log_line(&request, answer.clone(), now()))?;
    }
    Ok(Ok(answer))
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
