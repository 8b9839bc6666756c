//! Limits: how large a body may be, how much memory all bodies together may take, how many requests are worked on at
//! once, and for how long. What is over a limit is refused at once with the advice to come back, never queued.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use hyper::body::Frame;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::Problem;
use crate::messages::Messages;

/// How the server answers. Defaults suit a machine with 2 GB of memory.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// The largest body of a delivery or a text to redact, in bytes.
    pub max_body_bytes: usize,
    /// All bodies that are being read or worked on, together, in bytes.
    pub max_body_memory_bytes: usize,
    /// How many requests are worked on at once; more are answered 503 with Retry-After.
    pub max_concurrent_requests: usize,
    /// How many connections are open at once; more wait in the system's queue.
    pub max_connections: usize,
    /// Longest time for one request.
    pub request_timeout: Duration,
    /// Longest time until a connection has sent the head of a request, its first or its next.
    pub header_timeout: Duration,
    /// Longest time that requests in flight get at the end.
    pub shutdown_grace: Duration,
    /// The words of pages.
    pub words: Arc<Messages>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            max_body_bytes: 32 * MEBIBYTE,
            max_body_memory_bytes: 256 * MEBIBYTE,
            max_concurrent_requests: 512,
            max_connections: 1024,
            request_timeout: Duration::from_secs(30),
            header_timeout: Duration::from_secs(30),
            shutdown_grace: Duration::from_secs(30),
            words: Arc::new(Messages::english()),
        }
    }
}

const MEBIBYTE: usize = 1024 * 1024;
/// Memory for bodies is counted in units, because a semaphore counts no further than `u32`.
const UNIT_BYTES: usize = 1024;
/// Bodies of everything but deliveries and texts to redact.
const SMALL_BODY_BYTES: usize = 256 * 1024;
/// How much of a refused body is read and thrown away, in multiples of the limit.
const DISCARD_FACTOR: usize = 4;

/// The limits as they are counted. Shared by all requests; permits return when a request ends.
#[derive(Clone)]
pub(super) struct Limits {
    settings: Arc<HttpSettings>,
    requests: Arc<Semaphore>,
    memory: Arc<Semaphore>,
}

impl Limits {
    pub(super) fn new(settings: HttpSettings) -> Self {
        let memory = settings.max_body_memory_bytes.max(settings.max_body_bytes);
        let units = memory.div_ceil(UNIT_BYTES).max(1);
        Self {
            requests: Arc::new(Semaphore::new(settings.max_concurrent_requests)),
            memory: Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS))),
            settings: Arc::new(settings),
        }
    }
}

/// Lets a request through if there is room, for as long as a request may take. Health checks always have room.
pub(super) async fn hold(limits: Limits, mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/health/") {
        return next.run(request).await;
    }
    let Ok(permit) = Arc::clone(&limits.requests).try_acquire_owned() else {
        return busy().into_response();
    };
    let longest = limits.settings.request_timeout;
    request.extensions_mut().insert(limits);
    // On a task of its own: a client that goes away, or a time that runs out, must not stop a change half-way, with
    // its lock released and its record still on the way to the disk.
    let working = tokio::spawn(async move {
        let response = next.run(request).await;
        drop(permit);
        response
    });
    match tokio::time::timeout(longest, working).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => busy().into_response(),
        },
        Err(_) => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timed_out",
            format!(
                "The request took longer than {} seconds. It may have been accepted all the same: send it \
                 again under the same id.",
                longest.as_secs()
            ),
        )
        .retry_after(5)
        .into_response(),
    }
}

fn busy() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "too_busy",
        "Too many requests are being worked on. Try again in a moment.",
    )
    .retry_after(2)
}

/// A body up to the size of a delivery, with its share of the memory for bodies.
pub(super) struct LargeBody {
    /// The bytes as they came.
    pub bytes: Bytes,
    /// Given back when the body is let go.
    _memory: OwnedSemaphorePermit,
}

impl<S: Send + Sync> FromRequest<S> for LargeBody {
    type Rejection = Problem;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, Problem> {
        let limits = request.extensions_mut().remove::<Limits>();
        let limits = limits.ok_or_else(busy)?;
        let limit = limits.settings.max_body_bytes;
        if declared_length(&request).is_some_and(|length| length > limit) {
            return Err(too_large(request, limit).await);
        }
        let (bytes, memory) = read_counted(request.into_body(), limit, &limits.memory).await?;
        Ok(Self { bytes, _memory: memory })
    }
}

/// Reads a body and takes its share of memory as it grows: whoever announces much and sends little holds little.
async fn read_counted(
    mut body: Body,
    limit: usize,
    memory: &Arc<Semaphore>,
) -> Result<(Bytes, OwnedSemaphorePermit), Problem> {
    let mut permit = Arc::clone(memory).try_acquire_owned().map_err(|_| busy())?;
    let mut whole = Vec::new();
    while let Some(frame) = next_frame(&mut body).await {
        let data = frame.map_err(|_| broken_off())?.into_data().unwrap_or_default();
        if whole.len() + data.len() > limit {
            discard(body, limit).await;
            return Err(over(limit));
        }
        whole.extend_from_slice(&data);
        let missing = whole.len().div_ceil(UNIT_BYTES).saturating_sub(permit.num_permits());
        let missing = u32::try_from(missing).map_err(|_| busy())?;
        permit.merge(Arc::clone(memory).try_acquire_many_owned(missing).map_err(|_| busy())?);
    }
    Ok((whole.into(), permit))
}

/// A small body, as the rest of the interface takes.
pub(super) struct SmallBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for SmallBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if declared_length(&request).is_some_and(|length| length > SMALL_BODY_BYTES) {
            return Err(too_large(request, SMALL_BODY_BYTES).await);
        }
        Ok(Self(read(request.into_body(), SMALL_BODY_BYTES).await?))
    }
}

fn declared_length(request: &Request) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads a small body.
async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    // The sender broke off, which nobody reads the answer to, or sent more than the limit.
    axum::body::to_bytes(body, limit).await.map_err(|_| over(limit))
}

async fn next_frame(body: &mut Body) -> Option<Result<Frame<Bytes>, axum::Error>> {
    std::future::poll_fn(|context| std::pin::Pin::new(&mut *body).poll_frame(context)).await
}

/// The answer to a body that is too large, once the sender is ready to read it.
async fn too_large(request: Request, limit: usize) -> Problem {
    let waits = request.headers().contains_key(header::EXPECT);
    if !waits {
        discard(request.into_body(), limit).await;
    }
    over(limit)
}

/// Reads on and throws away, so that a sender that is still sending hears the answer and not a broken connection.
async fn discard(mut body: Body, limit: usize) {
    let mut left = limit.saturating_mul(DISCARD_FACTOR);
    while let Some(Ok(frame)) = next_frame(&mut body).await {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
        if left == 0 {
            break;
        }
    }
}

fn broken_off() -> Problem {
    let detail = "The body ended before it was complete.";
    Problem::new(StatusCode::BAD_REQUEST, "body_incomplete", detail)
}

fn over(limit: usize) -> Problem {
    let shown = if limit >= MEBIBYTE {
        format!("{} MiB", limit / MEBIBYTE)
    } else {
        format!("{} KiB", limit / 1024)
    };
    let detail = format!("The body is larger than {shown}.");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}
