//! Signing in: a provider (`OpenID Connect`) says who somebody is, by the authorization code
//! flow with PKCE; the centre keeps no password.

use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider};

use super::person::{Person, Role};
use super::sessions::random_word;
use super::settings::{ClaimNames, Settings};
use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::reach::Reach;
use domain::digest::Digest;

/// Who has not come back from the provider by then begins anew.
const SIGN_IN_MINUTES: i32 = 10;
/// A provider that is slower is down; nobody looks at an empty page for longer.
const PROVIDER_PATIENCE: Duration = Duration::from_secs(15);
/// No answer of a provider is longer.
const ANSWER_LIMIT_BYTES: u64 = 1 << 20;

/// What a token says besides what the standard names.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Said(#[serde(default)] Map<String, Value>);
impl AdditionalClaims for Said {}

type Tokens = StandardTokenResponse<
    IdTokenFields<
        Said,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;
type Provider = Client<
    Said,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Where a browser goes to sign in, and the word by which it is known when it comes back.
pub(crate) struct Beginning {
    pub(crate) url: String,
    pub(crate) state: String,
}

impl Centre {
    /// Begins a sign-in.
    pub(crate) async fn begin_sign_in(&self, settings: &Settings) -> Result<Beginning, Error> {
        let provider = provider(settings).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = random_word()?;
        let said = state.clone();
        let (url, _, nonce) = provider
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(said),
                Nonce::new_random,
            )
            .set_pkce_challenge(challenge)
            .url();
        let digest = Digest::of(state.as_bytes());
        let within = self.database.within(Reach::Session(&digest)).await?;
        within
            .done(
                &format!(
                    "INSERT INTO sign_in (digest, nonce, verifier, expires_at)
                     VALUES ($1, $2, $3, now() + make_interval(mins => {SIGN_IN_MINUTES}))"
                ),
                &[
                    &digest.as_bytes().as_slice(),
                    &nonce.secret(),
                    &verifier.secret(),
                ],
            )
            .await?;
        within.commit().await?;
        let url = url.to_string();
        Ok(Beginning { url, state })
    }

    /// Ends a sign-in with what the provider sent along, once: who it is, or nobody.
    pub(crate) async fn end_sign_in(
        &self,
        settings: &Settings,
        state: &str,
        code: &str,
    ) -> Result<Option<Person>, Error> {
        let digest = Digest::of(state.as_bytes());
        let within = self.database.within(Reach::Session(&digest)).await?;
        let row = within
            .maybe(
                "DELETE FROM sign_in WHERE digest = $1 AND expires_at > now()
                 RETURNING nonce, verifier",
                &[&digest.as_bytes().as_slice()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        within.commit().await?;
        let (nonce, verifier) = (Nonce::new(row.get(0)), PkceCodeVerifier::new(row.get(1)));
        let agent = agent(settings)?;
        let http = |request| asked(agent.clone(), request);
        let provider = provider(settings).await?;
        let tokens = provider
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| Error::Provider("it names no place for tokens"))?
            .set_pkce_verifier(verifier)
            .request_async(&http)
            .await
            .map_err(|_| Error::Provider("it gave no token"))?;
        let token = openidconnect::TokenResponse::id_token(&tokens)
            .ok_or(Error::Provider("it gave no identity"))?;
        let claims = token
            .claims(&provider.id_token_verifier(), &nonce)
            .map_err(|_| Error::Provider("its token does not hold"))?;
        let subject = format!("{} {}", settings.issuer, claims.subject().as_str());
        Ok(self.person(&settings.claims, &subject, &claims.additional_claims().0))
    }

    fn person(
        &self,
        names: &ClaimNames,
        subject: &str,
        said: &Map<String, Value>,
    ) -> Option<Person> {
        let word = |name: &str| {
            said.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let role = Role::from_name(&word(&names.role))?;
        let (mut office, mut holder_id) = (String::new(), String::new());
        if role == Role::Holder {
            holder_id = word(&names.holder);
        } else {
            office = word(&names.office);
        }
        // A holder without a number and an officer without an office are nobody here.
        let named = if role == Role::Holder {
            &holder_id
        } else {
            &office
        };
        if named.is_empty() && role != Role::Auditor {
            return None;
        }
        Some(Person {
            role,
            digest: self.keys.digest_of("person", subject),
            office,
            holder_digest: (role == Role::Holder)
                .then(|| self.keys.digest_of("holder", &holder_id)),
            holder_id,
        })
    }
}

/// The provider as it describes itself now: its keys may have changed since the last time.
async fn provider(settings: &Settings) -> Result<Provider, Error> {
    let agent = agent(settings)?;
    let http = |request| asked(agent.clone(), request);
    let issuer = IssuerUrl::new(settings.issuer.clone())
        .map_err(|_| Error::Settings("issuer is no URL".to_owned()))?;
    let described = CoreProviderMetadata::discover_async(issuer, &http)
        .await
        .map_err(|_| Error::Provider("it does not describe itself"))?;
    let back = RedirectUrl::new(format!("{}/kho/signed-in", settings.public_url))
        .map_err(|_| Error::Settings("public_url is no URL".to_owned()))?;
    let secret = settings.client_secret.clone().map(ClientSecret::new);
    let id = ClientId::new(settings.client_id.clone());
    Ok(Client::from_provider_metadata(described, id, secret).set_redirect_uri(back))
}

fn agent(settings: &Settings) -> Result<Agent, Error> {
    let mut tls = TlsConfig::builder().provider(TlsProvider::NativeTls);
    if let Some(file) = &settings.issuer_authority {
        let pem = std::fs::read(file)?;
        let known: Vec<Certificate<'static>> = ureq::tls::parse_pem(&pem)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        tls = tls.root_certs(RootCerts::new_with_certs(&known));
    } else {
        tls = tls.root_certs(RootCerts::PlatformVerifier);
    }
    let config = Agent::config_builder()
        .http_status_as_error(false)
        // A provider that sends the centre elsewhere could send it into its own network.
        .max_redirects(0)
        .tls_config(tls.build())
        .timeout_global(Some(PROVIDER_PATIENCE))
        .build();
    Ok(config.into())
}

/// One question to the provider.
async fn asked(agent: Agent, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let ask = move || {
        let (parts, mut body) = agent.run(request)?.into_parts();
        let body = body.with_config().limit(ANSWER_LIMIT_BYTES).read_to_vec()?;
        Ok(HttpResponse::from_parts(parts, body))
    };
    tokio::task::spawn_blocking(ask)
        .await
        .unwrap_or(Err(ureq::Error::ConnectionFailed))
}
