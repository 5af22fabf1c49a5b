//! The database: connections, and the schema that grows by migrations.

use deadpool_postgres::{
    GenericClient, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Status,
};
use tokio_postgres::types::ToSql;
use tokio_postgres::{NoTls, Row};

use crate::error::Error;

/// Every migration in the order in which it was published; a line is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
    include_str!("schema/0004.sql"),
    include_str!("schema/0005.sql"),
    include_str!("schema/0006.sql"),
    include_str!("schema/0007.sql"),
];
/// Held while one instance migrates; no other lock of this database has this number.
const MIGRATING: i64 = 0x736f_686f_6100;
/// So many connections are open at most, for each instance.
const CONNECTIONS: usize = 32;

/// Questions whose statements a connection prepares once and keeps: each costs one way to
/// the database and back instead of two.
pub(crate) trait Prepared: GenericClient {
    /// All rows.
    async fn rows(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Error> {
        let statement = self.prepare_cached(sql).await?;
        Ok(self.query(&statement, parameters).await?)
    }

    /// The one row that there is.
    async fn one(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Row, Error> {
        let statement = self.prepare_cached(sql).await?;
        Ok(self.query_one(&statement, parameters).await?)
    }

    /// A row, if there is one.
    async fn maybe(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, Error> {
        let statement = self.prepare_cached(sql).await?;
        Ok(self.query_opt(&statement, parameters).await?)
    }

    /// How many rows it changed.
    async fn done(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
        let statement = self.prepare_cached(sql).await?;
        Ok(self.execute(&statement, parameters).await?)
    }
}

impl<C: GenericClient> Prepared for C {}

/// The centre's database.
#[derive(Clone, Debug)]
pub struct Database {
    pool: Pool,
}

impl Database {
    /// The database at an address such as `host=127.0.0.1 user=sohoa dbname=sohoa`, or a
    /// `postgresql://` URL. Nothing is asked of it yet.
    pub fn at(url: &str) -> Result<Self, Error> {
        let config: tokio_postgres::Config = url.parse()?;
        let manager = Manager::from_config(
            config,
            NoTls,
            ManagerConfig {
                // One that the database closed is known to be closed; asking each time would
                // cost every request a way there and back.
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let wait = Some(std::time::Duration::from_secs(10));
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(wait)
            .create_timeout(wait)
            .recycle_timeout(wait)
            .build()
            .map_err(|_| Error::Database("no pool of connections".to_owned()))?;
        Ok(Self { pool })
    }

    /// How its connections are used.
    pub(crate) fn status(&self) -> Status {
        self.pool.status()
    }

    pub(crate) async fn connection(&self) -> Result<Object, Error> {
        Ok(self.pool.get().await?)
    }

    /// Whether policies bind whoever is connected here: an owner of tables, and whoever may
    /// pass by policies, would see every row.
    pub(crate) async fn is_bound(&self) -> Result<bool, Error> {
        let connection = self.connection().await?;
        let row = connection
            .one(
                "SELECT NOT EXISTS (SELECT FROM pg_roles r
                    WHERE pg_has_role(r.oid, 'MEMBER') AND (r.rolsuper OR r.rolbypassrls))
                 AND NOT EXISTS (SELECT FROM pg_class c
                    WHERE c.relnamespace = current_schema()::regnamespace
                        AND pg_has_role(c.relowner, 'MEMBER'))",
                &[],
            )
            .await?;
        Ok(row.get(0))
    }

    /// Brings the schema up to this program, as the owner of its tables. Several instances may call it at once.
    pub async fn migrate(&self) -> Result<(), Error> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await?;
        transaction
            .execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATING])
            .await?;
        transaction
            .batch_execute(
                "CREATE TABLE IF NOT EXISTS migration (
                     number     integer PRIMARY KEY,
                     applied_at timestamptz NOT NULL DEFAULT now()
                 )",
            )
            .await?;
        let applied: i64 = transaction
            .query_one("SELECT count(*) FROM migration", &[])
            .await?
            .get(0);
        let applied = applied as usize;
        if applied > MIGRATIONS.len() {
            return Err(Error::Database(
                "the schema was made by a newer program".to_owned(),
            ));
        }
        for (number, migration) in MIGRATIONS.iter().enumerate().skip(applied) {
            transaction.batch_execute(migration).await?;
            let number = number as i32 + 1;
            transaction
                .execute("INSERT INTO migration (number) VALUES ($1)", &[&number])
                .await?;
            tracing::info!(number, "schema migrated");
        }
        Ok(transaction.commit().await?)
    }
}
