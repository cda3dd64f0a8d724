//! What the browser doesn't keep, can't read, or gives to two pages at once: it is said, nothing leaves that nobody knows of,
//! and nothing is lost.

use std::fs;

use anyhow::{Result, ensure};
use cxconnect_sandbox::sunco::faults::FaultRule;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::traffic::sends;
use cxconnect_tests::wait::until;
use serde_json::json;

/// An app in which a file of the page is another one.
async fn change(desk: &mut Desk, file: &str, changed: impl FnOnce(String) -> String) -> Result<()> {
    desk.change_app(|app| {
        let file = app.join("assets").join(file);
        let source = fs::read_to_string(&file)?;
        let text = changed(source.clone());
        ensure!(text != source, "nothing of the page is changed");
        Ok(fs::write(file, text)?)
    })
    .await
}

/// What the page does while this word is kept.
async fn set(desk: &Desk, word: &str) -> Result<()> {
    desk.js("localStorage.setItem(arguments[0], 'yes')", &[json!(word)]).await
}

async fn clear(desk: &Desk) -> Result<()> {
    desk.js("localStorage.clear()", &[]).await
}

async fn begin(desk: &Desk, n_messages: usize, rate: u32) -> Result<()> {
    desk.set("messages_per_second", rate)?;
    desk.sandbox.sunco().add_fault(FaultRule { answer_delay_ms: 150, ..FaultRule::default() });
    desk.open().await?;
    desk.send(&reminders(phones(n_messages))).await
}

async fn finish(desk: &Desk, n_messages: usize) -> Result<()> {
    ensure!(desk.ended().await? == "Envío terminado");
    let tally = desk.account_for_all(n_messages).await?;
    ensure!(tally.accepted + tally.unknown == n_messages, "{tally:?}");
    Ok(())
}

/// Batches are kept for each agent: of whom Zendesk doesn't say who they are, there may be one that must not be begun again.
pub async fn who_the_agent_is_must_be_known_before_anything_leaves(desk: &mut Desk) -> Result<()> {
    // The SDK arrives after the boot script.
    let silent = "(() => {
        let known;
        const named = (client) => {
          const get = client.get;
          client.get = (path) =>
            path === 'currentUser' && localStorage.getItem('nobody')
              ? Promise.reject(new Error('no such user'))
              : get.call(client, path);
          return client;
        };
        Object.defineProperty(globalThis, 'ZAFClient', {
          configurable: true,
          get: () => known,
          set: (sdk) => {
            known = Object.create(sdk, { init: { value: (...args) => named(sdk.init(...args)) } });
          },
        });
      })();\n";
    change(desk, "boot.js", |source| [silent, &source].concat()).await?;
    begin(desk, 40, 10).await?;
    desk.wait_for_received(5).await?;
    set(desk, "nobody").await?;

    desk.open_app().await?;
    desk.wait_for("#kept-unknown").await?;
    desk.see(&["No se pudo saber quién es usted", "puede haber un envío a la mitad"]).await?;
    ensure!(desk.kept().await?.is_empty());
    desk.wait_for_silence().await?;
    let n_sent = sends(&desk.sandbox).len();
    desk.wait_for("#template-search").await?;
    desk.prepare(&reminders(phones(3))).await?;
    desk.wait_for("#no-journal #confirm-reopen").await?;
    desk.see(&["Zendesk no respondió quién usa la aplicación"]).await?;
    ensure!(desk.is_disabled("#confirm-continue").await? && sends(&desk.sandbox).len() == n_sent);

    // Once it is known, so are the batches. The page asks again by itself now and then, and when the agent says so.
    desk.js::<()>("localStorage.clear(); document.querySelector('#confirm-reopen')?.click()", &[]).await?;
    until("the button that sends", async || {
        Ok((!desk.is_disabled("#confirm-continue").await? && desk.count("#no-journal").await? == 0)
            .then_some(()))
    })
    .await?;
    let kept = desk.open_kept().await?;
    ensure!(kept.total() == 40 && 0 < kept.waiting, "{kept:?}");
    desk.resume_kept().await?;
    finish(desk, 40).await
}

/// Damages what is kept of every batch, and keeps what it was.
const DAMAGE: &str = "return (async () => {
    const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith('cxconnect.'));
    const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const db = await done(indexedDB.open(name));
    const transaction = db.transaction(arguments[0], 'readwrite');
    const store = transaction.objectStore(arguments[0]);
    const field = arguments[1];
    for (const record of await done(store.getAll())) {
      if (record[field] === undefined) continue;
      if (arguments[2]) store.put({ ...record, [field]: record[field].slice(0, 7), before: record[field], summary: undefined });
      else if (record.before) store.put({ ...record, [field]: record.before, before: undefined });
    }
    await new Promise((resolve) => { transaction.oncomplete = resolve; });
    db.close();
  })()";

/// It is said, keeps nobody from anything else, and is there again once it can be read.
pub async fn what_is_kept_and_cannot_be_read_is_said_and_stays(desk: &mut Desk) -> Result<()> {
    begin(desk, 60, 10).await?;
    desk.wait_for_received(5).await?;
    let before = desk.open_kept().await?;
    for (store, field) in [("batches", "head"), ("chunks", "text"), ("writes", "text")] {
        desk.js::<()>(DAMAGE, &[json!(store), json!(field), json!(true)]).await?;
        desk.open_app().await?;
        desk.wait_for("#kept-unknown").await?;
        desk.see(&["1 envío no se pudo leer"]).await?;
        ensure!(desk.kept().await?.is_empty(), "{store} are damaged, and the batch is offered");
        desk.js::<()>(DAMAGE, &[json!(store), json!(field), json!(false)]).await?;
        desk.click("#kept-unknown button").await?;
        let kept = desk.the_kept_one().await?;
        ensure!(kept.total() == 60 && kept.waiting == before.waiting, "{kept:?} after {before:?}");
        ensure!(desk.count("#kept-unknown").await? == 0);
    }
    // Another batch is none of its business.
    desk.js::<()>(DAMAGE, &[json!("batches"), json!("head"), json!(true)]).await?;
    desk.open().await?;
    let others: Vec<String> = phones(63).into_iter().skip(60).collect();
    desk.send(&reminders(&others)).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    desk.js::<()>(DAMAGE, &[json!("batches"), json!("head"), json!(false)]).await?;
    desk.open_kept().await?;
    desk.resume_kept().await?;
    ensure!(desk.ended().await? == "Envío terminado");
    let summary = desk.sandbox.sunco().summary();
    ensure!(summary.n_repeated == 0 && summary.n_phones <= 63, "{summary:?}");
    Ok(())
}

/// Where the browser has no locks, only the journal itself keeps two pages apart.
pub async fn without_locks_two_tabs_never_send_the_same(desk: &mut Desk) -> Result<()> {
    let without = "Object.defineProperty(navigator, 'locks', { value: undefined });\n";
    change(desk, "journal.js", |source| [without, &source].concat()).await?;
    begin(desk, 200, 20).await?;
    desk.wait_for_received(10).await?;
    desk.new_tab().await?;
    desk.open_kept().await?;
    // It looks as if nobody sent it. Whoever writes first has it from then on.
    desk.resume_kept().await?;
    ensure!(desk.ended().await? == "Envío terminado");
    desk.wait_for_silence().await?;
    let summary = desk.sandbox.sunco().summary();
    ensure!(summary.n_repeated == 0, "{summary:?}");
    desk.open().await?;
    desk.wait_for("#recent summary").await?;
    desk.click("#recent summary").await?;
    desk.click(".recent-batch .kept-open").await?;
    finish(desk, 200).await
}

/// A batch exists once its head is kept. Where that is uncertain, nothing is sent in another way.
pub async fn a_head_that_may_be_kept_is_waited_for(desk: &mut Desk) -> Result<()> {
    let fails = "{
        const { put, delete: remove } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (value, ...rest) {
          if (value.head && localStorage.getItem('no-head')) throw new Error('no room');
          const { transaction } = this;
          // It is kept, and the page hears that it isn't.
          if (value.head && localStorage.getItem('late-head'))
            Object.defineProperty(transaction, 'oncomplete', {
              set: () => transaction.addEventListener('complete', () => transaction.onabort()),
            });
          return put.call(this, value, ...rest);
        };
        IDBObjectStore.prototype.delete = function (...keys) {
          if (localStorage.getItem('stays')) throw new Error('no room');
          return remove.apply(this, keys);
        };
      }\n";
    change(desk, "journal.js", |source| [fails, &source].concat()).await?;
    // Nothing of it is kept, and that is certain.
    desk.open().await?;
    set(desk, "no-head").await?;
    desk.prepare(&reminders(phones(6))).await?;
    desk.click("#confirm-continue").await?;
    desk.wait_for("#no-journal").await?;
    ensure!(sends(&desk.sandbox).is_empty());
    // Nothing is kept, but nobody can know.
    desk.open().await?;
    set(desk, "stays").await?;
    desk.prepare(&reminders(phones(6))).await?;
    desk.click("#confirm-continue").await?;
    desk.wait_for("#not-ready").await?;
    desk.see(&["No se envió ningún mensaje, pero el navegador pudo haberlo guardado"]).await?;
    ensure!(desk.count("#confirm-no-journal").await? == 0 && sends(&desk.sandbox).is_empty());
    clear(desk).await?;
    desk.open().await?;
    ensure!(desk.kept().await?.is_empty());
    // It is kept all the same.
    set(desk, "late-head").await?;
    set(desk, "stays").await?;
    desk.prepare(&reminders(phones(6))).await?;
    desk.click("#confirm-continue").await?;
    desk.wait_for("#not-ready").await?;
    clear(desk).await?;
    let kept = desk.open_kept().await?;
    ensure!(kept.waiting == 6 && sends(&desk.sandbox).is_empty(), "{kept:?}");
    desk.resume_kept().await?;
    ensure!(desk.ended().await? == "Envío terminado");
    let tally = desk.account_for_all(6).await?;
    ensure!(tally.accepted == 6 && sends(&desk.sandbox).len() == 6, "{tally:?}");
    Ok(())
}

/// The browser gives this page no lock: it doesn't send, and says so.
pub async fn a_batch_that_is_not_reserved_is_not_sent(desk: &mut Desk) -> Result<()> {
    let taken = "const request = navigator.locks.request.bind(navigator.locks);
        navigator.locks.request = (name, options, held) =>
          localStorage.getItem('taken') ? Promise.resolve(held(null)) : request(name, options, held);\n";
    change(desk, "journal.js", |source| [taken, &source].concat()).await?;
    desk.open().await?;
    set(desk, "taken").await?;
    desk.prepare(&reminders(phones(6))).await?;
    desk.click("#confirm-continue").await?;
    desk.wait_for("#not-ready").await?;
    desk.see(&["Otra pestaña lo tiene", "No se envió ningún mensaje"]).await?;
    ensure!(sends(&desk.sandbox).is_empty() && desk.kept().await?.is_empty());
    clear(desk).await?;
    desk.click("#confirm-again").await?;
    ensure!(desk.ended().await? == "Envío terminado");
    let tally = desk.account_for_all(6).await?;
    ensure!(tally.accepted == 6 && sends(&desk.sandbox).len() == 6, "{tally:?}");
    Ok(())
}
