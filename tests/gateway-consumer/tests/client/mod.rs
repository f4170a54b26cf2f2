//! A client of the gateway, and the gateway it talks to.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;

/// A running gateway; ended when dropped.
pub struct Running {
    child: Child,
    address: SocketAddr,
}

impl Running {
    /// Starts a gateway on a free port, as it was prepared.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on http://").and_then(|rest| rest.split_once(','));
        let address = address.unwrap_or_else(|| panic!("it does not listen: {line}")).0.parse().unwrap();
        Self { child, address }
    }

    /// A connection of its own.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    /// One request on a connection of its own.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        exchange(&mut self.connect(), method, path, body)
    }

    /// Where it listens.
    #[allow(dead_code, reason = "not every test needs it")]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The number of its process.
    #[allow(dead_code, reason = "not every test needs it")]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal: `TERM`, `KILL`.
    #[allow(dead_code, reason = "not every test needs it")]
    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").args(["-s", name, &self.process().to_string()]).status().unwrap().success());
    }

    /// Waits for its end.
    #[allow(dead_code, reason = "not every test needs it")]
    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Sends a request and reads its answer; the connection stays open.
pub fn exchange(stream: &mut (impl Read + Write), method: &str, path: &str, body: &str) -> (u16, Value) {
    let (status, head, body) = try_exchange(stream, method, path, body).unwrap();
    assert!(head.contains("content-type: application/json"), "{head}");
    (status, serde_json::from_str(&body).unwrap())
}

/// The same where the gateway may break off: status, head and body.
pub fn try_exchange(stream: &mut (impl Read + Write), method: &str, path: &str, body: &str) -> io::Result<(u16, String, String)> {
    let head = format!("{method} {path} HTTP/1.1\r\nhost: gateway\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes())?;
    try_receive(stream)
}

/// Reads one answer: status and JSON.
#[allow(dead_code, reason = "not every test needs it")]
pub fn receive(stream: &mut impl Read) -> (u16, Value) {
    let (status, _, body) = try_receive(stream).unwrap();
    (status, serde_json::from_str(&body).unwrap())
}

fn try_receive(stream: &mut impl Read) -> io::Result<(u16, String, String)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.split_once("content-length: ").unwrap().1.split_once("\r\n").unwrap().0.parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Ok((status, head, String::from_utf8(body).unwrap()))
}
