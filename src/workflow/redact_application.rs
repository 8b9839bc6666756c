//! The worker's job: open an application, turn its documents into text, redact all parts together, and put the
//! result where the panel finds it, or withhold it with the reasons.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::authenticate::Viewer;
use super::clean_document::{CleanWords, keep_proved, write_proved};
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::Fact;
use super::open_pack::{PackLayout, PackPart, StoredPack};
use super::outside_words;
use super::prove_blindness::{BlindnessProof, prove_blindness};
use super::read_document::DocumentReader;
use super::receive_application::sealed_content;
use crate::document::write::{CleanPart, WriteFormat};
use crate::domain::{Actor, ApplicationId, ApplicationStatus, Content, PackState, WithheldReason};
use crate::journal::JournalError;
use crate::redaction::{Forbidden, Part, Redaction};
use crate::store::{ApplicationView, Job};
use crate::vault::{KeyHolder, Purpose, SealedFilesError, VaultError};

/// What documents that bear no language of their own are in.
const LANGUAGE: &str = "en-GB";
/// How many jobs are taken at a time: their records then share a sync.
const AT_ONCE: usize = 32;

/// Asks for an application to be redacted again, after the rules or the vacancy's allowed words changed.
///
/// # Errors
/// [`WorkflowError::UnknownApplication`], [`WorkflowError::Erased`], or a journal that does not accept records.
pub async fn request_redaction(
    app: &Evenhand,
    viewer: &Viewer,
    application: &ApplicationId,
) -> Result<(), WorkflowError> {
    let found = app.own_application(viewer, application)?;
    let _lock =
        app.applications.lock((&found.application.source, &found.application.reference)).await;
    let view = app.own_application(viewer, application)?;
    if view.application.status == ApplicationStatus::Erased {
        return Err(WorkflowError::Erased);
    }
    let fact = Fact::RedactionRequested { application: application.clone() };
    app.commit(&viewer.organisation, viewer.actor(), &fact).await?;
    Ok(())
}

/// How a round of jobs went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// Jobs that are done.
    pub done: usize,
    /// Jobs that failed, were logged, and wait for another round.
    pub failed: usize,
}

/// Does the jobs that wait, oldest first, as many as fit one batch.
///
/// # Errors
/// [`WorkflowError::Store`] when the list of jobs cannot be read.
pub async fn redact_next(app: &Arc<Evenhand>) -> Result<Round, WorkflowError> {
    let mut running = tokio::task::JoinSet::new();
    for job in app.store.jobs(AT_ONCE)? {
        let app = Arc::clone(app);
        running.spawn(async move { redact_application(&app, job).await });
    }
    let mut round = Round::default();
    while let Some(result) = running.join_next().await {
        match result {
            Ok(Ok(())) => {
                round.done += 1;
                continue;
            }
            Ok(Err(error)) => {
                tracing::error!(code = error.code(), %error, "application not redacted");
            }
            Err(error) => {
                tracing::error!(is_panic = error.is_panic(), "redaction stopped unexpectedly");
            }
        }
        round.failed += 1;
    }
    Ok(round)
}

async fn redact_application(app: &Arc<Evenhand>, job: Job) -> Result<(), WorkflowError> {
    let _keys = app.keys_in_use.read().await;
    let found = app.store.application(&job.organisation, &job.application)?;
    let view = found.ok_or(WorkflowError::UnknownApplication)?;
    let worker = Arc::clone(app);
    let made = tokio::task::spawn_blocking(move || make_pack(&worker, &view)).await;
    let pack = match made {
        Ok(pack) => pack?,
        Err(_) => withheld(
            "redaction_failed",
            "the application",
            "The program failed on this application; it is withheld. Send it again in another format.",
        ),
    };
    let fact = Fact::Redacted { application: job.application, job: job.sequence, pack };
    app.commit(&job.organisation, Actor::System, &fact).await?;
    Ok(())
}

fn withheld(code: &str, part: &str, message: &str) -> PackState {
    PackState::Withheld {
        reasons: vec![WithheldReason {
            code: code.to_owned(),
            part: part.to_owned(),
            message: message.to_owned(),
        }],
    }
}

/// The rest of the program goes on; this one application needs a person.
fn content_lost() -> PackState {
    withheld(
        "content_lost",
        "the application",
        "The sealed content of this application is missing or damaged. Restore it from a backup, or have the \
         application sent again.",
    )
}

/// One part of an application in clear, between the vault and the engine.
struct OpenPart<'a> {
    /// What reasons and logs call it: never a question or a file name.
    label: String,
    /// What the panel sees above it.
    heading: Heading,
    text: String,
    problems: Vec<(String, String)>,
    /// The document that the text was read from.
    document: Option<&'a [u8]>,
}

/// A heading is ours, or the organisation's question, which may name the candidate and is redacted like the rest.
enum Heading {
    Ours(String),
    Question,
}

/// Opens, reads, redacts and seals.
fn make_pack(app: &Evenhand, view: &ApplicationView) -> Result<PackState, WorkflowError> {
    let application = &view.application;
    let organisation = &application.organisation;
    let holder = KeyHolder::Candidate(application.candidate.clone());
    let sealed = match sealed_content(app, view) {
        Ok(sealed) => sealed,
        Err(
            WorkflowError::Files(SealedFilesError::Missing(_) | SealedFilesError::Damaged(_))
            | WorkflowError::Journal(JournalError::Damaged { .. }),
        ) => return Ok(content_lost()),
        Err(error) => return Err(error),
    };
    let candidate = application.candidate.as_str();
    let content = match app.vault.open_content(organisation, &holder, &view.key, candidate, &sealed)
    {
        Ok(content) => content,
        Err(VaultError::KeyDestroyed) => {
            return Ok(withheld(
                "application_erased",
                "the application",
                "This candidate's data was erased.",
            ));
        }
        Err(VaultError::DoesNotOpen | VaultError::NotUnderstood(_)) => return Ok(content_lost()),
        Err(error) => return Err(error.into()),
    };
    let vacancy = app.store.vacancy(organisation, &application.vacancy)?;
    let allow = vacancy.map(|vacancy| vacancy.allow).unwrap_or_default();

    let (parts, hidden) = open_parts(&content, &app.documents);
    if parts.iter().all(|part| part.text.trim().is_empty() && part.problems.is_empty()) {
        return Ok(withheld(
            "no_text",
            "the application",
            "There is no text in this application. Look at it at its source.",
        ));
    }
    let named = named(&parts, &hidden);
    let (redactions, forbidden) =
        app.redaction_engine()?.redact_with_gate(&named, &content.identity, &allow);

    let reasons = reasons(&parts, &redactions);
    if !reasons.is_empty() {
        return Ok(PackState::Withheld { reasons });
    }
    let mut removed = BTreeMap::new();
    for span in redactions.iter().take(parts.len()).flat_map(|redaction| &redaction.spans) {
        *removed.entry(span.kind.as_str().to_owned()).or_insert(0) += 1;
    }
    let words = CleanWords {
        title: &application.pseudonym.to_string(),
        language: LANGUAGE,
        page_words: "",
    };
    let layout = |part: &OpenPart<'_>, redaction: &Redaction| {
        let (file, proof) =
            keep_proved(&app.documents, part.document?, redaction, words, &forbidden, &allow)?;
        Some(PackLayout { file, proof })
    };
    let shown = pack_parts(&parts, redactions, layout);
    let proof = prove_parts(&shown, words, &forbidden, &allow)?;
    if !proof.holds() {
        tracing::warn!(known = proof.known, found = proof.found, "pack not released");
        return Ok(withheld(
            "not_blind",
            "the application",
            "The redacted application could not be shown to be blind; it is withheld. Look at its redaction.",
        ));
    }
    let mut plain = Vec::new();
    ciborium::into_writer(&StoredPack { parts: shown, proof: Some(proof) }, &mut plain)
        .map_err(|_| WorkflowError::Undecodable("pack".to_owned()))?;
    let sealed = app.vault.seal(
        organisation,
        &holder,
        &view.key,
        Purpose::Pack,
        application.id.as_str(),
        &plain,
    )?;
    Ok(PackState::Released {
        file: app.files.put(&sealed)?.as_str().to_owned(),
        rule_set: app.rules.sha256().to_owned(),
        removed,
    })
}

/// Everything that is known of the candidate of an application and must be in no copy of it, and what the vacancy keeps;
/// nothing if the application would be withheld now.
pub(super) fn known_of(
    app: &Evenhand,
    view: &ApplicationView,
) -> Result<Option<(Forbidden, Vec<String>)>, WorkflowError> {
    let application = &view.application;
    let holder = KeyHolder::Candidate(application.candidate.clone());
    let sealed = sealed_content(app, view)?;
    let content = app.vault.open_content(
        &application.organisation,
        &holder,
        &view.key,
        application.candidate.as_str(),
        &sealed,
    )?;
    let vacancy = app.store.vacancy(&application.organisation, &application.vacancy)?;
    let allow = vacancy.map(|vacancy| vacancy.allow).unwrap_or_default();
    let (parts, hidden) = open_parts(&content, &app.documents);
    let (redactions, forbidden) = app.redaction_engine()?.redact_with_gate(
        &named(&parts, &hidden),
        &content.identity,
        &allow,
    );
    Ok(reasons(&parts, &redactions).is_empty().then_some((forbidden, allow)))
}

/// What stands outside the visible words (file names, link targets, comments) tells who it is, and is not shown.
fn named<'a>(parts: &'a [OpenPart<'_>], hidden: &'a [String]) -> Vec<Part<'a>> {
    let visible = parts.iter().map(|part| Part { label: &part.label, text: &part.text });
    visible.chain(hidden.iter().map(|text| Part { label: "hidden", text })).collect()
}

/// Questions, answers and documents as text, and what was found outside the visible words.
fn open_parts<'a>(
    content: &'a Content,
    documents: &DocumentReader,
) -> (Vec<OpenPart<'a>>, Vec<String>) {
    let mut parts = Vec::new();
    let mut hidden = Vec::new();
    for (index, answer) in content.answers.iter().enumerate() {
        let number = index + 1;
        for (what, heading, text) in [
            ("question", Heading::Question, &answer.question),
            ("answer", Heading::Ours(String::new()), &answer.text),
        ] {
            parts.push(OpenPart {
                label: format!("{what} {number}"),
                heading,
                text: text.clone(),
                problems: Vec::new(),
                document: None,
            });
        }
    }
    for (index, file) in content.documents.iter().enumerate() {
        let read = documents.read(&file.bytes, file.media_type.as_deref());
        let outside = outside_words::texts(&read, file.file_name.as_deref());
        hidden.extend(outside.into_iter().map(|found| found.text));
        parts.push(OpenPart {
            label: format!("document {}", index + 1),
            heading: Heading::Ours(format!("Document {}", index + 1)),
            text: read.text,
            problems: read
                .problems
                .into_iter()
                .filter(|problem| problem.withholds)
                .map(|problem| (problem.code.to_owned(), problem.message))
                .collect(),
            document: Some(&file.bytes),
        });
    }
    (parts, hidden)
}

/// Why a panel may not see this application yet.
fn reasons(parts: &[OpenPart<'_>], redactions: &[Redaction]) -> Vec<WithheldReason> {
    let mut reasons = Vec::new();
    for (part, redaction) in parts.iter().zip(redactions) {
        let mut add = |code: &str, message: &str| {
            reasons.push(WithheldReason {
                code: code.to_owned(),
                part: part.label.clone(),
                message: message.to_owned(),
            });
        };
        for (code, message) in &part.problems {
            add(code, message);
        }
        if !redaction.released {
            for problem in &redaction.problems {
                add(problem.code, &problem.message);
            }
        }
    }
    reasons
}

/// Has everything that the panel will read searched, as the page that shows it.
fn prove_parts(
    parts: &[PackPart],
    words: CleanWords<'_>,
    forbidden: &Forbidden,
    allow: &[String],
) -> Result<BlindnessProof, WorkflowError> {
    let clean: Vec<CleanPart<'_>> =
        parts.iter().map(|part| CleanPart { heading: &part.heading, text: &part.text }).collect();
    let (_, mut proof) = write_proved(&clean, WriteFormat::Html, words, |file, blank| {
        prove_blindness(file, blank, forbidden, allow)
    })?;
    let layouts = parts.iter().filter_map(|part| part.layout.as_ref());
    proof.parts_checked += layouts.map(|layout| layout.proof.parts_checked).sum::<usize>();
    Ok(proof)
}

/// Puts each question above its answer.
fn pack_parts(
    parts: &[OpenPart<'_>],
    redactions: Vec<Redaction>,
    layout: impl Fn(&OpenPart<'_>, &Redaction) -> Option<PackLayout>,
) -> Vec<PackPart> {
    let mut shown = Vec::new();
    let mut question = String::new();
    for (part, redaction) in parts.iter().zip(redactions) {
        match &part.heading {
            Heading::Question => question = redaction.redacted,
            Heading::Ours(heading) => {
                let heading = if heading.is_empty() {
                    std::mem::take(&mut question)
                } else {
                    heading.clone()
                };
                let layout = layout(part, &redaction);
                shown.push(PackPart { heading, text: redaction.redacted, layout });
            }
        }
    }
    shown
}
