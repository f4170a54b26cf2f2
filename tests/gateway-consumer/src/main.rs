//! A gateway in small: loads a release and answers `POST /decide`.

fn main() {}
