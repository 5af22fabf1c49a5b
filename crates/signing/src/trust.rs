//! Which authorities an office trusts, and whether a certificate leads up to one.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use domain::signature::Answer;
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509, X509StoreContext, X509VerifyResult};

use crate::certificate::Certificate;

/// Files of certificates beyond this in one folder are a mistake.
const MOST_FILES: usize = 500;
/// No certificate of an authority is larger.
const MOST_FILE_BYTES: u64 = 1 << 20;

/// The authorities that an office trusts.
#[derive(Clone, Debug, Default)]
pub struct TrustStore {
    roots: Vec<Certificate>,
    /// Authorities between them and the signers, to fill gaps in what a signature brings.
    between: Vec<Certificate>,
}

impl TrustStore {
    /// These certificates; those that issued themselves are trusted, others help to reach them.
    pub fn new(certificates: Vec<Certificate>) -> Self {
        let (roots, between) = certificates
            .into_iter()
            .partition(|one| one.is_issued_by(one));
        Self { roots, between }
    }

    /// Every certificate file (`.pem`, `.crt`, `.cer`) of a folder; what cannot be read is
    /// passed over, for one damaged file must not take away all trust.
    pub fn open(folder: &Path) -> Self {
        let is_certificate = |path: &Path| {
            path.extension()
                .is_some_and(|ending| ["pem", "crt", "cer"].iter().any(|known| ending == *known))
        };
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let files = entries
            .map(|entry| entry.path())
            .filter(|path| is_certificate(path))
            .filter(|path| fs::metadata(path).is_ok_and(|file| file.len() <= MOST_FILE_BYTES))
            .take(MOST_FILES);
        let certificates = files
            .filter_map(|path| fs::read(path).ok())
            .filter_map(|file| Certificate::read_all(&file).ok())
            .flatten();
        Self::new(certificates.collect())
    }

    /// Whether a certificate led up to a trusted authority at that time, with the help of
    /// what came with the signature. An unknown authority is no reason to call it bad.
    pub(crate) fn judge(
        &self,
        certificate: &Certificate,
        brought: &[Certificate],
        at: DateTime<Utc>,
    ) -> Answer {
        if self.roots.is_empty() {
            return Answer::CannotTell;
        }
        match self.verify(certificate, brought, at) {
            Ok(X509VerifyResult::OK) => Answer::Good,
            Ok(result) if is_unknown(result) => Answer::CannotTell,
            Ok(_) => Answer::Bad,
            Err(_) => Answer::CannotTell,
        }
    }

    fn verify(
        &self,
        certificate: &Certificate,
        brought: &[Certificate],
        at: DateTime<Utc>,
    ) -> Result<X509VerifyResult, openssl::error::ErrorStack> {
        let mut store = X509StoreBuilder::new()?;
        for root in &self.roots {
            store.add_cert(root.x509().clone())?;
        }
        let mut how = X509VerifyParam::new()?;
        how.set_time(at.timestamp());
        store.set_param(&how)?;
        let store = store.build();
        let mut between: Stack<X509> = Stack::new()?;
        for one in brought.iter().chain(&self.between) {
            between.push(one.x509().clone())?;
        }
        let mut context = X509StoreContext::new()?;
        context.init(&store, certificate.x509(), &between, |context| {
            let holds = context.verify_cert()?;
            Ok(if holds {
                X509VerifyResult::OK
            } else {
                context.error()
            })
        })
    }
}

/// The chain ends before a trusted authority: nothing is known against it.
fn is_unknown(result: X509VerifyResult) -> bool {
    // `X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT`, `…_LOCALLY`, `SELF_SIGNED_CERT…` (both) and
    // `UNABLE_TO_VERIFY_LEAF_SIGNATURE`: of OpenSSL's list, which does not change.
    matches!(result.as_raw(), 2 | 18 | 19 | 20 | 21)
}
