//! A system that takes JSON over HTTP: the file first, then the messages that name it.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, StatusCode, Url};

use crate::connectors::{Connector, Fault, Handing, Mapping, Shared};
use crate::error::Error;

/// The system.
pub(super) struct CaseSystem {
    client: Client,
    place: Url,
    mapping: Mapping,
    word: Option<String>,
}

impl std::fmt::Debug for CaseSystem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaseSystem").finish_non_exhaustive()
    }
}

impl CaseSystem {
    /// The system at a URL. Without TLS only on this machine, as a test or a proxy is.
    pub(super) fn at(
        place: &str,
        mapping: Mapping,
        word: Option<String>,
        patience: Duration,
    ) -> Result<Self, Error> {
        let wrong = |why: &str| Error::Outlet(why.to_owned());
        let mut place: Url = place.parse().map_err(|_| wrong("that is no URL"))?;
        let is_here = ["127.0.0.1", "localhost", "[::1]"].contains(&place.host_str().unwrap_or(""));
        if place.scheme() != "https" && !is_here {
            return Err(wrong("people's data goes to other machines over TLS only"));
        }
        if !place.path().ends_with('/') {
            place.set_path(&format!("{}/", place.path()));
        }
        let client = Client::builder()
            .timeout(patience)
            // A record goes where it was told to go, and nowhere else.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| wrong("no TLS"))?;
        Ok(Self {
            client,
            place,
            mapping,
            word,
        })
    }

    fn ask(
        &self,
        method: Method,
        path: &str,
        record: &Shared,
        step: &str,
    ) -> Result<RequestBuilder, Fault> {
        let url = self.place.join(path);
        let url = url.map_err(|_| Fault::Never(format!("{step}: its path is none")))?;
        let record = &record.submission.record;
        // The same for each repeat, so that the other end can tell one.
        let key = format!("{}-{}-{step}", record.document_id, record.version);
        let mut request = self
            .client
            .request(method, url)
            .header("Idempotency-Key", key);
        if let Some(word) = &self.word {
            request = request.bearer_auth(word);
        }
        Ok(request)
    }

    async fn hand_over(&self, record: &Shared) -> Result<(), Fault> {
        let messages = self.mapping.messages(record)?;
        let sha256 = record.pdf_sha256.to_string();
        let path = self.mapping.file.path.replace("{sha256}", &sha256);
        let file = self
            .ask(Method::PUT, &path, record, "file")?
            .header("Content-Type", "application/pdf")
            .body(record.pdf.clone());
        answered(file, "file").await?;
        for message in messages {
            let body = message.body.to_string();
            let request = self
                .ask(Method::POST, &message.path, record, &message.name)?
                .header("Content-Type", "application/json")
                .body(body);
            answered(request, &message.name).await?;
        }
        Ok(())
    }
}

impl Connector for CaseSystem {
    fn name(&self) -> &'static str {
        "case_system"
    }

    fn share<'a>(&'a self, record: &'a Shared) -> Handing<'a> {
        Box::pin(self.hand_over(record))
    }
}

/// Judges an answer by its status alone: what its body says may name somebody.
async fn answered(request: RequestBuilder, step: &str) -> Result<(), Fault> {
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) if error.is_timeout() => return Err(Fault::Later(format!("{step}: no answer"))),
        Err(_) => return Err(Fault::Later(format!("{step}: no connection"))),
    };
    let status = answer.status();
    let said = format!("{step}: {}", status.as_u16());
    match status {
        // Conflict: it has this already, and keeps what it has.
        status if status.is_success() || status == StatusCode::CONFLICT => Ok(()),
        // Who we are, and whether it has time, is nothing that a record could mend.
        StatusCode::UNAUTHORIZED
        | StatusCode::FORBIDDEN
        | StatusCode::REQUEST_TIMEOUT
        | StatusCode::TOO_EARLY
        | StatusCode::TOO_MANY_REQUESTS => Err(Fault::Later(said)),
        status if status.is_client_error() => Err(Fault::Never(said)),
        _ => Err(Fault::Later(said)),
    }
}
