//! HTTP/1.1 on loopback or a Unix socket: `POST /decide`, `GET /release`, `GET /health`, `GET /metrics`; answers and errors in JSON.
//!
//! Bounded in every way a client could stretch it: connections in all and of one address, time of the head, of the body and of the
//! decision, size of the body, requests that wait.

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use countersign_core::gateway::files::{Deciders, DecisionLog, FollowStatus, Reply, Requester};
use countersign_core::gateway::{AnswerRelease, Gateway, NotRead};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, oneshot};

use crate::clients::{Client, Clients};
use crate::metrics::Metrics;

/// A signing request has some fifty fields; this is many times what they need.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// Also how long a connection may stay idle.
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);
const BODY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long requests that are being answered may take when the gateway ends.
const END_TIMEOUT: Duration = Duration::from_secs(10);

type Answered = Result<Response<Full<Bytes>>, hyper::http::Error>;

/// What is served.
pub struct Served {
    pub gateway: Arc<Gateway>,
    pub deciders: Arc<Deciders<HttpRequest>>,
    pub deadline: Duration,
    pub log: Option<Arc<DecisionLog>>,
    pub status: Arc<Mutex<FollowStatus>>,
    pub clients: Arc<Clients>,
    pub metrics: Metrics,
}

/// A request whose client waits.
pub struct HttpRequest {
    body: Bytes,
    reply: oneshot::Sender<Reply>,
}

impl Requester for HttpRequest {
    fn body(&self) -> &[u8] {
        &self.body
    }

    fn is_gone(&self) -> bool {
        self.reply.is_closed()
    }

    fn reply(self, reply: Reply) {
        // A client that has gone away needs none.
        drop(self.reply.send(reply));
    }
}

/// Listens and serves until the process is asked to end; port 0 takes a free one, which is printed.
pub async fn serve(served: Arc<Served>, port: Option<u16>, socket: Option<&Path>) -> io::Result<()> {
    let ending = Arc::new(GracefulShutdown::new());
    let mut accepting = Vec::new();
    let digest = served.gateway.digest();
    if let Some(port) = port {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        say(&format!("listening on http://{}, release {digest}", listener.local_addr()?));
        let (served, ending) = (Arc::clone(&served), Arc::clone(&ending));
        accepting.push(tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((stream, from)) => {
                        // Answers are one write each: waiting for more helps nobody.
                        drop(stream.set_nodelay(true));
                        connect(&served, &ending, stream, Client::Address(from.ip()));
                    }
                    // Out of file handles, or a client that went away: neither ends the gateway.
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        }));
    }
    if let Some(path) = socket {
        let listener = bind_socket(path)?;
        say(&format!("listening on unix:{}, release {digest}", path.display()));
        let (served, ending) = (Arc::clone(&served), Arc::clone(&ending));
        accepting.push(tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => connect(&served, &ending, stream, Client::Socket),
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        }));
    }
    asked_to_end().await?;
    for task in accepting {
        task.abort();
        drop(task.await);
    }
    if let Some(ending) = Arc::into_inner(ending) {
        // Who does not finish in time is cut off.
        drop(tokio::time::timeout(END_TIMEOUT, ending.shutdown()).await);
    }
    Ok(())
}

/// Tells on standard output; that nobody listens must not end the gateway.
fn say(what: &str) {
    let _ = writeln!(io::stdout(), "{what}");
}

/// A socket that a gateway which was killed left behind is removed; one that is in use is not.
fn bind_socket(path: &Path) -> io::Result<UnixListener> {
    if std::os::unix::net::UnixStream::connect(path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
        std::fs::remove_file(path)?;
    }
    UnixListener::bind(path)
}

async fn asked_to_end() -> io::Result<()> {
    let asked = Arc::new(Notify::new());
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let (mut signal, asked) = (signal(kind)?, Arc::clone(&asked));
        tokio::spawn(async move {
            signal.recv().await;
            asked.notify_one();
        });
    }
    asked.notified().await;
    Ok(())
}

fn connect<S>(served: &Arc<Served>, ending: &GracefulShutdown, stream: S, client: Client)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // Closed at once: whoever has too many connections gets no more of anything.
    let place = match served.clients.enter(client) {
        Ok(place) => place,
        Err(cause) => return served.metrics.refused(cause),
    };
    let served = Arc::clone(served);
    let answer = service_fn(move |request| answer(Arc::clone(&served), request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), answer);
    let connection = ending.watch(connection);
    tokio::spawn(async move {
        // A client that breaks off needs no answer.
        drop(connection.await);
        drop(place);
    });
}

async fn answer(served: Arc<Served>, request: Request<Incoming>) -> Answered {
    match (request.uri().path(), request.method()) {
        ("/decide", &Method::POST) => decide(&served, request.into_body()).await,
        ("/release", &Method::GET) => respond(StatusCode::OK, &release(&served)),
        ("/health", &Method::GET) => match served.gateway.serving() {
            Ok(_) => respond(StatusCode::OK, &json!({ "status": "ok" })),
            Err(refused) => respond(StatusCode::SERVICE_UNAVAILABLE, &error(&refused.to_string())),
        },
        ("/metrics", &Method::GET) => {
            let text = served.metrics.text(&gauges(&served));
            Response::builder().header(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8").body(Full::from(text))
        }
        (path @ ("/decide" | "/release" | "/health" | "/metrics"), _) => {
            let allowed = if path == "/decide" { "POST" } else { "GET" };
            let mut response = respond(StatusCode::METHOD_NOT_ALLOWED, &error(&format!("only {allowed} is answered here")))?;
            response.headers_mut().insert(ALLOW, hyper::header::HeaderValue::from_static(allowed));
            Ok(response)
        }
        _ => respond(
            StatusCode::NOT_FOUND,
            &error("there are only `POST /decide`, `GET /release`, `GET /health` and `GET /metrics`"),
        ),
    }
}

async fn decide(served: &Served, incoming: Incoming) -> Answered {
    let began = Instant::now();
    let reply = match body(incoming).await {
        Ok(body) => {
            let (reply, replied) = oneshot::channel();
            served.deciders.submit(HttpRequest { body, reply });
            match tokio::time::timeout(served.deadline, replied).await {
                Ok(Ok(reply)) => reply,
                // The thread broke off, which the library promises not to; nothing was answered.
                Ok(Err(_)) => Reply::NotLogged("the decision broke off".to_owned()),
                Err(_) => Reply::Late,
            }
        }
        Err((status, cause, message)) => {
            served.metrics.refused(cause);
            return respond(status, &error(&message));
        }
    };
    let (status, cause, body) = match reply {
        Reply::Decided { verdict, answer } => {
            served.metrics.decided(verdict.word(), began.elapsed());
            return json_response(StatusCode::OK, answer);
        }
        Reply::NotRead(NotRead::NotFields(why)) => {
            let why: String = why.chars().take(300).collect();
            (StatusCode::BAD_REQUEST, "body", error(&format!("the body is not a JSON object of fields: {why}")))
        }
        Reply::NotRead(NotRead::Fields(errors)) => {
            let body = json!({ "error": "the fields of the request do not fit the schema", "fields": errors });
            (StatusCode::UNPROCESSABLE_ENTITY, "fields", body)
        }
        Reply::Revoked(why) => (StatusCode::SERVICE_UNAVAILABLE, "revoked", error(&why)),
        Reply::NotLogged(why) => (StatusCode::SERVICE_UNAVAILABLE, "log", error(&format!("the decision cannot be logged: {why}"))),
        Reply::Late => (StatusCode::SERVICE_UNAVAILABLE, "deadline", error("the decision took too long")),
        Reply::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", error("too many requests wait")),
    };
    served.metrics.refused(cause);
    let mut response = respond(status, &body)?;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, 1.into());
    }
    Ok(response)
}

async fn body(body: Incoming) -> Result<Bytes, (StatusCode, &'static str, String)> {
    let too_large = || (StatusCode::PAYLOAD_TOO_LARGE, "too_large", format!("the request has more than {MAX_BODY_BYTES} bytes"));
    if body.size_hint().lower() > MAX_BODY_BYTES as u64 {
        return Err(too_large());
    }
    match tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, MAX_BODY_BYTES).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(error)) => Err((StatusCode::BAD_REQUEST, "body", format!("the request broke off: {error}"))),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "slow_body", "the request took too long to arrive".to_owned())),
    }
}

/// What runs, since when, what lies there and was not taken, and where the log ends.
fn release(served: &Served) -> Value {
    let mut told = json!(AnswerRelease::new(served.gateway.last().release()));
    let status = served.status.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(members) = told.as_object_mut() {
        let state = served.gateway.state();
        if let Some(last) = state.last() {
            members.insert("sequence".to_owned(), last.sequence.into());
            members.insert("taken_at".to_owned(), last.taken.to_string().into());
        }
        if !status.not_taken.is_empty() {
            members.insert("not_taken".to_owned(), json!(status.not_taken));
        }
        if let Err(revoked) = served.gateway.serving() {
            members.insert("revoked".to_owned(), revoked.to_string().into());
        }
        if let Some(log) = &served.log {
            let head = log.head();
            members.insert("log".to_owned(), format!("{}:{}", head.number, head.digest).into());
        }
    }
    told
}

#[expect(clippy::cast_precision_loss, reason = "counts and times are told to more digits than anyone reads")]
fn gauges(served: &Served) -> Vec<(&'static str, &'static str, f64)> {
    let status = served.status.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let state = served.gateway.state();
    let (sequence, taken) = state.last().map_or((0, 0), |last| (last.sequence, last.taken.at.micros()));
    let created = served.gateway.last().release().provenance().created_at.at.micros();
    let is_revoked = served.gateway.serving().is_err();
    let line = served.log.as_ref().map_or(0, |log| log.head().number);
    vec![
        ("countersign_release_sequence", "The number of the release that decides.", sequence as f64),
        ("countersign_release_created_seconds", "When that release was made, in seconds since 1970.", created as f64 / 1e6),
        ("countersign_release_taken_seconds", "When this gateway took it, in seconds since 1970.", taken as f64 / 1e6),
        ("countersign_release_revoked", "1 when it was revoked and nothing is decided.", f64::from(u8::from(is_revoked))),
        ("countersign_releases_taken_total", "Releases that took over since the start.", status.taken as f64),
        (
            "countersign_files_refused_total",
            "Files that were refused or could not be read since the start.",
            status.refusals as f64,
        ),
        ("countersign_files_not_taken", "Files that lie there and are not in force.", status.not_taken.len() as f64),
        ("countersign_requests_waiting", "Requests that wait for a decision.", served.deciders.waiting() as f64),
        ("countersign_connections", "Open connections.", served.clients.count() as f64),
        ("countersign_log_lines", "The number of the last line of the decision log.", line as f64),
    ]
}

fn error(message: &str) -> Value {
    json!({ "error": message })
}

fn respond(status: StatusCode, body: &impl Serialize) -> Answered {
    json_response(status, serde_json::to_string(body).unwrap_or_default())
}

fn json_response(status: StatusCode, text: String) -> Answered {
    Response::builder().status(status).header(CONTENT_TYPE, "application/json").body(Full::from(text))
}
