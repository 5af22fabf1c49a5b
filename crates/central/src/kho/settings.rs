//! How people reach the repository and who says who they are: a file, because it differs from
//! province to province.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::Error;

/// The settings.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// How browsers call it: `https://host:port`.
    pub(crate) public_url: String,
    /// The provider of sign-ins (`OpenID Connect`).
    pub(crate) issuer: String,
    /// How the centre is known there.
    pub(crate) client_id: String,
    /// Its secret there, where it has one; `SOHOA_CENTRE_CLIENT_SECRET` goes before it.
    #[serde(default)]
    pub(crate) client_secret: Option<String>,
    /// A certificate of the provider's authority, where no system knows it.
    #[serde(default)]
    pub(crate) issuer_authority: Option<PathBuf>,
    /// What the provider's tokens call role, office and number.
    #[serde(default)]
    pub(crate) claims: ClaimNames,
    /// The certificate that browsers see, and its key; without them the centre makes its own.
    #[serde(default)]
    pub(crate) certificate: Option<PathBuf>,
    #[serde(default)]
    pub(crate) certificate_key: Option<PathBuf>,
    /// The folder of authorities that signatures of uploaded files are judged by.
    #[serde(default)]
    pub(crate) authorities: Option<PathBuf>,
}

/// What the provider's tokens call what the repository asks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ClaimNames {
    /// `holder`, `officer`, `supervisor` or `auditor`.
    pub(crate) role: String,
    /// The agency code.
    pub(crate) office: String,
    /// The personal or organisation's number.
    pub(crate) holder: String,
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            role: "sohoa_role".to_owned(),
            office: "sohoa_office".to_owned(),
            holder: "sohoa_holder".to_owned(),
        }
    }
}

impl Settings {
    /// Reads the file.
    pub(crate) fn read(file: &Path) -> Result<Self, Error> {
        let mut settings: Self = serde_json::from_slice(&std::fs::read(file)?)
            .map_err(|error| Error::Settings(error.to_string()))?;
        if let Ok(secret) = std::env::var("SOHOA_CENTRE_CLIENT_SECRET") {
            settings.client_secret = Some(secret);
        }
        settings.public_url = settings.public_url.trim_end_matches('/').to_owned();
        if !settings.public_url.starts_with("https://") {
            return Err(Error::Settings("public_url is not https".to_owned()));
        }
        Ok(settings)
    }
}

// It may hold a secret.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}
