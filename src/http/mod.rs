//! stub
use std::time::Duration;
#[derive(Default)]
pub struct HttpSettings {
    pub max_body_bytes: usize,
    pub request_timeout: Duration,
    pub max_concurrent_requests: usize,
    pub x: u8,
}
pub async fn serve(
    _: tokio::net::TcpListener,
    _: std::sync::Arc<crate::workflow::Evenhand>,
    _: HttpSettings,
    _: impl Future<Output = ()>,
) -> std::io::Result<()> {
    Ok(())
}
