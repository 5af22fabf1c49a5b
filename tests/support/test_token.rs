//! A token in a temporary folder, by the real module of `SoftHSM`, and an authority that
//! issued its certificate.

use std::path::{Path, PathBuf};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, CertificateType, KeyType, ObjectClass};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use openssl::x509::{X509, X509Builder, X509NameBuilder};
use tempfile::TempDir;

/// Where Debian's package `softhsm2` puts the module.
pub const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
/// The PIN of every test token.
pub const PIN: &str = "246810";
const ADMINISTRATOR_PIN: &str = "13579024";

/// An authority that issues certificates to invented people.
#[derive(Debug)]
pub struct TestAuthority {
    certificate: X509,
    key: PKey<Private>,
}

/// What kind of key a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// RSA with so many bits.
    Rsa(u32),
    /// The curve P-256.
    Ec,
}

/// What a certificate is issued for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing papers.
    Signing,
    /// Signing papers, until the year before the test desk's clock.
    SigningThatEnded,
    /// Keeping secrets: not to be signed with.
    Encryption,
    /// Timestamps.
    Timestamps,
}

impl TestAuthority {
    /// A new authority, which issued itself.
    ///
    /// # Panics
    /// When it cannot be made: then nothing can be tested.
    pub fn new() -> Self {
        Self::named("Cơ quan chứng thực thử nghiệm")
    }

    /// A new authority of that name, which issued itself.
    ///
    /// # Panics
    /// When it cannot be made: then nothing can be tested.
    pub fn named(own_name: &str) -> Self {
        let key = key(Key::Rsa(2_048));
        let mut builder = started(own_name, &key, (2020, 2040));
        let name = named(own_name);
        builder.set_issuer_name(&name).expect("a name");
        let authority = BasicConstraints::new().critical().ca().build();
        let usage = KeyUsage::new()
            .critical()
            .key_cert_sign()
            .crl_sign()
            .build();
        for extension in [authority, usage] {
            builder
                .append_extension(extension.expect("an extension"))
                .expect("an extension");
        }
        builder.sign(&key, MessageDigest::sha256()).expect("signed");
        Self {
            certificate: builder.build(),
            key,
        }
    }

    /// Its certificate, as a file that a trust store takes.
    ///
    /// # Panics
    /// Never, with a certificate that was just made.
    pub fn pem(&self) -> Vec<u8> {
        self.certificate.to_pem().expect("a certificate")
    }

    /// Issues a certificate.
    ///
    /// # Panics
    /// When it cannot be made: then nothing can be tested.
    pub fn issue(&self, to: &str, kind: Key, purpose: Purpose) -> (X509, PKey<Private>) {
        let key = key(kind);
        let years = match purpose {
            Purpose::SigningThatEnded => (2020, 2025),
            _ => (2024, 2036),
        };
        let mut builder = started(to, &key, years);
        builder
            .set_issuer_name(self.certificate.subject_name())
            .expect("a name");
        let mut usage = KeyUsage::new();
        usage.critical();
        match purpose {
            Purpose::Encryption => usage.key_encipherment(),
            _ => usage.digital_signature().non_repudiation(),
        };
        builder
            .append_extension(usage.build().expect("an extension"))
            .expect("an extension");
        if purpose == Purpose::Timestamps {
            let only = ExtendedKeyUsage::new().critical().time_stamping().build();
            builder
                .append_extension(only.expect("an extension"))
                .expect("an extension");
        }
        builder
            .sign(&self.key, MessageDigest::sha256())
            .expect("signed");
        (builder.build(), key)
    }
}

impl Default for TestAuthority {
    fn default() -> Self {
        Self::new()
    }
}

fn key(kind: Key) -> PKey<Private> {
    match kind {
        Key::Rsa(bits) => PKey::from_rsa(Rsa::generate(bits).expect("a key")),
        Key::Ec => {
            let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
            PKey::from_ec_key(EcKey::generate(&group).expect("a key"))
        }
    }
    .expect("a key")
}

fn named(of: &str) -> openssl::x509::X509Name {
    let mut name = X509NameBuilder::new().expect("a name");
    name.append_entry_by_nid(Nid::COUNTRYNAME, "VN")
        .expect("a country");
    name.append_entry_by_nid(Nid::COMMONNAME, of)
        .expect("a name");
    name.build()
}

fn started(of: &str, key: &PKey<Private>, (from, until): (i32, i32)) -> X509Builder {
    let mut builder = X509::builder().expect("a certificate");
    builder.set_version(2).expect("version 3");
    let mut serial = BigNum::new().expect("a number");
    serial
        .rand(96, openssl::bn::MsbOption::ONE, false)
        .expect("a number");
    let serial = serial.to_asn1_integer().expect("a number");
    builder.set_serial_number(&serial).expect("a number");
    builder.set_subject_name(&named(of)).expect("a name");
    builder.set_pubkey(key).expect("a key");
    let year = |year: i32| Asn1Time::from_str(&format!("{year}0101000000Z")).expect("a day");
    builder.set_not_before(&year(from)).expect("a day");
    builder.set_not_after(&year(until)).expect("a day");
    builder
}

/// A drawer of tokens. It goes with its folder.
#[derive(Debug)]
pub struct TestTokens {
    folder: TempDir,
}

impl TestTokens {
    /// An empty drawer, of which this process and those that it starts know from now on.
    ///
    /// # Panics
    /// When the module is not there: `make setup-test` installs it.
    pub fn new() -> Self {
        assert!(Path::new(MODULE).is_file(), "softhsm2 is not installed");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let tokens = folder.path().join("tokens");
        std::fs::create_dir(&tokens).expect("a folder");
        let settings = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            tokens.display()
        );
        let file = folder.path().join("softhsm2.conf");
        std::fs::write(&file, settings).expect("a file");
        #[expect(
            unsafe_code,
            reason = "each test is a process of its own, and no other thread of it reads the \
                      environment so early"
        )]
        // SAFETY: nothing else runs yet that could read or change the environment.
        unsafe {
            std::env::set_var("SOFTHSM2_CONF", &file);
        }
        Self { folder }
    }

    /// The environment for programs that a test starts.
    pub fn environment(&self) -> (&'static str, PathBuf) {
        ("SOFTHSM2_CONF", self.folder.path().join("softhsm2.conf"))
    }

    /// Takes every token out, as somebody does who pulls one.
    ///
    /// # Panics
    /// When the files cannot be moved.
    pub fn pull_out(&self) {
        let folder = self.folder.path();
        std::fs::rename(folder.join("tokens"), folder.join("pulled out")).expect("moved");
        std::fs::create_dir(folder.join("tokens")).expect("a folder");
    }

    /// Puts a token with one key and its certificate into the drawer; gives its serial
    /// number.
    ///
    /// # Panics
    /// When the module refuses: then nothing can be tested.
    pub fn add(&self, label: &str, (certificate, key): &(X509, PKey<Private>)) -> String {
        let module = Pkcs11::new(MODULE).expect("the module");
        module
            .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
            .expect("the module");
        let slots = module.get_all_slots().expect("slots");
        let slot = *slots.last().expect("an empty slot");
        let administrator = AuthPin::new(ADMINISTRATOR_PIN.into());
        module
            .init_token(slot, &administrator, label)
            .expect("a new token");
        {
            let session = module.open_rw_session(slot).expect("a session");
            session
                .login(UserType::So, Some(&administrator))
                .expect("the administrator");
            session.init_pin(&AuthPin::new(PIN.into())).expect("a PIN");
            session.logout().expect("out");
            session
                .login(UserType::User, Some(&AuthPin::new(PIN.into())))
                .expect("the PIN");
            put(&session, certificate, key);
        }
        // The module gives a new token a slot of its own.
        let found = module.get_slots_with_token().expect("slots");
        let infos = found.iter().map(|slot| module.get_token_info(*slot));
        let serial = infos
            .filter_map(Result::ok)
            .find(|info| info.label() == label)
            .map(|info| info.serial_number().to_owned());
        module.finalize().expect("the module lets go");
        serial.expect("the token that was just made")
    }
}

impl Default for TestTokens {
    fn default() -> Self {
        Self::new()
    }
}

fn put(session: &Session, certificate: &X509, key: &PKey<Private>) {
    let id = certificate
        .digest(MessageDigest::sha1())
        .expect("a digest")
        .to_vec();
    let subject = certificate.subject_name().to_der().expect("a name");
    session
        .create_object(&[
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
            Attribute::Token(true),
            Attribute::Private(false),
            Attribute::Id(id.clone()),
            Attribute::Subject(subject),
            Attribute::Value(certificate.to_der().expect("a certificate")),
        ])
        .expect("the certificate");
    let mut parts = vec![
        Attribute::Class(ObjectClass::PRIVATE_KEY),
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        Attribute::Id(id),
    ];
    if let Ok(rsa) = key.rsa() {
        let number = |number: Option<&openssl::bn::BigNumRef>| number.expect("a part").to_vec();
        parts.extend([
            Attribute::KeyType(KeyType::RSA),
            Attribute::Modulus(rsa.n().to_vec()),
            Attribute::PublicExponent(rsa.e().to_vec()),
            Attribute::PrivateExponent(rsa.d().to_vec()),
            Attribute::Prime1(number(rsa.p())),
            Attribute::Prime2(number(rsa.q())),
            Attribute::Exponent1(number(rsa.dmp1())),
            Attribute::Exponent2(number(rsa.dmq1())),
            Attribute::Coefficient(number(rsa.iqmp())),
        ]);
    } else {
        let ec = key.ec_key().expect("an elliptic key");
        // The curve P-256 by its object identifier.
        let curve = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        parts.extend([
            Attribute::KeyType(KeyType::EC),
            Attribute::EcParams(curve.to_vec()),
            Attribute::Value(ec.private_key().to_vec()),
        ]);
    }
    session.create_object(&parts).expect("the key");
}
