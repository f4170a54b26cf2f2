//! Writes every target's seeds into a folder of its own: `write_seeds FOLDER`.

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from).ok_or_else(|| io::Error::other("one argument: the folder"))?;
    let folder = env::current_dir()?.join(folder);
    for name in countersign_fuzz::NAMES {
        let own = folder.join(name);
        fs::create_dir_all(&own)?;
        for (at, seed) in countersign_fuzz::target(name).seeds.iter().enumerate() {
            fs::write(own.join(format!("seed-{at}")), seed)?;
        }
    }
    Ok(())
}
