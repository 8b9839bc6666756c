//! The structure tree while a document is drawn: what belongs to which heading, list or cell, in reading order. Knows
//! structure, not places.

use std::num::NonZeroU16;

use krilla::tagging::{
    Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};

/// What a stretch of the document is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Role {
    /// A heading of a level from 1, with its text.
    Heading(u16, String),
    Paragraph,
    /// A list, and whether it is numbered; nothing for lines of a form.
    List(Option<bool>),
    Entry,
    Label,
    Body,
    Table,
    Head,
    Rows,
    Row,
    ColumnHeader,
    RowHeader,
    Cell,
    /// A drawing, with the words for it.
    Figure(String),
    Caption,
    Note,
}

impl Role {
    fn tag(self) -> TagKind {
        match self {
            Self::Heading(level, title) => {
                Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(title)).into()
            }
            Self::Paragraph => Tag::P.into(),
            Self::List(numbered) => Tag::L(match numbered {
                Some(true) => ListNumbering::Decimal,
                Some(false) => ListNumbering::Disc,
                None => ListNumbering::None,
            })
            .into(),
            Self::Entry => Tag::LI.into(),
            Self::Label => Tag::Lbl.into(),
            Self::Body => Tag::LBody.into(),
            Self::Table => Tag::Table.into(),
            Self::Head => Tag::THead.into(),
            Self::Rows => Tag::TBody.into(),
            Self::Row => Tag::TR.into(),
            Self::ColumnHeader => Tag::TH(TableHeaderScope::Column).into(),
            Self::RowHeader => Tag::TH(TableHeaderScope::Row).into(),
            Self::Cell => Tag::TD.into(),
            Self::Figure(words) => Tag::Figure(Some(words)).into(),
            Self::Caption => Tag::Caption.into(),
            Self::Note => Tag::Note.into(),
        }
    }
}

/// A place in the tree.
pub(super) type NodeId = usize;

enum Child {
    Node(NodeId),
    Leaf(Identifier),
}

struct Entry {
    role: Role,
    parent: Option<NodeId>,
    children: Vec<Child>,
    /// Whether it hangs in the tree; what has no content does not.
    attached: bool,
}

/// The tree.
#[derive(Default)]
pub(super) struct Tags {
    entries: Vec<Entry>,
    roots: Vec<NodeId>,
}

impl Tags {
    /// A new place under another.
    pub fn add(&mut self, role: Role, parent: Option<NodeId>) -> NodeId {
        self.entries.push(Entry { role, parent, children: Vec::new(), attached: false });
        self.entries.len() - 1
    }

    /// Hangs drawn content under a place. A place takes its turn in reading order when its first content is drawn.
    pub fn hang(&mut self, node: NodeId, leaf: Identifier) {
        if let Some(entry) = self.entries.get_mut(node) {
            entry.children.push(Child::Leaf(leaf));
        }
        let mut at = node;
        loop {
            let Some(entry) = self.entries.get_mut(at) else { return };
            if std::mem::replace(&mut entry.attached, true) {
                return;
            }
            let Some(parent) = entry.parent else {
                self.roots.push(at);
                return;
            };
            if let Some(above) = self.entries.get_mut(parent) {
                above.children.push(Child::Node(at));
            }
            at = parent;
        }
    }

    /// The tree for the file.
    pub fn tree(self, language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        let mut entries: Vec<Option<Entry>> = self.entries.into_iter().map(Some).collect();
        for root in self.roots {
            if let Some(group) = group(&mut entries, root) {
                tree.push(group);
            }
        }
        tree
    }
}

/// Places are nested at most as deep as roles nest, so this may call itself.
fn group(entries: &mut [Option<Entry>], at: NodeId) -> Option<TagGroup> {
    let entry = entries.get_mut(at)?.take()?;
    let mut group = TagGroup::new(entry.role.tag());
    for child in entry.children {
        match child {
            Child::Leaf(leaf) => group.push(Node::Leaf(leaf)),
            Child::Node(node) => {
                if let Some(inner) = self::group(entries, node) {
                    group.push(inner);
                }
            }
        }
    }
    Some(group)
}
