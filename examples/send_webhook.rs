//! Signs a body as Standard Webhooks say and sends it:
//!
//! ```text
//! cargo run --example send_webhook -- URL SECRET FILE [ID]
//! ```
//!
//! `SECRET` is what adding a source showed, `whsec_…`; it is also read from the variable `WEBHOOK_SECRET` when the
//! argument is `-`, so that it need not stand in the history of a shell. Without an id, one is made from the time.

use std::error::Error;
use std::process::ExitCode;

use evenhand::intake::{Secret, sign};
use evenhand::rulebook::Rulebook;
use jiff::Timestamp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (url, secret, file, id) = match arguments.as_slice() {
        [url, secret, file] => (url, secret, file, None),
        [url, secret, file, id] => (url, secret, file, Some(id.clone())),
        _ => {
            eprintln!("usage: send_webhook URL SECRET FILE [ID]");
            return Ok(ExitCode::from(2));
        }
    };
    let secret = if secret == "-" { std::env::var("WEBHOOK_SECRET")? } else { secret.clone() };
    let secret: Secret = secret.parse()?;
    let body = std::fs::read(file)?;

    let rules = Rulebook::built_in()?;
    let mapping = rules.source("standard").ok_or("the rules have no mapping 'standard'")?;
    let now = Timestamp::now();
    let id = id.unwrap_or_else(|| format!("msg_{}", now.as_microsecond()));
    let headers = sign(mapping.scheme(), &secret, &id, now, &body);

    let mut request = reqwest::Client::new().post(url).header("content-type", "application/json");
    for (name, value) in headers.iter() {
        request = request.header(name, value);
    }
    let response = request.body(body).send().await?;
    let status = response.status();
    println!("{id}: {status}\n{}", response.text().await?);
    Ok(if status.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
