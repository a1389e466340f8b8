//! A PostgreSQL of our own: in a temporary folder, on a Unix socket, as somebody who is not root, and
//! gone with the value.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// Debian puts the programs of each version in a folder of their own.
const VERSIONS: &str = "/usr/lib/postgresql";
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Postgres {
    server: Child,
    folder: tempfile::TempDir,
    programs: PathBuf,
    databases: AtomicU32,
}

impl Postgres {
    /// For tests, which lose nothing when the machine does.
    #[allow(dead_code, reason = "for the tests that share this file")]
    pub(crate) fn start() -> Self {
        Self::with(&["-c", "fsync=off"])
    }

    /// As it runs in earnest.
    #[allow(dead_code, reason = "for the bench that shares this file")]
    pub(crate) fn start_durable() -> Self {
        Self::with(&["-c", "shared_buffers=256MB"])
    }

    fn with(settings: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("cathartes-pg").tempdir().unwrap();
        let programs = programs();
        let data = folder.path().join("data");
        if is_root() {
            let chown = Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap();
            assert!(chown.success());
        }
        let mut initdb = as_nobody_special(&programs.join("initdb"));
        initdb.args(["--auth=trust", "--username=cathartes", "--encoding=UTF8", "--no-sync", "-D"]);
        let made = initdb.arg(&data).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut server = as_nobody_special(&programs.join("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(folder.path());
        server.args(["-c", "listen_addresses=", "-c", "max_connections=200"]);
        server.args(settings);
        let server = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let this = Self { server, folder, programs, databases: AtomicU32::new(0) };
        let deadline = Instant::now() + PATIENCE;
        while !this.psql("postgres", "SELECT 1").status().unwrap().success() {
            assert!(Instant::now() < deadline, "PostgreSQL does not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        this
    }

    fn psql(&self, database: &str, sql: &str) -> Command {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-qAt", "-U", "cathartes", "-h"]).arg(self.folder.path());
        psql.args(["-d", database, "-c", sql]).stdout(Stdio::null()).stderr(Stdio::null());
        psql
    }

    /// The address of a new, empty database.
    pub(crate) fn database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        assert!(
            self.psql("postgres", &format!("CREATE DATABASE {name}")).status().unwrap().success()
        );
        let folder = self.folder.path().display();
        format!("postgres:///{name}?host={folder}&user=cathartes")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT: end all sessions and stop. Nothing else of that name is touched.
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
        // A hundred databases are as many thousand files, which take minutes where others use the disk.
        self.folder.disable_cleanup(true);
        let mut remove = Command::new("rm");
        remove.arg("-rf").arg(self.folder.path());
        let silent = remove.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let _ = silent.spawn();
    }
}

fn programs() -> PathBuf {
    let versions = fs::read_dir(VERSIONS).expect("apt-get install postgresql");
    let number = |path: &PathBuf| -> u32 {
        path.file_name().and_then(|n| n.to_str()?.parse().ok()).unwrap_or(0)
    };
    let newest = versions.flatten().map(|entry| entry.path()).max_by_key(number);
    newest.expect("apt-get install postgresql").join("bin")
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

/// PostgreSQL refuses to run as root. It ends when we do, however we end.
fn as_nobody_special(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    command.args(["--pdeathsig", "INT"]).arg(program);
    command
}
