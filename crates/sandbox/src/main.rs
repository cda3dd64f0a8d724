//! `cxconnect-sandbox --app-dir DIR --sdk FILE [--port 8030] [--data DIR] [--relay DIR --workerd FILE]`: starts the sandbox, prints the one
//! address to open, and serves until Ctrl-C.

use anyhow::{Context as _, bail};
use cxconnect_sandbox::Config;

const USAGE: &str = "usage: cxconnect-sandbox --app-dir DIR --sdk FILE [--port 8030] [--data DIR] [--relay DIR --workerd FILE]";
const DEFAULT_PORT: u16 = 8030;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = read_arguments(std::env::args().skip(1))?;
    let sandbox = cxconnect_sandbox::start(config).await?;
    println!("{}", sandbox.zendesk_url());
    if let Some(relay) = sandbox.relay() {
        println!("{} (the relay)", relay.url());
    }
    tokio::signal::ctrl_c().await?;
    sandbox.stop().await;
    Ok(())
}

fn read_arguments(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<Config> {
    let (mut app_dir, mut sdk_file, mut port, mut data_dir) = (None, None, DEFAULT_PORT, None);
    let (mut relay, mut workerd) = (None, None);
    while let Some(name) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{name} needs a value\n{USAGE}"))?;
        match name.as_str() {
            "--app-dir" => app_dir = Some(value),
            "--sdk" => sdk_file = Some(value),
            "--port" => port = value.parse().with_context(|| format!("{value:?} is not a port"))?,
            "--data" => data_dir = Some(value.into()),
            "--relay" => relay = Some(value.into()),
            "--workerd" => workerd = Some(value.into()),
            _ => bail!("unknown option {name:?}\n{USAGE}"),
        }
    }
    let (Some(app_dir), Some(sdk_file)) = (app_dir, sdk_file) else { bail!(USAGE) };
    Ok(Config { port, data_dir, relay: relay.zip(workerd), ..Config::new(app_dir, sdk_file) })
}
