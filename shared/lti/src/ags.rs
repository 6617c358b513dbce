//! Assignment and Grade Services 2.0.
