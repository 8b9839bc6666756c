//! E-mail messages: the header lines that a reader sees, the body, and the attachments, which go through the same door
//! as any document. Knows MIME by a library; decides which part is the body.

use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::archive::ArchiveFault;
use super::compose::Composer;
use super::{DocumentProblem, DocumentText, HiddenPlace, Nesting, html, limits};

/// A message of more messages within messages than this is no application.
const MOST_NESTED_MESSAGES: usize = 40;

/// Lines that may part a message; one with fifty attachments has some hundreds. Each part costs over a kilobyte.
const MOST_DELIMITERS: usize = 10_000;

/// Reads a stored message.
pub(super) fn read(bytes: &[u8], nesting: Nesting) -> DocumentText {
    let mut composer = Composer::new();
    let nested = memchr::memmem::find_iter(bytes, b"essage/").nth(MOST_NESTED_MESSAGES);
    if nested.is_some() {
        composer.report(DocumentProblem::withhold(
            "nested_too_deep",
            "the message holds more messages than are read; ask the applicant to send the document by itself",
        ));
        return composer.finish();
    }
    if memchr::memmem::find_iter(bytes, b"\n--").nth(MOST_DELIMITERS).is_some() {
        composer.report(DocumentProblem::withhold(
            "too_many_attachments",
            "the message has far more parts than an application needs; it is withheld: ask for the document by itself",
        ));
        return composer.finish();
    }
    match MessageParser::default().parse(bytes) {
        Some(message) => read_message(&message, nesting, &mut composer),
        None => composer.report(ArchiveFault::Damaged.problem()),
    }
    let mut document = composer.finish();
    // There is one part, the message itself.
    document.parts.clear();
    document
}

fn read_message(message: &Message<'_>, nesting: Nesting, composer: &mut Composer) {
    header_lines(message, composer);
    body(message, composer);
    let before = composer.words();
    let mut pictures = 0;
    for (index, part) in message.attachments().enumerate() {
        if index >= limits::MOST_ATTACHMENTS {
            composer.report(DocumentProblem::withhold(
                "too_many_attachments",
                format!(
                    "the message has more than {} attachments; it is withheld: ask for the document by itself",
                    limits::MOST_ATTACHMENTS
                ),
            ));
            break;
        }
        pictures += usize::from(attachment(index + 1, part, nesting, composer));
    }
    if pictures > 0 {
        composer.report(DocumentProblem::note(
            "pictures_left_out",
            "the message has pictures, which are not read and not shown",
        ));
        if before < 25 && composer.words() < 50 {
            composer.report(DocumentProblem::mostly_pictures());
        }
    }
}

/// The lines above a message, and the addresses that readers do not show.
fn header_lines(message: &Message<'_>, composer: &mut Composer) {
    for (label, people) in [
        ("From", message.from()),
        ("To", message.to()),
        ("Cc", message.cc()),
        ("Bcc", message.bcc()),
    ] {
        if let Some(people) = people {
            line(label, &addresses(people), composer);
        }
    }
    if let Some(date) = message.header_raw("Date") {
        line("Date", date.trim(), composer);
    }
    if let Some(subject) = message.subject() {
        line("Subject", subject, composer);
    }
    composer.imply("\n");
    for people in
        [message.sender(), message.reply_to(), message.resent_from()].into_iter().flatten()
    {
        composer.hide(HiddenPlace::Metadata, &addresses(people));
    }
    for header in [
        "Organization",
        "X-Sender",
        "X-Authenticated-Sender",
        "Delivered-To",
        "Return-Path",
        "Disposition-Notification-To",
    ] {
        if let Some(value) = message.header_raw(header) {
            composer.hide(HiddenPlace::Metadata, value);
        }
    }
}

fn line(label: &str, value: &str, composer: &mut Composer) {
    composer.imply(label);
    composer.imply(": ");
    composer.imply(&value.replace(['\r', '\n'], " "));
    composer.imply("\n");
}

fn addresses(people: &Address<'_>) -> String {
    let each = people.iter().map(|person| match (&person.name, &person.address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(one), None) | (None, Some(one)) => one.to_string(),
        (None, None) => String::new(),
    });
    each.collect::<Vec<_>>().join(", ")
}

/// The plain body, unless it is a stub that points at the web page beside it.
fn body(message: &Message<'_>, composer: &mut Composer) {
    let pages: Vec<(&MessagePart<'_>, DocumentText)> =
        message.html_bodies().map(|part| (part, read_text(part))).collect();
    let texts: Vec<(&MessagePart<'_>, DocumentText)> =
        message.text_bodies().map(|part| (part, read_text(part))).collect();
    let words = |parts: &[(&MessagePart<'_>, DocumentText)]| -> usize {
        parts.iter().map(|(_, read)| read.text.split_whitespace().count()).sum()
    };
    let (shown, other) =
        if words(&texts) * 2 >= words(&pages) { (texts, pages) } else { (pages, texts) };
    for (part, read) in shown {
        let from = usize::try_from(part.offset_body).unwrap_or(0);
        let to = usize::try_from(part.offset_end).unwrap_or(0).max(from);
        composer.new_line();
        composer.push(read.text.trim_end(), from..to);
        composer.new_line();
        keep(read.hidden, read.problems, composer);
    }
    // Links of the web page belong to the message, whichever body is shown.
    for (_, read) in other {
        keep(read.hidden, Vec::new(), composer);
    }
}

fn keep(hidden: Vec<super::HiddenText>, problems: Vec<DocumentProblem>, composer: &mut Composer) {
    for found in hidden {
        composer.hide(found.place, &found.text);
    }
    for problem in problems {
        composer.report(problem);
    }
}

/// The text of a body part, whose encoding the library has settled.
fn read_text(part: &MessagePart<'_>) -> DocumentText {
    match &part.body {
        PartType::Html(page) => html::read(page.as_bytes()),
        PartType::Text(text) => {
            DocumentText { text: text.replace("\r\n", "\n"), ..DocumentText::default() }
        }
        _ => DocumentText::default(),
    }
}

/// Reads an attachment; answers whether it is a picture.
fn attachment(
    number: usize,
    part: &MessagePart<'_>,
    nesting: Nesting,
    composer: &mut Composer,
) -> bool {
    if let Some(name) = part.attachment_name() {
        composer.hide(HiddenPlace::Metadata, name);
    }
    let kind = part.content_type().map_or_else(String::new, |kind| {
        format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_ascii_lowercase()
    });
    let contents = match &part.body {
        PartType::Message(inner) => {
            let Nesting(depth) = nesting;
            if depth > limits::DEEPEST_DOCUMENT {
                composer.report(DocumentProblem::withhold(
                    "nested_too_deep",
                    "the message holds messages within messages too deep to be read; \
                     ask the applicant to send the innermost one by itself",
                ));
            } else {
                composer.imply("\n");
                read_message(inner, Nesting(depth + 1), composer);
            }
            return false;
        }
        PartType::Multipart(_) => return false,
        _ => part.contents(),
    };
    match kind.as_str() {
        // Signatures of the sender's program; they certify an address and say nothing else.
        "application/pkcs7-signature"
        | "application/x-pkcs7-signature"
        | "application/pgp-signature" => {
            return false;
        }
        "text/vcard" | "text/x-vcard" | "text/directory" | "text/calendar" => {
            composer.hide(HiddenPlace::Metadata, &String::from_utf8_lossy(contents));
            return false;
        }
        "application/pkcs7-mime" | "application/x-pkcs7-mime" | "application/pgp-encrypted" => {
            composer.report(ArchiveFault::Encrypted.problem());
            return false;
        }
        _ => {}
    }
    if kind.starts_with("image/") || super::detect::detect(contents, None) == super::Format::Image {
        return true;
    }
    let mut inner = super::read_nested(contents, Some(&kind), nesting);
    for problem in &mut inner.problems {
        problem.message = format!("attachment {number}: {}", problem.message);
    }
    composer.imply("\n");
    composer.include(inner);
    false
}
