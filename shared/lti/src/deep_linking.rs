//! Deep Linking 2.0: what the App chose, checked and turned into a response.
