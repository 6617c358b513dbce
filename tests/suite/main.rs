//! The end-to-end suite: one binary, one module per concern.

mod flow;
