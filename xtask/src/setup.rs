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

const CHROMIUM: Package = Package {
    name: "chromium",
    probe: &["chromium", "--version"],
    needed_for: "the workbench in a browser",
};

const SOLVER: Package = Package {
    name: "cvc5",
    probe: &["cvc5", "--version"],
    needed_for: "proving what the policies of releases keep to",
};

const PACKAGES: [Package; 11] = [
    CHROMIUM,
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
        name: "minisign",
        probe: &["minisign", "-v"],
        needed_for: "seals as others check and make them",
    },
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
        name: "poppler-utils",
        probe: &["pdftotext", "-v"],
        needed_for: "reading briefs as others do",
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

/// Major and minor version of Node.js that Vite asks for.
const NODE_AT_LEAST: (u32, u32) = (20, 19);

/// What builds the workbench.
const NODE: [Package; 2] = [
    Package { name: "nodejs", probe: &["node", "--version"], needed_for: "building the workbench" },
    Package { name: "npm", probe: &["npm", "--version"], needed_for: "the workbench's libraries" },
];

/// Makes sure the tests find the programs they call.
pub(crate) fn for_tests() -> Result<bool> {
    debian(&PACKAGES)?;
    Ok(python(ISSUER, "python3")? && python(PARTNERS, "python3")?)
}

/// Makes sure the workbench can be built.
pub(crate) fn node() -> Result<()> {
    if !NODE.iter().all(|package| there(package.probe)) {
        debian(&NODE)?;
    }
    let version = stage::output("node", &["--version"]).unwrap_or_default();
    ensure!(
        new_enough(&version),
        "Node.js {} is too old for the workbench: install 20.19 or later",
        version.trim()
    );
    Ok(())
}

/// Whether `v20.19.2` is 20.19 or later.
fn new_enough(version: &str) -> bool {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    let [major, minor] = [(); 2].map(|()| numbers.next().and_then(Result::ok).unwrap_or(0));
    (major, minor) >= NODE_AT_LEAST
}

/// Makes sure there is a solver.
pub(crate) fn for_proofs() -> Result<()> {
    if there(SOLVER.probe) { Ok(()) } else { debian(&[SOLVER]) }
}

/// Makes sure the workbench can be looked at.
pub(crate) fn browser() -> Result<()> {
    if there(CHROMIUM.probe) { Ok(()) } else { debian(&[CHROMIUM]) }
}

fn debian(packages: &[Package]) -> Result<()> {
    let missing: Vec<&Package> = packages.iter().filter(|p| !there(p.probe)).collect();
    for package in packages {
        let state =
            if missing.iter().any(|m| m.name == package.name) { "missing" } else { "there" };
        println!("    {}: {state} ({})", package.name, package.needed_for);
    }
    if !missing.is_empty() {
        let names: Vec<&str> = missing.iter().map(|p| p.name).collect();
        println!("    installing {} from Debian's packages", names.join(", "));
        install(&names)?;
    }
    Ok(())
}

/// What others wrote in Python, in an environment of its own under `target/`.
#[derive(Debug, Clone, Copy)]
struct Environment {
    folder: &'static str,
    packages: &'static [&'static str],
    /// Succeeds when they are there.
    probe: &'static str,
}

/// The first Python in which the packages of [`ZONES`] are at home; they are written in the syntax of this one.
const ZONES_PYTHON: [u32; 2] = [3, 12];

/// A model of ED-318, zones for unmanned aircraft.
const ZONES: Environment = Environment {
    folder: "zones",
    packages: &["ed318-pydantic==0.2.1"],
    probe: "import ed318_pydantic.models",
};

/// An issuer of identities.
const ISSUER: Environment = Environment {
    folder: "issuer",
    packages: &["oidc-provider-mock"],
    probe: "import oidc_provider_mock",
};

/// What partners read releases with: a TAK server and its clients, the validator of STIX, MGRS as GEOTRANS has it.
const PARTNERS: Environment = Environment {
    folder: "partners",
    packages: &[
        "mgrs==1.6.0",
        "pytak==7.6.1",
        "stix2-validator==3.3.2",
        "takproto==3.0.1",
        "taky==0.10",
    ],
    probe: "import mgrs, pytak, stix2validator, takproto, taky",
};

/// Clients of the server, an S3 server, readers of what is flown, and estimators of survival.
const CLIENTS: Environment = Environment {
    folder: "clients",
    packages: &[
        "fastkml",
        "gpxpy",
        "lifelines",
        "moto[server]",
        "OWSLib",
        "pymavlink",
        "pystac-client",
        "pystac[validation]",
        "schemathesis",
        "stac-api-validator",
    ],
    probe: "import fastkml, gpxpy, jsonschema, lifelines, moto, owslib, pymavlink, pystac_client, schemathesis, stac_api_validator",
};

/// Makes sure the long tests find the clients they put on the server.
pub(crate) fn for_nightly() -> Result<bool> {
    let clients = python(CLIENTS, "python3")?;
    let Some(recent) = recent_python() else {
        let [major, minor] = ZONES_PYTHON;
        println!(
            "    {} is left out: there is no Python {major}.{minor} or later",
            ZONES.packages.join(", ")
        );
        return Ok(clients);
    };
    Ok(clients && python(ZONES, &recent)?)
}

/// The path of a Python that is new enough for [`ZONES`], by its own name or among those of pyenv.
fn recent_python() -> Option<String> {
    let by_pyenv = |version: &str| {
        let prefix = stage::output("pyenv", &["prefix", version])?;
        Some(format!("{}/bin/python3", prefix.trim()))
    };
    let names =
        ["python3", "python3.14", "python3.13", "python3.12"].map(|name| Some(name.to_owned()));
    let installed = ["3.14", "3.13", "3.12"].map(by_pyenv);
    let [major, minor] = ZONES_PYTHON;
    let probe = format!("import sys, venv; sys.exit(sys.version_info < ({major}, {minor}))");
    names.into_iter().chain(installed).flatten().find(|python| there(&[python, "-c", &probe]))
}

fn python(wanted: Environment, interpreter: &str) -> Result<bool> {
    let Environment { folder, packages, probe } = wanted;
    let place = crate::root().join("target").join(folder);
    if there(&[&place.join("bin/python").to_string_lossy(), "-c", probe]) {
        return Ok(true);
    }
    println!("    installing {} from PyPI into target/{folder}", packages.join(", "));
    let mut venv = Command::new(interpreter);
    ensure!(
        stage::succeeds(venv.args(["-m", "venv"]).arg(&place))?,
        "no Python environment: `apt-get install python3-venv`, then again"
    );
    let mut pip = Command::new(place.join("bin/pip"));
    stage::succeeds(pip.args(["install", "--quiet"]).args(packages))
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
