#![allow(missing_docs, clippy::all)]
use doorway_core::retention::split;
use serde_json::Value;
#[path = "../src/payload.rs"]
#[allow(dead_code)]
mod payload;
fn main() {
    for p in payload::Payload::ALL {
        for n in 0..40usize {
            let nonce: String = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &[n as u8]).as_ref()[..16].iter().map(|b| format!("{b:02x}")).collect::<String>()[..22].to_owned();
            let nonce = nonce.bytes().enumerate().map(|(i, b)| ((b as usize * 7 + i * 13) % 26 + 97) as u8 as char).collect::<String>();
            let claims = p.claims(n, &nonce, 1_795_420_800 + n as u64);
            let s = split(claims.as_object().unwrap().clone());
            let r = p.registration();
            let Value::Array(dep) = serde_json::to_value(&r).unwrap()["deployments"].clone() else { panic!() };
            let kept = serde_json::json!({"issuer": p.issuer(), "clientId": p.client_id(), "deploymentId": dep[0], "tenant": "maple-district", "claims": s.kept});
            println!("{}", serde_json::json!({"p": p.name(), "kept": kept.to_string(), "personal": Value::Object(s.personal).to_string()}));
        }
    }
}
