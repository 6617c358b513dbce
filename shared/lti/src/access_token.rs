//! Access tokens for services: the client assertion, the request, the answer.
