//! Connections: TLS 1.3, where a station shows its certificate, and HTTP over it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Extension;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use openssl::nid::Nid;
use openssl::ssl::{Ssl, SslAcceptor, SslFiletype, SslMethod, SslVerifyMode, SslVersion};
use openssl::x509::X509VerifyResult;
use openssl::x509::store::X509StoreBuilder;
use tokio::net::{TcpListener, TcpStream};
use tokio_openssl::SslStream;

use crate::error::Error;
use crate::kho::http;
use crate::kho::settings::Settings;
use crate::{Centre, api};

/// Who shakes no hand and who sends no header in this time holds a place for nothing.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(20);
const HEADER_LIMIT: Duration = Duration::from_mins(1);
/// So many connections are held at once; the next waits in the system's queue.
const CONNECTIONS: usize = 4096;

/// The number in the certificate of the station at the other end, when it showed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown(pub(crate) Option<u32>);

pub(crate) async fn serve(centre: Centre, listener: TcpListener, name: &str) -> Result<(), Error> {
    let acceptor = acceptor(&centre, name)?;
    accept(listener, acceptor, api::router(centre)).await
}

/// Serves people: no certificate is asked of them.
pub(crate) async fn serve_people(
    centre: Centre,
    listener: TcpListener,
    name: &str,
    settings: Settings,
) -> Result<(), Error> {
    let mut builder = SslAcceptor::mozilla_modern_v5(SslMethod::tls_server())?;
    builder.set_min_proto_version(Some(SslVersion::TLS1_3))?;
    if let (Some(certificate), Some(key)) = (&settings.certificate, &settings.certificate_key) {
        builder.set_certificate_chain_file(certificate)?;
        builder.set_private_key_file(key, SslFiletype::PEM)?;
    } else {
        let (certificate, key) = centre.keys.server_certificate(name)?;
        builder.set_certificate(&certificate)?;
        builder.set_private_key(&key)?;
    }
    let router = http::router(centre, settings);
    accept(listener, builder.build(), router).await
}

async fn accept(listener: TcpListener, acceptor: SslAcceptor, router: Router) -> Result<(), Error> {
    let acceptor = Arc::new(acceptor);
    let places = Arc::new(tokio::sync::Semaphore::new(CONNECTIONS));
    loop {
        let place = Arc::clone(&places).acquire_owned().await;
        let (stream, _) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, or the other end has gone already.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (acceptor, router) = (Arc::clone(&acceptor), router.clone());
        tokio::spawn(async move {
            if let Err(error) = one(&acceptor, stream, router).await {
                tracing::debug!(error, "a connection ended");
            }
            drop(place);
        });
    }
}

fn acceptor(centre: &Centre, name: &str) -> Result<SslAcceptor, Error> {
    let (certificate, key) = centre.keys.server_certificate(name)?;
    let mut builder = SslAcceptor::mozilla_modern_v5(SslMethod::tls_server())?;
    builder.set_min_proto_version(Some(SslVersion::TLS1_3))?;
    builder.set_certificate(&certificate)?;
    builder.set_private_key(&key)?;
    let mut trusted = X509StoreBuilder::new()?;
    trusted.add_cert(centre.keys.authority().to_owned())?;
    builder.set_verify_cert_store(trusted.build())?;
    // Without a certificate one may only enrol; with a wrong one, nothing.
    builder.set_verify(SslVerifyMode::PEER);
    builder.set_session_id_context(b"sohoa-central")?;
    Ok(builder.build())
}

async fn one(
    acceptor: &SslAcceptor,
    stream: TcpStream,
    router: Router,
) -> Result<(), &'static str> {
    let _ = stream.set_nodelay(true);
    let ssl = Ssl::new(acceptor.context()).map_err(|_| "no TLS state")?;
    let mut stream = SslStream::new(ssl, stream).map_err(|_| "no TLS stream")?;
    tokio::time::timeout(HANDSHAKE_LIMIT, Pin::new(&mut stream).accept())
        .await
        .map_err(|_| "no handshake in time")?
        .map_err(|_| "the handshake failed")?;
    let ssl = stream.ssl();
    let shown = match ssl.peer_certificate() {
        Some(certificate) if ssl.verify_result() == X509VerifyResult::OK => certificate
            .subject_name()
            .entries_by_nid(Nid::COMMONNAME)
            .next()
            .and_then(|name| {
                std::str::from_utf8(name.data().as_slice())
                    .ok()?
                    .parse()
                    .ok()
            }),
        _ => None,
    };
    let service = TowerToHyperService::new(router.layer(Extension(Shown(shown))));
    let mut server = auto::Builder::new(hyper_util::rt::TokioExecutor::new()).http1_only();
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_LIMIT);
    server
        .serve_connection(TokioIo::new(stream), service)
        .await
        .map_err(|_| "HTTP failed")
}
