//! `cargo xtask sandbox`: CXConnect in a local Zendesk.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command;
use crate::project::{Project, cargo};
use crate::{relay, setup, stage};

const PORT: u16 = 8030;

/// Builds the app and opens it in the sandbox until it is stopped with Ctrl-C.
pub fn run(project: &Project, args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let tools = setup::build_tools(project)?;
    let sdk = options.sdk.unwrap_or_else(|| tools.sdk.clone());
    if !sdk.is_file() {
        bail!("the SDK's file {} does not exist", sdk.display());
    }
    stage::run(project, &tools)?;
    let relay = relay::build(project, &tools)?;

    eprintln!("Building the sandbox (from nothing about half a minute) …");
    let sandbox = |subcommand| {
        let mut command = Command::new(cargo());
        command.current_dir(&project.root).args([subcommand, "--quiet", "--package", "cxconnect-sandbox"]);
        command
    };
    command::run(&mut sandbox("build"))?;
    // Chosen last, so that it is still free when the sandbox takes it.
    let port = free_port(options.port)?;
    eprintln!("CXConnect in a local Zendesk, until Ctrl-C. Open:");
    // The sandbox prints the address as soon as it listens.
    command::run(
        sandbox("run")
            .args(["--", "--port", &port.to_string(), "--app-dir"])
            .arg(project.stage())
            .arg("--sdk")
            .arg(&sdk)
            .arg("--relay")
            .arg(&relay.dist)
            .arg("--workerd")
            .arg(&relay.workerd)
            .arg("--data")
            // By port: two sandboxes cannot share one.
            .arg(options.data.unwrap_or_else(|| project.target.join(format!("sandbox-data/{port}"))))
            .args(options.passed_on),
    )
}

/// What the command line asks for.
#[derive(Debug, PartialEq)]
struct Options {
    port: u16,
    sdk: Option<PathBuf>,
    /// Where the custom objects are kept until the next start.
    data: Option<PathBuf>,
    /// For the sandbox itself.
    passed_on: Vec<String>,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self { port: PORT, sdk: None, data: None, passed_on: Vec::new() };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
            match arg.as_str() {
                "--port" => {
                    options.port = value()?.parse().context("--port needs a number from 1 to 65535")?;
                }
                // The sandbox starts in the clone; the path was meant from where the user is.
                "--sdk" => options.sdk = Some(std::path::absolute(value()?)?),
                "--data" => options.data = Some(std::path::absolute(value()?)?),
                _ => options.passed_on.push(arg.clone()),
            }
        }
        Ok(options)
    }
}

/// `wanted`, or the next free one.
fn free_port(wanted: u16) -> Result<u16> {
    let is_free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    if is_free(wanted) {
        return Ok(wanted);
    }
    let Some(port) = (wanted..=u16::MAX).skip(2).step_by(2).take(50).find(|port| is_free(*port)) else {
        bail!("port {wanted} and those after it are in use; choose another with --port");
    };
    eprintln!("Port {wanted} is in use; taking {port}.");
    Ok(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn unknown_arguments_are_the_sandboxes() {
        let options = parse("--slow 300 --port 9000 --sdk /sdk.js --data /data").unwrap();
        assert_eq!(options.port, 9000);
        assert_eq!(options.sdk, Some("/sdk.js".into()));
        assert_eq!(options.data, Some("/data".into()));
        assert_eq!(options.passed_on, ["--slow", "300"]);
    }

    #[test]
    fn a_value_that_is_missing_or_wrong_is_said() {
        assert_eq!(parse("--port").unwrap_err().to_string(), "--port needs a value");
        assert_eq!(parse("--port x").unwrap_err().to_string(), "--port needs a number from 1 to 65535");
    }

    #[test]
    fn a_port_in_use_is_passed_over() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let free = free_port(port).unwrap();
        assert_ne!(free, port);
    }
}
