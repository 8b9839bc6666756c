//! The configuration file: every key, its meaning and its default. Reads TOML; opens nothing else.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The commented file that `evenhand init` writes. It is the manual, so every key stands in it.
pub const TEMPLATE: &str = include_str!("config_template.toml");

/// The configuration. Relative paths are taken from the folder of the file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[server]`
    #[serde(default)]
    pub server: Server,
    /// `[data]`
    pub data: Data,
    /// `[rules]`
    #[serde(default)]
    pub rules: Rules,
    /// `[pages]`
    #[serde(default)]
    pub pages: Pages,
    /// `[journal]`
    #[serde(default)]
    pub journal: Journal,
    /// `[log]`
    #[serde(default)]
    pub log: Log,
}

/// How the server answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// The largest body accepted, in mebibytes.
    pub max_body_mib: usize,
    /// Longest time for one request, in seconds.
    pub request_timeout_seconds: u64,
    /// How many requests are worked on at once; more are answered 503 with Retry-After.
    pub max_concurrent_requests: usize,
    /// How many connections are open at once; more wait in the system's queue.
    pub max_connections: usize,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            max_body_mib: 32,
            request_timeout_seconds: 30,
            max_concurrent_requests: 512,
            max_connections: 1024,
        }
    }
}

/// Where things are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The data folder.
    pub folder: PathBuf,
    /// The key file, outside the data folder.
    pub key_file: PathBuf,
}

/// Which rules apply.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// A folder that replaces the built-in rules as a whole.
    pub folder: Option<PathBuf>,
}

/// How pages read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pages {
    /// A Fluent file whose words replace the built-in English ones, e.g. `cy.ftl`.
    pub messages: Option<PathBuf>,
}

/// How the journal writes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Journal {
    /// Size at which a new segment is begun, in mebibytes.
    pub segment_mib: u64,
}

impl Default for Journal {
    fn default() -> Self {
        Self { segment_mib: 64 }
    }
}

/// How the program logs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Text for people, JSON for machines.
    pub format: LogFormat,
    /// What to log, in the syntax of tracing's filters.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One readable line per event.
    Text,
    /// One JSON object per event.
    Json,
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration {} cannot be read: {error}; `evenhand init` writes one", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{}, line {line}: {message}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The key file lies in the data folder.
    #[error(
        "{}: the key file must lie outside the data folder, so that a copy of the data is not a copy of the keys",
        path.display()
    )]
    KeyInsideData {
        /// The file.
        path: PathBuf,
    },
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// [`ConfigError`] names the file and the line.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        Self::parse(&text, path)
    }

    /// Parses the text of a configuration file that lies at `path`.
    ///
    /// # Errors
    /// [`ConfigError`] names the file and the line.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = toml::from_str(text).map_err(|error| ConfigError::Wrong {
            path: path.to_owned(),
            line: 1 + error.span().map_or(0, |span| {
                text.bytes().take(span.start).filter(|byte| *byte == b'\n').count()
            }),
            message: error.message().to_owned(),
        })?;
        let base = path.parent().unwrap_or(Path::new(""));
        config.data.folder = base.join(&config.data.folder);
        config.data.key_file = base.join(&config.data.key_file);
        config.rules.folder = config.rules.folder.map(|folder| base.join(folder));
        config.pages.messages = config.pages.messages.map(|file| base.join(file));
        if config.data.key_file.starts_with(&config.data.folder) {
            return Err(ConfigError::KeyInsideData { path: path.to_owned() });
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_parses_and_states_the_defaults() {
        let config = Config::parse(TEMPLATE, Path::new("/srv/evenhand/evenhand.toml")).unwrap();
        assert_eq!(config.server, Server::default());
        assert_eq!(config.journal, Journal::default());
        assert_eq!(config.log, Log::default());
        assert_eq!(config.data.folder, Path::new("/srv/evenhand/data"));
        assert_eq!(config.data.key_file, Path::new("/srv/evenhand/evenhand.key"));
    }

    #[test]
    fn a_misspelt_key_is_refused_with_its_line() {
        let text = TEMPLATE.replace("max_body_mib", "max_body_mb");
        let error = Config::parse(&text, Path::new("evenhand.toml")).unwrap_err().to_string();
        assert!(error.contains("line ") && error.contains("max_body_mb"), "{error}");
    }

    #[test]
    fn keys_inside_the_data_folder_are_refused() {
        let text = TEMPLATE.replace("\"evenhand.key\"", "\"data/evenhand.key\"");
        let error = Config::parse(&text, Path::new("evenhand.toml")).unwrap_err();
        assert!(matches!(error, ConfigError::KeyInsideData { .. }), "{error}");
    }
}
