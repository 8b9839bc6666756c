//! The web: routes, roles, limits, error table, pages. The only module that names axum.

mod pages;

/// stub
#[derive(Default)]
pub struct HttpSettings {
    /// x
    pub max_body_bytes: usize,
    /// x
    pub request_timeout: std::time::Duration,
    /// x
    pub max_concurrent_requests: usize,
    /// x
    pub x: u8,
}
/// stub
pub async fn serve(
    _: tokio::net::TcpListener,
    _: std::sync::Arc<crate::workflow::Evenhand>,
    _: HttpSettings,
    _: impl Future<Output = ()>,
) -> std::io::Result<()> {
    Ok(())
}
