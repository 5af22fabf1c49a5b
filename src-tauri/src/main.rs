//! The program with a window. Started by its own worker argument it serves as a
//! worker process instead, and never shows one.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    desk::worker::run_if_asked();
    window::run();
}
