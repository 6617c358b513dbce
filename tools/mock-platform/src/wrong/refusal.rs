//! How the Tool refuses: its stable codes, each with its HTTP status.

/// What the Tool answers to a wrong launch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) status: u16,
}

const fn refusal(status: u16, code: &'static str) -> Refusal {
    Refusal { code, status }
}

pub(super) const LOGIN_PARAMETER_MISSING: Refusal = refusal(400, "login_parameter_missing");
pub(super) const PARAMETER_REPEATED: Refusal = refusal(400, "parameter_repeated");
pub(super) const REGISTRATION_UNKNOWN: Refusal = refusal(400, "registration_unknown");
pub(super) const AUTHENTICATION_REFUSED: Refusal = refusal(400, "authentication_refused");
pub(super) const STATE_MISSING: Refusal = refusal(400, "state_missing");
pub(super) const STATE_INVALID: Refusal = refusal(400, "state_invalid");
pub(super) const ID_TOKEN_MISSING: Refusal = refusal(400, "id_token_missing");
pub(super) const TOKEN_MALFORMED: Refusal = refusal(400, "token_malformed");
pub(super) const CLAIM_MISSING: Refusal = refusal(400, "claim_missing");
pub(super) const CLAIM_INVALID: Refusal = refusal(400, "claim_invalid");
pub(super) const VERSION_UNSUPPORTED: Refusal = refusal(400, "version_unsupported");
pub(super) const MESSAGE_TYPE_UNKNOWN: Refusal = refusal(400, "message_type_unknown");
pub(super) const TOKEN_ALGORITHM_REFUSED: Refusal = refusal(401, "token_algorithm_refused");
pub(super) const TOKEN_HEADER_REFUSED: Refusal = refusal(401, "token_header_refused");
pub(super) const KEY_ID_MISSING: Refusal = refusal(401, "key_id_missing");
pub(super) const KEY_ID_UNKNOWN: Refusal = refusal(401, "key_id_unknown");
pub(super) const SIGNATURE_INVALID: Refusal = refusal(401, "signature_invalid");
pub(super) const ISSUER_MISMATCH: Refusal = refusal(401, "issuer_mismatch");
pub(super) const AUDIENCE_MISMATCH: Refusal = refusal(401, "audience_mismatch");
pub(super) const TOKEN_EXPIRED: Refusal = refusal(401, "token_expired");
pub(super) const TOKEN_NOT_YET_VALID: Refusal = refusal(401, "token_not_yet_valid");
pub(super) const NONCE_MISMATCH: Refusal = refusal(401, "nonce_mismatch");
pub(super) const USER_MISSING: Refusal = refusal(401, "user_missing");
pub(super) const DEPLOYMENT_UNKNOWN: Refusal = refusal(403, "deployment_unknown");
pub(super) const LAUNCH_ALREADY_USED: Refusal = refusal(409, "launch_already_used");
