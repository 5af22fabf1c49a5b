//! What every store must do, tried on a folder and on a server that speaks S3.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use futures_util::TryStreamExt as _;
use object_store::aws::AmazonS3Builder;
use tempfile::TempDir;

use super::*;

/// A server that speaks S3 and keeps each object as a file.
struct S3Server {
    folder: TempDir,
    server: Child,
    endpoint: String,
}

impl S3Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bucket")).unwrap();
        let mut server = Command::new("s3s-fs")
            .args(["--host", "127.0.0.1", "--port", "0"])
            .args(["--access-key", "key", "--secret-key", "secret"])
            .arg(folder.path())
            .env("RUST_LOG", "s3s_fs=info")
            .stdout(Stdio::piped())
            .spawn()
            .expect("s3s-fs is installed: `make setup-test` does it");
        let lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let endpoint = lines.map_while(Result::ok).find_map(|line| {
            let (_, address) = line.split_once("running at ")?;
            Some(address.trim().to_owned())
        });
        Self {
            folder,
            server,
            endpoint: endpoint.expect("it says where it listens"),
        }
    }

    fn objects(&self) -> Objects {
        let settings = AmazonS3Builder::new()
            .with_access_key_id("key")
            .with_secret_access_key("secret")
            .with_endpoint(&self.endpoint)
            .with_allow_http(true);
        Objects::of(
            bucket::with(settings, "s3://bucket/centre/a").unwrap(),
            None,
        )
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn bytes_of(seed: u8, length: usize) -> Bytes {
    // No piece is like another.
    let bytes = (0..length).map(|index| (index.wrapping_mul(0x9e37_79b1) >> 15) as u8 ^ seed);
    bytes.collect::<Vec<u8>>().into()
}

/// The suite. `on_disk` is where the bytes of an object lie.
async fn conforms(objects: &Objects, on_disk: &dyn Fn(&str) -> PathBuf) {
    objects.answers().await.unwrap();
    let file = bytes_of(1, 100_000);
    let sealed = Digest::of(&file);
    assert_eq!(objects.size_of(&sealed).await.unwrap(), None);
    assert_eq!(objects.read(&sealed).await.unwrap(), None);
    for _ in 0..2 {
        objects.put_file(&sealed, file.clone()).await.unwrap();
        assert_eq!(objects.size_of(&sealed).await.unwrap(), Some(100_000));
        assert_eq!(objects.read(&sealed).await.unwrap(), Some(file.clone()));
    }
    // What rotted is never taken for what was put, and a second put heals it.
    let name = file_path(&sealed).to_string();
    std::fs::write(on_disk(&name), b"rotten").unwrap();
    assert!(matches!(
        objects.read(&sealed).await,
        Err(Error::Damaged(_))
    ));
    objects.put_file(&sealed, file.clone()).await.unwrap();
    assert_eq!(objects.read(&sealed).await.unwrap(), Some(file));

    joins(objects, &[70_000, 30_000]).await;
    joins(objects, &[4 << 20, 4 << 20, 4 << 20, 17]).await;

    // Parts of the same bytes have names of their own; all is listed, under its own head only.
    let part = bytes_of(9, 50);
    let digest = Digest::of(&part);
    let first = objects.put_part(7, &digest, 0, part.clone()).await.unwrap();
    let second = objects.put_part(7, &digest, 0, part).await.unwrap();
    assert_ne!(first, second);
    let listed: Vec<Listed> = objects.list(PARTS).try_collect().await.unwrap();
    let mut names: Vec<&str> = listed.iter().map(|found| found.name.as_str()).collect();
    names.sort_unstable();
    let mut expected = [first.as_str(), second.as_str()];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert!(listed.iter().all(|found| found.size_bytes == 50));
    objects.drop_parts(&[first.clone(), second]).await;
    objects.remove(&first).await.unwrap();
    let listed: Vec<Listed> = objects.list(PARTS).try_collect().await.unwrap();
    assert_eq!(listed, []);
    let files: Vec<Listed> = objects.list(FILES).try_collect().await.unwrap();
    assert_eq!(files.len(), 3);

    // A put that was cut off is nothing, and nobody sees it.
    let cut = Digest::of(b"cut");
    let mut upload = objects.store.put_multipart(&file_path(&cut)).await.unwrap();
    upload
        .put_part(PutPayload::from(bytes_of(3, 6 << 20)))
        .await
        .unwrap();
    drop(upload);
    assert_eq!(objects.size_of(&cut).await.unwrap(), None);
    let listed: Vec<Listed> = objects.list(FILES).try_collect().await.unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!(objects.failures(), 0);
}

/// A file comes of its parts, and never of others.
async fn joins(objects: &Objects, lengths: &[usize]) {
    let total = lengths.iter().sum::<usize>();
    let whole = bytes_of(total as u8, total);
    let sealed = Digest::of(&whole);
    let mut parts = Vec::new();
    let mut rest = whole.clone();
    for length in lengths {
        let offset = (total - rest.len()) as u64;
        let part = rest.split_to(*length);
        parts.push(objects.put_part(1, &sealed, offset, part).await.unwrap());
    }
    let size = total as u64;
    let mut turned = parts.clone();
    turned.swap(0, 1);
    assert!(!objects.join(&sealed, &turned, size).await.unwrap());
    let gone = [parts.clone(), vec![format!("{PARTS}/1/gone")]].concat();
    assert!(!objects.join(&sealed, &gone, size).await.unwrap());
    assert_eq!(
        objects.size_of(&sealed).await.unwrap(),
        None,
        "nothing is kept"
    );
    assert!(objects.join(&sealed, &parts, size).await.unwrap());
    assert_eq!(objects.read(&sealed).await.unwrap(), Some(whole));
    // Whoever died after this does it again.
    assert!(objects.join(&sealed, &parts, size).await.unwrap());
    objects.drop_parts(&parts).await;
}

#[tokio::test]
async fn a_folder_does_what_a_store_must() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::at(folder.path().to_str().unwrap()).unwrap();
    conforms(&objects, &|name| folder.path().join(name)).await;
}

#[tokio::test]
async fn a_bucket_does_what_a_store_must() {
    let server = S3Server::start();
    let place = server.folder.path().join("bucket/centre/a");
    conforms(&server.objects(), &|name| place.join(name)).await;
}

#[tokio::test]
async fn a_bucket_that_is_gone_is_a_failure_soon_and_no_missing_file() {
    let mut server = S3Server::start();
    let objects = server.objects();
    let file = bytes_of(1, 1_000);
    let sealed = Digest::of(&file);
    objects.put_file(&sealed, file.clone()).await.unwrap();
    server.server.kill().unwrap();
    server.server.wait().unwrap();
    let limit = std::time::Duration::from_secs(20);
    let asked = tokio::time::timeout(limit, objects.read(&sealed)).await;
    assert!(matches!(asked, Ok(Err(Error::Objects(_)))));
    let put = tokio::time::timeout(limit, objects.put_file(&sealed, file)).await;
    assert!(matches!(put, Ok(Err(Error::Objects(_)))));
    assert_eq!(objects.failures(), 2);
}

#[tokio::test]
async fn what_a_cut_put_left_in_a_folder_goes_when_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::in_folder(folder.path()).unwrap();
    let staged = folder.path().join(FILES).join("ab").join("abcd#1");
    std::fs::create_dir_all(staged.parent().unwrap()).unwrap();
    std::fs::write(&staged, b"half").unwrap();
    let changed = std::fs::metadata(&staged).unwrap().modified().unwrap();
    let changed: DateTime<Utc> = changed.into();
    assert_eq!(objects.clear_staged(changed).await.unwrap(), 0);
    let later = changed + chrono::TimeDelta::seconds(1);
    assert_eq!(objects.clear_staged(later).await.unwrap(), 1);
    assert!(!staged.exists());
}
