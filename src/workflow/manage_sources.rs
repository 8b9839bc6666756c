//! Sending systems and their shared secrets. Several secrets may be valid at once, so that a key can be rotated
//! without losing a delivery.

use std::fmt;

use zeroize::Zeroizing;

use super::authenticate::Viewer;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::Fact;
use crate::domain::SourceId;
use crate::intake::Secret;
use crate::rulebook::SourceMapping;
use crate::store::SourceView;
use crate::vault::{self, KeyHolder, Purpose};

/// A source whose newest secret is shown this once.
pub struct NewSource {
    /// The source.
    pub source: SourceView,
    /// The secret to enter at the sending system, `whsec_` and base64.
    pub secret: Zeroizing<String>,
}

impl fmt::Debug for NewSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSource")
            .field("source", &self.source.id)
            .field("secret", &"***")
            .finish()
    }
}

/// The sources of the viewer's organisation, in order of id.
///
/// # Errors
/// [`WorkflowError::Store`] when a view cannot be read.
pub fn list_sources(app: &Evenhand, viewer: &Viewer) -> Result<Vec<SourceView>, WorkflowError> {
    Ok(app.store.sources(&viewer.organisation)?)
}

/// Adds a source whose payloads follow a mapping of `rules/sources`.
///
/// # Errors
/// [`WorkflowError::AlreadyExists`], [`WorkflowError::UnknownMapping`], or a journal that does not accept records.
pub async fn add_source(
    app: &Evenhand,
    viewer: &Viewer,
    id: SourceId,
    mapping: &str,
) -> Result<NewSource, WorkflowError> {
    app.source_mapping(mapping)?;
    let _lock = app.deliveries.lock(("source", &id)).await;
    if app.store.source(&id)?.is_some() {
        return Err(WorkflowError::AlreadyExists("a source of that id"));
    }
    let secret = vault::new_webhook_secret()?;
    let source = SourceView {
        organisation: viewer.organisation.clone(),
        mapping: mapping.to_owned(),
        sealed_secrets: seal(app, viewer, &id, &[secret.to_string()])?,
        id,
    };
    save(app, viewer, source, secret).await
}

/// Adds a secret to a source; the ones before it stay valid until they are dropped.
///
/// # Errors
/// [`WorkflowError::UnknownSource`], or a journal that does not accept records.
pub async fn add_secret(
    app: &Evenhand,
    viewer: &Viewer,
    id: &SourceId,
) -> Result<NewSource, WorkflowError> {
    let _lock = app.deliveries.lock(("source", id)).await;
    let mut source = own_source(app, viewer, id)?;
    let secret = vault::new_webhook_secret()?;
    let mut secrets = vec![secret.to_string()];
    secrets.extend(open_texts(app, &source)?);
    source.sealed_secrets = seal(app, viewer, id, &secrets)?;
    save(app, viewer, source, secret).await
}

/// Drops every secret but the newest.
///
/// # Errors
/// [`WorkflowError::UnknownSource`], or a journal that does not accept records.
pub async fn drop_old_secrets(
    app: &Evenhand,
    viewer: &Viewer,
    id: &SourceId,
) -> Result<SourceView, WorkflowError> {
    let _lock = app.deliveries.lock(("source", id)).await;
    let mut source = own_source(app, viewer, id)?;
    let newest: Vec<String> = open_texts(app, &source)?.into_iter().take(1).collect();
    source.sealed_secrets = seal(app, viewer, id, &newest)?;
    app.commit(&viewer.organisation, viewer.actor(), &Fact::SourceSaved(source.clone())).await?;
    Ok(source)
}

/// The secrets of a source, newest first.
pub(super) fn secrets_of(
    app: &Evenhand,
    source: &SourceView,
    mapping: &SourceMapping,
) -> Result<Vec<Secret>, WorkflowError> {
    open_texts(app, source)?
        .iter()
        .map(|text| Secret::parse(text, mapping.signature.secret))
        .collect::<Result<_, _>>()
        .map_err(|_| WorkflowError::Undecodable("source_saved".to_owned()))
}

fn own_source(app: &Evenhand, viewer: &Viewer, id: &SourceId) -> Result<SourceView, WorkflowError> {
    app.store
        .source(id)?
        .filter(|source| source.organisation == viewer.organisation)
        .ok_or(WorkflowError::UnknownSource)
}

async fn save(
    app: &Evenhand,
    viewer: &Viewer,
    source: SourceView,
    secret: Zeroizing<String>,
) -> Result<NewSource, WorkflowError> {
    app.commit(&viewer.organisation, viewer.actor(), &Fact::SourceSaved(source.clone())).await?;
    Ok(NewSource { source, secret })
}

fn seal(
    app: &Evenhand,
    viewer: &Viewer,
    id: &SourceId,
    secrets: &[String],
) -> Result<Vec<u8>, WorkflowError> {
    Ok(app.vault.seal(
        &viewer.organisation,
        &KeyHolder::Organisation,
        &app.codec.key(&viewer.organisation)?,
        Purpose::Secrets,
        id.as_str(),
        secrets.join("\n").as_bytes(),
    )?)
}

fn open_texts(app: &Evenhand, source: &SourceView) -> Result<Vec<String>, WorkflowError> {
    let plain = app.vault.unseal(
        &source.organisation,
        &KeyHolder::Organisation,
        &app.codec.key(&source.organisation)?,
        Purpose::Secrets,
        source.id.as_str(),
        &source.sealed_secrets,
    )?;
    Ok(String::from_utf8_lossy(&plain).lines().map(str::to_owned).collect())
}
