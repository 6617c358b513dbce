//! `POST /v1/launches/{id}/redeem`: the code becomes a launch.

use reqwest::Method;

use super::{ApiError, AppApi, send_for_json};
use crate::launch::Launch;

/// The longest code that is worth asking about, in characters.
const CODE_MAX: usize = 256;

impl AppApi {
    /// Exchanges the one-time code for the launch.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with Doorway's code; [`ApiError::NoAnswer`] when Doorway cannot be reached or its answer
    /// cannot be read; [`ApiError::NoLaunchId`] and [`ApiError::NoBaseUrl`] before Doorway is asked.
    pub async fn redeem(&self, launch_id: &str) -> Result<Launch, ApiError> {
        if !is_launch_id(launch_id) {
            return Err(ApiError::NoLaunchId);
        }
        send_for_json(self.call(Method::POST, &["launches", launch_id, "redeem"])?).await
    }
}

/// The code came in a URL that anybody can write, so it must not lead to another path.
fn is_launch_id(code: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=CODE_MAX).contains(&code.len()) && code.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::is_launch_id;

    #[test]
    fn a_launch_id_is_letters_digits_and_two_signs() {
        for code in ["a", "Ab-1_", &"a".repeat(256)] {
            assert!(is_launch_id(code), "{code}");
        }
    }

    #[test]
    fn a_code_that_would_change_the_path_is_none() {
        for code in ["", "..", "a/b", "a%2Fb", "a?b", "a#b", "a b", "ä", &"a".repeat(257)] {
            assert!(!is_launch_id(code), "{code}");
        }
    }
}
