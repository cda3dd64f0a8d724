//! Runs journeys: several at a time, each worker with one browser that it keeps from journey to journey.
//!
//! Arguments, as far as `cargo test -- …` needs them: parts of names to run, `--list`, `--exact` and
//! `--test-threads=N`. Others are ignored.

use std::any::Any;
use std::cell::RefCell;
use std::future::Future;
use std::num::NonZero;
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use tokio::runtime::Runtime;

use crate::browser::{Browser, Launch};
use crate::desk::{Desk, sandbox_config};
use crate::driver::Driver;

/// A journey that takes longer hangs.
const LONGEST: Duration = Duration::from_mins(3);
/// Browsers at once, at most: more than this only wait for each other.
const MOST_WORKERS: usize = 4;

/// A journey under way.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A test: what an agent does, and what must come of it.
#[derive(Debug, Clone, Copy)]
pub struct Journey {
    /// Says what it shows.
    pub name: &'static str,
    /// Does it.
    pub run: for<'a> fn(&'a mut Desk) -> Running<'a>,
}

/// Journeys from the paths of their functions; the paths are their names.
#[macro_export]
macro_rules! journeys {
    ($($journey:path),* $(,)?) => {
        [$($crate::runner::Journey {
            name: stringify!($journey),
            run: |desk| ::std::boxed::Box::pin($journey(desk)),
        }),*]
    };
}

thread_local! {
    /// The panic that ended this worker's journey.
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs those of the journeys that the arguments ask for.
pub fn run(journeys: &[Journey]) -> ExitCode {
    let arguments = Arguments::read(std::env::args().skip(1));
    let chosen: Vec<Journey> = journeys.iter().filter(|it| arguments.wants(it.name)).copied().collect();
    if arguments.is_list {
        for journey in &chosen {
            println!("{}: test", journey.name);
        }
        return ExitCode::SUCCESS;
    }
    match run_all(&chosen, arguments.n_workers) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Gives the number of failures.
fn run_all(journeys: &[Journey], n_workers: Option<usize>) -> Result<usize> {
    // Better said once than by every journey.
    sandbox_config()?;
    let started = Instant::now();
    let runtime = Runtime::new()?;
    let driver = Driver::start()?;
    // Journeys wait as often as they work, so one more than there are cores.
    let n_workers = n_workers
        .unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get) + 1)
        .clamp(1, MOST_WORKERS);
    remember_panics();
    println!("\nrunning {} journeys, {n_workers} at a time", journeys.len());
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..n_workers {
            scope.spawn(|| {
                let mut browser = None;
                while let Some(journey) = journeys.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let began = Instant::now();
                    let outcome = run_one(&runtime, &driver, &mut browser, *journey);
                    let word = if outcome.is_ok() { "ok" } else { "FAILED" };
                    println!("test {} ... {word} ({:.1} s)", journey.name, began.elapsed().as_secs_f64());
                    if let Err(error) = outcome
                        && let Ok(mut failures) = failures.lock()
                    {
                        failures.push(format!("---- {}\n{}\n", journey.name, chain(&error)));
                    }
                }
                if let Some(browser) = browser {
                    // The driver ends what does not end by itself.
                    let _ = runtime.block_on(browser.close());
                }
            });
        }
    });
    let failures = failures.into_inner().map_err(|_| anyhow!("a worker panicked"))?;
    let verdict = if failures.is_empty() { "ok" } else { "FAILED" };
    println!("\n{}", failures.join("\n"));
    println!(
        "test result: {verdict}. {} passed; {} failed; finished in {:.1} s\n",
        journeys.len() - failures.len(),
        failures.len(),
        started.elapsed().as_secs_f64()
    );
    Ok(failures.len())
}

fn run_one(
    runtime: &Runtime,
    driver: &Driver,
    browser: &mut Option<Browser>,
    journey: Journey,
) -> Result<()> {
    let mut desk = runtime.block_on(async {
        let browser = match browser.take() {
            Some(browser) => browser,
            None => Browser::open(driver.url(), Launch::default()).await?,
        };
        Desk::start(browser, journey.name).await
    })?;
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let run = tokio::time::timeout(LONGEST, (journey.run)(&mut desk));
            run.await.unwrap_or_else(|_| Err(anyhow!("it takes longer than {} s", LONGEST.as_secs())))
        })
    }));
    let outcome = outcome.unwrap_or_else(|panic| Err(told(panic.as_ref())));
    runtime.block_on(async {
        if let Err(error) = outcome {
            let evidence = desk.save_evidence().await;
            // Whatever went wrong may be in the browser, so nobody else gets it.
            desk.browser.close().await.ok();
            return Err(match evidence {
                Ok(path) => error.context(format!("screenshot: {}", path.display())),
                Err(_) => error,
            });
        }
        *browser = desk.finish().await?;
        Ok(())
    })
}

/// What went wrong and where, without the runner's own backtrace.
fn chain(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).collect::<Vec<_>>().join("\n  because: ")
}

/// Keeps a panic's message and place for the report instead of printing it between other journeys' lines.
fn remember_panics() {
    panic::set_hook(Box::new(|info| LAST_PANIC.set(info.to_string())));
}

fn told(panic: &(dyn Any + Send)) -> anyhow::Error {
    let text = LAST_PANIC.take();
    if !text.is_empty() {
        return anyhow!(text);
    }
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref().copied());
    anyhow!("it panicked: {}", text.unwrap_or("without a message"))
}

#[derive(Debug, Default)]
struct Arguments {
    parts: Vec<String>,
    is_list: bool,
    is_exact: bool,
    n_workers: Option<usize>,
}

impl Arguments {
    fn read(arguments: impl Iterator<Item = String>) -> Self {
        let mut read = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--list" => read.is_list = true,
                "--exact" => read.is_exact = true,
                flag if flag.starts_with('-') => {
                    let n = flag.strip_prefix("--test-threads=").and_then(|n| n.parse().ok());
                    read.n_workers = n.or(read.n_workers);
                }
                part => read.parts.push(part.to_owned()),
            }
        }
        read
    }

    fn wants(&self, name: &str) -> bool {
        let is_it = |part: &String| if self.is_exact { name == part } else { name.contains(part.as_str()) };
        self.parts.is_empty() || self.parts.iter().any(is_it)
    }
}
