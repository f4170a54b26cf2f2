//! A share of the connections for each client, so that one that opens many, or keeps them idle, costs the others nothing.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Who is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Client {
    /// An address.
    Address(IpAddr),
    /// Whoever may open the Unix socket: the proxy. It has all connections there are.
    Socket,
}

/// Counts connections.
#[derive(Debug)]
pub struct Clients {
    most: usize,
    most_of_one: usize,
    open: Mutex<HashMap<Client, usize>>,
}

/// A connection's place; given back when dropped.
#[derive(Debug)]
pub struct Place {
    clients: Arc<Clients>,
    client: Client,
}

impl Clients {
    /// Places in all, and for one address.
    pub fn new((most, most_of_one): (usize, usize)) -> Arc<Self> {
        Arc::new(Self { most, most_of_one, open: Mutex::default() })
    }

    /// Takes a place, or says why there is none.
    pub fn enter(self: &Arc<Self>, client: Client) -> Result<Place, &'static str> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.get(&client).copied().unwrap_or(0);
        if client != Client::Socket && own >= self.most_of_one {
            return Err("client_connections");
        }
        if open.values().sum::<usize>() >= self.most {
            return Err("connections");
        }
        open.insert(client, own + 1);
        drop(open);
        Ok(Place { clients: Arc::clone(self), client })
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.clients.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&self.client) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(open.remove(&self.client)),
        }
    }
}
