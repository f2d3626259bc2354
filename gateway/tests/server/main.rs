//! The services over a real node and a real port, asked by the generated client.

mod affairs;
mod amendments;
mod audit;
mod bad_input;
mod browsers;
mod calls;
mod common_services;
mod http;
mod issues;
mod moments;
mod people;
mod powers;
mod preview;
mod query;
mod records;
mod reports;
mod retries;
mod running;
mod sanctions;
mod search;
mod site;
mod streams;
mod support;
mod tiles;
mod tls;
mod web;
