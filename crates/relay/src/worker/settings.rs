//! Accounts' configurations out of the environment.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use ::worker::{Env, console_error};

use crate::{
    config::{Config, variable},
    failure::{self, Failure},
    secret,
};

/// All accounts' configurations at once.
const ALL: &str = "ACCOUNTS";

thread_local! {
    /// The environment doesn't change while the program runs.
    static KNOWN: RefCell<HashMap<String, Option<Rc<Config>>>> = RefCell::default();
}

/// An account's configuration. An account that has none is told from a wrong token by nobody.
pub fn config(env: &Env, account: &str) -> Result<Rc<Config>, Failure> {
    let known = KNOWN.with(|known| known.try_borrow().ok().and_then(|known| known.get(account).cloned()));
    if let Some(config) = known {
        return config.ok_or_else(failure::configuration);
    }
    let own = text(env, &variable(account)).map(|json| Config::parse(account, &json).map(Some));
    let read = own.or_else(|| text(env, ALL).map(|json| Config::parse_among(account, &json)));
    // Names that anybody may think of are not remembered.
    let Some(read) = read else { return Err(failure::unauthorized()) };
    let config = match read {
        Ok(None) => return Err(failure::unauthorized()),
        Ok(Some(config)) => Some(Rc::new(config)),
        Err(error) => {
            console_error!("configuration: {error}");
            None
        }
    };
    KNOWN.with(|known| {
        if let Ok(mut known) = known.try_borrow_mut() {
            known.insert(account.to_owned(), config.clone());
        }
    });
    config.ok_or_else(failure::configuration)
}

/// The accounts that are configured at once.
pub fn names(env: &Env) -> Vec<String> {
    let json = text(env, ALL).and_then(|json| serde_json::from_str::<serde_json::Value>(&json).ok());
    let names = json.as_ref().and_then(serde_json::Value::as_object);
    let names = names.into_iter().flat_map(|object| object.keys().cloned());
    names.filter(|name| secret::is_account(name)).collect()
}

fn text(env: &Env, name: &str) -> Option<String> {
    env.secret(name).ok().map(|secret| secret.to_string())
}
