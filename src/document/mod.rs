//! stub
pub struct DocumentText {
    pub text: String,
    pub problems: Vec<P>,
    pub hidden: Vec<H>,
}
pub struct P {
    pub code: &'static str,
    pub message: String,
}
pub struct H {
    pub text: String,
}
pub fn read(b: &[u8], _: Option<&str>) -> DocumentText {
    DocumentText {
        text: String::from_utf8_lossy(b).to_string(),
        problems: if b.starts_with(b"%PDF") {
            vec![P { code: "unreadable_format", message: "x".into() }]
        } else {
            vec![]
        },
        hidden: vec![],
    }
}
