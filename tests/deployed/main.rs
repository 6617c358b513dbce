//! The template, deployed: what CloudFormation makes of `infra/template.yaml`, with the functions' own programs, in an emulator
//! of AWS (ministack, PyPI).
//!
//! `tools/deployed-check` runs it, in a network of its own. Who plays what:
//!
//! | part | played by |
//! |---|---|
//! | CloudFormation, IAM's store, Lambda, API Gateway, DynamoDB, SQS with its event source, Secrets Manager, S3 | the emulator |
//! | TLS in front of the API, and its name | [`front`] |
//! | the Platform, under a public address | the mock Platform, behind TLS ([`school`]) |
//! | the browser, the App | [`visitor`], [`app`] |
//! | the operator | the program `doorway`, with `--stack` |
//! | Secrets Manager's calls for a rotation, which the emulator does not make | `stack.py rotate` |
//! | IAM's judgement | [`permissions`], over what [`recorder`] heard: the emulator knows no `dynamodb:LeadingKeys` |
//!
//! The functions, their settings, statements, routes and schedules are the template's. All of this is one journey, which the tests
//! share, since each wants all of it: see [`journey`].

mod app;
mod cookieless;
mod front;
mod grades;
mod installing;
mod journey;
mod keys;
mod operator;
mod people;
mod permissions;
mod recorder;
mod school;
mod stack;
mod tls;
mod visitor;
mod world;
