//! stub
pub type SledStore = super::MemoryStore;
impl SledStore {
    pub fn open(_: &std::path::Path) -> Result<(Self, Option<String>), super::StoreError> {
        Ok((Self::new(), None))
    }
}
