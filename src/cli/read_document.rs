//! The hidden subcommand that a child process runs: a document on standard input, an answer on standard output. Takes
//! its limits first, and opens nothing.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::CliResult;
use crate::document;

/// Read one document, for the program itself.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What the sender called it; content decides.
    #[arg(long)]
    media_type: Option<String>,
}

/// Heap, stack and everything else that is written to.
const MOST_DATA_BYTES: u64 = 224 << 20;
/// The program itself is part of the address space, and is read-only.
const MOST_ADDRESS_BYTES: u64 = 640 << 20;
/// A child whose parent is gone stops by itself.
const MOST_CPU_SECONDS: u64 = 10;
/// A little more than the largest document, so that one too large is told from one cut.
const MOST_INPUT_BYTES: u64 = 24 << 20;

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> CliResult {
    if limit().is_err() {
        return Ok(ExitCode::FAILURE);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().take(MOST_INPUT_BYTES).read_to_end(&mut bytes)?;
    let document = document::read(&bytes, args.media_type.as_deref());
    drop(bytes);
    let Ok(answer) = document::encode(document) else { return Ok(ExitCode::FAILURE) };
    let mut out = io::stdout().lock();
    out.write_all(&answer)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn limit() -> rustix::io::Result<()> {
    for (resource, most) in [
        (Resource::Data, MOST_DATA_BYTES),
        (Resource::As, MOST_ADDRESS_BYTES),
        (Resource::Cpu, MOST_CPU_SECONDS),
        // No files, however small, and no image of the memory on disk when it stops.
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, Signal};
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
        rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    }
    Ok(())
}
