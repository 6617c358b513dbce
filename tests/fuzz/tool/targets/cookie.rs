//! The cookies of a request: one `Cookie` header a line.

#![no_main]

use doorway_core::binding::{BindingSecret, COOKIE_PREFIX};
use doorway_core::use_case::launch::Bindings as _;
use doorway_web::cookie::{Cookies, remove};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut headers = HeaderMap::new();
    for value in bytes.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line).ok()) {
        headers.append(COOKIE, value);
    }
    let cookies = Cookies::read(&headers);
    let surplus: Vec<&str> = cookies.surplus_bindings().collect();
    assert!(surplus.len() <= 24);
    for name in surplus {
        assert!(name.starts_with(COOKIE_PREFIX) && cookies.get(name).is_some());
        // What is removed is a cookie of ours, whatever the browser sent.
        let removed = remove(name);
        let removed = removed.to_str().expect("our cookies are ASCII");
        let (name, attributes) = removed.split_once("=;").expect("its value is empty");
        assert!(
            name.starts_with(COOKIE_PREFIX)
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        );
        assert_eq!(attributes, " Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None; Partitioned");
    }
    if let Some(value) = cookies.get("__Host-lti_AAAAAAAAAAAAAAAA")
        && let Some(secret) = BindingSecret::parse(value)
    {
        assert_eq!(secret.text(), value, "a secret is written in one way");
    }
});
