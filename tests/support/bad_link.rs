//! A link between desks and a centre that does what links do: it is slow, it is cut, it carries
//! nothing in one direction or in both, and it forgets connections without a word.

#![allow(
    clippy::unwrap_used,
    reason = "a link that cannot be made fails whoever wants one"
)]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// So much is carried at a time.
const PIECE_BYTES: usize = 8 << 10;
/// How long nothing is done before it is looked again.
const NAP: Duration = Duration::from_millis(5);

/// Which way nothing is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the centre.
    In,
    /// From the centre.
    Out,
    /// Neither way.
    Both,
}

#[derive(Debug, Default)]
struct State {
    port: AtomicU16,
    holds_in: AtomicBool,
    holds_out: AtomicBool,
    carried: AtomicU64,
    open: Mutex<Vec<Arc<Connection>>>,
}

#[derive(Debug)]
struct Connection {
    desk: TcpStream,
    centre: TcpStream,
    /// It moves no byte any more, and neither end is told.
    is_buried: AtomicBool,
}

impl Connection {
    fn cut(&self) {
        let _ = self.desk.shutdown(Shutdown::Both);
        let _ = self.centre.shutdown(Shutdown::Both);
    }
}

/// The link. It ends with whoever holds it.
#[derive(Debug)]
pub struct BadLink {
    port: u16,
    state: Arc<State>,
}

impl BadLink {
    /// A link to a port of this machine that carries so many bytes a second, each way and for
    /// each connection.
    ///
    /// # Panics
    /// When it cannot listen.
    pub fn to(port: u16, bytes_per_s: u64) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let state = Arc::new(State::default());
        state.port.store(port, Ordering::SeqCst);
        let link = Self {
            port: listener.local_addr().unwrap().port(),
            state: Arc::clone(&state),
        };
        let pause = Duration::from_secs_f64(PIECE_BYTES as f64 / bytes_per_s as f64);
        std::thread::spawn(move || {
            for desk in listener.incoming().flatten() {
                let port = state.port.load(Ordering::SeqCst);
                if port == 0 {
                    return;
                }
                let Ok(centre) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else {
                    continue;
                };
                let connection = Arc::new(Connection {
                    desk,
                    centre,
                    is_buried: AtomicBool::new(false),
                });
                connections(&state).push(Arc::clone(&connection));
                for way in [Way::In, Way::Out] {
                    let (state, connection) = (Arc::clone(&state), Arc::clone(&connection));
                    std::thread::spawn(move || carry(&state, &connection, way, pause));
                }
            }
        });
        link
    }

    /// Where desks find it.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many bytes it has carried, both ways.
    pub fn carried(&self) -> u64 {
        self.state.carried.load(Ordering::SeqCst)
    }

    /// From now on nothing goes that way; what was on its way waits.
    pub fn hold(&self, way: Way) {
        let (holds_in, holds_out) = (way != Way::Out, way != Way::In);
        self.state.holds_in.store(holds_in, Ordering::SeqCst);
        self.state.holds_out.store(holds_out, Ordering::SeqCst);
    }

    /// Everything goes again.
    pub fn release(&self) {
        self.state.holds_in.store(false, Ordering::SeqCst);
        self.state.holds_out.store(false, Ordering::SeqCst);
    }

    /// Ends all connections, and both ends hear of it.
    pub fn cut(&self) {
        for connection in connections(&self.state).drain(..) {
            connection.cut();
        }
    }

    /// No connection that is open now moves a byte any more, and nobody hears of it: only new
    /// ones work.
    pub fn bury(&self) {
        for connection in connections(&self.state).iter() {
            connection.is_buried.store(true, Ordering::SeqCst);
        }
    }
}

impl Drop for BadLink {
    fn drop(&mut self) {
        self.state.port.store(0, Ordering::SeqCst);
        self.cut();
        // Wakes the thread that listens, so that it sees that nobody needs it.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}

fn connections(state: &State) -> std::sync::MutexGuard<'_, Vec<Arc<Connection>>> {
    state.open.lock().unwrap_or_else(PoisonError::into_inner)
}

fn carry(state: &State, connection: &Connection, way: Way, pause: Duration) {
    let (mut from, mut to, holds) = match way {
        Way::In => (&connection.desk, &connection.centre, &state.holds_in),
        _ => (&connection.centre, &connection.desk, &state.holds_out),
    };
    let mut piece = vec![0; PIECE_BYTES];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        let share = length as f64 / PIECE_BYTES as f64;
        std::thread::sleep(pause.mul_f64(share));
        while holds.load(Ordering::SeqCst) || connection.is_buried.load(Ordering::SeqCst) {
            // Whoever has given up the connection wants nothing of it any more.
            if state.port.load(Ordering::SeqCst) == 0 {
                return;
            }
            std::thread::sleep(NAP);
        }
        if to.write_all(&piece[..length]).is_err() {
            break;
        }
        state.carried.fetch_add(length as u64, Ordering::SeqCst);
    }
    connection.cut();
}
