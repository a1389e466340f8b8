//! Installs what the tests need beside Rust, and says so. What is there already is left alone.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::stage;

/// A Debian package, known by a program or a Python module that it brings.
#[derive(Debug, Clone, Copy)]
struct Package {
    name: &'static str,
    /// A command that succeeds when the package is there.
    probe: &'static [&'static str],
    needed_for: &'static str,
}

const PACKAGES: [Package; 8] = [
    Package {
        name: "curl",
        probe: &["curl", "--version"],
        needed_for: "the recipes of the guide, and TLS as others speak it",
    },
    Package {
        name: "gdal-bin",
        probe: &["gdalinfo", "--version"],
        needed_for: "opening every written raster and GeoJSON with GDAL",
    },
    Package { name: "jq", probe: &["jq", "--version"], needed_for: "the recipes of the guide" },
    Package {
        name: "openssl",
        probe: &["openssl", "version"],
        needed_for: "certificates of tests",
    },
    Package {
        name: "python3-gdal",
        probe: &["/usr/bin/python3", "-c", "from osgeo import gdal"],
        needed_for: "comparing written pixels with what GDAL reads",
    },
    Package {
        name: "python3-h5py",
        probe: &["/usr/bin/python3", "-c", "import h5py"],
        needed_for: "making scenes in the layouts of EMIT and AVIRIS-3",
    },
    Package {
        name: "postgresql",
        // Debian keeps the server of each version out of the path.
        probe: &["sh", "-c", "ls /usr/lib/postgresql/*/bin/postgres"],
        needed_for: "the record on PostgreSQL: tests start a server of their own",
    },
    Package {
        name: "proj-bin",
        probe: &["cs2cs", "--version"],
        needed_for: "checking places against PROJ",
    },
];

/// Makes sure the tests find the programs they call.
pub(crate) fn for_tests() -> Result<bool> {
    let missing: Vec<Package> = PACKAGES.into_iter().filter(|p| !there(p.probe)).collect();
    for package in PACKAGES {
        let state =
            if missing.iter().any(|m| m.name == package.name) { "missing" } else { "there" };
        println!("    {}: {state} ({})", package.name, package.needed_for);
    }
    if !missing.is_empty() {
        let names: Vec<&str> = missing.iter().map(|p| p.name).collect();
        println!("    installing {} from Debian's packages", names.join(", "));
        install(&names)?;
    }
    Ok(true)
}

/// Clients that others wrote, and their S3 server, in an environment of their own under `target/`.
const CLIENTS: [&str; 6] = [
    "moto[server]",
    "OWSLib",
    "pystac-client",
    "pystac[validation]",
    "schemathesis",
    "stac-api-validator",
];

/// Makes sure the long tests find the clients they put on the server.
pub(crate) fn for_nightly() -> Result<bool> {
    let folder = crate::root().join("target/clients");
    let python = folder.join("bin/python");
    let python = python.to_string_lossy();
    if there(&[
        &python,
        "-c",
        "import jsonschema, moto, owslib, pystac_client, schemathesis, stac_api_validator",
    ]) {
        return Ok(true);
    }
    println!("    installing {} from PyPI into target/clients", CLIENTS.join(", "));
    let mut venv = Command::new("python3");
    ensure!(
        stage::succeeds(venv.args(["-m", "venv"]).arg(&folder))?,
        "no Python environment: `apt-get install python3-venv`, then again"
    );
    let mut pip = Command::new(folder.join("bin/pip"));
    stage::succeeds(pip.args(["install", "--quiet"]).args(CLIENTS))
}

/// Whether a probe runs and succeeds. `cs2cs` and friends answer `--version` on standard error with
/// an odd exit code, so for them it is enough that the program starts.
fn there(probe: &[&str]) -> bool {
    let [program, arguments @ ..] = probe else { return false };
    let run = Command::new(program).args(arguments).output();
    run.is_ok_and(|run| run.status.success() || !arguments.contains(&"-c"))
}

fn install(names: &[&str]) -> Result<()> {
    let root = stage::output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    ensure!(
        root || there(&["sudo", "--version"]),
        "{} cannot be installed: run as root, or run `apt-get install {}` yourself, then again",
        names.join(", "),
        names.join(" "),
    );
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            command.arg("apt-get");
        }
        stage::succeeds(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    ensure!(
        apt(&["update", "-qq"])?
            && apt(&[&["install", "-y", "-qq", "--no-install-recommends"], names].concat())?,
        "apt-get could not install {}: see its message above",
        names.join(", "),
    );
    Ok(())
}

#[cfg(test)]
mod tests;
