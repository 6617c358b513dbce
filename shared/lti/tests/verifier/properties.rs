//! What holds whatever anybody sends.

use std::sync::LazyLock;

use doorway_lti::id_token::UnverifiedIdToken;
use doorway_lti::json::parse_object;
use doorway_lti::key_set::{Algorithm, KeySet};
use doorway_lti::role::{Role, Roles};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::support::*;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Text of all kinds, among it what nearly is a token.
fn token_like() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        any::<Vec<u8>>().prop_map(base64url),
        json_value().prop_map(|value| base64url(value.to_string())),
        Just(base64url(header().to_string())),
        Just(base64url(good().to_string())),
        "[A-Za-z0-9_=+/ -]{0,40}",
    ];
    let cut = (any::<prop::sample::Index>(), any::<String>()).prop_map(|(at, insertion)| {
        let at = at.index(good_token().len());
        format!("{}{insertion}{}", &good_token()[..at], &good_token()[at..])
    });
    prop_oneof![any::<String>(), prop::collection::vec(part, 0..6).prop_map(|parts| parts.join(".")), cut]
}

/// JSON of every kind; its maps cannot hold a member twice.
fn json_value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number,
        any::<String>().prop_map(Value::from)
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn json_object() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::hash_map(any::<String>(), json_value(), 0..6).prop_map(|map| map.into_iter().collect())
}

/// Arbitrary bytes, and key sets of one arbitrary key.
fn key_set_like() -> impl Strategy<Value = Vec<u8>> {
    let one_key = json_object().prop_map(|key| json!({ "keys": [key] }).to_string().into_bytes());
    prop_oneof![any::<Vec<u8>>(), one_key]
}

/// The name of a claim that is in the good token.
fn claim_name() -> impl Strategy<Value = String> {
    select(good().as_object().unwrap().keys().cloned().collect::<Vec<_>>())
}

const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2/";

/// The sub-roles of Instructor, written out a second time (launch digest §6).
const TEACHING: [&str; 12] = [
    "ExternalInstructor",
    "Grader",
    "GuestInstructor",
    "Lecturer",
    "PrimaryInstructor",
    "SecondaryInstructor",
    "TeachingAssistant",
    "TeachingAssistantGroup",
    "TeachingAssistantOffering",
    "TeachingAssistantSection",
    "TeachingAssistantSectionAssociation",
    "TeachingAssistantTemplate",
];

/// Every text that makes somebody an instructor of the context.
static GRANTING: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut texts = vec![
        "Instructor".to_owned(),
        "urn:lti:role:ims/lis/Instructor".to_owned(),
        format!("{LIS}membership#Instructor"),
    ];
    for name in TEACHING {
        texts.push(format!("{LIS}membership/Instructor#{name}"));
        texts.push(format!("urn:lti:role:ims/lis/Instructor/{name}"));
    }
    texts
});

/// Arbitrary text, and text put together from the pieces of the vocabulary.
fn role_like() -> impl Strategy<Value = String> {
    let piece = select(vec![
        LIS,
        "https://purl.imsglobal.org/vocab/lis/v2/",
        "urn:lti:role:ims/lis/",
        "urn:lti:instrole:ims/lis/",
        "urn:lti:sysrole:ims/lis/",
        "membership",
        "institution/person",
        "system/person",
        "person",
        "#",
        "/",
        " ",
        ",",
        "Instructor",
        "instructor",
        "Learner",
        "Administrator",
        "Mentor",
        "TeachingAssistant",
        "Lecturer",
        "Grader",
    ]);
    let near =
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<char>()).prop_map(|(which, at, c)| {
            let mut text = GRANTING[which.index(GRANTING.len())].clone();
            text.insert(at.index(text.len() + 1), c);
            text
        });
    let exact = any::<prop::sample::Index>().prop_map(|which| GRANTING[which.index(GRANTING.len())].clone());
    prop_oneof![
        1 => any::<String>(),
        6 => prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat()),
        2 => near,
        1 => exact,
    ]
}

/// Every way to write this role (launch digest §6): in the vocabulary, and in the forms that came before it.
fn spellings(role: &Role) -> Vec<String> {
    let person = format!("{LIS}person");
    match role {
        Role::Context { principal, sub_role: None } => {
            let name = principal.name();
            vec![name.to_owned(), format!("{LIS}membership#{name}"), format!("urn:lti:role:ims/lis/{name}")]
        }
        Role::Context { principal, sub_role: Some(sub) } => {
            let name = principal.name();
            vec![format!("{LIS}membership/{name}#{sub}"), format!("urn:lti:role:ims/lis/{name}/{sub}")]
        }
        Role::Institution(name) => vec![
            format!("{LIS}institution/person#{name}"),
            format!("urn:lti:instrole:ims/lis/{name}"),
            format!("{person}#{name}"),
        ],
        Role::System(name) => {
            // Where both vocabularies have the word, the old form without one names the institution's.
            let is_shared = ["Administrator", "None"].contains(name);
            let mut spellings = vec![format!("{LIS}system/person#{name}"), format!("urn:lti:sysrole:ims/lis/{name}")];
            spellings.extend((!is_shared).then(|| format!("{person}#{name}")));
            spellings
        }
        Role::TestUser => vec!["http://purl.imsglobal.org/vocab/lti/system/person#TestUser".to_owned()],
        Role::Unrecognised(text) => vec![text.clone()],
    }
}

/// Words of the vocabulary in every form, be it theirs or not.
fn known_role() -> impl Strategy<Value = String> {
    let name = select(
        "Administrator ContentDeveloper Instructor Learner Mentor Manager Member Officer Faculty Student Staff Guest None \
         Other Observer ProspectiveStudent Alumni AccountAdmin Creator SysAdmin SysSupport User TestUser Vice-Chair"
            .split_whitespace()
            .collect::<Vec<_>>(),
    );
    let sub =
        select(vec!["TeachingAssistant", "Grader", "Instructor", "Learner", "NonCreditLearner", "Observer", "Tutor"]);
    (name, sub, 0..8usize).prop_map(|(name, sub, form)| match form {
        0 => name.to_owned(),
        1 => format!("{LIS}membership#{name}"),
        2 => format!("{LIS}membership/{name}#{sub}"),
        3 => format!("{LIS}institution/person#{name}"),
        4 => format!("{LIS}system/person#{name}"),
        5 => format!("{LIS}person#{name}"),
        6 => format!("urn:lti:role:ims/lis/{name}/{sub}"),
        _ => format!("urn:lti:{}role:ims/lis/{name}", ["", "inst", "sys"][name.len() % 3]),
    })
}

const AGREED: [Algorithm; 5] =
    [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::ES256, Algorithm::ES384];

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn no_text_makes_the_parser_panic(text in token_like()) {
        let parsed = UnverifiedIdToken::parse(&text, &AGREED).map(|token| token.unverified_key_id().clone());
        if let Err(rejection) = parsed {
            prop_assert!(!rejection.code().is_empty() && rejection.to_string().len() < 500);
        }
    }

    #[test]
    fn no_bytes_make_the_key_set_panic(bytes in key_set_like()) {
        let _ = KeySet::parse(&bytes).map(|keys| keys.usable_keys());
    }

    #[test]
    fn json_is_read_as_serde_json_reads_it(object in json_object()) {
        for text in [serde_json::to_string(&object).unwrap(), serde_json::to_string_pretty(&object).unwrap()] {
            let theirs: Map<String, Value> = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(parse_object(text.as_bytes()), Ok(theirs));
        }
    }

    /// A second writing of the vocabulary's spellings: what is no spelling of a role is not that role.
    #[test]
    fn a_role_is_known_by_its_spellings_and_by_nothing_else(text in prop_oneof![role_like(), known_role()]) {
        let role = Role::parse(&text);
        prop_assert_eq!(&Role::parse(&role.uri()), &role, "{}", role.uri());
        let spellings = spellings(&role);
        prop_assert!(spellings.contains(&text), "{} is taken for {}", text, role.uri());
        for spelling in spellings {
            prop_assert_eq!(&Role::parse(&spelling), &role, "{}", spelling);
        }
    }

    #[test]
    fn roles_in_any_number_are_each_there_once(texts in prop::collection::vec(role_like(), 0..8), odd in json_value()) {
        let mut sent: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
        sent.push(odd);
        let roles = Roles::read(Some(&Value::from(sent)));
        let expected: std::collections::HashSet<Role> =
            texts.iter().filter(|text| !text.is_empty()).map(|text| Role::parse(text)).collect();
        let read: Vec<&Role> = roles.iter().collect();
        prop_assert!(expected.iter().all(|role| read.contains(&role)));
        prop_assert!(read.len() <= expected.len() + 1, "{:?}", read);
    }

    #[test]
    fn nobody_teaches_but_by_a_word_of_the_vocabulary(text in role_like()) {
        let roles = Roles::read(Some(&json!([text])));
        prop_assert_eq!(roles.is_instructor(), GRANTING.contains(&text), "{}", text);
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn no_single_bit_of_a_token_can_be_flipped(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let mut bytes = good_token().as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        // Half of the flips are no text any more: those cannot even be asked about.
        if let Ok(text) = std::str::from_utf8(&bytes) {
            prop_assert!(Tool::default().verify(text).is_err(), "byte {}, bit {}", at, bit);
        }
    }

    #[test]
    fn claims_of_any_kind_are_refused_or_read(name in claim_name(), value in json_value()) {
        let _ = Tool::default().launch(&token(&with(&name, value)));
    }
}

#[test]
fn every_character_of_the_signature_counts() {
    let (header, payload, signature) = parts(good_token());
    for at in 0..signature.len() {
        let other = if &signature[at..=at] == "A" { "B" } else { "A" };
        let changed = format!("{header}.{payload}.{}{other}{}", &signature[..at], &signature[at + 1..]);
        assert!(Tool::default().verify(&changed).is_err(), "character {at}");
    }
    accepts("the good token afterwards", good_token());
}
