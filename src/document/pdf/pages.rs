//! The pages of a file in order, with what they inherit. Bounded, and blind to loops in the tree; where the tree is
//! broken, the pages are looked for among all objects.

use std::collections::HashSet;

use lopdf::{Dictionary, Object};

use super::file::File;
use super::geometry::{Area, Matrix, Point};
use crate::document::limits;

/// A4, for pages that do not say.
const USUAL: Area = Area { left: 0.0, bottom: 0.0, right: 595.0, top: 842.0 };

/// A page.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) dictionary: &'a Dictionary,
    pub(super) resources: Option<&'a Dictionary>,
    /// The visible part of the page, in its own coordinates.
    crop: Area,
    /// Quarter turns to the right.
    turns: u8,
}

/// The pages, and whether there are more than are read.
pub(super) struct Pages<'a> {
    pub(super) pages: Vec<Page<'a>>,
    pub(super) more: bool,
    /// Whether the tree of pages could not be followed.
    pub(super) broken: bool,
}

#[derive(Clone, Copy)]
struct Inherited<'a> {
    resources: Option<&'a Dictionary>,
    crop: Option<Area>,
    media: Option<Area>,
    turns: u8,
}

impl Page<'_> {
    /// From the page's own coordinates to those of its visible part as it is seen, from the lower left.
    pub(super) fn view(&self) -> Matrix {
        let Area { left, bottom, right, top } = self.crop;
        let (across, up) = (right - left, top - bottom);
        let shift = Matrix::shift(-left, -bottom);
        let turn = match self.turns {
            1 => Matrix { a: 0.0, b: -1.0, c: 1.0, d: 0.0, e: 0.0, f: across },
            2 => Matrix { a: -1.0, b: 0.0, c: 0.0, d: -1.0, e: across, f: up },
            3 => Matrix { a: 0.0, b: 1.0, c: -1.0, d: 0.0, e: up, f: 0.0 },
            _ => Matrix::IDENTITY,
        };
        shift.then(turn)
    }

    /// The visible part as it is seen.
    pub(super) fn seen(&self) -> Area {
        self.view().apply_to_box(self.crop)
    }
}

/// Finds the pages.
pub(super) fn find(file: &File) -> Pages<'_> {
    let mut found = Pages { pages: Vec::new(), more: false, broken: false };
    let start = Inherited { resources: None, crop: None, media: None, turns: 0 };
    let root = file.catalog().and_then(|catalog| catalog.get(b"Pages").ok());
    let mut seen = HashSet::new();
    let mut pending: Vec<(&Object, Inherited<'_>)> =
        root.map(|root| (root, start)).into_iter().collect();
    while let Some((object, inherited)) = pending.pop() {
        // A node that was there already is a loop, or a page shown twice; neither adds words.
        if let Object::Reference(id) = object
            && !seen.insert(*id)
        {
            found.broken = true;
            continue;
        }
        let Some(node) = file.dictionary(object) else {
            found.broken = true;
            continue;
        };
        let inherited = inherit(file, node, inherited);
        if let Some(kids) = file.get_array(node, b"Kids") {
            if pending.len() + kids.len() > 100_000 {
                found.more = true;
                break;
            }
            pending.extend(kids.iter().rev().map(|kid| (kid, inherited)));
        } else if found.pages.len() >= limits::MOST_PAGES {
            found.more = true;
            break;
        } else {
            found.pages.push(page(node, inherited));
        }
    }
    if found.pages.is_empty() {
        found.broken = true;
        let lost = file.objects().filter_map(|object| match object {
            Object::Dictionary(node) if node.has_type(b"Page") => Some(node),
            _ => None,
        });
        for node in lost {
            if found.pages.len() >= limits::MOST_PAGES {
                found.more = true;
                break;
            }
            found.pages.push(page(node, inherit(file, node, start)));
        }
    }
    found
}

fn inherit<'a>(file: &'a File, node: &'a Dictionary, from: Inherited<'a>) -> Inherited<'a> {
    let area = |key: &[u8]| Area::from_numbers(&file.get_numbers(node, key, 4)).filter(is_real);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the remainder is one of 0, 1, 2 and 3"
    )]
    let turns = file
        .get_number(node, b"Rotate")
        .map_or(from.turns, |degrees| (degrees / 90.0).round().rem_euclid(4.0) as u8);
    Inherited {
        resources: file.get_dictionary(node, b"Resources").or(from.resources),
        crop: area(b"CropBox").or(from.crop),
        media: area(b"MediaBox").or(from.media),
        turns,
    }
}

fn is_real(area: &Area) -> bool {
    let corner = Point { x: area.right, y: area.top };
    area.width() > 1.0 && area.height() > 1.0 && corner.is_believable()
}

fn page<'a>(dictionary: &'a Dictionary, inherited: Inherited<'a>) -> Page<'a> {
    let media = inherited.media.unwrap_or(USUAL);
    let crop = inherited.crop.map(|crop| crop.clipped_to(media)).filter(is_real);
    Page {
        dictionary,
        resources: inherited.resources,
        crop: crop.unwrap_or(media),
        turns: inherited.turns,
    }
}
