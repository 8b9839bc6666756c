//! A sheet of a workbook as text of our own: one line a row, so that line numbers are row numbers. Bounded in every
//! direction, because a small file may describe a sheet that no memory holds. Formulas are not computed: a cell is
//! worth what it showed when it was saved.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Cell, DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

use super::Dialect;

/// How sheets are written as text: by the two control characters that are made for it.
pub const DIALECT: Dialect = Dialect { separator: b'\x1f', terminator: b'\x1e', quote: None };

/// The largest file.
const MOST_PACKED: u64 = 512 << 20;
/// The most that all parts of it may unpack to.
const MOST_UNPACKED: u64 = 2 << 30;
/// The most parts.
const MOST_PARTS: usize = 10_000;
/// The most text of a sheet.
const MOST_TEXT: usize = 1 << 30;
/// Rows that a sheet can have.
const MOST_ROWS: u32 = 1 << 20;
/// Columns that are looked at.
const MOST_COLUMNS: u32 = 1024;
/// Merged areas that are looked at.
const MOST_MERGED: usize = 50_000;
/// From this number on, a float has no room for a fraction of its own and is shown as it is.
const LARGEST_WHOLE: f64 = 1e15;

/// Why a workbook cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// Not a workbook, or a damaged one.
    #[error("the workbook cannot be read ({0}); save it again as .xlsx, or as CSV")]
    Damaged(String),
    /// More than any honest table holds.
    #[error("the workbook holds more than a table may: {0}")]
    TooLarge(&'static str),
    /// No sheet of that name.
    #[error("the workbook has no sheet '{wanted}'; it has {found}")]
    NoSuchSheet {
        /// What was asked for.
        wanted: String,
        /// The sheets there are.
        found: String,
    },
    /// Nothing in it.
    #[error("the workbook has no visible sheet with a table in it")]
    Empty,
}

/// One sheet.
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its cells.
    pub text: Vec<u8>,
    /// Other visible sheets.
    pub others: Vec<String>,
}

/// Reads a sheet: the one that is asked for, or the first visible one that holds a table.
pub fn read(head: Vec<u8>, rest: impl Read, wanted: Option<&str>) -> Result<Sheet, SheetError> {
    let damaged = |error: std::io::Error| SheetError::Damaged(error.to_string());
    let mut bytes = head;
    rest.take(MOST_PACKED).read_to_end(&mut bytes).map_err(damaged)?;
    if bytes.len() as u64 >= MOST_PACKED {
        return Err(SheetError::TooLarge("the file is larger than 512 MiB"));
    }
    check_parts(&bytes)?;
    // The library is sound on what spreadsheet programs write; on what an attacker writes it may stop short.
    catch_unwind(AssertUnwindSafe(|| read_checked(&bytes, wanted)))
        .unwrap_or_else(|_| Err(SheetError::Damaged("its parts contradict each other".to_owned())))
}

/// Unpacks every part once into nothing, so that a bomb is found before anything is kept of it, and looks for a number
/// of texts that the part cannot hold.
fn check_parts(bytes: &[u8]) -> Result<(), SheetError> {
    let damaged = |error: &dyn std::fmt::Display| SheetError::Damaged(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.len() > MOST_PARTS {
        return Err(SheetError::TooLarge("it has more than 10,000 parts"));
    }
    let mut left = MOST_UNPACKED;
    let mut buffer = vec![0; 1 << 16];
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).map_err(|error| damaged(&error))?;
        let mut claimed = 0;
        let mut size = 0;
        let mut kept = 0;
        loop {
            let into = buffer.get_mut(kept..).unwrap_or_default();
            let read = part.read(into).map_err(|error| damaged(&error))?;
            if read == 0 {
                break;
            }
            size += read as u64;
            let seen = buffer.get(..kept + read).unwrap_or_default();
            claimed = claimed.max(claimed_texts(seen));
            // The end of what was seen stays, in case a number is cut in two; a longer gap before it is not XML that
            // any spreadsheet program writes.
            let end = seen.len().min(256);
            let from = seen.len() - end;
            buffer.copy_within(from..from + end, 0);
            kept = end;
            left = left
                .checked_sub(read as u64)
                .ok_or(SheetError::TooLarge("unpacked, it is larger than 2 GiB"))?;
        }
        if claimed > size {
            return Err(SheetError::TooLarge("it claims more texts than it holds"));
        }
    }
    Ok(())
}

/// The largest number of texts that some bytes of a part claim it holds.
fn claimed_texts(bytes: &[u8]) -> u64 {
    let name = b"uniqueCount";
    let numbers = memchr::memmem::find_iter(bytes, name).map(|place| {
        let after = bytes.get(place + name.len()..).unwrap_or_default();
        let digits = after
            .iter()
            .skip_while(|byte| b" =\"'\t\r\n".contains(byte))
            .take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u64, |number, digit| {
            number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
        })
    });
    numbers.max().unwrap_or(0)
}

fn read_checked(bytes: &[u8], wanted: Option<&str>) -> Result<Sheet, SheetError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| {
            let is_wanted = wanted == Some(sheet.name.as_str());
            sheet.typ == SheetType::WorkSheet
                && (is_wanted || sheet.visible == SheetVisible::Visible)
        })
        .map(|sheet| sheet.name.clone())
        .collect();
    if let Some(wanted) = wanted.filter(|wanted| !sheets.iter().any(|name| name == wanted)) {
        let found: Vec<String> = sheets.iter().map(|name| format!("'{name}'")).collect();
        let wanted = wanted.to_owned();
        return Err(SheetError::NoSuchSheet { wanted, found: found.join(", ") });
    }
    for name in sheets.iter().filter(|name| wanted.is_none_or(|wanted| wanted == *name)) {
        let text = text_of(&mut workbook, name)?;
        if !text.is_empty() {
            let others = sheets.iter().filter(|other| *other != name).cloned().collect();
            return Ok(Sheet { name: name.clone(), text, others });
        }
    }
    Err(SheetError::Empty)
}

fn damaged(error: &XlsxError) -> SheetError {
    SheetError::Damaged(error.to_string())
}

/// The cells of a sheet as text, empty when it holds no table.
fn text_of(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>, SheetError> {
    let mut merged = workbook.merge_cells_by_sheet_name(name).unwrap_or_default();
    merged.truncate(MOST_MERGED);
    let mut rows = Rows::new(merged);
    let mut cells = workbook.worksheet_cells_reader(name).map_err(|e| damaged(&e))?;
    while let Some(cell) = cells.next_cell().map_err(|e| damaged(&e))? {
        rows.add(&cell)?;
    }
    rows.finish_row()?;
    Ok(if rows.has_header { rows.text } else { Vec::new() })
}

/// A merged area whose value later rows show too.
struct Shown {
    area: Dimensions,
    value: Vec<u8>,
}

/// Rows as they are put together.
struct Rows {
    text: Vec<u8>,
    /// The row that is being filled, from 0.
    row: u32,
    cells: Vec<Vec<u8>>,
    /// Merged areas that have not begun, the last one first.
    merged: Vec<Dimensions>,
    shown: Vec<Shown>,
    has_header: bool,
}

impl Rows {
    fn new(mut merged: Vec<Dimensions>) -> Self {
        merged.retain(|area| area.start <= area.end && area.end.1 < MOST_COLUMNS);
        merged.sort_by_key(|range| std::cmp::Reverse(range.start));
        Self {
            text: Vec::new(),
            row: 0,
            cells: Vec::new(),
            merged,
            shown: Vec::new(),
            has_header: false,
        }
    }

    fn add(&mut self, cell: &Cell<DataRef<'_>>) -> Result<(), SheetError> {
        let (row, column) = cell.get_position();
        if row >= MOST_ROWS {
            return Err(SheetError::TooLarge("it has more than 1,048,576 rows"));
        }
        if row < self.row {
            return Err(SheetError::Damaged("its rows are not in order".to_owned()));
        }
        while self.row < row {
            self.finish_row()?;
        }
        if column >= MOST_COLUMNS || *cell.get_value() == DataRef::Empty {
            return Ok(());
        }
        let column = column as usize;
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Vec::new());
        }
        if let Some(into) = self.cells.get_mut(column) {
            into.clear();
            write(cell.get_value(), into);
        }
        Ok(())
    }

    /// Writes the row and starts the next one. What stands above the header, a title say, is written as nothing.
    fn finish_row(&mut self) -> Result<(), SheetError> {
        let filled = self.cells.iter().filter(|cell| !cell.is_empty()).count();
        self.has_header |= filled >= 2;
        let row = self.row;
        while let Some(area) = self.merged.pop_if(|area| area.start.0 <= row) {
            let value = self.cells.get(area.start.1 as usize).cloned().unwrap_or_default();
            if area.start.0 == row && !value.is_empty() {
                self.shown.push(Shown { area, value });
            }
        }
        // A row with nothing of its own is no record, even where an area is merged over it.
        if self.has_header && filled > 0 {
            for shown in &self.shown {
                self.cells.resize(self.cells.len().max(shown.area.end.1 as usize + 1), Vec::new());
                let columns = shown.area.start.1 as usize..=shown.area.end.1 as usize;
                for cell in self.cells.get_mut(columns).unwrap_or_default() {
                    if cell.is_empty() {
                        cell.clone_from(&shown.value);
                    }
                }
            }
            for (place, cell) in self.cells.iter().enumerate() {
                if place > 0 {
                    self.text.push(DIALECT.separator);
                }
                self.text.extend_from_slice(cell);
            }
        }
        self.shown.retain(|shown| shown.area.end.0 > row);
        self.text.push(DIALECT.terminator);
        if self.text.len() > MOST_TEXT {
            return Err(SheetError::TooLarge("the text of the sheet is larger than 1 GiB"));
        }
        self.cells.iter_mut().for_each(Vec::clear);
        self.row += 1;
        Ok(())
    }
}

/// A value as its column would be written in CSV.
fn write(value: &DataRef<'_>, into: &mut Vec<u8>) {
    let text = match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "Yes".to_owned(),
        DataRef::Bool(false) => "No".to_owned(),
        DataRef::DateTime(time) if time.is_duration() => number_text(time.as_f64()),
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => date,
                _ => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
            }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    };
    // Control characters have no place in a cell; the two that divide cells must not come from one.
    into.extend(text.trim().bytes().map(|byte| if byte < b' ' { b' ' } else { byte }));
}

fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < LARGEST_WHOLE {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}
