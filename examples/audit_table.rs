//! Audits counts that are written into the program: the shortest way from numbers to a verdict.
//!
//! `cargo run --example audit_table`

use std::error::Error;

use evenhand::fairness::AuditRequest;
use evenhand::report;
use evenhand::rulebook::Rulebook;
use evenhand::workflow::audit_table::{TableKind, TableSettings, audit_table};

const COUNTS: &str = "\
characteristic,category,stage,stratum,entered,progressed
ethnic_group,White British,received,housing officers,920,389
ethnic_group,Indian,received,housing officers,43,10
ethnic_group,Black African,received,housing officers,60,24
ethnic_group,Prefer not to say,received,housing officers,7,4
sex,Female,received,housing officers,560,236
sex,Male,received,housing officers,470,191
";

fn main() -> Result<(), Box<dyn Error>> {
    let rules = Rulebook::built_in()?;
    let mut request = AuditRequest::new("default", &rules)?;
    request.organisation = "Exampleshire County Council".to_owned();
    request.period = "April 2025 to March 2026".to_owned();
    let settings = TableSettings::default();
    let audited = audit_table(COUNTS.as_bytes(), TableKind::Counts, &settings, &request, &rules)?;
    print!("{}", report::to_text(&audited.audit));
    Ok(())
}
