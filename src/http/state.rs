//! What handlers are handed. The panel's handlers get a reader of packs and words, and nothing else.

use std::sync::Arc;

use crate::messages::Messages;
use crate::workflow::{Evenhand, PackReader};

/// For all handlers but the panel's.
#[derive(Clone)]
pub(super) struct AppState {
    /// The program.
    pub app: Arc<Evenhand>,
    /// The words of pages.
    pub words: Arc<Messages>,
}

/// For the panel's handlers: no method of these values reaches identity or characteristics.
#[derive(Clone)]
pub(super) struct PanelState {
    /// Reads packs.
    pub packs: PackReader,
    /// The words of pages.
    pub words: Arc<Messages>,
}
