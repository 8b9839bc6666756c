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
pub fn read(_: &[u8], _: Option<&str>) -> DocumentText {
    loop {}
}
