//! Deep linking and the roster, from the launch to what the Platform has of it.
