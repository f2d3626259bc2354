//! The projector from outside: histories in, rows out.

mod affairs;
mod agreement;
mod amendments;
mod beside;
mod corrections;
mod history;
mod meetings;
mod motions;
mod node;
mod pages;
mod past;
mod people;
mod rebuild;
mod records;
mod runner;
mod sanctions;
mod store;
