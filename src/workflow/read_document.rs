//! Reads a document in a child process of this program, with limits on its memory and time, so that a hostile file
//! costs one document and never the service. Knows pipes and clocks, not formats.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use crate::document::{self, CopyOrder, DocumentText, KeptLayout};

/// The hidden subcommand of a child that reads a document.
pub const SUBCOMMAND: &str = "read-document";
/// The hidden subcommand of a child that copies one.
pub const COPYING: &str = "copy-document";

/// From the start of the child to the end of its answer; redaction and the new document come after it.
const LONGEST_READING: Duration = Duration::from_secs(4);

/// Text, hidden text and places of the largest document stay below.
const LARGEST_ANSWER_BYTES: u64 = 64 << 20;

/// Reads documents, so many at a time.
#[derive(Debug)]
pub struct DocumentReader {
    /// The program to start; none reads in this process.
    program: Option<PathBuf>,
    longest: Duration,
    /// Children that may still be started. More at a time than there are processors would only use up each other's
    /// time limit.
    free: Mutex<usize>,
    freed: Condvar,
}

/// Why a child gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NoAnswer {
    NotStarted,
    Stopped,
    TookTooLong,
}

impl DocumentReader {
    fn new(program: Option<PathBuf>) -> Self {
        let at_once = thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { program, longest: LONGEST_READING, free: Mutex::new(at_once), freed: Condvar::new() }
    }

    /// Reads in this process, without limits on memory and time. For libraries and tests; the program never does.
    pub fn here() -> Self {
        Self::new(None)
    }

    /// Reads in child processes of a program, which must know the hidden subcommand.
    pub fn in_child(program: PathBuf) -> Self {
        Self::new(Some(program))
    }

    /// Reads in child processes of the program that runs.
    ///
    /// # Errors
    /// The system does not tell which program that is.
    pub fn in_child_of_this_program() -> io::Result<Self> {
        // The link leads to the running program even after the file was replaced by a new release.
        let link = PathBuf::from("/proc/self/exe");
        if link.exists() {
            Ok(Self::in_child(link))
        } else {
            std::env::current_exe().map(Self::in_child)
        }
    }

    /// The same with another limit on time.
    #[must_use]
    pub fn longest(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }

    /// Reads a document. There is always an answer: what went wrong is a problem for which it is withheld.
    pub fn read(&self, bytes: &[u8], media_type: Option<&str>) -> DocumentText {
        let Some(program) = &self.program else { return document::read(bytes, media_type) };
        // Plain text has no structure to be attacked through, and a child costs more than reading it.
        if document::is_plain_text(bytes, media_type) {
            return document::read(bytes, media_type);
        }
        let permit = Permit::take(self);
        let media_type = media_type.map(|media_type| format!("--media-type={media_type}"));
        let answer = ask_child(program, SUBCOMMAND, media_type, bytes, self.longest);
        drop(permit);
        let read = |answer: Vec<u8>| document::decode(&answer).map_err(|_| NoAnswer::Stopped);
        match answer.and_then(read) {
            Ok(document) => document,
            Err(failure) => {
                tracing::warn!(document.bytes = bytes.len(), ?failure, "document not read");
                withheld(failure)
            }
        }
    }
}

impl DocumentReader {
    /// Makes a copy with its layout kept; nothing if the document has none, or if making it fails or takes too long:
    /// then there is another kind of copy.
    pub fn keep_layout(&self, order: CopyOrder) -> Option<KeptLayout> {
        let Some(program) = &self.program else {
            let CopyOrder { document, replacements, title, language } = order;
            return document::keep_layout(&document, &replacements, &title, &language);
        };
        let bytes = order.encode().ok()?;
        let permit = Permit::take(self);
        // The document has been read once, and there is another kind of copy: this one may not take as long again.
        let answer = ask_child(program, COPYING, None, &bytes, self.longest / 2);
        drop(permit);
        match answer {
            Ok(answer) => document::decode_copy(&answer).ok().flatten(),
            Err(failure) => {
                tracing::warn!(document.bytes = bytes.len(), ?failure, "layout not kept");
                None
            }
        }
    }
}

fn withheld(failure: NoAnswer) -> DocumentText {
    match failure {
        NoAnswer::NotStarted => document::not_read(
            "reader_unavailable",
            "the document could not be read, because the system did not start the reader; it is withheld: \
             have it redacted again when the system has memory and processes to spare",
        ),
        NoAnswer::Stopped => document::not_read(
            "reader_stopped",
            "the document broke the reader or needs more memory than any application does; it is withheld: \
             ask the applicant to save it again in another program, or to send plain text",
        ),
        NoAnswer::TookTooLong => document::not_read(
            "took_too_long",
            "the document takes longer to read than any application does; it is withheld: \
             ask the applicant to save it again in another program, or to send plain text",
        ),
    }
}

/// The right to run one child.
struct Permit<'a>(&'a DocumentReader);

impl<'a> Permit<'a> {
    fn take(reader: &'a DocumentReader) -> Self {
        let free = reader.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = reader
            .freed
            .wait_while(free, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Self(reader)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

fn ask_child(
    program: &PathBuf,
    subcommand: &str,
    argument: Option<String>,
    bytes: &[u8],
    longest: Duration,
) -> Result<Vec<u8>, NoAnswer> {
    let mut command = Command::new(program);
    command.arg(subcommand).args(argument);
    // The child is given the document and nothing else: no settings, no keys, no place to write to.
    let spawned = command
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = spawned.map_err(|_| NoAnswer::NotStarted)?;
    let answer = converse(&mut child, bytes, longest);
    // After a whole answer there is nothing to wait for, and after none there is nothing to hope for. Both calls fail
    // only when the child is gone, which is what they are for.
    let _ = child.kill();
    let _ = child.wait();
    answer
}

/// Writes and reads at the same time, since a pipe holds little, and stops the child when its time is over.
fn converse(child: &mut Child, bytes: &[u8], longest: Duration) -> Result<Vec<u8>, NoAnswer> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(NoAnswer::NotStarted);
    };
    let (done, answered) = mpsc::channel();
    thread::scope(|scope| {
        // A child that stops reading closes the pipe, and the answer, or its absence, tells why.
        scope.spawn(move || input.write_all(bytes).and_then(|()| input.flush()));
        scope.spawn(move || {
            let mut answer = Vec::new();
            let read = output.take(LARGEST_ANSWER_BYTES).read_to_end(&mut answer);
            // The receiver is gone only when the time is over.
            let _ = done.send(read.map(|_| answer));
        });
        match answered.recv_timeout(longest) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(NoAnswer::Stopped),
            Err(_) => {
                // Both pipes break with the child, which ends both threads.
                let _ = child.kill();
                Err(NoAnswer::TookTooLong)
            }
        }
    })
}
