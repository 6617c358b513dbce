//! What LTI 1.1 called the same user, course and link, so that an App finds the accounts that it already has: the
//! migration claim, and what must have been signed before it may be believed.
//!
//! The id token proves that the Platform says so. It does not prove that this Platform was the consumer of LTI 1.1 whose
//! accounts it names: for that the Platform signs with that consumer's shared secret. A [`MigrationClaim`] holds what it
//! says and what must have been signed, and believes neither. The secrets, and the check, are not in this crate: no
//! symmetric cryptography is (see [`crate::key_set::Algorithm`]).
//!
//! Everything is read leniently: nothing in the claim can fail a launch.
//!
//! Spec: LTI 1.1 to 1.3 migration guide, "Migration claim".

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;

use crate::claim;
use crate::json::Object;
use crate::message::Launch;
use crate::tolerant;

/// The length of a signature, in bytes: HMAC-SHA-256.
pub const SIGNATURE_BYTES: usize = 32;

/// What LTI 1.1 called the things of this launch.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LegacyIds {
    /// `user_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// `context_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_id: Option<String>,
    /// `resource_link_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_link_id: Option<String>,
    /// `tool_consumer_instance_guid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_consumer_instance_guid: Option<String>,
}

impl fmt::Debug for LegacyIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LegacyIds([redacted])")
    }
}

/// What a launch says of LTI 1.1. Nothing of it is proven but that the Platform says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationClaim {
    consumer_key: Option<String>,
    ids: LegacyIds,
    proof: Option<Proof>,
}

/// What the holder of a consumer's shared secret must have signed, and the signature that came.
#[derive(Clone, PartialEq, Eq)]
pub struct Proof {
    consumer_key: String,
    base: Option<String>,
    signature: Option<[u8; SIGNATURE_BYTES]>,
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proof({}, [redacted])", self.consumer_key)
    }
}

impl MigrationClaim {
    /// Reads what `claims`, those of `launch`, say of LTI 1.1; `None` when they say nothing.
    ///
    /// The ids follow the guide's rule: a member must be sent where its value of LTI 1.1 differs, and may be left out
    /// where both are equal. So what the claim leaves out is the value of LTI 1.3. A member that is there and is no id
    /// (`null`, empty, of another type) says that they differ and not what it is, so it stands for nothing. Canvas tells
    /// the user also beside the claim; that counts where the claim names none.
    pub fn read(launch: &Launch, claims: &Object) -> Option<Self> {
        let migration = tolerant::object(claims, claim::LTI_1P1);
        let legacy_user_id = tolerant::id(claims, claim::LTI11_LEGACY_USER_ID);
        let Some(migration) = migration else {
            let ids = LegacyIds { user_id: Some(legacy_user_id?), ..LegacyIds::default() };
            return Some(Self { consumer_key: None, ids, proof: None });
        };
        let id = |name: &str, current: Option<&str>| match migration.contains_key(name) {
            true => tolerant::id(migration, name),
            false => current.map(str::to_owned),
        };
        let user_id = tolerant::id(migration, "user_id").or(legacy_user_id);
        let ids = LegacyIds {
            user_id: user_id.or_else(|| id("user_id", launch.user_id.as_ref().map(|id| id.as_str()))),
            context_id: id("context_id", launch.context.as_ref().map(|context| context.id.as_str())),
            resource_link_id: id("resource_link_id", launch.resource_link().map(|link| link.id.as_str())),
            tool_consumer_instance_guid: id(
                "tool_consumer_instance_guid",
                launch.platform.as_ref().and_then(|platform| platform.guid.as_deref()),
            ),
        };
        let consumer_key = tolerant::id(migration, "oauth_consumer_key");
        let proof = consumer_key.as_deref().and_then(|key| Proof::read(key, migration, launch, claims));
        Some(Self { consumer_key, ids, proof })
    }

    /// Which consumer of LTI 1.1 the Platform says that it was.
    pub fn unverified_consumer_key(&self) -> Option<&str> {
        self.consumer_key.as_deref()
    }

    /// What it says that LTI 1.1 called the things of this launch.
    pub fn unverified_ids(&self) -> &LegacyIds {
        &self.ids
    }

    /// What proves that it was that consumer; `None` when it offers no proof.
    pub fn proof(&self) -> Option<&Proof> {
        self.proof.as_ref()
    }
}

impl Proof {
    fn read(consumer_key: &str, migration: &Object, launch: &Launch, claims: &Object) -> Option<Self> {
        let sent = migration.get("oauth_consumer_key_sign")?.as_str().filter(|sent| !sent.is_empty())?;
        let expires_at = claims.get("exp").and_then(Value::as_u64).map(|exp| exp.to_string());
        let nonce = claims.get("nonce").and_then(Value::as_str);
        let base = expires_at.as_deref().zip(nonce).and_then(|(expires_at, nonce)| {
            let Launch { issuer, client_id, deployment_id, .. } = launch;
            base_string([consumer_key, deployment_id.as_str(), issuer.as_str(), client_id.as_str(), expires_at, nonce])
        });
        let signature = STANDARD.decode(sent).ok().and_then(|bytes| bytes.try_into().ok());
        Some(Self { consumer_key: consumer_key.to_owned(), base, signature })
    }

    /// Whose secret must have signed it.
    pub fn consumer_key(&self) -> &str {
        &self.consumer_key
    }

    /// What must have been signed, and the signature that came. `None` when the launch holds a value that cannot be signed
    /// without doubt, or what came is no signature at all.
    pub fn signed(&self) -> Option<(&[u8], &[u8; SIGNATURE_BYTES])> {
        self.base.as_deref().map(str::as_bytes).zip(self.signature.as_ref())
    }
}

/// The text that is signed: `oauth_consumer_key`, `deployment_id`, `iss`, `client_id`, `exp` and `nonce`, joined by `&`.
///
/// The values are joined as they are, without encoding. So a value with an `&` in it could pass for two, and what was
/// signed for one Platform could be read as signed for another: such values have no base string.
pub fn base_string(values: [&str; 6]) -> Option<String> {
    if values.iter().any(|value| value.contains('&')) { None } else { Some(values.join("&")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ids::{ClientId, DeploymentId, Issuer};

    /// What a launch with these claims beside the required ones says of LTI 1.1.
    fn read(claims: Value) -> Option<MigrationClaim> {
        let mut all = json!({
            claim::MESSAGE_TYPE: "LtiResourceLinkRequest",
            claim::RESOURCE_LINK: { "id": "link" },
            claim::CONTEXT: { "id": "context" },
            "sub": "user",
            "exp": 1_800_000_300,
            "nonce": "nonce",
        });
        all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        let all = all.as_object().unwrap();
        let launch = Launch::from_stored_claims(
            Issuer::try_from("https://lms.example").unwrap(),
            ClientId::try_from("client").unwrap(),
            DeploymentId::try_from("deployment").unwrap(),
            all,
        );
        MigrationClaim::read(&launch.unwrap(), all)
    }

    fn ids(claim: &Value) -> [Option<String>; 3] {
        let claim = read(json!({ claim::LTI_1P1: claim })).unwrap();
        let ids = claim.unverified_ids().clone();
        [ids.user_id, ids.context_id, ids.resource_link_id]
    }

    fn proof(sign: &Value, more: &Value) -> Option<Proof> {
        let mut claims = json!({ claim::LTI_1P1: { "oauth_consumer_key": "key", "oauth_consumer_key_sign": sign } });
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        read(claims).unwrap().proof().cloned()
    }

    #[test]
    fn what_the_claim_leaves_out_is_as_in_lti_1_3_and_what_is_no_id_is_nothing() {
        let owned = |ids: [Option<&str>; 3]| ids.map(|id| id.map(str::to_owned));
        assert_eq!(ids(&json!({})), owned([Some("user"), Some("context"), Some("link")]));
        let sent = json!({ "user_id": "u", "context_id": "c", "resource_link_id": "l" });
        assert_eq!(ids(&sent), owned([Some("u"), Some("c"), Some("l")]));
        let odd = json!({ "user_id": null, "context_id": "", "resource_link_id": [] });
        assert_eq!(ids(&odd), owned([None, None, None]));
    }

    #[test]
    fn a_user_id_beside_the_claim_is_enough_and_proves_nothing() {
        assert!(read(json!({})).is_none());
        let beside = read(json!({ claim::LTI11_LEGACY_USER_ID: "u" })).unwrap();
        assert_eq!(beside.unverified_ids(), &LegacyIds { user_id: Some("u".to_owned()), ..LegacyIds::default() });
        assert_eq!((beside.unverified_consumer_key(), beside.proof()), (None, None));
    }

    #[test]
    fn a_proof_is_a_signature_over_all_six_values() {
        let signature = STANDARD.encode([7; SIGNATURE_BYTES]);
        let proof_of = proof(&json!(signature), &json!({})).unwrap();
        assert_eq!(proof_of.consumer_key(), "key");
        let base = b"key&deployment&https://lms.example&client&1800000300&nonce".as_slice();
        assert_eq!(proof_of.signed(), Some((base, &[7; SIGNATURE_BYTES])));
        for sign in [json!(""), json!(null), json!(7), json!([signature])] {
            assert!(proof(&sign, &json!({})).is_none(), "{sign}");
        }
        for sign in ["no base64!", &STANDARD.encode([7; 31]), &STANDARD.encode([7; 33])] {
            assert_eq!(proof(&json!(sign), &json!({})).unwrap().signed(), None, "{sign}");
        }
        for more in [json!({ "nonce": "a&b" }), json!({ "nonce": 7 }), json!({ "exp": 1.5 })] {
            assert_eq!(proof(&json!(signature), &more).unwrap().signed(), None, "{more}");
        }
    }

    #[test]
    fn a_consumer_key_without_a_signature_proves_nothing() {
        let claim = read(json!({ claim::LTI_1P1: { "oauth_consumer_key": "key" } })).unwrap();
        assert_eq!((claim.unverified_consumer_key(), claim.proof()), (Some("key"), None));
    }

    #[test]
    fn values_that_could_pass_for_two_have_no_base_string() {
        assert_eq!(base_string(["a", "b", "c", "d", "e", "f"]).as_deref(), Some("a&b&c&d&e&f"));
        for place in 0..6 {
            let mut values = ["a", "b", "c", "d", "e", "f"];
            values[place] = "x&y";
            assert_eq!(base_string(values), None, "{place}");
        }
    }
}
