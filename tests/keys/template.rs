//! Who may read and write keys in `infra/template.yaml`.

const TEMPLATE: &str = include_str!("../../infra/template.yaml");

/// The template's resources, by the comment line that begins each function's block.
fn block(function: &str) -> &'static str {
    let (_, rest) = TEMPLATE.split_once(&format!("# ---- {function}: ")).expect("every function has a block");
    rest.split("\n  # ---- ").next().unwrap_or_default().split("\nOutputs:").next().unwrap_or_default()
}

#[test]
fn no_function_on_the_open_internet_can_read_a_signing_key() {
    for function in ["login", "launch", "jwks", "launches"] {
        assert!(!block(function).contains("SigningKeys"), "{function}");
    }
    for function in ["deep-link", "scores", "deliver-scores", "memberships", "rotate-keys"] {
        assert!(block(function).contains("SigningKeys"), "{function}");
    }
}

#[test]
fn the_secrets_of_lti_1_1_are_read_where_launches_are_redeemed_and_nowhere_else() {
    let (resources, _) = TEMPLATE.split_once("\nOutputs:").expect("there are outputs");
    assert!(block("launches").contains("Resource: !Ref Lti11Secrets"));
    assert!(block("launches").contains("DOORWAY_LTI11_SECRETS: !Ref Lti11Secrets"));
    assert_eq!(resources.matches("!Ref Lti11Secrets").count(), 2);
}

#[test]
fn only_the_rotation_writes_secrets_and_only_secrets_manager_calls_it() {
    assert_eq!(TEMPLATE.matches("secretsmanager:PutSecretValue").count(), 1);
    let rotation = block("rotate-keys");
    assert!(rotation.contains("secretsmanager:PutSecretValue"));
    assert!(rotation.contains("Resource: [!Ref SigningKeys, !Ref StateKey]"));
    assert!(rotation.contains("dynamodb:LeadingKeys: [tool-keys]"));
    assert!(rotation.contains("Principal: secretsmanager.amazonaws.com"));
    assert!(rotation.contains("SourceAccount: !Ref AWS::AccountId"));
    assert!(!rotation.contains("AppKeys") && !rotation.contains("RouteKey"));
}
