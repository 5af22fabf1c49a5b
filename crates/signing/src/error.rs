//! What can go wrong when something is signed or a signature is looked at.

/// Why it was not done. None of these carries a person's data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file is not a PDF that can be read.
    #[error("the file is not a readable PDF")]
    PdfUnreadable,
    /// The file is encrypted: a revision added to it would not be readable.
    #[error("the PDF is encrypted")]
    PdfEncrypted,
    /// The file has no page to sign on.
    #[error("the PDF has no page")]
    NoPage,
    /// The font lacks what is needed to draw a name.
    #[error("the font of the signature's appearance cannot be used")]
    FontUnusable,
    /// A certificate cannot be read.
    #[error("a certificate cannot be read")]
    CertificateUnreadable,
    /// The key is of a kind that this program does not sign with.
    #[error("the key is of a kind that is not signed with")]
    KeyUnusable,
    /// A signature, its parts or a timestamp cannot be read.
    #[error("the signature cannot be read")]
    SignatureUnreadable,
    /// The signature needs more room than was kept free for it.
    #[error("the signature needs {needed} bytes and {kept} were kept free")]
    NoRoom {
        /// What it needs.
        needed: usize,
        /// What was kept free.
        kept: usize,
    },
    /// What was just signed is not found intact when it is read again.
    #[error("the signed file does not read back as it was signed")]
    ReadBackDiffers,

    /// The module of the token's maker is not on this computer or cannot be loaded.
    #[error("the module of the token cannot be loaded")]
    ModuleAbsent,
    /// No token is plugged in, or it was pulled out.
    #[error("the token is not there")]
    TokenGone,
    /// The token holds no certificate with a key to sign with.
    #[error("the token holds no certificate to sign with")]
    NothingToSignWith,
    /// The PIN is wrong.
    #[error("the PIN is wrong")]
    WrongPin {
        /// One more wrong one locks the token, as far as it says.
        last_try: bool,
    },
    /// The token has one try left, and nobody said that it may be used up.
    #[error("one more wrong PIN would lock the token")]
    LastTry,
    /// Too many wrong PINs: the token is locked.
    #[error("the token is locked")]
    PinLocked,
    /// The PIN must be changed with the maker's program first.
    #[error("the PIN must be changed first")]
    PinExpired,
    /// The token answered with something else.
    #[error("the token failed: {0}")]
    TokenFailed(String),

    /// The timestamp authority does not answer.
    #[error("the timestamp authority does not answer")]
    AuthoritySilent,
    /// The timestamp authority refused, or answered something else than asked.
    #[error("the timestamp does not fit what was asked")]
    TimestampRefused,
}

impl Error {
    /// Its stable name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::PdfUnreadable => "pdf_unreadable",
            Self::PdfEncrypted => "pdf_encrypted",
            Self::NoPage => "no_page",
            Self::FontUnusable => "font_unusable",
            Self::CertificateUnreadable => "certificate_unreadable",
            Self::KeyUnusable => "key_unusable",
            Self::SignatureUnreadable => "signature_unreadable",
            Self::NoRoom { .. } => "no_room",
            Self::ReadBackDiffers => "read_back_differs",
            Self::ModuleAbsent => "module_absent",
            Self::TokenGone => "token_gone",
            Self::NothingToSignWith => "nothing_to_sign_with",
            Self::WrongPin { last_try: false } => "wrong_pin",
            Self::WrongPin { last_try: true } => "wrong_pin_last_try",
            Self::LastTry => "last_try",
            Self::PinLocked => "pin_locked",
            Self::PinExpired => "pin_expired",
            Self::TokenFailed(_) => "token_failed",
            Self::AuthoritySilent => "authority_silent",
            Self::TimestampRefused => "timestamp_refused",
        }
    }

    /// The error of that name; a failing token's own code comes with it.
    pub fn from_name(name: &str, code: String) -> Option<Self> {
        let known = [
            Self::PdfUnreadable,
            Self::PdfEncrypted,
            Self::NoPage,
            Self::FontUnusable,
            Self::CertificateUnreadable,
            Self::KeyUnusable,
            Self::SignatureUnreadable,
            Self::NoRoom { needed: 0, kept: 0 },
            Self::ReadBackDiffers,
            Self::ModuleAbsent,
            Self::TokenGone,
            Self::NothingToSignWith,
            Self::WrongPin { last_try: false },
            Self::WrongPin { last_try: true },
            Self::LastTry,
            Self::PinLocked,
            Self::PinExpired,
            Self::TokenFailed(code),
            Self::AuthoritySilent,
            Self::TimestampRefused,
        ];
        known.into_iter().find(|error| error.name() == name)
    }
}
