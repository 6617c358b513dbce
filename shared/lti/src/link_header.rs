//! The `Link` headers of paged services.
