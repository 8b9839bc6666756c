//! Where the text of a group belongs, by the control word that opens it. A table; reads nothing.

/// What becomes of the text of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination {
    /// It is shown where it stands.
    Shown,
    /// It is not text, or is there for other programs.
    Passed,
    /// The bytes of a picture.
    Picture,
    /// The table of fonts.
    Fonts,
    /// It is kept as a value of its own until the group ends.
    Kept(Value),
}

/// A value that is kept until its group ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// Title of the document.
    Title,
    /// Author, company, reviewers and the like.
    Person,
    /// A comment.
    Comment,
    /// Words that no page shows.
    Concealed,
    /// A field's instruction.
    Instruction,
    /// A choice of a drop-down list.
    Choice,
    /// The number or bullet of a list item.
    Mark,
    /// The name of a shape's property.
    ShapeName,
    /// What a shape's property says.
    ShapeText,
}

/// What a control word opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opens {
    /// A group whose text goes to a destination.
    Group(Destination),
    /// A header: its own lines, here.
    Header,
    /// A footer or a note: its own lines, after the text.
    Note,
    /// A text box: its own lines, after the paragraph.
    Box,
    /// A field with its instruction and result.
    Field,
    /// A picture.
    Picture,
    /// An embedded object; its result is shown.
    Object,
    /// A group given twice, of which the Unicode one counts.
    Twice,
    /// The Unicode one.
    Unicode,
}

/// What a control word opens, if it opens something. Groups that start with `\*` and are not here are passed.
pub(super) fn opens(word: &str) -> Option<Opens> {
    use Destination::{Fonts, Kept, Passed, Shown};
    Some(match word {
        "fonttbl" => Opens::Group(Fonts),
        "stylesheet" | "colortbl" | "filetbl" | "nonshppict" | "nonesttables" | "shprslt"
        | "objdata" | "listtable" | "listoverridetable" | "themedata" | "datastore"
        | "mmathPict" | "pnseclvl" | "pntxta" | "pntxtb" | "creatim" | "revtim" | "printim"
        | "buptim" => Opens::Group(Passed),
        "title" => Opens::Group(Kept(Value::Title)),
        "author" | "operator" | "manager" | "company" | "subject" | "category" | "keywords"
        | "comment" | "doccomm" | "hlinkbase" | "propname" | "staticval" | "linkval"
        | "template" | "revtbl" | "atnauthor" | "atnid" | "protusertbl" => {
            Opens::Group(Kept(Value::Person))
        }
        "annotation" => Opens::Group(Kept(Value::Comment)),
        "xe" | "tc" | "ffdeftext" | "txe" | "rxe" => Opens::Group(Kept(Value::Concealed)),
        "fldinst" => Opens::Group(Kept(Value::Instruction)),
        "ffl" => Opens::Group(Kept(Value::Choice)),
        "listtext" | "pntext" => Opens::Group(Kept(Value::Mark)),
        "sn" => Opens::Group(Kept(Value::ShapeName)),
        "sv" => Opens::Group(Kept(Value::ShapeText)),
        "header" | "headerl" | "headerr" | "headerf" => Opens::Header,
        "footer" | "footerl" | "footerr" | "footerf" | "footnote" => Opens::Note,
        "shptxt" | "dptxbxtext" => Opens::Box,
        "field" => Opens::Field,
        "pict" => Opens::Picture,
        "object" => Opens::Object,
        "upr" => Opens::Twice,
        "ud" => Opens::Unicode,
        "shpinst" | "shpgrp" | "shppict" | "do" | "nesttableprops" | "userprops" | "moMath"
        | "moMathPara" | "mmath" | "formfield" | "fldrslt" => Opens::Group(Shown),
        _ => return None,
    })
}
