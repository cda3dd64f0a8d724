//! Questions, actions and events.

use std::{cell::RefCell, rc::Rc};

use cxconnect_zendesk::{ColorScheme, NoticeKind, Route, ZafError};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{client, js};

#[wasm_bindgen_test]
async fn the_current_user_is_read() {
    let zaf = client(
        r#"{get: (path) => Promise.resolve({errors: {}, [path]: {id: 361234567890123, name: "Ana", email: "ana@x.example",
            role: "admin", locale: "es-419", groups: [], timeZone: {name: "x"}}})}"#,
    );
    let user = zaf.get_current_user().await.unwrap();
    assert_eq!(user.id.as_str(), "361234567890123");
    assert_eq!(user.email.as_deref(), Some("ana@x.example"));
    assert_eq!(user.locale.as_deref(), Some("es-419"));
    assert!(user.is_admin());
}

#[wasm_bindgen_test]
async fn a_user_without_email_or_with_a_custom_role_is_read() {
    let zaf =
        client("{get: () => Promise.resolve({currentUser: {id: 1, name: null, email: null, role: 4567}})}");
    let user = zaf.get_current_user().await.unwrap();
    assert_eq!((user.name.as_deref(), user.email.as_deref(), user.role.as_str()), (None, None, "4567"));
    assert!(!user.is_admin());
}

#[wasm_bindgen_test]
async fn answers_that_are_none_are_errors() {
    let refused = |message: &str| ZafError::Refused { message: message.to_owned() };
    let missing = ZafError::Missing { key: "colorScheme".to_owned() };
    for (answer, expected) in [
        (
            "Promise.resolve({name: 'TimeoutError', message: 'Timeout when invoking \"get\"'})",
            ZafError::Timeout,
        ),
        ("Promise.reject(new Error('Invocation request timeout'))", ZafError::Timeout),
        (
            "Promise.resolve({errors: {colorScheme: {name: 'Error', message: 'No such Api', path: 'colorScheme'}}})",
            refused("No such Api"),
        ),
        ("Promise.reject(new Error('\"colorScheme\" No such Api'))", refused("\"colorScheme\" No such Api")),
        ("Promise.reject('broken')", refused("broken")),
        ("(() => { throw new Error('thrown'); })()", refused("thrown")),
        ("Promise.resolve({errors: {}})", missing.clone()),
        ("Promise.resolve({message: 'an error without name', path: 'colorScheme'})", missing.clone()),
        ("Promise.resolve('text')", missing.clone()),
        ("Promise.resolve()", missing),
    ] {
        let zaf = client(&format!("{{get: () => {answer}}}"));
        assert_eq!(zaf.get_color_scheme().await, Err(expected), "{answer}");
    }
}

#[wasm_bindgen_test]
async fn a_value_of_another_form_is_an_error() {
    let zaf = client("{get: (path) => Promise.resolve({[path]: 'sepia'})}");
    assert!(matches!(zaf.get_color_scheme().await, Err(ZafError::Unreadable { .. })));
    assert!(matches!(zaf.get_current_user().await, Err(ZafError::Unreadable { .. })));
}

#[wasm_bindgen_test]
async fn actions_send_their_arguments_in_order() {
    js("globalThis.invoked = []");
    let zaf = client(
        "{invoke: (...all) => { globalThis.invoked.push(all); return Promise.resolve({errors: {}, [all[0]]: null}); }}",
    );
    zaf.notify("Listo", NoticeKind::Notice).await.unwrap();
    zaf.notify("Ojo", NoticeKind::Alert).await.unwrap();
    zaf.notify("Mal", NoticeKind::Error).await.unwrap();
    zaf.resize(640).await.unwrap();
    zaf.route_to(Route::Ticket("42")).await.unwrap();
    zaf.route_to(Route::User("7")).await.unwrap();
    zaf.route_to(Route::NavBar { app: "cxconnect", path: "logs" }).await.unwrap();
    assert_eq!(
        js("JSON.stringify(globalThis.invoked)").as_string().unwrap(),
        concat!(
            r#"[["notify","Listo","notice"],["notify","Ojo","alert"],["notify","Mal","error"],"#,
            r#"["resize",{"width":"100%","height":"640px"}],"#,
            r#"["routeTo","ticket","42"],["routeTo","user","7"],["routeTo","nav_bar","cxconnect","logs"]]"#,
        )
    );
}

#[wasm_bindgen_test]
async fn a_refused_action_is_an_error() {
    let zaf = client("{invoke: () => Promise.resolve({errors: {notify: {message: 'no'}}})}");
    let expected = ZafError::Refused { message: "no".to_owned() };
    assert_eq!(zaf.notify("x", NoticeKind::Error).await, Err(expected));
}

const WITH_EVENTS: &str = "(() => { const all = {}; globalThis.zafEvents = all; return {
    on: (name, handler) => { (all[name] ??= []).push(handler); },
    off: (name, handler) => { all[name] = (all[name] ?? []).filter((other) => other !== handler); },
}; })()";

#[wasm_bindgen_test]
fn events_call_back_until_the_subscription_is_dropped() {
    let zaf = client(WITH_EVENTS);
    let seen = Rc::new(RefCell::new(Vec::new()));
    let subscription = zaf.on_color_scheme_changed({
        let seen = Rc::clone(&seen);
        move |scheme| seen.borrow_mut().push(scheme)
    });
    js(
        "zafEvents['colorScheme.changed'].forEach((handler) => ['dark', 'light', 'sepia', null].forEach(handler))",
    );
    assert_eq!(*seen.borrow(), [ColorScheme::Dark, ColorScheme::Light]);

    drop(subscription);
    assert_eq!(js("zafEvents['colorScheme.changed'].length").as_f64(), Some(0.0));
}

#[wasm_bindgen_test]
fn two_subscriptions_to_one_event_end_on_their_own() {
    let zaf = client(WITH_EVENTS);
    let count = Rc::new(RefCell::new(0));
    let counting = |count: &Rc<RefCell<u32>>| {
        let count = Rc::clone(count);
        move |_| *count.borrow_mut() += 1
    };
    let first = zaf.on("pane.activated", counting(&count));
    let second = zaf.on("pane.activated", counting(&count));
    drop(first);
    js("zafEvents['pane.activated'].forEach((handler) => handler())");
    assert_eq!(*count.borrow(), 1);
    drop(second);
}
