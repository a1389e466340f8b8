//! `cathartes serve`: the record for everybody, by HTTP.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context;
use cathartes_pipeline::{
    tend::{self, Tending},
    work,
};
use cathartes_server::{OidcSettings, SecondLook, Server, Settings, Tls};

use super::{
    audit::secret_key,
    record::{LogForm, Place, log, stop, waited},
    say,
};

/// Serve the record: scenes, plumes and sources to browsers, GIS and programs.
///
/// The first start prints a link that makes the first account; there is no password before that.
/// Jobs are done inside, unless --workers is 0 and `cathartes work` does them elsewhere.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8750")]
    listen: String,
    /// What people type to get here, when that is another address
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Certificate of the server and those above it, PEM: speak HTTPS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Key of the certificate, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Let people in whom this issuer (OIDC) knows, once they are invited
    #[arg(long, value_name = "URL", requires = "oidc_client")]
    oidc_issuer: Option<String>,
    /// What this server is called at the issuer; its way back is PUBLIC-URL/oidc/return
    #[arg(long, value_name = "NAME", requires = "oidc_issuer")]
    oidc_client: Option<String>,
    /// What proves to the issuer that we are it
    #[arg(long, value_name = "FILE", requires = "oidc_issuer")]
    oidc_secret_file: Option<PathBuf>,
    /// What two people look at before it is decided: never, what one confirmed, or always
    #[arg(long, value_name = "never|confirmed|always", default_value = "confirmed")]
    second_look: SecondLook,
    /// The secret key that signs checkpoints of the audit log and releases: a file of `minisign -G -W`
    #[arg(long, value_name = "FILE")]
    seal_key: Option<PathBuf>,
    /// A map for the background of the workbench: a `.pmtiles` file
    #[arg(long, value_name = "FILE")]
    basemap: Option<PathBuf>,
    /// Jobs to do at a time in this process
    #[arg(long, value_name = "N", default_value_t = 1)]
    workers: usize,
    /// Write messages to recipients into this folder, for a mail gateway or a courier
    #[arg(long, value_name = "DIR")]
    outbox: Option<PathBuf>,
    /// Rules of asking again, in the place of those that come with the program
    #[arg(long, value_name = "REMINDERS.toml")]
    reminders: Option<PathBuf>,
    /// How the log is written, on standard error
    #[arg(long, value_name = "text|json", default_value = "text")]
    log: LogForm,
}

impl Args {
    fn tls(&self) -> anyhow::Result<Option<Tls>> {
        let Some((cert, key)) = self.tls_cert.as_ref().zip(self.tls_key.as_ref()) else {
            return Ok(None);
        };
        let read = |file: &PathBuf| fs::read(file).with_context(|| file.display().to_string());
        Ok(Some(Tls::from_pem(&read(cert)?, &read(key)?)?))
    }

    fn oidc(&self) -> anyhow::Result<Option<OidcSettings>> {
        let (Some(issuer), Some(client)) = (self.oidc_issuer.clone(), self.oidc_client.clone())
        else {
            return Ok(None);
        };
        let read = |file: &PathBuf| {
            let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
            anyhow::Ok(text.trim().to_owned())
        };
        let secret = self.oidc_secret_file.as_ref().map(read).transpose()?;
        Ok(Some(OidcSettings { issuer, client, secret }))
    }
}

/// Serves until it is stopped.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    log(args.log);
    waited(serve(args))
}

async fn serve(args: &Args) -> anyhow::Result<ExitCode> {
    let settings = Settings {
        listen: args.listen.clone(),
        public_url: args.public_url.clone(),
        tls: args.tls()?,
        oidc: args.oidc()?,
        second_look: args.second_look,
        seal_key: args.seal_key.as_deref().map(secret_key).transpose()?,
        basemap: args.basemap.clone(),
    };
    let tending = Tending::new(args.reminders.as_deref(), args.outbox.clone())?;
    let store = args.place.open().await?;
    let server = Server::bind(store.clone(), settings).await?;
    if let Some(link) = server.first_link() {
        say(&format!("make the first account (once, within a day): {link}"));
    }
    say(&format!("listening on {}", server.base_url()));
    let (stop, stopping) = stop();
    let (served, (), ()) = tokio::join!(
        server.run(stop),
        work::all(&store, args.workers, &stopping),
        tend::run(&store, &tending, stopping.clone())
    );
    served?;
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
