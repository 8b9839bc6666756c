//! The hidden subcommands that child processes run: a document on standard input, an answer on standard output. They take
//! their limits first, and open nothing.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::CliResult;
use crate::document::{self, CopyOrder};

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
/// A document, and what stands for its passages.
const MOST_ORDER_BYTES: u64 = 48 << 20;

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

/// Copy one document with its layout kept, for the program itself.
#[derive(Debug, clap::Args)]
pub(super) struct CopyArgs {}

/// Runs the subcommand that copies.
pub(super) fn copy(_: &CopyArgs) -> CliResult {
    if limit().is_err() {
        return Ok(ExitCode::FAILURE);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().take(MOST_ORDER_BYTES).read_to_end(&mut bytes)?;
    let Ok(order) = CopyOrder::decode(&bytes) else { return Ok(ExitCode::FAILURE) };
    drop(bytes);
    let CopyOrder { document, replacements, title, language } = order;
    let kept = document::keep_layout(&document, &replacements, &title, &language);
    let Ok(answer) = document::encode_copy(kept) else { return Ok(ExitCode::FAILURE) };
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
