//! All routes, and their description as it follows from the code.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri, header},
    routing::get,
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    access, account_routes, app::App, assessment_routes, asset_routes, asset_tiles, draft_files,
    draft_routes, evidence_routes, first, flight_routes, handover_routes, import_routes,
    inspect_routes, job_routes, live, marking_routes, message_routes, metrics, observe, ogc,
    oidc_pages, pages, passkey_routes, point_routes, problem::Problem, product_routes,
    queue_routes, release_routes, report_routes, review_routes, session_routes, site_routes, stac,
    statistics_routes, upload_routes, witness, workbench_routes,
};

/// What the description is, as links to it say.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.oai.openapi+json;version=3.1";
/// Longest body but for pieces of files, which have their own limit.
const BODY_BYTES: usize = 1 << 20;

#[derive(OpenApi)]
#[openapi(
    info(title = "Cathartes", description = "The record: scenes, plumes, sources, sites, imports and jobs"),
    security(("cookie" = []), ("bearer" = [])),
    modifiers(&Secured)
)]
struct Description;

struct Secured;

impl Modify for Secured {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let cookie = ApiKey::Cookie(ApiKeyValue::new(access::COOKIE));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

fn described() -> OpenApiRouter<App> {
    releases(OpenApiRouter::with_openapi(Description::openapi()))
        .routes(routes!(session_routes::sign_in, session_routes::who, session_routes::sign_out))
        .routes(routes!(session_routes::make_token))
        .routes(routes!(passkey_routes::ask))
        .routes(routes!(passkey_routes::enter))
        .routes(routes!(passkey_routes::make))
        .routes(routes!(passkey_routes::list, passkey_routes::keep))
        .routes(routes!(passkey_routes::take_back))
        .routes(routes!(account_routes::list, account_routes::accept))
        .routes(routes!(account_routes::change))
        .routes(routes!(account_routes::invite))
        .routes(routes!(account_routes::audit))
        .routes(routes!(inspect_routes::entries))
        .routes(routes!(inspect_routes::remarks))
        .routes(routes!(inspect_routes::checkpoints))
        .routes(routes!(inspect_routes::whole))
        .routes(routes!(inspect_routes::proof))
        .routes(routes!(upload_routes::begin))
        .routes(routes!(upload_routes::look, upload_routes::receive))
        .routes(routes!(import_routes::import))
        .routes(routes!(report_routes::observations))
        .routes(routes!(report_routes::register))
        .routes(routes!(site_routes::list))
        .routes(routes!(site_routes::look))
        .routes(routes!(point_routes::points))
        .routes(routes!(site_routes::acts, site_routes::act))
        .routes(routes!(review_routes::claims, review_routes::claim))
        .routes(routes!(review_routes::give_back))
        .routes(routes!(review_routes::reviews, review_routes::review))
        .routes(routes!(queue_routes::queue))
        .routes(routes!(queue_routes::next))
        .routes(routes!(evidence_routes::evidence))
        .routes(routes!(assessment_routes::list, assessment_routes::make))
        .routes(routes!(handover_routes::list, handover_routes::make))
        .routes(routes!(handover_routes::take))
        .routes(routes!(handover_routes::colleagues))
        .routes(routes!(message_routes::waiting))
        .routes(routes!(message_routes::approve))
        .routes(routes!(message_routes::drop))
        .routes(routes!(statistics_routes::statistics))
        .routes(routes!(workbench_routes::workbench))
        .routes(routes!(workbench_routes::basemap))
        .routes(routes!(flight_routes::authorities))
        .routes(routes!(flight_routes::document))
        .routes(routes!(flight_routes::sorties))
        .routes(routes!(flight_routes::file))
        .routes(routes!(job_routes::list))
        .routes(routes!(job_routes::look))
        .routes(routes!(job_routes::revive))
        .routes(routes!(asset_routes::read))
        .routes(routes!(asset_tiles::tile))
        .routes(routes!(live::changes))
        .routes(routes!(ogc::landing))
        .routes(routes!(ogc::conformance))
        .routes(routes!(ogc::collections))
        .routes(routes!(ogc::collection))
        .routes(routes!(ogc::queryables::read))
        .routes(routes!(ogc::items))
        .routes(routes!(ogc::tiles::matrix_sets))
        .routes(routes!(ogc::tiles::matrix_set))
        .routes(routes!(ogc::tiles::tilesets))
        .routes(routes!(ogc::tiles::tileset))
        .routes(routes!(ogc::tiles::tile))
        .routes(routes!(ogc::item))
        .routes(routes!(stac::landing))
        .routes(routes!(stac::conformance))
        .routes(routes!(stac::collections))
        .routes(routes!(stac::collection))
        .routes(routes!(stac::items))
        .routes(routes!(stac::item))
        .routes(routes!(stac::search, stac::search_by_body))
}

/// What is about to leave, and what left.
fn releases(router: OpenApiRouter<App>) -> OpenApiRouter<App> {
    router
        .routes(routes!(product_routes::look))
        .routes(routes!(product_routes::picture))
        .routes(routes!(marking_routes::recipients))
        .routes(routes!(marking_routes::look, marking_routes::set))
        .routes(routes!(draft_routes::list, draft_routes::make))
        .routes(routes!(draft_routes::try_it))
        .routes(routes!(draft_routes::look))
        .routes(routes!(draft_files::picture))
        .routes(routes!(draft_files::file))
        .routes(routes!(draft_routes::approve))
        .routes(routes!(draft_routes::refuse))
        .routes(routes!(draft_routes::send))
        .routes(routes!(release_routes::list))
        .routes(routes!(release_routes::look))
        .routes(routes!(release_routes::recall))
        .routes(routes!(release_routes::dossier))
        .routes(routes!(release_routes::export))
        .routes(routes!(release_routes::reply))
}

/// The description of the interface: OpenAPI 3.1.
#[must_use]
pub fn document() -> Document {
    described().into_openapi()
}

/// Everything that answers.
pub(crate) fn router(app: App) -> Router {
    let (router, document) = described().split_for_parts();
    let document = serde_json::to_string(&document).unwrap_or_default();
    let kind = [(header::CONTENT_TYPE, MEDIA_TYPE)];
    router
        .route("/", get(pages::first))
        .route("/assets/{name}", get(pages::part))
        .route("/mark.svg", get(pages::mark))
        // Some clients write a slash behind the address they are given.
        .route("/ogc/", get(ogc::landing))
        .route("/stac/", get(stac::landing))
        .route("/api", get(move || async move { (kind, document) }))
        .route("/first", get(first::page).post(first::accept))
        .route("/oidc/start", get(oidc_pages::start))
        .route("/oidc/return", get(oidc_pages::arrive))
        .route("/metrics", get(metrics::read))
        .route("/health", get(health))
        .merge(crate::partner::routes())
        .fallback(|uri: Uri| async move { Problem::absent("page", uri.path()) })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this page takes other methods: see /api")
        })
        .layer(axum::extract::DefaultBodyLimit::max(BODY_BYTES))
        .layer(axum::middleware::from_fn_with_state(app.clone(), witness::request))
        .layer(axum::middleware::from_fn_with_state(app.clone(), observe::request))
        .with_state(app)
}

/// Whether the record answers.
async fn health(State(app): State<App>) -> Result<&'static str, Problem> {
    app.store.audit_seq().await?;
    Ok("well\n")
}
