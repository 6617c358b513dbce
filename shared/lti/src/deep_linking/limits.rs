//! How much one response may hold. A response is a form field in a browser: what is too long for the Platform is
//! cut or refused there, in front of the teacher, so it is refused here, where the App can act.

/// How many items one response may hold. A teacher picks a handful; a hundred is a whole course of lessons.
pub const MAX_ITEMS: usize = 100;

/// How long all items may be, in bytes of JSON. Signed and encoded this grows by a third, and stays below the
/// 1 MB that common web servers take in a form post.
pub const MAX_CONTENT_BYTES: usize = 512 * 1024;

/// How long one piece of HTML may be, in bytes: half of all content.
pub const MAX_MARKUP_BYTES: usize = 256 * 1024;

/// How long a text of one line may be (a title, a label, the features of a window), in characters. Platforms cut
/// titles at 255 or at some more; what is much longer was put into the wrong member.
pub const MAX_TITLE_CHARS: usize = 1_000;

/// How long a text may be (a description, a message, the value of a custom parameter), in characters: some pages.
pub const MAX_TEXT_CHARS: usize = 20_000;

/// How long an id of a line item may be, in characters.
///
/// Spec: [AGS 2.0](https://www.imsglobal.org/spec/lti-ags/v2p0), `resourceId` and `tag`.
pub const MAX_ID_CHARS: usize = 256;

/// How long a URL may be, in bytes: what web servers take as one line of a request. Signed URLs of files are long.
pub const MAX_URL_BYTES: usize = 8 * 1024;

/// How many faults, and how many notes, are told at once, so that a large wrong request has no larger answer.
pub const MAX_FINDINGS: usize = 200;
