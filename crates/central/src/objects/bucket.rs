//! A bucket that speaks S3.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey, Checksum, S3ConditionalPut};
use object_store::client::{
    CryptoProvider, DigestAlgorithm, DigestContext, HmacContext, Signer, SigningAlgorithm,
};
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, ClientConfigKey, ObjectStore, Result, RetryConfig};
use openssl::hash::{DigestBytes, Hasher, MessageDigest};
use openssl::pkey::PKey;

/// A desk waits 25 s for a byte: what is not done by then is better said than tried again.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long takes one request at most. 5 MiB fit in at 2 Mbit/s.
const REQUEST: Duration = Duration::from_secs(20);
const CONNECT: Duration = Duration::from_secs(3);
const TRIES_AGAIN: usize = 3;

/// The bucket of `s3://bucket/prefix`. Endpoint, region and keys come from the usual
/// variables: `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, …; HTTP without TLS is
/// spoken only where `AWS_ALLOW_HTTP` allows it.
pub(super) fn open(url: &str) -> Result<Arc<dyn ObjectStore>> {
    with(AmazonS3Builder::from_env(), url)
}

pub(super) fn with(settings: AmazonS3Builder, url: &str) -> Result<Arc<dyn ObjectStore>> {
    let place = url.strip_prefix("s3://").unwrap_or(url);
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let limit = |limit: Duration| format!("{} seconds", limit.as_secs());
    let store = settings
        .with_config(of_client(ClientConfigKey::Timeout), limit(REQUEST))
        .with_config(of_client(ClientConfigKey::ConnectTimeout), limit(CONNECT))
        .with_bucket_name(bucket)
        .with_conditional_put(S3ConditionalPut::ETagMatch)
        .with_checksum_algorithm(Checksum::SHA256)
        .with_crypto_provider(Arc::new(Primitives))
        .with_retry(RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(2),
                base: 2.,
            },
            max_retries: TRIES_AGAIN,
            retry_timeout: PATIENCE,
        })
        .build()?;
    let prefix = Path::from(prefix);
    if prefix.as_ref().is_empty() {
        Ok(Arc::new(store))
    } else {
        Ok(Arc::new(PrefixStore::new(store, prefix)))
    }
}

const fn of_client(key: ClientConfigKey) -> AmazonS3ConfigKey {
    AmazonS3ConfigKey::Client(key)
}

/// What requests are signed with, by the OpenSSL that is here already. The signature itself
/// is the library's matter.
#[derive(Debug)]
struct Primitives;

fn failed(error: openssl::error::ErrorStack) -> object_store::Error {
    object_store::Error::Generic {
        store: "S3",
        source: Box::new(error),
    }
}

impl CryptoProvider for Primitives {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Box<dyn DigestContext>> {
        Ok(Box::new(Sum {
            hasher: Hasher::new(sha256(&algorithm)?).map_err(failed)?,
            failure: None,
            done: None,
        }))
    }

    fn hmac(&self, algorithm: DigestAlgorithm, secret: &[u8]) -> Result<Box<dyn HmacContext>> {
        sha256(&algorithm)?;
        Ok(Box::new(Keyed {
            secret: PKey::hmac(secret).map_err(failed)?,
            message: Vec::new(),
            done: Vec::new(),
        }))
    }

    fn sign(&self, _: SigningAlgorithm, _: &[u8]) -> Result<Box<dyn Signer>> {
        Err(object_store::Error::NotSupported {
            source: "S3 signs with no RSA key".into(),
        })
    }
}

fn sha256(algorithm: &DigestAlgorithm) -> Result<MessageDigest> {
    match algorithm {
        DigestAlgorithm::Sha256 => Ok(MessageDigest::sha256()),
        _ => Err(object_store::Error::NotSupported {
            source: "only SHA-256 is spoken here".into(),
        }),
    }
}

struct Sum {
    hasher: Hasher,
    failure: Option<openssl::error::ErrorStack>,
    done: Option<DigestBytes>,
}

impl DigestContext for Sum {
    fn update(&mut self, data: &[u8]) {
        if let Err(error) = self.hasher.update(data) {
            self.failure = Some(error);
        }
    }

    fn finish(&mut self) -> Result<&[u8]> {
        if let Some(error) = self.failure.take() {
            return Err(failed(error));
        }
        Ok(self.done.insert(self.hasher.finish().map_err(failed)?))
    }
}

/// What is signed is short: a date, a region, the names of headers.
struct Keyed {
    secret: PKey<openssl::pkey::Private>,
    message: Vec<u8>,
    done: Vec<u8>,
}

impl HmacContext for Keyed {
    fn update(&mut self, data: &[u8]) {
        self.message.extend_from_slice(data);
    }

    fn finish(&mut self) -> Result<&[u8]> {
        let mut signer =
            openssl::sign::Signer::new(MessageDigest::sha256(), &self.secret).map_err(failed)?;
        self.done = signer.sign_oneshot_to_vec(&self.message).map_err(failed)?;
        Ok(&self.done)
    }
}
