//! `sohoa`: the verbs of the desk without a window.
//!
//! Results go to standard output, progress and troubles to standard error. Exit
//! codes: 0 success, 2 bad use, 3 a person is needed, 4 refused or damaged input.

mod arguments;
mod command;
mod exit;
mod output;
mod shape;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    desk::worker::run_if_asked();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let arguments = arguments::Arguments::parse();
    match command::run(arguments) {
        Ok(code) => code,
        Err(trouble) => {
            output::tell(&trouble.to_string());
            trouble.code()
        }
    }
}
