//! What the Tool sends to Platforms, and what it never sends (security digest, sections 3 and 4).
