//! Ids and codes as they come in paths and links.

#![no_main]

use doorway_core::invite::InviteCode;
use doorway_core::launch_id::LaunchId;
use doorway_core::line_item_id;
use doorway_core::scores::SubmissionId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(id) = LaunchId::try_from(text) {
        assert_eq!((id.as_str(), id.log_text().len(), text.len()), (text, 11, 32));
        assert!(!format!("{id:?}").contains(text));
    }
    if let Ok(id) = SubmissionId::try_from(text) {
        assert_eq!((id.as_str(), id.log_text().len(), text.len()), (text, 11, 32));
    }
    if let Some(code) = InviteCode::parse(text) {
        assert_eq!(code.text(), text, "a code is written in one way");
        assert_ne!(code.hash().as_str(), text);
    }
    if let Some(url) = line_item_id::read(text) {
        assert!(matches!(url.scheme(), "http" | "https"));
        assert_eq!(line_item_id::read(&line_item_id::of(&url)), Some(url));
    }
});
