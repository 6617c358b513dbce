//! The ways in which a launch can be spoiled.
//!
//! JSON stands as text, so that the catalogue is a constant and a header or payload can be wrong as text.

/// One way to spoil a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The login initiation is wrong; there will be no token.
    Login(LoginFault),
    /// The header is wrong.
    Header(HeaderFault),
    /// The signature is wrong for what it signs.
    Signature(SignatureFault),
    /// The payload is wrong as text, before any claim is read. Rightly signed.
    Payload(PayloadFault),
    /// Claims are wrong. Rightly signed.
    Claims(ClaimsFault),
    /// The token is right and the form around it is wrong.
    Form(FormFault),
}

/// A wrong login initiation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginFault {
    /// A parameter has another value.
    Set {
        /// The parameter's name.
        name: &'static str,
        /// The value that takes the right one's place.
        value: &'static str,
    },
    /// A parameter is absent.
    Remove(&'static str),
    /// A parameter comes twice, the second time with another value.
    Repeat {
        /// The parameter's name.
        name: &'static str,
        /// Its second value.
        value: &'static str,
    },
}

/// A wrong header. But for [`HeaderFault::EmbeddedKey`], the Platform's key signs what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderFault {
    /// The header is this text.
    Text(&'static str),
    /// A member has another value.
    Set {
        /// The member's name.
        member: &'static str,
        /// Its value, as JSON text.
        json: &'static str,
    },
    /// A member is absent.
    Remove(&'static str),
    /// The header brings a stranger's public key as `jwk`, and the stranger has signed.
    EmbeddedKey,
}

/// A wrong signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureFault {
    /// There is none: this `alg`, and nothing after the second dot.
    Absent {
        /// The header's `alg`.
        alg: &'static str,
    },
    /// HS256, with the PEM text of the Platform's public key as the secret.
    HmacWithPublicKey,
    /// Made by a stranger's key under the Platform's `kid`.
    StrangersKey,
    /// One bit of it is flipped.
    BitFlipped,
    /// The right token, with more parts after it.
    PartsAdded(&'static str),
    /// Made for other claims: the payload was changed afterwards, this claim to this value.
    PayloadChangedAfterwards {
        /// The claim's name.
        claim: &'static str,
        /// Its value, as JSON text.
        json: &'static str,
    },
}

/// A wrong payload text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadFault {
    /// Header and payload are these texts.
    Text {
        /// The header.
        header: &'static str,
        /// The payload.
        payload: &'static str,
    },
    /// The `id_token` is this text: no token at all.
    NoToken(&'static str),
    /// A claim comes twice, this value first and the right one after it.
    Duplicate {
        /// The claim's name.
        claim: &'static str,
        /// The first value, as JSON text.
        json: &'static str,
    },
}

/// Wrong claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimsFault {
    /// A claim has another value.
    Set {
        /// The claim's name.
        claim: &'static str,
        /// Its value, as JSON text.
        json: &'static str,
    },
    /// Claims are absent.
    Remove(&'static [&'static str]),
    /// A claim that is a text has this at its end.
    Append {
        /// The claim's name.
        claim: &'static str,
        /// What is added.
        suffix: &'static str,
    },
    /// A claim that is a number comes as a text.
    AsText(&'static str),
    /// The audience is a list: this Tool and another one.
    AudienceAdded(&'static str),
    /// `iat` and `exp` of the certification suite's case B7.
    Times {
        /// Unix seconds.
        issued_at: u64,
        /// Unix seconds.
        expires_at: u64,
    },
    /// `iat` and `exp` are this many seconds later, or earlier when negative.
    TimesShifted(i64),
    /// `nbf` is this many seconds after `iat`.
    NotBefore(u64),
}

/// A wrong form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormFault {
    /// A field is absent.
    Remove(&'static str),
    /// A field comes twice, with the same value.
    Repeat(&'static str),
    /// One character in the middle of the state is another.
    StateTampered,
    /// The Platform answers with an error and no token.
    PlatformError {
        /// The OpenID Connect error code.
        error: &'static str,
        /// What a person reads.
        description: &'static str,
    },
    /// The right form, posted twice.
    PostedTwice,
}
