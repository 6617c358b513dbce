//! One call of DynamoDB and nothing else: what of a request's CPU is the AWS SDK's, and the kernel's for it. The same client as in a
//! function writes the same item, over and over, to a server that says yes at once.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use doorway_local::database::{LAUNCHES_TABLE, local_aws};
use tokio::runtime::Builder;

use crate::error::BenchError;
use crate::process::thread_cpu;

/// How often it is measured; the best is taken, for what disturbs only ever adds.
const ROUNDS: usize = 8;
/// The packed claims of a Moodle-sized launch, kept and personal, in bytes.
const PACKED_BYTES: [usize; 2] = [310, 220];
/// What DynamoDB answers to a write.
const WRITTEN: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 2\r\n\r\n{}";

/// CPU time of one conditional `PutItem` of a launch, the client's thread alone: the average of so many, after half as many to warm up.
pub fn put_item(calls: u32) -> Result<Duration, BenchError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(BenchError::system("listening on loopback"))?;
    let address = listener.local_addr().map_err(BenchError::system("listening on loopback"))?;
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            // It ends with the client.
            std::thread::spawn(move || answer(connection));
        }
    });
    // On a thread of its own, as in a function: this one may be of a runtime already.
    let measured = std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(BenchError::system("a runtime"))?;
        runtime.block_on(measure(&format!("http://{address}"), calls))
    });
    measured.join().expect("what is measured does not panic")
}

async fn measure(endpoint: &str, calls: u32) -> Result<Duration, BenchError> {
    let aws = local_aws(endpoint).await;
    let client = aws.dynamodb().await;
    let [kept, personal] = PACKED_BYTES.map(|length| AttributeValue::B(Blob::new(vec![7; length])));
    let number = || AttributeValue::N("1795420800".to_owned());
    let put = async || {
        let request = client.put_item().table_name(LAUNCHES_TABLE).condition_expression("attribute_not_exists(id)");
        let request = request
            .item("id", AttributeValue::S("0123456789abcdef0123456789abcdef".to_owned()))
            .item("attempt", AttributeValue::B(Blob::new([7; 8])))
            .item("expires_at", number())
            .item("redeem_by", number())
            .item("kept", kept.clone())
            .item("personal", personal.clone());
        request.send().await.map(drop).map_err(|error| BenchError::Table(error.to_string()))
    };
    for _ in 0..calls / 2 {
        put().await?;
    }
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let before = thread_cpu()?;
        for _ in 0..calls {
            put().await?;
        }
        best = best.min(thread_cpu()? - before);
    }
    Ok(best / calls.max(1))
}

/// Says yes to every request of a connection, until it closes.
fn answer(mut connection: TcpStream) {
    let (mut received, mut chunk) = (Vec::new(), [0; 8192]);
    while let Ok(length @ 1..) = connection.read(&mut chunk) {
        received.extend_from_slice(&chunk[..length]);
        if is_whole(&received) {
            received.clear();
            if connection.write_all(WRITTEN).is_err() {
                return;
            }
        }
    }
}

/// Whether a request has come to its end. The client waits for the answer before it sends the next.
fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    request.len() >= end + 4 + length.unwrap_or(0_usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_whole_with_its_body() {
        let request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n{ }";
        assert!(is_whole(request));
        for length in 0..request.len() {
            assert!(!is_whole(&request[..length]), "{length}");
        }
    }

    #[test]
    fn a_call_costs_something() {
        assert!(put_item(4).expect("the server answers") > Duration::ZERO);
    }
}
