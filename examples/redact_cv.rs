//! Redacts a CV from the library: what goes in, what comes out, and why. `cargo run --example redact_cv`

use evenhand::domain::Identity;
use evenhand::redaction::Engine;
use evenhand::rulebook::Rulebook;

const CV: &str = "\
Temitayo OYELARAN
tayo.oyelaran@example.com | 07700 900321

I have run homelessness prevention for six years. My manager, Ffion Gwilym, says of me:
\"Temitayo is calm under pressure. She rebuilt the rota and she's never late.\"
I speak Yoruba at home and I am a mother of two.
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::new(&Rulebook::built_in()?)?;
    let identity: Identity =
        serde_json::from_str(r#"{"given_names": "Temitayo", "family_name": "Oyelaran"}"#)?;
    let redaction = engine.redact(CV, &identity, &[]);
    println!("{}", redaction.redacted);
    println!("released: {}", redaction.released);
    for span in &redaction.spans {
        println!(
            "{:>4}..{:<4} {:<22} {:<24} {}",
            span.start, span.end, span.kind, span.rule, span.replacement
        );
    }
    Ok(())
}
