//! The window: the officer's face of the verbs in `desk`.
//!
//! **Words.** `ipc` is the one list of commands; a seat is the place at this
//! window, where an officer is signed in or not; `page_scheme` shows the pixels
//! of a page.
//!
//! **Invariants.** This is the only crate that knows Tauri. A command holds no
//! rule of its own: it reads the request, calls a verb, and writes a view. What
//! crosses to the window never carries more of an error than its code.
//!
//! ```no_run
//! desk::worker::run_if_asked();
//! window::run();
//! ```

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]

mod ipc;
mod page_scheme;
mod seat;
mod settings;

use seat::Seat;
use tauri::{Manager, WebviewWindowBuilder};
use tracing_subscriber::EnvFilter;

/// Opens the window and returns when it is closed.
pub fn run() {
    let filter = EnvFilter::try_from_env("SOHOA_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .register_asynchronous_uri_scheme_protocol(page_scheme::NAME, page_scheme::answer)
        .invoke_handler(ipc::handler())
        .setup(|app| {
            let places = settings::Places::find(app.handle())?;
            app.manage(Seat::new(places));
            let handle = app.handle().clone();
            std::thread::Builder::new()
                .name("sending".to_owned())
                .spawn(move || handle.state::<Seat>().keep_sending())?;
            // Only now, so that no command can come before there is a seat.
            for window in &app.config().app.windows {
                WebviewWindowBuilder::from_config(app.handle(), window)?.build()?;
            }
            Ok(())
        })
        .build(tauri::generate_context!())
        .expect("the window's configuration is part of the program and is tested by opening it");
    app.run(|app, event| {
        if matches!(event, tauri::RunEvent::Exit) {
            app.state::<Seat>().leave();
        }
    });
}
