//! `catchall`: what export-control law and human-rights criteria say about an export, why, and what is
//! still unknown. One file a subcommand; each returns its exit code.

mod commands;
mod exit;
mod input;
mod output;
mod progress;
mod sources;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{
    ask, check, compare, data, eval, facts, profile, propose, register, rules, schema, screen,
    serve, test, verify,
};

/// Screens exports of surveillance and dual-use technology against export-control law and human-rights criteria.
///
/// It decides nothing: it shows what the law says, why, on which facts and figures, and what is still unknown.
/// "Not required" is never "approved".
#[derive(Debug, Parser)]
#[command(name = "catchall", version, max_term_width = 110)]
struct Arguments {
    #[command(flatten)]
    sources: sources::Sources,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Screen(screen::Screen),
    Verify(verify::Verify),
    Eval(eval::Eval),
    Check(check::Check),
    Compare(compare::Compare),
    Propose(propose::Propose),
    Ask(ask::Asking),
    Test(test::Test),
    Rules(rules::Rules),
    Facts(facts::Facts),
    Profile(profile::Profiles),
    Schema(schema::Schema),
    Data(data::Data),
    Serve(serve::Serve),
    Register(register::Register),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let sources = &arguments.sources;
    let result = match &arguments.command {
        Command::Screen(command) => command.run(sources),
        Command::Verify(command) => command.run(sources),
        Command::Eval(command) => command.run(sources),
        Command::Check(command) => command.run(sources),
        Command::Compare(command) => command.run(sources),
        Command::Propose(command) => command.run(sources),
        Command::Ask(command) => command.run(sources),
        Command::Test(command) => command.run(sources),
        Command::Rules(command) => command.run(sources),
        Command::Facts(command) => command.run(sources),
        Command::Profile(command) => command.run(sources),
        Command::Schema(command) => command.run(sources),
        Command::Data(command) => command.run(sources),
        Command::Serve(command) => command.run(sources),
        Command::Register(command) => command.run(),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(),
    }
}
