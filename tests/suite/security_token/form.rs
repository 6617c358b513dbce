//! V10 to V12, V15: tokens that two readers could read differently, or that are too much.

use doorway_tests::forge::base64url;

use super::*;

/// Replaces one part of a right token.
fn part(token: &str, index: usize, change: impl FnOnce(&str) -> String) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[index] = change(&parts[index]);
    parts.join(".")
}

/// The last letter of base64url text with one unused bit set: a lenient decoder reads the same bytes.
fn with_stray_bit(text: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = ALPHABET.iter().position(|letter| text.ends_with(char::from(*letter))).unwrap_or_default();
    format!("{}{}", &text[..text.len() - 1], char::from(ALPHABET[last | 1]))
}

/// JSON text, with spaces behind it until its base64url has unused bits.
fn padded(text: String) -> String {
    let spaces = usize::from(text.len().is_multiple_of(3));
    text + &" ".repeat(spaces)
}

#[tokio::test]
async fn v10_only_the_bytes_that_were_signed_are_read() {
    let attack = Attack::prepare().await;
    let token = |attack: &Attack, claims: &Value| {
        attack.key().token(&padded(attack.key().header().to_string()), &padded(claims.to_string()))
    };
    attack.accepts("as signed", &|attack, claims| token(attack, &claims)).await;
    for (index, name) in ["header", "payload", "signature"].into_iter().enumerate() {
        let forgery = |attack: &Attack, claims: Value| part(&token(attack, &claims), index, with_stray_bit);
        attack.refuses(name, 400, "token_malformed", &forgery).await;
    }
    // The same JSON, written otherwise.
    let respaced = |attack: &Attack, claims: Value| {
        let pretty = serde_json::to_string_pretty(&claims).unwrap_or_default();
        part(&token(attack, &claims), 1, |_| base64url(pretty))
    };
    attack.refuses("payload written otherwise", 401, "signature_invalid", &respaced).await;
    let reheaded = |attack: &Attack, claims: Value| {
        part(&token(attack, &claims), 0, |_| base64url(attack.key().header().to_string().replace(',', ", ")))
    };
    attack.refuses("header written otherwise", 401, "signature_invalid", &reheaded).await;
    attack.fetched_nothing_more();
}

#[tokio::test]
async fn v11_only_three_strict_base64url_parts_are_a_token() {
    let attack = Attack::prepare().await;
    type Change = fn(&str) -> String;
    let changes: [(&str, Change); 18] = [
        ("two parts", |token| token.rsplit_once('.').map(|(rest, _)| rest.to_owned()).unwrap_or_default()),
        ("four parts", |token| format!("{token}.AAAA")),
        ("five parts", |token| format!("{token}.AAAA.AAAA")),
        ("an empty header", |token| part(token, 0, |_| String::new())),
        ("an empty payload", |token| part(token, 1, |_| String::new())),
        ("an empty signature", |token| part(token, 2, |_| String::new())),
        ("a dot before", |token| format!(".{token}")),
        ("a dot behind", |token| format!("{token}.")),
        ("a space before", |token| format!(" {token}")),
        ("a newline behind", |token| format!("{token}\n")),
        ("a newline within", |token| part(token, 1, |payload| payload.replacen('J', "J\n", 1))),
        ("padding", |token| format!("{token}==")),
        ("a quote", |token| format!("\"{token}\"")),
        ("plus", |token| part(token, 2, |signature| format!("+{}", &signature[1..]))),
        ("slash", |token| part(token, 2, |signature| format!("/{}", &signature[1..]))),
        ("escaped twice", |token| token.replace('.', "%2E")),
        ("not ASCII", |token| part(token, 1, |payload| format!("\u{ff21}{}", &payload[1..]))),
        ("JSON serialization", |token| {
            let parts: Vec<&str> = token.split('.').collect();
            json!({"protected": parts[0], "payload": parts[1], "signature": parts[2]}).to_string()
        }),
    ];
    for (case, change) in changes {
        let forgery = |attack: &Attack, claims: Value| change(&attack.key().id_token(&claims));
        attack.refuses(case, 400, "token_malformed", &forgery).await;
    }
    for payload in ["", "null", "[]", "\"text\"", "7", "{", "{}x", "{}{}", "\u{feff}{}", "{'iss':1}", "{\"a\":1,}"] {
        let forgery = |attack: &Attack, _: Value| attack.key().token(&attack.key().header().to_string(), payload);
        attack.refuses(payload, 400, "token_malformed", &forgery).await;
        let forgery = |attack: &Attack, claims: Value| attack.key().token(payload, &claims.to_string());
        attack.refuses(payload, 400, "token_malformed", &forgery).await;
    }
    attack.fetched_nothing_more();
}

#[tokio::test]
async fn v12_a_member_twice_is_refused_at_every_depth() {
    let attack = Attack::prepare().await;
    for (case, more) in [
        ("iss", r#""iss":"https://lms.example""#),
        ("another iss", r#""iss":"https://evil.example""#),
        ("escaped iss", r#""\u0069ss":"https://evil.example""#),
        ("aud", r#""aud":["client-1"]"#),
        ("sub", r#""sub":"1""#),
        ("within", r#""x":{"a":1,"a":2}"#),
        ("deep within", r#""x":[{"y":[{"a":1,"\u0061":1}]}]"#),
    ] {
        for behind in [true, false] {
            let forgery = |attack: &Attack, claims: Value| {
                let claims = claims.to_string();
                let inner = &claims[1..claims.len() - 1];
                let text = if behind { format!("{{{inner},{more}}}") } else { format!("{{{more},{inner}}}") };
                attack.key().token(&attack.key().header().to_string(), &text)
            };
            attack.refuses(case, 400, "token_malformed", &forgery).await;
        }
    }
    for more in [r#""alg":"none""#, r#""alg":"RS256""#, r#""\u0061lg":"HS256""#, r#""kid":"other""#] {
        let header = attack.key().header().to_string().replace('}', &format!(",{more}}}"));
        attack.refuses_header(more, 400, "token_malformed", &header).await;
    }
    attack.fetched_nothing_more();
}

#[tokio::test]
async fn v15_what_is_too_large_or_too_deep_is_refused_before_it_costs_anything() {
    let attack = Attack::prepare().await;
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let with = |value: String| {
        move |attack: &Attack, claims: Value| {
            let claims = claims.to_string();
            let text = format!("{},\"x\":{value}}}", &claims[..claims.len() - 1]);
            attack.key().token(&attack.key().header().to_string(), &text)
        }
    };
    attack.accepts("nested as deep as may be", &with(nested(31))).await;
    attack.refuses("nested too deep", 400, "token_malformed", &with(nested(32))).await;
    attack.refuses("nested absurdly deep", 400, "token_malformed", &with(nested(40_000))).await;
    let many = format!("[{}1]", "1,".repeat(25_000));
    attack.refuses("too many values", 400, "token_malformed", &with(many)).await;
    let roles = format!("[{}\"a\"]", "\"a\",".repeat(15_000));
    attack.accepts("many values", &with(roles)).await;
    let long = format!("\"{}\"", "a".repeat(110_000));
    attack.refuses("longer than a token may be", 400, "token_malformed", &with(long)).await;
    for size in [300_000, 10_000_000] {
        let begun = attack.tool.begin(&attack.platform).await;
        let answer = attack.tool.post_token(&begun, &"a".repeat(size)).await;
        refused("longer than a body may be", &answer, 413, "body_too_large");
        assert_eq!(attack.good(&begun).await.status, StatusCode::SEE_OTHER);
    }
    let digits = format!("1{}", "0".repeat(400));
    attack.refuses("a giant number", 400, "token_malformed", &with(digits)).await;
    attack.fetched_nothing_more();
}
