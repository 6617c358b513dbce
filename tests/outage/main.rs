//! A Platform that is out for hours: no accepted score is lost, none is applied out of order (design, section 6).
//!
//! Scores of many learners are submitted to Platforms that are well, down for hours, and half well, in simulated time.
//! Meanwhile whoever handles them is killed: the function that accepts scores, by dropping its future ([`cut_short`]);
//! the worker, as a process of its own with `SIGKILL` in `killed`, and by dropping its future in `dropped`. Moments
//! are counted out in requests to the tables ([`tap`]) and to the Platforms ([`hold`]), not in real time.
//!
//! What must be true afterwards is in [`verdict`] and [`record`]. The seeds fix what is planned; how processes interleave is chance.

mod app;
mod cut_short;
mod dice;
mod dropped;
mod front;
mod hold;
mod killed;
mod process;
mod record;
mod schools;
mod source;
mod tap;
mod time;
mod verdict;
