//! Writes small PDFs for tests, byte for byte, so that a test says exactly what stands in its file.

#![allow(dead_code)]

/// A PDF under construction. Objects 1 to 4 are the catalog, the pages, a Latin font and the particulars.
pub struct Pdf {
    objects: Vec<(usize, Vec<u8>)>,
    pages: Vec<usize>,
    catalog: String,
    info: String,
    trailer: String,
    next: usize,
}

impl Pdf {
    pub fn new() -> Self {
        let mut pdf = Self {
            objects: Vec::new(),
            pages: Vec::new(),
            catalog: String::new(),
            info: String::new(),
            trailer: String::new(),
            next: 5,
        };
        let font =
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
        pdf.objects.push((3, font.into()));
        pdf
    }

    /// Adds an object and answers its number.
    pub fn object(&mut self, body: impl Into<Vec<u8>>) -> usize {
        let number = self.next;
        self.next += 1;
        self.objects.push((number, body.into()));
        number
    }

    /// Adds a stream and answers its number.
    pub fn stream(&mut self, entries: &str, content: impl AsRef<[u8]>) -> usize {
        let content = content.as_ref();
        let mut body = format!("<< /Length {} {entries} >>\nstream\n", content.len()).into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\nendstream");
        self.object(body)
    }

    /// Adds a page of A4 whose font `F1` is the Latin one.
    pub fn page(self, content: impl AsRef<[u8]>) -> Self {
        self.page_with("", "", content)
    }

    /// Adds a page with more entries and more resources.
    pub fn page_with(mut self, entries: &str, resources: &str, content: impl AsRef<[u8]>) -> Self {
        let content = self.stream("", content);
        let page = self.object(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R \
             /Resources << {resources} /Font << /F1 3 0 R >> >> {entries} >>"
        ));
        self.pages.push(page);
        self
    }

    /// Adds to the catalog.
    pub fn catalog(mut self, entries: &str) -> Self {
        self.catalog.push_str(entries);
        self
    }

    /// Adds particulars: author and the like.
    pub fn info(mut self, entries: &str) -> Self {
        self.info.push_str(entries);
        self
    }

    /// Adds to the trailer.
    pub fn trailer(mut self, entries: &str) -> Self {
        self.trailer.push_str(entries);
        self
    }

    /// The bytes of the file.
    pub fn finish(mut self) -> Vec<u8> {
        let kids: Vec<String> = self.pages.iter().map(|page| format!("{page} 0 R")).collect();
        let catalog = format!("<< /Type /Catalog /Pages 2 0 R {} >>", self.catalog);
        let pages = format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), kids.len());
        let info = format!("<< {} >>", self.info);
        for (number, body) in [(1, catalog), (2, pages), (4, info)] {
            self.objects.push((number, body.into_bytes()));
        }
        self.objects.sort_by_key(|(number, _)| *number);
        let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut places = Vec::new();
        for (number, body) in &self.objects {
            places.push(bytes.len());
            bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let start = bytes.len();
        let size = self.objects.len() + 1;
        bytes.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
        for place in places {
            bytes.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
        }
        let trailer = format!(
            "trailer\n<< /Size {size} /Root 1 0 R /Info 4 0 R {} >>\nstartxref\n{start}\n%%EOF\n",
            self.trailer
        );
        bytes.extend_from_slice(trailer.as_bytes());
        bytes
    }
}

/// One line of text at a place, in the Latin font.
pub fn line(x: i32, y: i32, size: i32, text: &str) -> String {
    format!("BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n")
}
