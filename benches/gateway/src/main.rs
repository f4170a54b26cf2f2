//! Requests a second and latency of the gateway, with its decision log and its state, and of a hyper server that reads the same requests
//! and answers a fixed text of the same length. Both are programs of their own; the same clients ask them in turns.
//!
//! Arguments: the gateway's program, a release, a file with a JSON request a line, seconds a turn, turns, clients.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;

fn main() {
    let mut words: VecDeque<String> = std::env::args().skip(1).collect();
    if words.front().is_some_and(|word| word == "--bare") {
        return bare(words[1].clone());
    }
    let mut next = |usual: &str| words.pop_front().unwrap_or_else(|| usual.to_owned());
    let (program, release, requests) = (next("target/release/gateway-consumer"), next("live.ron"), next("requests.jsonl"));
    let (seconds, turns, clients): (u64, usize, usize) =
        (next("10").parse().unwrap(), next("3").parse().unwrap(), next("16").parse().unwrap());
    let requests: Arc<Vec<String>> = Arc::new(std::fs::read_to_string(requests).unwrap().lines().map(message).collect());

    let folder = std::env::temp_dir().join(format!("gateway-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut gateway = Command::new(program);
    gateway.args([release.as_str(), "--unapproved", "--log"]).arg(folder.join("d.jsonl")).arg("--state").arg(folder.join("state"));
    let gateway = Server::start(&mut gateway);
    let mut stream = TcpStream::connect(gateway.address).unwrap();
    let answer = ask(&mut stream, &requests[0]);
    assert_eq!(answer.0, 200, "the gateway does not decide the request");
    let bare = Server::start(Command::new(std::env::current_exe().unwrap()).arg("--bare").arg("x".repeat(answer.1)));

    let wait = Duration::from_secs(seconds);
    // Both are warm before anything counts.
    for server in [&bare, &gateway] {
        load(server.address, &requests, clients, Duration::from_secs(1));
    }
    let first = gateway.resident();
    println!("| turn | bare: requests a second | p50 | p99 | gateway: requests a second | p50 | p99 | memory | of bare | p99 against bare |");
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    let mut ratios = Vec::new();
    for turn in 1..=turns {
        let (plain, ours) = (load(bare.address, &requests, clients, wait), load(gateway.address, &requests, clients, wait));
        let ratio = (ours.rate / plain.rate, ours.p99.as_secs_f64() / plain.p99.as_secs_f64());
        println!(
            "| {turn} | {:.0} | {:?} | {:?} | {:.0} | {:?} | {:?} | {} KiB | {:.2} | {:.2} |",
            plain.rate, plain.p50, plain.p99, ours.rate, ours.p50, ours.p99, gateway.resident(), ratio.0, ratio.1
        );
        ratios.push(ratio);
    }
    ratios.sort_by(|one, other| one.0.total_cmp(&other.0));
    println!("\nmemory of the gateway: {first} KiB after the first second, {} KiB at the end", gateway.resident());
    println!("median: {:.0} % of a bare server's requests a second", ratios[turns / 2].0 * 100.0);
    ratios.sort_by(|one, other| one.1.total_cmp(&other.1));
    println!("median: {:.2} times its p99", ratios[turns / 2].1);
    drop(gateway);
    std::fs::remove_dir_all(folder).unwrap();
}

struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on http://").unwrap().trim_end().split(',').next().unwrap().parse().unwrap();
        Self { child, address }
    }

    /// Memory that it holds, in KiB.
    fn resident(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/statm", self.child.id())).unwrap_or_default();
        text.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn message(body: &str) -> String {
    format!("POST /decide HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// Status and length of the body.
fn ask(stream: &mut TcpStream, message: &str) -> (u16, usize) {
    stream.write_all(message.as_bytes()).unwrap();
    let (mut bytes, mut filled) = ([0; 16_384], 0);
    loop {
        let read = stream.read(&mut bytes[filled..]).unwrap();
        assert!(read > 0, "the server broke off");
        filled += read;
        let Some(end) = bytes[..filled].windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&bytes[..end]).unwrap().to_ascii_lowercase();
        let length: usize = head.split("content-length: ").nth(1).unwrap().split('\r').next().unwrap().parse().unwrap();
        if filled == end + 4 + length {
            return (head[9..12].parse().unwrap(), length);
        }
    }
}

struct Measured {
    rate: f64,
    p50: Duration,
    p99: Duration,
}

fn load(address: SocketAddr, requests: &Arc<Vec<String>>, clients: usize, time: Duration) -> Measured {
    let done = Arc::new(AtomicBool::new(false));
    let threads: Vec<_> = (0..clients)
        .map(|client| {
            let (requests, done) = (Arc::clone(requests), Arc::clone(&done));
            std::thread::spawn(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.set_nodelay(true).unwrap();
                let mut times = Vec::with_capacity(1 << 20);
                for at in client.. {
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                    let began = Instant::now();
                    assert_eq!(ask(&mut stream, &requests[at % requests.len()]).0, 200);
                    times.push(began.elapsed());
                }
                times
            })
        })
        .collect();
    let began = Instant::now();
    std::thread::sleep(time);
    done.store(true, Ordering::Relaxed);
    let mut times: Vec<Duration> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let rate = times.len() as f64 / began.elapsed().as_secs_f64();
    times.sort_unstable();
    Measured { rate, p50: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
}

/// A hyper server that reads each body and answers a fixed text.
fn bare(answer: String) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("listening on http://{}", listener.local_addr().unwrap());
        let answer = Bytes::from(answer);
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let answer = answer.clone();
            stream.set_nodelay(true).unwrap();
            tokio::spawn(async move {
                let respond = service_fn(move |request: Request<Incoming>| {
                    let answer = answer.clone();
                    async move {
                        request.into_body().collect().await?;
                        Ok::<_, hyper::Error>(Response::new(Full::new(answer)))
                    }
                });
                let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), respond).await;
            });
        }
    });
}
