//! Traffic that means harm: storms of unknown keys, bodies without end, heads of any size, connections that never finish.

mod bodies;
mod connections;
mod keys;
