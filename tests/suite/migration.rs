//! Old accounts of LTI 1.1: what a launch says of them, and what is believed (launch digest §8, security row F16).

mod claim;
mod launches;
mod support;
mod verifying;
